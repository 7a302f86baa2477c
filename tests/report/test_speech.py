"""Every text of a page stands on it in both languages, formulas and numbers once, and the style alone decides which is shown."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from markupsafe import Markup

from cnnbp.evidence import Remark
from cnnbp.evidence import records as r
from cnnbp.proof.rocq import record
from cnnbp.report import own, render
from cnnbp.report.page import environment
from cnnbp.report.speech import Speech, Spoken, in_each, plain
from cnnbp.report.words import prose
from cnnbp.text import LANGUAGES
from tests.helpers.pages import chinese, english
from tests.report import hostile, sample
from tests.report.own.test_view import made
from tests.report.own.test_view import own as layer

SPEECH = Speech("en")


@pytest.fixture(scope="module")
def page() -> str:
    return render(sample.document())


def test_a_text_stands_in_each_language_and_what_is_the_same_stands_once() -> None:
    assert SPEECH.say("report.mark.pass") == "<u>pass</u><u lang=zh>通过</u>"
    assert SPEECH.say("report.provenance.field.numpy") == "NumPy"


def test_what_is_filled_in_is_told_in_the_language_of_its_sentence() -> None:
    """And a list is parted as that language parts it."""
    said = SPEECH.say("report.answer.kinds", kinds=[SPEECH.kind("sampled"), SPEECH.kind("theorem")])
    assert said.by["en"].startswith("Kinds of evidence here: sampled, theorem;")
    assert said.by["zh"].startswith("这里的证据种类：抽样、定理；")
    assert "<span" not in said.by["en"] + said.by["zh"]


def test_text_is_never_markup_in_any_language() -> None:
    said = SPEECH.sentence(Remark("status.wrong", {"part": "<script>"}))
    assert "<script" not in said
    assert "&lt;script&gt;" in said.map(lambda text: text)
    assert all("<script" not in SPEECH.say("report.mark.pass", x="<script>").by[language] for language in LANGUAGES)
    assert SPEECH.told({"en": "<b>"}) == "&lt;b&gt;"


def test_a_change_is_made_in_each_language() -> None:
    told = in_each(prose)(SPEECH.told({"en": "It is w_ij.", "zh": "是 w_ij 。"}))
    assert str(told).count("<i>w</i><sub>ij</sub>") == 2
    assert in_each(prose)("w_ij") == "<i>w</i><sub>ij</sub>"


def test_where_no_markup_can_stand_there_is_text() -> None:
    assert plain(Spoken({"en": Markup("<b>1</b> right"), "zh": Markup("<b>1</b> 条正确")})) == "1 right"


def test_a_text_of_the_document_is_told_as_it_stands_where_ours_is_another() -> None:
    claim = SPEECH.say("faults.conv-dw-rotated.claim")
    assert SPEECH.own(claim.by["en"], "faults.conv-dw-rotated.claim") == claim
    assert SPEECH.own("something else", "faults.conv-dw-rotated.claim") == "something else"


def test_a_theorem_that_says_something_else_now_is_not_told_as_before() -> None:
    theorem = r.Theorem(**vars(record.read().theorems[0]))
    assert re.search("[一-鿿]", SPEECH.meaning(theorem).by["zh"])
    other = theorem.model_copy(update={"meaning": "Something else."})
    assert SPEECH.meaning(other) == "Something else."


PAGES: dict[str, Callable[[], str]] = {
    "failing": lambda: render(sample.failing()),
    "hostile": lambda: render(hostile.document()),
    "own": lambda: own.render(made(layer("MyConv", "fail"), lost="test_it")),
}
APART = re.compile(r'<label.*?</label>|<blockquote.*?</blockquote>|aria-label="English, 中文"')  # what is Chinese for itself


@pytest.mark.parametrize("name", PAGES)
def test_chinese_comes_right_after_its_english_and_nowhere_else(name: str) -> None:
    """Only so does the style know what belongs together; no attribute has any markup in it."""
    text = PAGES[name]()
    body = text[text.index("<body") :]
    assert "lang=zh" in body
    for found in re.finditer(r"<(u|tspan) lang=zh>", body):
        assert body[: found.start()].endswith(f"</{found[1]}>")
    assert '="<span' not in body
    assert '="&lt;span' not in body
    assert re.search("[一-鿿]", APART.sub("", english(body))) is None


def test_formulas_and_drawings_stand_once(page: str) -> None:
    for element in ("<math", "<svg", "<blockquote"):
        assert page.count(element) == english(page).count(element)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_opens_in_the_language_that_is_asked_for(language: str) -> None:
    """The page is the same but for the button that is pressed; what is told in one language only is English."""
    text = render(sample.document(), language)
    assert re.findall(r'id="section-in-(\w+)" checked', text) == [language]
    assert text.replace(" checked", "") == render(sample.document()).replace(" checked", "")
    assert '<html lang="en">' in text


def test_the_style_shows_one_of_them() -> None:
    """English unless the other button is pressed; the button can be reached by a keyboard, and needs no script."""
    style = str(environment().globals["style"])
    assert 'u + [lang="zh"],tspan + [lang="zh"]{display:none;}' in style
    assert ":root:has(#section-in-zh:checked)" in style
    assert ".languages input{position:absolute;opacity:0;" in style  # neither hidden nor without a box


SPACED = re.compile(r"""[。；：，、？！）](?:</\w+>)* +(?!<small|<a class="skip)(?:<[^<>]+>)*[^\s<]""")  # those stand apart


@pytest.mark.parametrize("name", PAGES)
def test_no_space_stands_behind_a_chinese_mark(name: str) -> None:
    """Which sentence stands behind which is made by a template as well."""
    body = APART.sub("", PAGES[name]()).partition("<body")[2]
    assert SPACED.search("有错。 它") is not None
    assert [found[0] for found in SPACED.finditer(chinese(body))] == []


def test_the_words_in_the_name_of_a_shape_are_told() -> None:
    """What is no word of ours stays."""
    told = SPEECH.shapes(["2×2, window 1×2", "1–1, m = 2", "odd"])
    assert told.by == {"en": "2×2, window 1×2; 1–1, m = 2; odd", "zh": "2×2, 窗口 1×2；1–1, m = 2；odd"}
