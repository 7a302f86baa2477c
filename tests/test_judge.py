"""The judge gives a verdict on every float, and refuses every comparison that could show nothing."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.judge import Judgement, agrees, compare, identical
from cnnbp.rounding import Array

MANY = settings(max_examples=30)
INF, NAN, TINY, HUGE = math.inf, math.nan, 5e-324, 1.7976931348623157e308


def judged(actual: Any, expected: Any, bound: Any, left_out: Array | None = None) -> Judgement:
    found = compare(np.array(actual, float), np.array(expected, float), np.array(bound, float), left_out)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("actual", "expected", "bound", "status"),
    [
        (1, 1, 0, "pass"), (1, 2, 1, "pass"), (1, 2, 0.5, "fail"), (TINY, 0, 0, "fail"), (TINY, 0, TINY, "pass"),
        (1, math.nextafter(1, 2), 0, "fail"), (-0.0, 0.0, 0, "vacuous"), (0, 0, 1, "vacuous"), (0, TINY, 1, "pass"),
        (NAN, 1, HUGE, "fail"), (NAN, 0, 0, "fail"), (INF, 1, HUGE, "fail"), (-INF, 1, 0, "fail"), (HUGE, -HUGE, HUGE, "fail"),
        (HUGE, HUGE, 0, "pass"),
    ],
)  # fmt: skip
def test_one_entry(actual: float, expected: float, bound: float, status: str) -> None:
    """|actual − expected| ≤ bound, also at the ends of the floats; NaN and ±∞ never pass, 0 against 0 shows nothing."""
    found = judged(actual, expected, bound)
    assert (found.status, found.index, found.judged, found.left_out) == (status, (), 1, 0)
    assert found.suspects.item() == (status == "fail")
    assert not math.isnan(found.ratio)
    assert (found.ratio > 1) == (status == "fail")


@pytest.mark.parametrize(("expected", "bound"), [(NAN, 1), (INF, 1), (-INF, 0), (1, INF), (NAN, INF)])
@pytest.mark.parametrize("actual", [0, NAN, INF])
def test_without_an_expectation_or_a_bound_nothing_is_left(actual: float, expected: float, bound: float) -> None:
    """Where the oracle has no number or no bound, the entry is left out and counted; alone, it leaves nothing: None."""
    assert compare(np.array([actual]), np.array([expected]), bound) is None
    found = judged([actual, 3], [expected, 3], [bound, 1])
    assert (found.status, found.index, found.judged, found.left_out) == ("pass", (1,), 1, 1)
    assert compare(np.array([2.0]), np.array([3.0]), 0.0, np.array([True])) is None


@pytest.mark.parametrize("elsewhere", [5.0, NAN, INF])
def test_zeros_alone_are_vacuous_whatever_was_left_out(elsewhere: float) -> None:
    """What was left out, on either side, does not make a comparison of zeros say anything."""
    for actual, expected in ((0.0, elsewhere), (elsewhere, 0.0), (elsewhere, elsewhere)):
        found = judged([0, actual], [0, expected], 1, np.array([False, True]))
        assert (found.status, found.index, found.judged, found.left_out) == ("vacuous", (0,), 1, 1)


@pytest.mark.parametrize(
    ("actual", "expected", "bound", "says"),
    [
        (np.ones((2, 0)), np.ones((2, 0)), 1.0, r"empty.*\(2, 0\)"),
        (np.ones(2), np.ones(3), 1.0, r"same shape.*\(2,\).*\(3,\)"),
        (np.ones((1, 2)), np.ones(2), 1.0, "same shape"),
        (np.ones(()), np.ones(1), 1.0, "same shape"),
        (np.ones(2), np.ones(2), -1e-300, "non-negative"),
        (np.ones(2), np.ones(2), NAN, "non-negative"),
        (np.ones(2), np.ones(2), -INF, "non-negative"),
        (np.ones(2), np.ones(2), np.array([1.0, NAN]), "non-negative"),
        (np.ones(2), np.array([1.0, NAN]), np.array([1.0, -1.0]), "non-negative"),
        (np.ones(2), np.ones(2), np.ones(3), "broadcast"),
        (np.ones(2), np.ones(2), np.ones((2, 2)), "broadcast"),
    ],
)
def test_refusals(actual: Array, expected: Array, bound: Any, says: str) -> None:
    """An empty comparison, unequal shapes (none is broadcast), a bound that is negative or no number: ValueError, in words."""
    with pytest.raises(ValueError, match=says):
        compare(actual, expected, bound)


anything = st.floats() | st.sampled_from([0.0, TINY, -TINY, HUGE, -HUGE])
bounds = st.floats(min_value=0, allow_nan=False)


def distance(a: float, b: float) -> float:
    """|a − b|, rounded once; beyond all floats where there is no such number."""
    try:
        return float(abs(Fraction(a) - Fraction(b)))
    except (OverflowError, ValueError):
        return INF


@MANY
@given(rows=st.lists(st.tuples(anything, anything, bounds, st.booleans()), min_size=1, max_size=12), column=st.booleans())
def test_any_floats_are_judged_right(rows: list[tuple[float, float, float, bool]], column: bool) -> None:
    """Over all floats the verdict is that of distances rounded once, entry by entry; the worst ratio is found and named."""
    table = [(a, e, b, out or not math.isfinite(e) or not math.isfinite(b)) for a, e, b, out in rows]
    arrays = [np.array(values).reshape((-1, 1) if column else -1) for values in zip(*rows, strict=True)]
    with np.errstate(over="ignore"):  # see the test of its silence below
        found = compare(*arrays[:3], arrays[3].astype(bool))
    kept = [number for number, (*_, out) in enumerate(table) if not out]
    if not kept:
        assert found is None
        return
    assert found is not None
    errors = [distance(a, e) for a, e, *_ in table]
    wrong = [errors[k] > table[k][2] for k in kept]
    assert found.suspects.ravel()[kept].tolist() == wrong
    assert not np.delete(found.suspects.ravel(), kept).any()
    zeros = all(table[k][0] == 0 == table[k][1] for k in kept)
    assert found.status == ("fail" if any(wrong) else "vacuous" if zeros else "pass")
    assert (found.judged, found.left_out) == (len(kept), len(table) - len(kept))
    with np.errstate(all="ignore"):
        ratios = {k: 0.0 if errors[k] == 0 else float(np.float64(errors[k]) / table[k][2]) for k in kept}
    worst = next(k for k in kept if ratios[k] == max(ratios.values()))
    assert found.index == ((worst, 0) if column else (worst,))
    assert (found.ratio, found.error, found.bound) == (ratios[worst], errors[worst], table[worst][2])
    np.testing.assert_array_equal([found.actual, found.expected], table[worst][:2])
    assert (found.ratio > 1) == any(wrong)


@MANY
@given(actual=anything, expected=anything, bound=bounds)
def test_a_number_alone_is_judged_as_an_array_of_one(actual: float, expected: float, bound: float) -> None:
    """Without axes or with one, the judgement is the same in all its parts."""
    with np.errstate(over="ignore"):
        alone, one = compare(np.array(actual), np.array(expected), bound), compare(np.array([actual]), np.array([expected]), bound)
    if alone is None or one is None:
        assert alone is one
        return
    for part in ("status", "actual", "expected", "error", "bound", "ratio", "resolution", "judged", "left_out"):
        np.testing.assert_equal(getattr(alone, part), getattr(one, part), part)
    assert (alone.index, one.index) == ((), (0,))
    assert alone.suspects.item() == one.suspects.item()


small = st.integers(-64, 64).map(lambda n: n / 8)  # sums and differences of these are exact


@MANY
@given(
    rows=st.lists(st.tuples(small, small, small.map(abs), st.booleans()), min_size=1, max_size=8),
    chosen=st.integers(0, 7), sign=st.sampled_from([-1, 1]), more=st.sampled_from([2.0**-40, 0.125, 8.0]),
)  # fmt: skip
def test_the_resolution_is_honest(rows: list[tuple[float, float, float, bool]], chosen: int, sign: int, more: float) -> None:
    """A change beyond `resolutions[e]`, up or down, is always a fail; one of at most bound − error never is."""
    actual, expected, bound, out = (np.array(values) for values in zip(*rows, strict=True))
    found, chosen = compare(actual, expected, bound, out), chosen % len(rows)
    if found is None or out[chosen]:
        assert found is None or found.resolutions[chosen] == INF
        return
    assert found.resolution >= found.resolutions[chosen]

    def changed(by: float) -> Judgement:
        moved = actual.copy()
        moved[chosen] += sign * by
        return judged(moved, expected, bound, out)

    after = changed(found.resolutions[chosen] + more)
    assert after.status == "fail"
    assert after.suspects[chosen]
    slack = bound[chosen] - abs(actual - expected)[chosen]
    if slack >= 0:
        for by in (slack, slack / 2):
            assert not changed(by).suspects[chosen]


def test_the_resolution_looks_over_what_has_none() -> None:
    """The comparison's resolution is the largest of the entries that were judged; an entry already beyond all bounds has none."""
    found = judged([1, 2, NAN, 0], [1, 2.5, 0, NAN], [1, 2, 1, 1])
    np.testing.assert_array_equal(found.resolutions, [1, 2.5, INF, INF])
    assert found.resolution == 2.5
    assert found.index == (2,)


@pytest.mark.filterwarnings("error")
def test_it_judges_silently() -> None:
    """No float makes the judge complain."""
    assert judged(0, HUGE, HUGE).status == "pass"


@pytest.mark.parametrize(
    ("actual", "expected", "found"),
    [
        ([1, Fraction(1, 3)], [1, Fraction(1, 3)], ("pass", 0.0)),
        ([1, Fraction(1, 3)], [1, Fraction(1, 2)], ("fail", float(Fraction(1, 6)))),
        ([1, 10**40], [1, 10**40 + 1], ("fail", 1.0)),
        ([0, 0], [0, 0], ("vacuous", 0.0)),
    ],
)
def test_identical(actual: list[Fraction], expected: list[Fraction], found: tuple[str, float]) -> None:
    """Exact numbers are equal or not; two that would be the same float are not."""
    assert identical(np.array(actual, object), np.array(expected, object)) == found


@pytest.mark.parametrize(("actual", "expected"), [([1], [1, 2]), ([], [])])
def test_identical_refuses_what_shows_nothing(actual: list[int], expected: list[int]) -> None:
    """Other shapes, and no entry at all."""
    with pytest.raises(ValueError, match=r"same shape|empty comparison"):
        identical(np.array(actual, object), np.array(expected, object))


def test_what_agrees() -> None:
    """No entry beyond its bound; NaN and shapes that differ do not agree, and what is left out says nothing."""
    a = np.array([1.0, 2.0])
    assert agrees(a, a + 0.5, 0.5)
    assert not agrees(a, a + np.array([0.0, 1.0]), 0.5)
    assert agrees(a, a + np.array([0.0, 1.0]), 0.5, np.array([False, True]))
    assert not agrees(np.array([1.0, np.nan]), a, 0.5)
    assert agrees(np.array([1.0, np.nan]), np.array([1.0, np.nan]), 0.5)
    assert agrees(np.zeros(0), np.zeros(0), 0.0)
    with pytest.raises(ValueError, match="same shape"):
        agrees(a, a[:1], 0.5)


def test_a_bound_of_another_shape_is_refused_quickly_too() -> None:
    """Which would be held against each entry several times."""
    with pytest.raises(ValueError, match="broadcast"):
        agrees(np.zeros(3), np.zeros(3), np.ones((5, 3)))
