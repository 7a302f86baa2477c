"""The bounds hold for whatever order a sum is taken in, against exact fractions, and are broken by a coarser computation."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnnbp import rounding
from cnnbp.rounding import Array

MANY = settings(max_examples=30)
U = Fraction(1, 2**53)


@MANY
@given(n=st.integers(0, 2**40))
def test_gamma(n: int) -> None:
    """γₙ = n·u/(1 − n·u), up to the rounding of this formula, for a number and for an array."""
    exact = n * U / (1 - n * U)
    assert abs(Fraction(float(rounding.gamma(n))) - exact) <= 4 * U * exact
    np.testing.assert_array_equal(rounding.gamma(np.array([n, 0])), [rounding.gamma(n), 0])


def one_by_one(terms: Array) -> float:
    total = 0.0
    for term in terms:
        total += float(term)
    return total


def by_halves(terms: Array) -> float:
    return float(terms.sum()) if len(terms) < 2 else by_halves(terms[: len(terms) // 2]) + by_halves(terms[len(terms) // 2 :])


ORDERS: dict[str, Callable[[Array, Array], float]] = {
    "BLAS": lambda a, b: float(a @ b),
    "NumPy": lambda a, b: float(np.sum(a * b)),
    "forwards": lambda a, b: one_by_one(a * b),
    "backwards": lambda a, b: one_by_one((a * b)[::-1]),
    "by halves": lambda a, b: by_halves(a * b),
    "smallest first": lambda a, b: one_by_one(np.sort(a * b)),
    "largest first": lambda a, b: one_by_one(sorted(a * b, key=abs)[::-1]),
    "one rounding": lambda a, b: math.fsum(a * b),
}
tame = st.floats(-1e3, 1e3)
wide = st.builds(math.ldexp, st.floats(-1, 1), st.integers(-500, 500))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Array, Array]:
    """Two vectors: of one size, of sizes a thousand binary orders apart, or such that their products all but cancel."""
    numbers = draw(st.sampled_from([tame, wide]))
    terms = draw(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=30))
    if draw(st.booleans()):
        terms = draw(st.permutations([*terms, *((-a, math.nextafter(b, 1e300)) for a, b in terms)]))
    a, b = np.array(terms).T
    return a, b


@MANY
@example(pair=(np.array([1e-200, 1.0]), np.array([1e-200, 0.0])))  # underflows
@example(pair=(np.array([2.0**53, *[1.0] * 40, -(2.0**53)]), np.ones(42)))
@given(pair=pairs())
def test_every_conventional_sum_is_within_half_the_bound(pair: tuple[Array, Array]) -> None:
    """|fl(a·b) − a·b| ≤ γₙ₊₄·S + underflow, in every order; so two of them are within the bound of each other."""
    a, b = pair
    exact = sum((Fraction(p) * Fraction(q) for p, q in zip(a.tolist(), b.tolist(), strict=True)), Fraction(0))
    bound = Fraction(float(rounding.conventional(len(a), abs(a) @ abs(b))))
    with np.errstate(under="ignore"):
        sums = {name: order(a, b) for name, order in ORDERS.items()}
    for name, value in sums.items():
        assert 2 * abs(Fraction(value) - exact) <= bound, name
        assert all(abs(Fraction(value) - Fraction(other)) <= bound for other in sums.values()), name


@MANY
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 100))
def test_single_precision_breaks_both_bounds(seed: int, n: int) -> None:
    """Of 50 dot products computed in float32, most miss the bound of their entry, and the worst misses the bound by norm."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, 50, n))
    exact, coarse = np.vecdot(a, b), np.vecdot(a.astype(np.float32), b.astype(np.float32))
    assert np.mean(abs(coarse - exact) > rounding.conventional(n, np.vecdot(abs(a), abs(b)))) > 0.5
    assert (abs(coarse - exact) > rounding.by_norm(np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))).any()


@MANY
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 100))
def test_a_fast_algorithm_is_within_the_norm_bound(seed: int, n: int) -> None:
    """A circular correlation by FFT is within C·u·‖a‖·‖b‖ of the plain one in every entry."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, n)) * 10.0 ** rng.integers(-3, 4, (2, n))
    plain = np.array([a @ np.roll(b, -k) for k in range(n)])
    fast = np.fft.irfft(np.fft.rfft(a).conj() * np.fft.rfft(b), n)
    assert (abs(fast - plain) <= rounding.by_norm(np.linalg.norm(a) * np.linalg.norm(b))).all()


@MANY
@given(noise=st.floats(-300, 0).map(lambda e: 10.0**e), third=st.floats(-3, 3).map(lambda e: 10.0**e))
def test_the_central_step_is_nearly_the_best(noise: float, third: float) -> None:
    """h is a power of two whose error h²·M/6 + ε/h is at most twice the least possible."""
    step = float(rounding.central_step(noise, third))

    def error(h: float) -> float:
        return h * h * third / 6 + noise / h

    assert math.frexp(step)[0] == 0.5
    assert error(step) <= 2 * error((3 * noise / third) ** (1 / 3))
    assert rounding.central_step(np.array([noise]), third) == [step]


@settings(max_examples=25)
@given(st.lists(st.floats(-1e300, 1e300) | st.floats(-1e-300, 1e-300), max_size=8))
def test_the_norm_neither_overflows_nor_underflows(entries: list[float]) -> None:
    """‖a‖₂ is between the largest entry and √n times it."""
    a = np.array(entries)
    largest = float(np.max(np.abs(a), initial=0.0))
    assert largest * (1 - 1e-12) <= rounding.norm(a) <= largest * max(1, a.size) ** 0.5 * (1 + 1e-12)
