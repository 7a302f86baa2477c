"""The record of a layer: the same however its cases are shared out, its simplest failure, and why nobody could judge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp import layers
from cnnbp.evidence import Evidence, Remark, Verdict, remark
from cnnbp.evidence import contradictions as against
from cnnbp.run import slices
from cnnbp.run.common import common
from cnnbp.run.layers import merge
from cnnbp.run.slices import Slice, Tried


def test_slices_join_to_the_whole() -> None:
    """However the cases of a layer are shared out, the record is the same, and it fits together."""
    whole = merge([slices.layer("Dense", 0, 12, 3)], 3)
    assert merge([slices.layer("Dense", 5, 7, 3), slices.layer("Dense", 0, 5, 3)], 3) == whole
    assert (whole.cases, whole.passed, whole.doubts, whole.failure) == (12, 12, (), None)
    assert list(against.layer(whole)) == []


@pytest.fixture
def wrong_padding(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Conv2d whose dx is off in every case with padding."""
    right = layers.Conv2d.backward

    def backward(self: layers.Conv2d, *given: Any) -> tuple[Any, ...]:
        dx, *others = right(self, *given)
        return (dx * (1 if self.padding in (0, (0, 0)) else 1 + 1e-6), *others)

    monkeypatch.setattr(layers.Conv2d, "backward", backward)


@pytest.mark.usefixtures("wrong_padding")
def test_a_wrong_layer_is_reported_by_its_simplest_failure() -> None:
    """Its verdict, what all failures have in common, and the command that draws that very case again."""
    parts = [slices.layer("Conv2d", 0, 6, 1), slices.layer("Conv2d", 6, 6, 1)]
    found = merge(parts, 1)
    failing = [case for part in parts for case in part.cases if case.status == "fail"]
    assert found.failure is not None
    assert 0 < found.failed == found.failure.failures == len(failing) < 12
    assert found.failure.number == min(failing, key=lambda case: case.size).number
    assert found.failure.quantities == {"x": found.failed}
    assert remark("run.common-quantity", quantity="x", count=found.failed) in found.failure.common
    assert any(said.code == "run.never-option" and said.values["option"] == "padding" for said in found.failure.common)
    assert found.failure.rerun == f"cnnbp verify --only Conv2d/{found.failure.number} --seed 1"
    assert slices.layer("Conv2d", found.failure.number, 1, 1).cases[0].verdict == found.failure.verdict
    assert list(against.layer(found)) == []


def tried(number: int, **drawn: str) -> Tried:
    return Tried(number, "fail", {}, {}, drawn, wrong=("x",))


@pytest.mark.parametrize(
    ("failing", "passing", "said"),
    [
        (["2", "2"], ["1", "0"], [("run.only-option", "2")]),
        (["2", "2"], ["1", "2"], [("run.common-option", "2")]),
        (["2", "2"], [], [("run.common-option", "2")]),
        (["2", "2"], ["2"], []),
        (["2", "3"], ["1", "0"], [("run.never-option", "0"), ("run.never-option", "1")]),
        (["2", "3"], ["2"], []),
        (["2"], ["1"], []),
    ],
)
def test_what_failures_have_in_common(failing: list[str], passing: list[str], said: list[tuple[str, str]]) -> None:
    """One value in all of them, and whether it decides, or a usual one in none of them; of one failure alone nothing."""
    found = common([tried(n, padding=v) for n, v in enumerate(failing)], [tried(n, padding=v) for n, v in enumerate(passing)])
    options = [(one.code, one.values["value"]) for one in found if one.values.get("option") == "padding"]
    assert options == said
    assert found[0] == remark("run.common-quantity", quantity="x", count=len(failing))


GENERAL = remark("operators.no-connections", operator="Tanh")
HERE = remark("verification.nothing-left")


def doubts(*reasons: Remark | None) -> tuple[Any, ...]:
    """Those of a verdict in which each oracle has one of these reasons not to judge x, of 6 entries."""
    pieces = [Evidence("autograd", "x", "abstain" if why else "vacuous", "sampled", remark=why) for why in reasons]
    verdict = Verdict("Tanh()", "inconclusive", tuple(pieces), (), {"x": (2, 3)})
    return slices.summed_up(0, slices.case("Tanh", "Tanh", 0, 1), verdict).doubts


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        ([GENERAL, HERE, GENERAL], [HERE]),
        ([GENERAL, None], [remark("run.only-zeros")]),
        ([HERE, None, HERE], [HERE, remark("run.only-zeros")]),
        ([GENERAL, GENERAL], [GENERAL]),
    ],
)
def test_a_doubt_says_what_happened(reasons: list[Remark | None], told: list[Remark]) -> None:
    """At that case, if anything did, each reason once; else what holds for every case of the operator."""
    assert doubts(*reasons) == tuple(("x", why, 6) for why in told)


@settings(max_examples=15)
@given(counts=st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_doubts_are_counted(counts: list[int]) -> None:
    """Each with its cases and what they leave out, the most frequent first."""
    template = slices.layer("Tanh", 0, 1, 1).cases[0]
    cases = [
        replace(template, number=10 * kind + n, status="inconclusive", doubts=(("x", remark("verification.empty", kind=kind), 2),))
        for kind, count in enumerate(counts)
        for n in range(count)
    ]
    found = merge([Slice("Tanh", tuple(cases))], 1).doubts
    assert [doubt.cases for doubt in found] == sorted(counts, reverse=True)
    assert all(doubt.left_out == 2 * doubt.cases == 2 * counts[int(doubt.remark.values["kind"])] for doubt in found)  # type: ignore[arg-type]
