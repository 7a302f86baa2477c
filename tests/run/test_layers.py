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
from cnnbp.evidence.kinds import TALLIES
from cnnbp.evidence.simplest import effort
from cnnbp.evidence.status import of_layer
from cnnbp.run import slices
from cnnbp.run.layers import merge, record
from cnnbp.run.slices import Slice, Tried, simplest
from cnnbp.text import sentence
from tests.evidence import sample
from tests.run.results import tried


def test_slices_join_to_the_whole() -> None:
    """However the cases of a layer are shared out, the record is the same, and it fits together."""
    whole = merge([slices.layer("Dense", 0, 6, 3)], 3)
    assert merge([slices.layer("Dense", 2, 4, 3), slices.layer("Dense", 0, 2, 3)], 3) == whole
    assert (whole.cases, whole.passed, whole.doubts, whole.failure) == (6, 6, (), None)
    assert list(against.layer(whole)) == []


def piece(quantity: str, resolution: float, scale: float = 2.0, **update: Any) -> Evidence:
    """One oracle on one quantity."""
    return replace(sample.piece("autograd", quantity), resolution=resolution, scale=scale, **update)


RESOLUTIONS: list[tuple[list[Evidence], float | None]] = [
    ([], None),
    ([piece("y", 2e-12)], 1e-12),
    ([piece("y", 2e-12), piece("y", 8e-12)], 1e-12),  # whoever saw it finest
    ([piece("y", 2e-12), piece("x", 8e-12)], 4e-12),  # in whichever quantity
    ([piece("y", 2e-12), piece("x", 8e-12, scale=1e9)], 1e-12),  # a share, no number
    ([piece("y", 2e-12), piece("x", 8e-12, kind="exact at points", at="integers")], 1e-12),
    ([piece("y", 2e-12), piece("x", 0.5)], 1e-12),  # so coarse that integers decide
    ([piece("y", 2e-12), piece("y", 2e-13, judged=1, left_out=2)], 1e-12),  # of a few entries
    ([piece("y", 2e-12), piece("x", 8e-12, status="abstain")], 1e-12),
    ([piece("y", 0.0), piece("x", 1e-12, scale=0.0)], None),
]


@pytest.mark.parametrize(("said", "resolution"), RESOLUTIONS)
def test_what_floats_would_have_shown(said: list[Evidence], resolution: float | None) -> None:
    """The largest share of the largest entry that nobody who judged floats would have seen."""
    found = slices.resolution(Verdict("Dense()", "pass", tuple(said)))
    assert found == (None if resolution is None else pytest.approx(resolution))


def test_a_layer_is_as_coarse_as_its_coarsest_case_that_passed() -> None:
    """What did not pass claims nothing."""
    cases = [replace(tried(0), resolution=1e-12), replace(tried(1), resolution=3e-12), replace(tried(2, "fail"), resolution=1e-4)]
    assert merge([Slice("Dense", tuple(cases))], 3).resolution == 3e-12
    assert merge([Slice("Dense", (tried(0),))], 3).resolution is None


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
    parts = [slices.layer("Conv2d", 0, 4, 2), slices.layer("Conv2d", 4, 4, 2)]
    found = merge(parts, 2)
    failing = [case for part in parts for case in part.cases if case.status == "fail"]
    assert found.failure is not None
    assert 0 < found.failed == found.failure.failures == len(failing) < 8
    shown = [(effort(case.verdict), case.number) for case in failing if case.verdict is not None]
    assert (effort(found.failure.verdict), found.failure.number) == min(shown)
    assert len(shown) == len(parts) < len(failing)
    assert found.failure.quantities == {"x": found.failed}
    assert remark("run.common-quantity", quantity="x", count=found.failed) in found.failure.common
    assert any(said.code == "run.never-option" and said.values["option"] == "padding" for said in found.failure.common)
    assert found.failure.rerun == f"cnnbp verify --only Conv2d/{found.failure.number} --seed 2"
    assert slices.layer("Conv2d", found.failure.number, 1, 2).cases[0].verdict == found.failure.verdict
    assert list(against.layer(found)) == []


@settings(max_examples=20)
@given(
    st.lists(st.tuples(st.sampled_from(["pass", "fail", "inconclusive"]), st.integers(0, 9)), min_size=1, max_size=12), st.data()
)
def test_slices_of_whatever_cases_join(found: list[tuple[str, int]], data: st.DataObject) -> None:
    """The same record, in whatever slices and order they come; and nothing in it contradicts the rest."""
    cases = [_case(number, status, size) for number, (status, size) in enumerate(found)]
    whole = merge([Slice("Dense", tuple(cases))], 1)
    cut = data.draw(st.integers(0, len(cases)))
    assert merge([Slice("Dense", tuple(part)) for part in (cases[cut:], cases[:cut]) if part], 1) == whole
    assert list(against.layer(whole)) == []
    assert (of_layer(whole) == "fail") == any(status == "fail" for status, _ in found)


def _case(number: int, status: str, size: int) -> Tried:
    found = tried(number, status, size=size)  # type: ignore[arg-type]
    if status != "inconclusive":
        return found
    silent = {name: sample.tally(0, TALLIES[name][1], abstained=1) for name in found.quantities["w"]}
    judged = {name: said.judged for name, said in found.quantities["w"].items()}
    oracles = {
        name: said.model_copy(update={"judged": said.judged - judged.get(name, 0), "partly": int(name in silent)})
        for name, said in found.oracles.items()
    }
    doubt = "w", remark("verification.nothing-left"), 4
    quantities = {**found.quantities, "w": silent}
    return Tried(number, "inconclusive", oracles, quantities, found.options, found.drawn, found.classes, (doubt,))


def test_the_simplest_failure_is_shown() -> None:
    """Not the first one."""
    cases = [tried(0, "fail", size=14), tried(1), tried(2, "fail", size=3), tried(3, "fail", size=4)]
    found = merge([Slice("Dense", tuple(cases))], 5)
    assert found.failure is not None
    assert (found.failure.number, found.failure.failures, found.failure.rerun) == (2, 3, "cnnbp verify --only Dense/2 --seed 5")
    assert simplest([tried(0)]) is None


FAILING = [tried(n, "fail", ("x",), padding="2", stride=str(n + 2), groups="1") for n in range(4)]
PASSING = [tried(n, padding=p, stride=s, groups="1") for n, (p, s) in enumerate([("0", "1"), ("2", "1"), ("0", "3")])]


@pytest.mark.parametrize(
    ("failing", "passing", "said"),
    [
        (FAILING, PASSING, ["only the residual dx is wrong", "all 4 have padding 2", "none of the 4 has stride 1"]),
        (FAILING, PASSING[:1], ["only the", "all 4 have padding 2, and no passing case has", "none of the 4 has stride 1"]),
        (FAILING, [], ["only the", "all 4 have layout C order", "all 4 have padding 2", "all 4 have groups 1"]),
        (FAILING[:1], PASSING, ["only the residual dx is wrong, in all 1 failing case"]),
        ([*FAILING, tried(9, "fail", ("x", "w"), padding="1", stride="2", groups="1")], PASSING,
         ["none of the 5 has padding 0", "none of the 5 has stride 1"]),
    ],
)  # fmt: skip
def test_what_all_failing_cases_have_in_common(failing: list[Tried], passing: list[Tried], said: list[str]) -> None:
    """And the passing ones have not all; nothing is made of one case alone."""
    found = record(Slice("Dense", (*failing, *passing)), 1).failure
    told = list(map(sentence, found.common if found else ()))
    assert len(told) == len(said)
    assert all(sentence.startswith(start) for sentence, start in zip(told, said, strict=True))


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
