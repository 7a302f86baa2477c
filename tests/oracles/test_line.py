"""Along a line the claim is taken off exactly, and what is left over says how wrong it is, whatever the offset."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnbp.layers.checks import Array
from cnnbp.oracles.line import Line, Rest, rest

RUNGS = range(11)
WEIGHTS = np.array([0.5, -1.25, 2.0])


def left(values, slopes, at: Array, error: float = 0.0) -> tuple[Rest | None, float]:  # type: ignore[no-untyped-def]
    """What is left of the claim with a relative error in its first entry, and what that error is along the line."""
    way = np.array([1.0, -0.5, 0.75]) * np.abs(at)
    gradient = WEIGHTS * slopes(at)
    gradient[0] *= 1 + error
    line = Line(values, values(at), at, way, gradient, WEIGHTS)
    return rest(line.steps(RUNGS)), -error * WEIGHTS[0] * float(slopes(at)[0]) * way[0]


FUNCTIONS = {
    "square": (np.square, lambda x: 2 * x, 1.0),
    "sine": (np.sin, np.cos, 1.0),
    "sine, fast": (lambda x: np.sin(300 * x), lambda x: 300 * np.cos(300 * x), 1.0),
    "exponential at 100": (lambda x: np.exp(x - 100), lambda x: np.exp(x - 100), 100.0),
    "logarithm at 1e-200": (np.log, np.reciprocal, 1e-200),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@given(at=st.tuples(*[st.floats(0.75, 1.25)] * 3), error=st.sampled_from([0.0, 1e-4, -0.01]))
def test_what_is_left_is_the_error_of_the_claim(name: str, at: tuple[float, ...], error: float) -> None:
    """Right claims leave nothing beyond the stated error, wrong ones their error; and a thousandth is always seen."""
    values, slopes, scale = FUNCTIONS[name]
    found, expected = left(values, slopes, scale * np.array(at), error)
    assert found is not None
    assert abs(found.slope - expected) <= found.error
    largest = float(np.abs(WEIGHTS * slopes(scale * np.array(at))).max()) * scale
    assert found.error <= 1e-3 * largest
    assert found.clean or error


def test_a_kink_is_not_clean() -> None:
    """|x| at 0, where the claim of ½ agrees with every central difference, also with residuals that cancel."""
    for weights in (np.ones(2), np.array([1.0, -1.0])):
        at, way = np.zeros(2), np.ones(2)
        found = rest(Line(np.abs, np.abs(at), at, way, np.zeros(2), weights).steps(RUNGS))
        assert found is not None
        assert found.slope == 0
        assert not found.clean


def test_a_finer_step_contradicts() -> None:
    """The slope of all coarse steps, where finer ones find another beyond their noise."""
    at = np.array([0.3])

    def values(x: Array) -> Array:
        return np.asarray(x + 1e-7 * np.sin(1e7 * (x - 0.3)))

    found = rest(Line(values, values(at), at, np.ones(1), np.ones(1), np.ones(1)).steps(RUNGS))
    assert found is not None
    assert not (found.clean and abs(found.slope) <= found.error <= 1e-3)


def test_steps_that_show_nothing_are_dropped() -> None:
    """Out of the domain, and where rounding swallows the step."""
    at = np.array([0.01])

    def log(x: Array) -> Array:
        return np.log(np.where(x > 0, x, np.nan))

    assert len(Line(log, np.log(at), at, np.ones(1), 1 / at, np.ones(1)).steps(RUNGS)) == len(RUNGS) - 2
    at = np.array([1e9])
    assert len(Line(np.sin, np.sin(at), at, np.ones(1), np.cos(at), np.ones(1)).steps(RUNGS)) < len(RUNGS)
    assert rest(Line(np.sin, np.sin(at), at, 1e-12 * np.ones(1), np.cos(at), np.ones(1)).steps(RUNGS)) is None


def test_each_step_is_asked_once() -> None:
    """The rungs that were asked about are kept."""
    asked = []

    def values(x: Array) -> Array:
        asked.append(x)
        return np.asarray(x * x)

    at = np.ones(1)
    line = Line(values, at, at, at, 2 * at, at)
    line.steps((2, 4))
    line.steps((2, 6))
    assert len(asked) == 6
    assert math.isclose(line.rest(0.25), 0.0, abs_tol=1e-15)


def test_stairs_are_no_contradiction() -> None:
    """Computed in float32: within a stair nothing moves, and that is not held against the claim."""
    at = np.array([0.3, 0.7, 1.1])

    def values(x: Array) -> Array:
        return np.sin(x.astype(np.float32)).astype(float)

    found = rest(Line(values, values(at), at, at, np.cos(at), np.ones(3)).steps(range(13)))
    assert found is not None
    assert found.clean
    assert abs(found.slope) <= found.error < 1e-2
