"""The walk answers every order once, closed under order, and a representative satisfies what was answered."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.proof.counterexample import representative
from cnnbp.proof.numbers.walk import TooManyPaths, Walk

ORDERED_BELL = {1: 1, 2: 3, 3: 13, 4: 75, 5: 541}  # weak orders of n things
FACTORIAL = {1: 1, 2: 2, 3: 6, 4: 24, 5: 120}


@pytest.mark.parametrize(("ties", "orders"), [(True, ORDERED_BELL), (False, FACTORIAL)])
def test_comparing_everything_walks_every_order_once(ties: bool, orders: dict[int, int]) -> None:
    for n, count in orders.items():
        seen, walk = set(), Walk(10_000, ties=ties)
        for path in walk:
            for pair in combinations(range(n), 2):
                path.compare(*pair)
            seen.add(tuple(tuple(sorted(map(int, equal))) for equal in path.order()))
        assert walk.paths == len(seen) == count


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 4), st.one_of(st.integers(0, 4), st.fractions(-2, 2, max_denominator=2))), max_size=5))
def test_what_is_answered_holds_of_the_representative(questions: list[tuple[int, int | Fraction]]) -> None:
    named = [(f"x{a}", b if isinstance(b, Fraction) else f"x{b}") for a, b in questions]
    for path in Walk(400):
        answers = [path.compare(a, b) for a, b in named]
        values = representative(path)
        numbers = [(values.get(a, a), values.get(b, b)) for a, b in named]
        assert answers == [(a > b) - (a < b) for a, b in numbers]
        assert path.holds(lambda key, v=values: float(v.get(key, key)))
        assert path.strict == (0 not in [s for (a, b), s in zip(named, answers, strict=True) if a != b])
        if path.paths > 20:
            break


def test_a_constant_knows_its_place_among_the_others() -> None:
    for path in Walk(100):
        if path.compare("x", Fraction(2)) > 0:
            assert path.compare("x", Fraction(1)) > 0
        assert path.compare(Fraction(1), Fraction(2)) < 0


def test_equal_things_stand_for_each_other() -> None:
    found = [path.equals() for path in Walk(100) if path.compare("a", "b") == 0 and path.compare("b", Fraction(3)) == 0]
    assert found == [{"a": Fraction(3), "b": Fraction(3)}]


def test_more_orders_than_the_limit_are_told() -> None:
    with pytest.raises(TooManyPaths) as error:
        [path.compare(*pair) for path in Walk(5) for pair in combinations(range(4), 2)]
    assert error.value.paths == 5


def test_a_deadline_ends_the_walk() -> None:
    with pytest.raises(TooManyPaths):
        next(iter(Walk(10, deadline=0.0)))


def test_what_follows_from_other_answers_is_counted_too() -> None:
    """Else a loop until something is 0 has no end: every half of what is above 0 is above 0."""
    with pytest.raises(TooManyPaths):
        [path.compare("x", Fraction(0)) for path in Walk(10) for _ in iter(int, 1)]


def test_the_clock_is_looked_at_where_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, compared = iter([0.0, 0.0, *[9.0] * 9]), repeat(0, 200)
    monkeypatch.setattr("cnnbp.proof.numbers.walk.monotonic", lambda: next(clock))
    with pytest.raises(TooManyPaths):
        [path.compare("x", Fraction(0)) for path in Walk(10, deadline=1.0) for _ in compared]
    assert len(list(compared)) > 100


def test_constants_are_in_their_order_however_they_come() -> None:
    """An x between two of them is above all that are below."""
    numbers = [Fraction(n) for n in (5, 1, 9, 3, 7, -2, 8)]
    for walk in Walk(10**4, ties=False):
        for number in numbers:
            walk.compare("x", number)
        above = [walk.known("x", number) for number in sorted(numbers)]
        assert above == sorted(above, reverse=True)  # type: ignore[type-var]
        assert all(walk.known(a, b) == (a > b) - (a < b) for a in numbers for b in numbers)
    assert walk.paths == len(numbers) + 1
