"""What a person reads at the terminal: one screen, what failed first, nothing that commands the terminal."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from cnnbp.cli.detail import detail
from cnnbp.cli.summary import summary
from cnnbp.cli.terminal import printable
from cnnbp.evidence import records
from cnnbp.evidence.status import concluded
from tests.evidence import sample

MENDED = "refuted as printed, holds as corrected"
COMPLETED, NAMED = "incomplete, completed here", "holds under a named condition"
MADE = {
    "holds": [sample.reading("a")], MENDED: [sample.reading("a", wrong=2), sample.reading("b", "corrected")], "definition": [],
    NAMED: [sample.reading("a", wrong=2), sample.reading("b")], "not mathematical": [], "half of it judged": [sample.reading("a")],
    COMPLETED: [sample.reading("a", wrong=2), sample.reading("b", "supplied")], "misprinted, meaning clear": [],
    "refuted": [sample.reading("a", wrong=3)],
    "not tested": [sample.reading("a").model_copy(update={"vacuous": 20, "holds": None})],
}  # fmt: skip


def document(verdicts: list[Any], bad: bool = False) -> records.Document:
    """A whole run with 15 layers; where it is bad, everything in it is."""
    statements = tuple(sample.statement(f"statement-number-{n}", v, *MADE[v]) for n, v in enumerate(verdicts))
    layer = sample.failing_layer("y", "x") if bad else sample.conv2d()
    layers = tuple(layer.model_copy(update={"operator": f"Operator{n}"}) for n in range(15))
    controls = records.Controls(
        wrong=tuple(sample.doubled().model_copy(update={"id": f"f{n}", "caught": not bad}) for n in range(150)),
        right=tuple(
            sample.right(f"r{n}").model_copy(update={"failure": sample.failing_verdict("Conv2d", "x") if bad else None})
            for n in range(34)
        ),
    )
    book = sample.post().model_copy(update={"statements": statements})
    whole = sample.whole((book,), layers, controls).model_copy(update={"parts": ("digits", "training")})
    update = {"derivations": (book,), "layers": layers, "whole": whole}
    training = sample.training().model_copy(update={"accuracy": 0.5}) if bad else sample.training()
    return concluded(sample.document().model_copy(update={**update, "controls": controls, "training": training, "matrix": None}))


@settings(max_examples=6, phases=[Phase.generate])
@drawn(verdicts=st.lists(st.sampled_from(list(MADE)), min_size=60, max_size=60), bad=st.booleans())
def test_a_run_fits_on_a_screen(verdicts: list[str], bad: bool) -> None:
    """60 statements, whatever becomes of them, and 15 layers that all have something to say: 50 lines of 100 characters."""
    shown = summary(document(verdicts, bad))
    assert len(shown.splitlines()) <= 50
    assert max(map(len, shown.splitlines())) <= 100
    assert shown.startswith("VOID: ") == bad


def test_a_run_that_holds_fits_on_a_small_one() -> None:
    """The 60 verdicts of the post, each counted under its own word."""
    counts = {
        "holds": 19,
        MENDED: 6,
        COMPLETED: 2,
        NAMED: 19,
        "misprinted, meaning clear": 6,
        "half of it judged": 1,
        "definition": 7,
    }
    shown = " ".join(summary(document([verdict for verdict, count in counts.items() for _ in range(count)])).split())
    told = (
        "of 60 statements 19 hold as printed, 6 misprinted but clear, 6 only as corrected, 2 once completed, 19 under the condition"
    )
    assert f"{told} named, 1 as far as judged, 7 with nothing to test" in shown
    shown = summary(document([verdict for verdict, count in counts.items() for _ in range(count)]))
    assert len(shown.splitlines()) <= 40


@pytest.mark.parametrize(("verdict", "word"), [(MENDED, "only as corrected"), ("refuted", "refuted"), ("not tested", "not tested")])
def test_whoever_does_not_hold_is_named(verdict: str, word: str) -> None:
    """The ids of what is refuted, mended or untested stand in the summary; the ids of the rest do not."""
    shown = summary(document(["holds", verdict]))
    assert f"1 {word}:\n      statement-number-1\n" in shown
    assert "statement-number-0" not in shown


def test_failures_come_first() -> None:
    """A card: layer, options, the simplest case, what all have in common, and the command; missed controls are counted."""
    found = sample.document().model_copy(update={"layers": (sample.failing_layer("x"), sample.tanh())})
    lines = summary(concluded(found)).splitlines()
    assert lines[:2] == ["WRONG: the reference code is wrong.", ""]
    card = lines[2 : lines.index("", 2)]
    assert card[0] == "✗ Conv2d fails in 3 of 12 cases"
    assert "case 4: Conv2d(stride=1, padding=2), gaussian, C order" in card[1]
    common = "only the residual dx is wrong, in all 3 failing cases; all 3 have padding 2"
    assert card[-2:] == [f"  in common  {common}", "  again      cnnbp verify --only Conv2d/4 --seed 7"]
    shown = summary(document(["holds"], bad=True))
    assert "0 of 150 wrong layers caught, 34 of 34 right ones wrongly failed" in shown


def test_why_cases_are_inconclusive_is_said() -> None:
    """In a line, with how many entries were left out."""
    assert "Conv2d: w in 1 case, 4 entries left out: " in summary(sample.document())


def test_one_statement_in_full() -> None:
    """Claim, print, readings with their counts, the counterexample in letters and numbers, and how to run it again."""
    shown = detail(sample.document())
    for said in ("step-size is so.", "w-w", "as-printed; 20 cases, 9 wrong, 1 vacuous", "f(z) = z^2", "[[1, 2], [0, 1]]"):
        assert said in shown
    for said in ("nothing", '[1, "1/2"]', "1/2 is not 3/2", "--only step-size --seed 7 --examples 20", "Controls were not run"):
        assert said in shown


def test_on_letters_in_orders_it_holds_away_from_ties() -> None:
    """And no word of ties where there was one order alone."""
    assert "on letters it holds at 2 of 2 shapes" in detail(sample.document())
    ordered = sample.reading("a").letters.model_copy(update={"instances": 9})
    shown = sample.statement("pooled", "holds", sample.reading("a").model_copy(update={"letters": ordered}))
    book = sample.post().model_copy(update={"statements": (shown,)})
    said = detail(sample.document().model_copy(update={"derivations": (book,)}))
    assert "on letters it holds away from ties at 2 of 2 shapes" in " ".join(said.split())


def test_a_failing_layer_in_full() -> None:
    """With the whole verdict on its simplest failing case."""
    found = sample.document().model_copy(update={"layers": (sample.failing_layer("x"), sample.tanh())})
    shown = detail(concluded(found))
    assert "✗ Conv2d fails in 3 of 12 cases" in shown
    assert str(sample.failing_layer("x").failure.verdict) in shown  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("digits",), "digits; no layer was tried"),
        (("digits", "training"), "digits, training; no layer"),
        ((), ": no layer was tried\n"),
    ],
)
def test_a_run_without_layers_names_what_was_tried(parts: tuple[str, ...], said: str) -> None:
    """Beside "holds" nobody reads that nothing was."""
    alone = {name: None for name in ("digits", "training", "ladder") if name not in parts}
    shown = detail(concluded(sample.document().model_copy(update={"layers": (), **alone})))
    assert said in shown


@drawn(text=st.text())
def test_nothing_commands_the_terminal(text: str) -> None:
    """Whatever a record says, only printable characters and new lines come out; printable text comes out as it went in."""
    assert all(c.isprintable() or c == "\n" for c in printable(text))
    assert printable(text) == text or not all(c.isprintable() or c == "\n" for c in text)


def test_where_a_forward_is_wrong_no_statement_is_called_refuted() -> None:
    """They were held against values of that layer: nothing follows for any of them, and none is counted."""
    for found in (document(["refuted", "holds"], bad=True), _with(sample.failing_layer("y"))):
        shown = summary(found)
        assert "for none of which anything follows" in shown
        assert " refuted" not in shown
    assert "1 refuted" in summary(document(["refuted", "holds"]))
    assert "for none of which" not in summary(_with(sample.failing_layer("x")))


def _with(layer: records.Layer) -> records.Document:
    refuted = document(["refuted", "holds"])
    return concluded(
        refuted.model_copy(update={"layers": (layer.model_copy(update={"operator": "Operator0"}), *refuted.layers[1:])})
    )


def test_a_ladder_that_fails_is_told() -> None:
    """On a line of its own, as it stands."""
    found = sample.ladder()
    wrong = found.model_copy(update={"rungs": tuple(rung.model_copy(update={"error": 2 * rung.bound}) for rung in found.rungs)})
    for ladder, status in ((found, "pass"), (wrong, "fail")):
        text = summary(sample.document().model_copy(update={"ladder": ladder}))
        told = "each within its bound: pass" if status == "pass" else "10 beyond a bound: fail"
        assert f"ladder: {found.layer} differentiated at {len(found.rungs)} steps, {told}" in text
        assert ("✗ ladder, Tanh() fails at 10 of 10 steps" in text) == (status == "fail")


def test_an_error_that_the_code_raised_is_a_card() -> None:
    raised = records.Raised(
        kind="ladder", name="ladder", error="ArithmeticError: no slope", place="activations.py, line 72, in _df"
    )
    text = summary(sample.document().model_copy(update={"ladder": None, "raised": (raised,)}))
    assert "✗ ladder came to no end: the reference code raised ArithmeticError: no slope" in text


def test_what_there_is_none_of_is_not_counted() -> None:
    """Of a run of one layer: no networks, no controls, no case that fails."""
    found = sample.document()
    alone = found.model_copy(
        update={
            "proofs": found.proofs.model_copy(update={"networks": ()}), "controls": records.Controls(wrong=(), right=()),
            "whole": found.whole.model_copy(update={"networks": ()}), "layers": (sample.tanh(),),
        }
    )  # fmt: skip
    for text in (detail(alone), summary(alone)):
        assert re.search(r"\b0 (of (0|them)|pass|fail|inconclusive|whole)\b", text) is None
    assert "Tanh: 12 cases: 12 pass\n" in detail(alone)
    assert "no control was run" in summary(alone)
    assert "1 of 1 whole network, " in " ".join(summary(found).split())
