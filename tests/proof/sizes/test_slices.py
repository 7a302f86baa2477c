"""Slices of axes whose sizes are not known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnbp.proof.sizes.claims import number, terms
from cnnbp.proof.sizes.kernel import Path
from cnnbp.proof.sizes.slices import Slice, divided, met, quotient, same

PATH = Path([])
A, B, C = (PATH.unknown(name) for name in "abc")


@given(st.integers(0, 5), st.integers(1, 3), st.integers(0, 4), st.integers(0, 20))
def test_which_place_a_cell_is(start: int, step: int, length: int, cell: int) -> None:
    """Where everything given is the case it is one of the slice's, at this place; and nowhere else."""
    one = Slice(start, step, length)
    found = met([None, one], [7, cell])
    assert found is not None
    (untouched, place), given = found
    listed = [*range(start, start + step * length, step)]
    assert untouched == 7
    assert all(axis == -1 for axis, _ in given)
    assert all(number(fact) >= 0 for _, fact in given) == (cell in listed)
    assert cell not in listed or (listed[number(place)], one.at(place)) == (cell, cell)


def test_taps() -> None:
    """One that is known is met by itself; of two that are not, nobody can say."""
    assert met([2], [2]) == ([], [])
    assert met([2], [1]) is None
    assert met([A], [A + 0]) == ([], [])
    with pytest.raises(TypeError, match="whether two taps are the same is not known"):
        met([2], [A])


def test_the_length_of_a_slice() -> None:
    """Its ends are a whole number of steps apart, as polynomials."""
    assert same(quotient(B * A - B * C * B, B), A - C * B)
    assert (quotient(A, 1) is A, quotient(6, 3)) == (True, 2)
    for a, b in ((B * A + 1, B), (A, B), (7, 2), (A, 2 * A)):
        with pytest.raises(TypeError, match="the ends of a slice must be a whole number of steps apart"):
            quotient(a, b)


def test_quotients() -> None:
    """By a step that is known and one that is not."""
    assert divided(7, 3) == (2, 1)
    assert divided(A, 1) == (A, 0)
    one, rest = divided(A, 2)
    assert terms(one) == {("quotient 0",): 1}
    assert terms(rest) == {("remainder 0",): 1}
