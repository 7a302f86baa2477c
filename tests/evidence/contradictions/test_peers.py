"""Counts of other checkers fit each other: none is larger than there are layers, and together they are no more than was asked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnbp.evidence import records as r
from cnnbp.evidence.contradictions import peers
from tests.evidence import sample

FOUND = sample.peers()


def with_first(**update: Any) -> r.Peers:
    """The sample, its first checker changed."""
    return FOUND.model_copy(update={"checkers": (FOUND.checkers[0].model_copy(update=update), *FOUND.checkers[1:])})


@given(st.integers(0, 3), st.integers(0, 2), st.integers(0, 1), st.integers(0, 2), st.data())
def test_what_can_be_contradicts_nothing(formula: int, contract: int, precision: int, failed: int, data: st.DataObject) -> None:
    """Whatever a checker did not decide, it did not take or could not tell, or passed."""
    caught = r.Faults(formula=formula, contract=contract, precision=precision)
    unasked = data.draw(st.integers(0, 8 - caught.total - failed))
    inconclusive = data.draw(st.integers(0, 8 - caught.total - failed - unasked))
    found = with_first(caught=caught, failed=failed, unasked=unasked, inconclusive=inconclusive)
    assert list(peers(found)) == []


@pytest.mark.parametrize(
    "update",
    [
        {"caught": r.Faults(formula=4, contract=0, precision=0)}, {"caught": r.Faults(formula=0, contract=0, precision=2)},
        {"failed": 3}, {"unasked": 4}, {"inconclusive": 4},
    ],
)  # fmt: skip
def test_what_cannot_be_is_noticed(update: dict[str, Any]) -> None:
    """At its checker: 5 of 6 wrong layers are caught, and 2 are right."""
    assert [(told.code, told.values["record"]) for told in peers(with_first(**update))] == [("status.peer", "cnnbp.verify, like=")]
