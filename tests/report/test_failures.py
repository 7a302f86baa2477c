"""A failure comes before everything else, with all that is needed to see it again; and each subject has its own headline."""

from __future__ import annotations

import re
from dataclasses import replace

from cnnbp.evidence import records as r
from cnnbp.report.words import number
from tests.evidence import sample as base
from tests.helpers.pages import in_english as render
from tests.report import sample

CARD = '<article class="card" id="failure-'


def headlines(page: str) -> list[tuple[str, str]]:
    """Each subject with its tone and its words, without what leads to a card."""
    found = re.findall(r'<div class="subject (\w+)">.*?<h2>.*?</span>\s*(.*?)</h2>', page, re.DOTALL)
    return [(tone, re.sub(r"\s*<a .*?</a>", "", words)) for tone, words in found]


def first_card(page: str) -> str:
    """All of it."""
    return page[page.index(CARD) : page.index("</article>")]


def test_a_layer_that_fails_is_a_card_right_after_the_answer_that_leads_there() -> None:
    page = render(sample.failing())
    card = first_card(page)
    assert page.index('id="section-answer"') < page.index(CARD) < page.index('id="section-matrix"')
    assert 'href="#failure-1"' in page[: page.index(CARD)]
    for words in (
        "Conv2d is wrong", "3 of 12 cases fail", "Conv2d(stride=1, padding=2)", "case 4: gaussian, C order",
        '<td class="n bad">0.25</td><td class="n good">0.5</td>', "at index [0, 0, 1, 2]", "32 × 1 × 8 × 8",
        "<span>cnnbp verify</span> <span>--only Conv2d/4</span>", 'href="#layer-Conv2d"',
    ):  # fmt: skip
        assert words in card


def test_a_wrong_layer_is_announced_as_that_and_nothing_else() -> None:
    found = headlines(render(sample.failing()))
    assert found == [
        ("good", "What was tried holds, as corrected"),
        ("bad", "Wrong: Conv2d"),
        ("good", "Every control ended as it must"),
    ]


def test_a_right_layer_that_was_failed_is_shown_and_voids_the_run() -> None:
    document = sample.document()
    right = document.controls.right[0].model_copy(update={"failure": base.failing_verdict("Conv2d", "x")})
    controls = r.Controls(wrong=document.controls.wrong, right=(right, *document.controls.right[1:]))
    page = render(document.model_copy(update={"controls": controls}))
    assert f"{right.id} is right, and was failed" in page[page.index(CARD) : page.index('id="section-matrix"')]
    assert headlines(page)[2] == ("bad", "It cannot tell wrong from right: this run proves nothing")


def test_digits_and_training_that_fail_are_cards() -> None:
    document = sample.document()
    assert document.digits
    assert document.training
    verdict = replace(base.failing_verdict("Conv2d(kernel_size=3)", "x"), layer="Conv2d(kernel_size=3)")
    digits = document.digits.model_copy(update={"layers": (verdict, document.digits.layers[1])})
    training = document.training.model_copy(update={"failure": base.REMARK})
    page = render(document.model_copy(update={"digits": digits, "training": training}))
    first = page[page.index(CARD) : page.index('id="section-matrix"')]
    assert "On the digits, Conv2d(kernel_size=3) is wrong" in first
    assert "The training run fails" in first
    assert "step 4, w1[0, 0, 1, 2]" in first


def test_a_wrong_slope_is_a_card_with_its_worst_step() -> None:
    """Its picture no longer says how well the error falls."""
    found = base.ladder()
    rungs = tuple(rung.model_copy(update={"error": n * rung.bound}) for n, rung in enumerate(found.rungs))
    page = render(sample.document().model_copy(update={"ladder": found.model_copy(update={"rungs": rungs})}))
    card, worst = first_card(page), rungs[-1]
    assert "The slope of Tanh() is wrong" in card
    assert f"At the step {number(worst.step)} the slope that Tanh() gives is off by {number(worst.error)}" in card
    assert 'href="#section-ladder"' in card
    assert f"<span>--only ladder</span> <span>--seed {found.seed}</span>" in card
    assert "8 of 10 steps" in page
    assert "From the right, the error" not in page
    assert ("bad", "Wrong: ladder") in headlines(page)


def test_an_error_that_the_code_raised_is_a_card_and_stands_where_the_part_is_missing() -> None:
    raised = r.Raised(kind="ladder", name="ladder", error="ArithmeticError: <no> slope", place="activations.py, line 72, in _df")
    page = render(sample.document().model_copy(update={"ladder": None, "raised": (raised,)}))
    said = "the reference code raised ArithmeticError: &lt;no&gt; slope (activations.py, line 72, in _df)"
    card, section = first_card(page), page[page.index('id="section-ladder"') :]
    assert "An error was raised in The step of a finite difference" in card
    assert said in card
    assert "<span>--only ladder</span>" in card
    assert said in section
    assert ("bad", "Wrong: ladder") in headlines(page)


def test_inconclusive_cases_say_why() -> None:
    page = render(sample.document())
    doubts = page[page.index('<details class="doubts"') :]
    row = re.search(r"<th scope=row>Conv2d</th><td><i>w</i></td><td class=n>(\d+)</td><td class=n>(\d+)</td>", doubts)
    assert row
    assert row.groups() == ("1", "4")
    layer = sample.document().layers[0].model_copy(update={"doubts": ()})
    page = render(sample.document().model_copy(update={"layers": (layer,)}))
    assert "Conv2d: 1 case is inconclusive, and the evidence does not say why." in page


def test_no_failure_is_no_card() -> None:
    assert 'class="card"' not in render(sample.document())


def test_a_wrong_layer_that_went_uncaught_is_the_first_card() -> None:
    document = sample.failing()
    missed = document.controls.wrong[0].model_copy(update={"caught": False})
    page = render(document.model_copy(update={"controls": document.controls.model_copy(update={"wrong": (missed,)})}))
    first, second = page.split(CARD)[1:3]
    assert f"The wrong layer {missed.id} went uncaught" in first
    assert missed.claim in first
    assert f'href="#control-{missed.id}"' in first
    assert "Conv2d is wrong" in second


def test_a_network_that_learnt_too_little_says_how_much() -> None:
    document = sample.document()
    assert document.training
    training = document.training.model_copy(update={"accuracy": 0.25})
    page = render(document.model_copy(update={"training": training}))
    card = first_card(page)
    assert "The training run fails" in card
    assert "Accuracy 0.25 on the test images, expected at least 0.9" in card


def test_a_card_shows_of_each_oracle_what_it_says_first_against_a_quantity() -> None:
    verdict = base.failing_verdict("Conv2d", "x", "w", "x")
    layer = base.failing_layer()
    assert layer.failure
    failure = layer.failure.model_copy(update={"verdict": verdict})
    page = render(sample.document().model_copy(update={"layers": (layer.model_copy(update={"failure": failure}),)}))
    card = first_card(page)
    assert re.findall(r'</th><td><i>(\w)</i></td><td class="n bad">', card) == ["x", "w"]
