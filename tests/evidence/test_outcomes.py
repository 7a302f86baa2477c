"""Every outcome of a run: each thing that a whole run has once, and none better than what follows for its subject."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.evidence import records, remark
from cnnbp.evidence.outcomes import outcomes
from cnnbp.evidence.status import concluded, examine
from tests.evidence import sample

WHOLE = sample.document()


def changed(**update: Any) -> records.Document:
    return concluded(WHOLE.model_copy(update=update))


def missed() -> records.Document:
    wrong = tuple(c.model_copy(update={"caught": False, "by": "", "cases": 20}) for c in WHOLE.controls.wrong)
    return changed(controls=WHOLE.controls.model_copy(update={"wrong": wrong}))


def test_of_a_run_that_holds_nothing_is_open_or_wrong() -> None:
    """Each thing is there once, the run first."""
    found = outcomes(WHOLE)
    assert {each.came for each in found} == {"pass", "none"}
    keys = [(each.what, each.of, each.id) for each in found]
    assert len(set(keys)) == len(keys)
    assert (found[0].what, found[0].word) == ("run", "holds")


@pytest.mark.parametrize("what", ["statement", "layer", "part", "proof", "network", "grid", "size", "bound", "control", "defect"])
def test_what_is_missing_is_there_and_missing(what: str) -> None:
    """Of an empty run everything that a whole one has is."""
    controls = records.Controls(wrong=(), right=())
    proofs = records.Proofs(layers=(), networks=(), grids=(), sights=(), sizes=None, twins=(), rounding=(), theorems=None)
    empty = changed(derivations=(), layers=(), controls=controls, proofs=proofs, **dict.fromkeys(get_args(records.Part)))
    those = [each for each in outcomes(empty) if each.what == what]
    assert [(each.id, each.of) for each in those] == [(each.id, each.of) for each in outcomes(WHOLE) if each.what == what]
    assert {each.word for each in those} == {"missing"}


def test_nothing_follows_where_the_harness_is_void() -> None:
    """No statement and no layer passes that was judged by it."""
    found = outcomes(missed())
    assert found[0].word == "void"
    assert not [each for each in found if each.came == "pass" and each.of in ("post", "reference")]
    assert [each.id for each in found if each.word == "missed"] == [WHOLE.controls.wrong[0].id]


def test_nothing_follows_for_statements_where_a_forward_is_wrong() -> None:
    """They were held against it; the layers stay what they are."""
    found = outcomes(changed(layers=(sample.failing_layer("y"), sample.tanh())))
    assert {each.came for each in found if each.what == "statement"} <= {"open", "none"}
    assert [each.word for each in found if each.what == "layer"] == ["fail", "pass"]


@pytest.mark.parametrize("part", ["ladder", "digits", "training"])
def test_a_part_in_which_the_code_raised_fails_and_says_why(part: str) -> None:
    """Without that it is missing, and nobody knows why."""
    raised = records.Raised(kind=part, name=part, error="ArithmeticError: no slope", place="activations.py, line 72, in _df")
    for found, word, why in ((raised,), "fail", (raised.said,)), ((), "missing", ()):
        (told,) = [each for each in outcomes(changed(**{part: None, "raised": found})) if each.id == part]
        assert (told.word, told.why) == (word, why)


def test_too_few_cases_are_no_pass() -> None:
    """A shard has some of them."""
    few = WHOLE.layers[1].model_copy(update={"cases": 11, "passed": 11})
    assert [each.word for each in outcomes(changed(layers=(WHOLE.layers[0], few))) if each.what == "layer"] != ["pass", "pass"]


@settings(max_examples=30)
@given(st.sets(st.sampled_from(["derivations", "layers", "matrix", "ladder", "digits", "training", "trouble", "wrong", "void"])))
def test_never_better_than_the_page(kinds: set[str]) -> None:
    """Whatever is left out or wrong: all passes only if everything holds, and the first outcome is what follows for the run."""
    found = missed() if "void" in kinds else WHOLE
    layers = {"layers": (sample.failing_layer("x"), sample.tanh())} if "wrong" in kinds else {}
    gone: dict[str, Any] = {
        name: () if name in ("derivations", "layers") else None for name in kinds - {"trouble", "wrong", "void"}
    }
    trouble = {"trouble": remark("run.ended", how="SIGTERM")} if "trouble" in kinds else {}
    document = concluded(found.model_copy(update={**layers, **gone, **trouble}))
    said, standing = outcomes(document), examine(document)
    assert said[0].word == standing.status
    assert all(each.came in ("pass", "none") for each in said) == (standing.status == "holds")
