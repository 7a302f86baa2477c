"""One entry: judged where differences can judge it, and beyond reach for the reason that holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.special import erf

import cnnbp
from cnnbp.layers.checks import Array
from cnnbp.verification.alone import Alone, State
from cnnbp.verification.claim import Claim
from tests.verification.hard.noise import hashed

Function = Callable[[Array], Array]


def steep(x: Array) -> Array:
    return np.asarray(x + 1e-6 * np.sin(1e12 * x))


def test_slopes_that_change_within_the_step() -> None:
    """A wave shorter than the finest step: the layer that knows it does not fail, one that is steadily wrong is."""
    at = 1.0
    slope = 1 + 1e6 * np.cos(1e12 * at)
    assert ask(steep, float(slope), at, lambda x: 1 + 1e6 * np.cos(1e12 * x))[0] in (State.SCALES, State.NOISE)
    assert ask(np.sin, 2.0, at)[0] == State.JUDGED


def ask(values: Function, slope: float, at: float = 1.0, slopes: Function | None = None) -> tuple[State, float, float]:
    """About the derivative of an elementwise function at one number, where `slope` is claimed."""
    x = np.array([at])
    gradients = slopes or (lambda x: np.full(x.shape, slope))
    return Alone(Claim(values, gradients, x, values(x), np.array([slope]), np.ones(1))).ask(0)


@pytest.mark.parametrize("claimed", [np.cos(1.0), 1.01 * np.cos(1.0), -np.cos(1.0), 0.0])
def test_a_smooth_function_is_judged(claimed: float) -> None:
    """Whatever is claimed, the slope that is found is right within the error, and that is small."""
    state, slope, error = ask(np.sin, float(claimed))
    assert state == State.JUDGED
    assert abs(slope - np.cos(1.0)) <= error < 1e-7


def relu(x: Array) -> Array:
    return np.maximum(x, 0)


@pytest.mark.parametrize(
    ("claimed", "state"), [(0, "KINK"), (1, "KINK"), (0.5, "KINK"), (0.51, "ODD"), (1.01, "ODD"), (-0.01, "ODD")]
)
def test_a_kink_allows_its_sides_and_shares(claimed: float, state: str) -> None:
    """ReLU at 0: both slopes and their mean are conventions; anything else is odd."""
    assert ask(relu, claimed, 0.0)[0].name == state


@pytest.mark.parametrize("claimed", [1.0, 3.0, 4.0])
def test_a_tie_in_several_windows(claimed: float) -> None:
    """Two outputs with slopes of 1 and 3 above the kink: each may have decided the tie its own way."""
    x = np.zeros(1)

    def values(x: Array) -> Array:
        return np.concatenate([np.maximum(x, 0), 3 * np.maximum(x, 0)])

    alone = Alone(Claim(values, values, x, values(x), np.array([claimed]), np.ones(2)))
    assert alone.ask(0)[0] == State.KINK


def test_a_jump_has_one_side() -> None:
    """x + floor(x) at 1 from above has the slope 1."""

    def values(x: Array) -> Array:
        return x + np.floor(x)

    assert ask(values, 1.0)[0] == State.KINK
    assert ask(values, 1.01)[0] != State.JUDGED


def test_what_noise_hides() -> None:
    """A slope of 1e-6 below noise of 1e-8 is right or wrong, nobody knows; one of 1 is seen through it."""
    for claimed in (1e-6, 1.01e-6, 2e-6):
        assert ask(lambda x: 1e-6 * x + 1e-8 * hashed(x), claimed)[0] == State.NOISE
    assert ask(lambda x: np.sin(x) + 1e-8 * hashed(x), float(np.cos(1)))[0] == State.JUDGED


def test_what_is_too_steep() -> None:
    """A ramp that is as wide as the last digits of x."""
    assert ask(lambda x: np.clip((x - 1) * 1e16, -1, 1), 1e16)[0] == State.STEEP


@pytest.mark.parametrize("claimed", [1.0, 2.0, 1.5])
def test_two_slopes_at_two_scales(claimed: float) -> None:
    """x + 1e-6·sin(1e6·(x − 1)): coarse steps see 1, fine ones 2. The fine one is the derivative; only what is neither is wrong."""
    state, slope, error = ask(lambda x: x + 1e-6 * np.sin(1e6 * (x - 1)), claimed)
    if claimed == 1.0:
        assert state == State.SCALES
    else:
        assert state == State.JUDGED
        assert (abs(claimed - slope) > error) == (claimed == 1.5)


def stopped(x: Array) -> Array:
    """x⅓ by an iteration that stops early."""
    y, before = np.ones(x.shape), np.zeros(x.shape)
    while np.abs(y - before).max() > 1e-5:
        y, before = (y + 0.3 * (x - y**3)), y
    return y


def test_an_iteration_that_stops_early_does_not_fail() -> None:
    """The gradient of what it approaches differs from its own by less than a thousandth, and the iteration jumps elsewhere."""
    right = 1 / 3 * 1.3 ** (-2 / 3)
    assert ask(stopped, right, 1.3)[0] in (State.JUDGED, State.SCALES, State.SUBTLE)
    state, slope, error = ask(stopped, 1.01 * right, 1.3)
    assert state == State.JUDGED
    assert abs(1.01 * right - slope) > error


@pytest.mark.parametrize("at", [1.0, 0.0, -3.0])
def test_what_is_wrong_at_one_number_alone_is_wrong(at: float) -> None:
    """Everywhere else the layer has the slope that differences find; a smooth function has no other at one number."""

    def mended(x: Array) -> Array:
        return np.where(x == at, 5.0, 2.0)

    state, slope, error = ask(lambda x: 2 * x, 5.0, at, mended)
    assert state == State.JUDGED
    assert abs(slope - 2) <= error < 1e-9


def test_a_median_of_ties_has_a_winner() -> None:
    """It stands still while any one of three equal numbers moves, and goes with all: one of them may get the whole residual."""
    x = np.zeros(3)

    def first(x: Array) -> Array:
        return (np.arange(3) == np.argsort(x, kind="stable")[1]).astype(float)

    alone = Alone(Claim(lambda x: np.median(x, keepdims=True), first, x, np.zeros(1), first(x), np.ones(1)))
    assert [alone.ask(number)[0] for number in range(3)] == [State.JUDGED, State.SCALES, State.JUDGED]


SHARES = {(1.0, 0.0, 0.0): True, (0.5, 0.25, 0.25): True, (1.0, 1.0, 1.0): False, (0.0, 0.0, 0.0): False}


@pytest.mark.parametrize(("claimed", "right"), SHARES.items())
def test_tied_entries_are_asked_together(claimed: tuple[float, ...], right: bool) -> None:
    """The maximum goes with all of its winners: their shares add up to 1, whoever gets them."""
    x, gradient = np.array([2.0, 2.0, 2.0, 1.0]), np.array([*claimed, 0.0])
    alone = Alone(Claim(lambda x: x.max(keepdims=True), lambda x: gradient, x, np.full(1, 2.0), gradient, np.ones(1)))
    state, slope, error = alone.together(x == 2)
    assert state == State.JUDGED
    assert (abs(slope - gradient.sum()) <= error) == right
    bent = Alone(Claim(lambda x: np.abs(x).max(keepdims=True), lambda x: gradient, 0 * x, np.zeros(1), gradient, np.ones(1)))
    assert bent.together(x == 2)[0] == State.KINK


@pytest.mark.parametrize("at_the_ends", [0.0, 1.0, 0.5])
def test_kinks_that_cancel_are_no_tie(at_the_ends: float) -> None:
    """Both ends of a clamp moved as one: its sum has no kink there, and the slope at either end is a convention all the same."""
    x, gradient = np.array([0.0, 1.0, 0.3]), np.array([at_the_ends, at_the_ends, 1.0])

    def clamped(x: Array) -> Array:
        return np.asarray(np.clip(x, 0, 1).sum(keepdims=True))

    alone = Alone(Claim(clamped, lambda x: gradient, x, clamped(x), gradient, np.ones(1)))
    state, slope, error = alone.together(x != 0.3)
    assert state == (State.JUDGED if at_the_ends == 0.5 else State.KINK)
    assert abs(slope - 1) <= error


def test_a_gradient_with_noise_of_its_own() -> None:
    """A backward whose last digits are as uncertain as it is off knows no better; one that is steady is wrong."""

    def shaky(x: Array) -> Array:
        return np.cos(x) * (1 + 0.01 * hashed(x))

    def ask_with(slopes: Any) -> State:
        return ask(np.sin, float(1.004 * np.cos(1.0)), slopes=slopes)[0]

    assert ask_with(shaky) == State.SHAKY
    assert ask_with(None) == State.JUDGED


@pytest.mark.parametrize("at", [1e-300, -1e-300, 5e-324, 1e300])
def test_any_size(at: float) -> None:
    """|x| at the ends of the range: no OverflowError, and nothing false."""
    state, slope, error = ask(np.abs, float(np.sign(at)), at)
    assert state != State.JUDGED or abs(slope - np.sign(at)) <= error
    assert ask(np.abs, -float(np.sign(at)), at)[0] != State.JUDGED or abs(slope + np.sign(at)) > error


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("least", "most"), [(-8, -4), (-40, 40)])
def test_roundings_of_1_under_a_smooth_factor_accuse_nobody(least: float, most: float, seed: int) -> None:
    """x·Φ(x), far below 0: 1 + erf(x) moves in steps there, and x does not."""
    x = np.random.default_rng(seed).uniform(least, most, (4, 4))

    def slope(x: Array) -> Array:
        return np.asarray((1 + erf(x / np.sqrt(2))) / 2 + x * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi))

    layer = cnnbp.from_functions(lambda x: x * (1 + erf(x / np.sqrt(2))) / 2, lambda d, x: d * slope(x))
    assert cnnbp.verify(layer, x, seed=seed).status != "fail"
    wrong = cnnbp.from_functions(lambda x: x * (1 + erf(x / np.sqrt(2))) / 2, lambda d, x: 1.01 * d * slope(x))
    assert cnnbp.verify(wrong, x, seed=seed).status != "pass"


@pytest.mark.parametrize("size", [1e-160, 1e-200, 1e-250])
def test_numbers_whose_squares_are_nothing(size: float) -> None:
    """|x| passes, and a hundredth off does not."""
    x = size * np.random.default_rng(0).normal(size=4)
    assert cnnbp.verify(cnnbp.from_functions(np.abs, lambda d, x: d * np.sign(x)), x).passed
    assert cnnbp.verify(cnnbp.from_functions(np.abs, lambda d, x: 1.01 * d * np.sign(x)), x).status == "fail"
