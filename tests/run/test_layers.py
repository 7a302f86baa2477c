"""The record of a layer: counted however its cases were shared out, with its simplest failure and what all have in common."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnbp.evidence import contradictions, remark
from cnnbp.evidence.status import of_layer
from cnnbp.run.common import common
from cnnbp.run.layers import merge
from cnnbp.run.slices import Slice, Tried, simplest
from cnnbp.text import sentence
from tests.run.results import tried


@given(
    st.lists(st.tuples(st.sampled_from(["pass", "fail", "inconclusive"]), st.integers(0, 9)), min_size=1, max_size=12), st.data()
)
def test_slices_join_to_the_whole(found: list[tuple[str, int]], data: st.DataObject) -> None:
    """The same record, in whatever slices and order they come; and nothing in it contradicts the rest."""
    cases = [_case(number, status, size) for number, (status, size) in enumerate(found)]
    whole = merge([Slice("Dense", tuple(cases))], 1)
    cut = data.draw(st.integers(0, len(cases)))
    assert merge([Slice("Dense", tuple(part)) for part in (cases[cut:], cases[:cut]) if part], 1) == whole
    assert list(contradictions.layer(whole)) == []
    assert (of_layer(whole) == "fail") == any(status == "fail" for status, _ in found)


def _case(number: int, status: str, size: int) -> Tried:
    found = tried(number, status, size=size)  # type: ignore[arg-type]
    if status != "inconclusive":
        return found
    doubt = "w", remark("verification.nothing-left"), 4
    return Tried(number, "inconclusive", found.oracles, found.options, found.drawn, (doubt,))


def test_the_simplest_failure_is_shown() -> None:
    """Not the first one."""
    cases = [tried(0, "fail", size=14.0), tried(1), tried(2, "fail", size=3.0), tried(3, "fail", size=4.0)]
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
    told = list(map(sentence, common(failing, passing)))
    assert len(told) == len(said)
    assert all(sentence.startswith(start) for sentence, start in zip(told, said, strict=True))
