"""Whatever is taken out of a document, or turned round in it, shows on its page; no change leads to a traceback."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from cnnbp.evidence import records as r
from cnnbp.evidence.status import examine
from cnnbp.text import sentence, sentences
from tests.evidence.changes import changes
from tests.helpers.pages import in_english as render
from tests.report import sample

SLOW = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def title(page: str) -> str:
    """The first words that a browser shows."""
    found = re.search(r"<title>(.*?)</title>", page)
    assert found
    return found[1]


def said(page: str) -> set[str]:
    """The objections and contradictions on the page."""
    return set(re.findall(r"<li>(.*?)</li>", page))


def wanted(document: r.Document) -> dict[str, bool]:
    """The anchors that a whole run has on its page, and whether the record is there."""
    whole, there = document.whole, {s.id for d in document.derivations for s in d.statements}
    layers = {layer.operator for layer in document.layers}
    controls = {control.id for control in (*document.controls.wrong, *document.controls.right)}
    return {
        **{id: id in there for ids in whole.statements.values() for id in ids},
        **{f"layer-{name}": name in layers for name in whole.layers},
        **{f"control-{id}": id in controls for id in (*whole.wrong, *whole.right)},
        **{f"section-{part}": getattr(document, part) is not None for part in whole.parts},
    }


def element(page: str, anchor: str) -> str:
    """The statement or the section that has an anchor; of anything else what stands under it, up to the next one."""
    at = page.index(f'id="{anchor}"')
    kind, opening = ("section", "<section") if anchor.startswith("section-") else ("article", '<article class="statement">')
    start = page.rfind(opening, 0, at)
    inside = start >= 0 and page.find(f"</{kind}>", start) > at
    return page[start : page.find(f"</{kind}>", at)] if inside else page[at : page.find(' id="', at + 5)]


@st.composite
def thinned(draw: st.DrawFn) -> r.Document:
    """The sample without some of its records."""
    found = sample.document()
    kept = lambda records: tuple(record for record in records if draw(st.integers(0, 4)))  # noqa: E731
    derivation = found.derivations[0].model_copy(update={"statements": kept(found.derivations[0].statements)})
    controls = r.Controls(wrong=kept(found.controls.wrong), right=kept(found.controls.right))
    parts = {part: None for part in found.whole.parts if not draw(st.integers(0, 3))}
    derivations = (derivation,) if draw(st.integers(0, 6)) else ()
    return found.model_copy(update={"derivations": derivations, "layers": kept(found.layers), "controls": controls, **parts})


@SLOW
@given(thinned())
def test_what_is_missing_stands_as_missing_in_its_place(document: r.Document) -> None:
    page, missing = render(document), f"∅ {sentences('en')['report.mark.missing']}<"
    for anchor, there in wanted(document).items():
        assert (missing in element(page, anchor)) == (not there), anchor
        assert there or re.findall('class="mark (.*?)"', element(page, anchor))[0] == "bad", anchor
    whole = all(wanted(document).values())
    assert title(page).startswith("✓") == whole


def valid(found: object) -> r.Document | None:
    """The changed JSON as a document; None where the reader would refuse it."""
    try:
        return r.Document.model_validate_json(json.dumps(found))
    except ValueError:
        return None


def changed(number: int, seed: int) -> Iterator[r.Document]:
    """Single random changes that are still documents, and from which something else follows than before."""
    before, base = examine(sample.document()), json.loads(sample.document().model_dump_json())
    documents = (valid(change.document) for change in changes(base, seed))
    return islice((found for found in documents if found is not None and examine(found) != before), number)


def test_what_consistency_notices_is_on_the_page() -> None:
    for document in changed(6, seed=1):
        page, standing = render(document), examine(document)
        assert title(page).startswith("✓") == (standing.status == "holds")
        shown = said(page)
        for remark in (why for subject in standing.subjects for why in subject.objections):
            assert str(escape(sentence(remark))) in shown
        for remark in standing.contradictions:
            assert any(line.endswith(str(escape(sentence(remark)))) for line in shown)


CHANGES: dict[str, Callable[[r.Document], r.Document]] = {
    "a wrong layer went uncaught": lambda d: d.model_copy(
        update={"controls": d.controls.model_copy(update={"wrong": (d.controls.wrong[0].model_copy(update={"caught": False}),)})}
    ),
    "a verdict that its readings do not bear out": lambda d: sample.with_statement(d, 1, verdict="holds"),
    "a statement refuted": lambda d: sample.with_statement(d, 0, verdict="refuted"),
    "a layer with more passes than cases": lambda d: d.model_copy(
        update={"layers": (d.layers[0].model_copy(update={"passed": 99}), *d.layers[1:])}
    ),
    "a status that is not borne out": lambda d: d.model_copy(update={"status": "void"}),
    "a ratio above 1": lambda d: d.model_copy(
        update={"training": d.training and d.training.model_copy(update={"ratios": (0.01, 0.02, 1.5, 0.0)})}
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nothing_that_is_objected_to_looks_like_a_pass(change: Callable[[r.Document], r.Document]) -> None:
    page = render(change(sample.document()))
    assert not title(page).startswith("✓")


def test_a_sample_that_holds_looks_like_a_pass() -> None:
    """The checks above can fail: without a change none of what they look for is there."""
    page = render(sample.document())
    assert title(page) == "✓ What was tried holds · cnnbp"
    assert page.count('class="subject good"') == 3
    assert "contradict" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)


def test_a_contradicted_record_says_what_contradicts_what_where_it_stands() -> None:
    page = render(sample.with_statement(sample.document(), 1, verdict="holds"))
    article = element(page, "step-size")
    assert "contradicted by its own records" in article
    assert "It calls itself “holds”" in article
    assert "<li>step-size: The verdict is “holds”" in page[: page.index('id="section-contents"')]
    assert "The verdict is “holds”, and “refuted as printed, holds as corrected” follows from the readings." in article
