"""The picture is that of the record: a bar for each checker, as long as what it caught; and it says of which sources it is."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.evidence import records as r
from cnnbp.evidence.status import concluded, examine
from cnnbp.report import render as rendered
from cnnbp.report.peers.view import Beside, peers
from cnnbp.report.setting import Setting
from cnnbp.report.speech import Speech
from cnnbp.text import sentences
from tests.evidence import sample
from tests.helpers.pages import chinese
from tests.helpers.pages import in_english as render

FOUND = sample.peers()
WORDS = sentences("en")
FORMER, CURRENT = (WORDS[f"report.peers.{which}"].partition(" (")[0] for which in ("former", "current"))


def document(**update: Any) -> r.Document:
    """The sample with another record."""
    return sample.document().model_copy(update={"peers": FOUND.model_copy(update=update)})


def viewed(**update: Any) -> Beside:
    found = peers(Setting(document(**update), Speech("en")))
    assert found is not None
    return found


def section(page: str) -> str:
    start = page.index('<section id="section-peers">')
    return page[start : page.index("</section>", start)]


@settings(max_examples=20)
@given(st.tuples(*[st.integers(0, 40)] * 3))
def test_a_bar_is_as_long_as_what_was_caught(caught: tuple[int, int, int]) -> None:
    """Its parts follow each other without a gap, on a line of all that there is."""
    faults = r.Faults(formula=caught[0], contract=caught[1], precision=caught[2])
    checker = FOUND.checkers[0].model_copy(update={"caught": faults})
    wrong = r.Faults(formula=40, contract=40, precision=40)
    bar = viewed(checkers=(checker, *FOUND.checkers[1:]), wrong=wrong).rows[0].bar
    strokes = re.findall(r'class="([\w ]+)" d="M(\d+) 5.0h(\d+)"', bar)
    assert [(kind, int(length)) for kind, _, length in strokes] == [
        ("rule", 120), *zip(("seen formula", "seen contract", "seen precision"), caught, strict=True)
    ]  # fmt: skip
    assert [int(start) for _, start, _ in strokes[1:]] == [0, caught[0], caught[0] + caught[1]]


def test_every_number_stands_in_words_beside_its_bar() -> None:
    """In the order of the record: whoever cannot see the bars misses nothing."""
    shown = section(render(document()))
    rows = [
        re.sub(r"<svg.*?</svg>|<[^>]+>", " ", row).split() for row in re.findall(r"<tr id=.*?(?=<tr|</tbody>)", shown, re.DOTALL)
    ]
    assert [" ".join(row) for row in rows] == [
        "cnnbp.verify with a reference 5 = 2+2+1 0 0.5", "torch gradcheck 3 = 2+1+0 1 0.5",
        "adjoint dot test, of linear layers 1 = 1+0+0 4 not taken 0 0.5",
    ]  # fmt: skip
    assert "The most that any of them caught is 5, so that 1 escaped it as well" in shown
    assert "cnnbp 0.1.0, Python 3.11.7, PyTorch 2.13.0" in shown


def test_that_all_were_caught_is_not_followed_by_what_escaped() -> None:
    shown = section(render(document(wrong=r.Faults(formula=2, contract=2, precision=1))))
    assert "caught is 5." in shown
    assert "escaped" not in shown


def test_it_says_of_which_sources_it_is() -> None:
    """Of these, or of a former version, which decides nothing else; in both languages, and that the catalogue is our own."""
    these, others = document(), document(sources="5d" * 32)
    for found, said, unsaid in ((these, CURRENT, FORMER), (others, FORMER, CURRENT)):
        shown = section(render(found))
        assert said in shown
        assert unsaid not in shown
        assert "The catalogue is this package’s own, so the counts compare the checkers with each other" in shown
        assert examine(found).status == "holds"
    assert "(SHA-256 5d5d5d5d5d5d… then, 4d4d4d4d4d4d… now)" in section(render(others))
    assert sentences("zh")["report.peers.former"].partition("（")[0] in section(chinese(rendered(others)))


def test_a_count_that_cannot_be_is_shown_as_such() -> None:
    """At its checker, without a bar; and the run no longer holds."""
    first = FOUND.checkers[0].model_copy(update={"caught": r.Faults(formula=3, contract=2, precision=2)})
    found = document(checkers=(first, *FOUND.checkers[1:]))
    shown = section(render(found))
    assert "cnnbp.verify, like= is said to have caught 7 of 6 wrong layers" in shown
    assert shown.count(f"≠ {WORDS['report.mark.contradicted']}") == 1
    assert shown.count('class="bar"') == 3 + 2, "of the legend, and of the other two"
    assert examine(found).status == "incomplete"


def test_a_checker_that_was_taken_out_shows_as_missing() -> None:
    """And the record as a whole does in what is objected to the run."""
    found = document(checkers=FOUND.checkers[:2])
    assert WORDS["report.peers.missing"] in section(render(found))
    none = sample.document().model_copy(update={"peers": None})
    for less in (found, none):
        standing = examine(concluded(less))
        assert standing.status == "incomplete"
        assert [why.code for subject in standing.subjects for why in subject.objections] == ["status.missing-peer"]
    assert WORDS["report.peers.none"] in section(render(none))
    assert peers(Setting(none.model_copy(update={"whole": none.whole.model_copy(update={"peers": ()})}), Speech("en"))) is None
