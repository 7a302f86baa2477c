"""Slices of a layer in whatever order they arrive: one record, the same as of all cases at once, and never more kept than runs."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.run.folded import Folded
from cnnbp.run.layers import merge
from cnnbp.run.slices import Slice
from tests.run.results import tried

SEED = 7
CASES = [tried(n, "fail" if n in (3, 11) else "pass", size=20 - n, padding=str(n % 3), stride=str(1 + n % 2)) for n in range(14)]


def slices(cuts: list[int]) -> list[Slice]:
    """The cases, cut at these places."""
    ends = [0, *sorted(set(cuts)), len(CASES)]
    return [Slice("Dense", tuple(CASES[a:b])) for a, b in pairwise(ends) if b > a]


@settings(max_examples=25)
@given(st.lists(st.integers(1, 13), max_size=6), st.randoms())
def test_the_record_is_that_of_all(cuts: list[int], order: object) -> None:
    """To the byte, with the order of everything in it."""
    parts = slices(cuts)
    shuffled = list(parts)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    folded = Folded(SEED)
    for part in shuffled:
        folded.add(part)
    assert folded.layer().model_dump_json() == merge([Slice("Dense", tuple(CASES))], SEED).model_dump_json()


@settings(max_examples=15)
@given(st.lists(st.integers(1, 13), min_size=1, max_size=6), st.data())
def test_at_any_moment_it_is_that_of_what_is_there(cuts: list[int], data: st.DataObject) -> None:
    """However many slices are still to come."""
    parts = slices(cuts)
    there = data.draw(st.lists(st.sampled_from(parts), min_size=1, unique_by=lambda part: part.cases[0].number))
    folded = Folded(SEED)
    for part in there:
        folded.add(part)
    assert folded.layer().cases == sum(len(part.cases) for part in there)
    assert folded.layer() == merge(there, SEED)
