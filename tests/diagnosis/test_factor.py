"""The factor that all entries share, and its names: those that fit, and none where one entry has another factor."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.diagnosis.anything import first
from cnnbp.diagnosis.factor import factor as factor_of
from cnnbp.judge import compare
from cnnbp.layers.checks import Array
from tests.helpers.layers import bent, gaussian

pytestmark = pytest.mark.usefixtures("methods_alone")

X, W, B = gaussian((5, 2, 8, 7), (3, 2, 3, 2), (3,))  # p·q = 6·6
OF_LOSS = gaussian((5, 7), seed=1)[0], gaussian((5, 7), seed=2)[0]


def forms(bend: Callable[[Array, Any], Array]) -> Any:
    """What the factor of dw may be; the number itself where it has no name."""
    found = cnnbp.verify(bent("Conv2d", dw=bend), X, W, B, like=cnnbp.Conv2d()).diagnosis
    (cause,) = (cause for cause in found if "factor" in cause.what.code)
    return cause.what.values.get("forms") or cause.what.values["ratio"]


@pytest.mark.parametrize(
    ("factor", "named"),
    [
        (1 / 5, ["1/n"]),
        (5.0, ["n"]),
        (1 / 36, ["1/(p·q)"]),
        (1 / 180, ["1/(n·p·q)"]),
        (6.0, ["r·s"]),
        (-1.0, ["−1"]),
        (4 / 5, ["4/n", "(n − 1)/n"]),
        (0.2**2, ["1/n²"]),
    ],
)
def test_a_factor_has_a_name(factor: float, named: list[str]) -> None:
    """In the letters of the axes."""
    assert forms(lambda dw, _: dw * factor) == named


def test_a_factor_without_a_name_is_told_as_a_number() -> None:
    """A millionth too much is one."""
    assert forms(lambda dw, _: dw * (1 + 1e-6)) == pytest.approx(1 + 1e-6, abs=1e-12)


def test_what_reads_as_1_is_no_factor() -> None:
    """Another rounding of everything alike."""
    verdict = cnnbp.verify(bent("Conv2d", dw=lambda dw, _: dw * (1 + 3e-12)), X, W, B, like=cnnbp.Conv2d())
    assert verdict.status == "fail"
    assert not [cause for cause in verdict.diagnosis if "factor" in cause.what.code]


def test_one_entry_with_another_factor_is_enough() -> None:
    """Then there is none."""

    def bend(dw: Array, _: Any) -> Array:
        dw = dw / 5
        dw[1, 0, 2, 1] *= 1 + 1e-9
        return dw

    assert cnnbp.verify(bent("Conv2d", dw=bend), X, W, B, like=cnnbp.Conv2d()).diagnosis == ()


def test_a_single_number_has_a_factor_only_under_a_name() -> None:
    """A loss is one number, which is some multiple of the right one whatever is wrong with it."""
    named = cnnbp.verify(bent("HalfSquaredError", y=lambda y, _: y / 5), *OF_LOSS, like=cnnbp.HalfSquaredError())
    assert [cause.what.values.get("forms") for cause in named.diagnosis] == [["1/n"]]
    other = cnnbp.verify(bent("HalfSquaredError", y=lambda y, _: y * 1.37), *OF_LOSS, like=cnnbp.HalfSquaredError())
    assert other.diagnosis == ()


def test_the_tried_number_is_the_one_that_is_told() -> None:
    """The sentence has number, name and extent."""
    text = str(cnnbp.verify(bent("Conv2d", db=lambda db, _: db * 5), X, W, B, like=cnnbp.Conv2d()))
    assert "it is off by a factor: 5 times what is expected, which is n" in text
    assert "times 5, is the answer in all 3 entries" in text


@pytest.mark.parametrize(("judged", "told"), [(1, None), (2, (0.5, ["1/2"]))])
def test_one_entry_of_several_shows_no_factor(judged: int, told: Any) -> None:
    """Half of what is expected in the only entry that was judged is a coincidence."""
    expected, kept = np.array([3.0, 5.0, 7.0]), np.arange(3) < judged
    point: Any = SimpleNamespace(
        wrong={"x": SimpleNamespace(bounds=1e-15, kept=kept, suspects=kept)},
        answers={"x": expected / 2},
        expected={"x": expected},
        sizes={},
    )
    assert factor_of(point, "x") == told


@pytest.mark.parametrize("factor", [2.0, 1 + 1e-6])
@pytest.mark.parametrize("other", [2.5, 1.5])
def test_a_wrong_entry_that_the_factor_makes_no_better_is_enough(factor: float, other: float) -> None:
    """A bound that is wide where little is wrong excuses no entry: told is what holds for all of them."""
    expected, bound = np.array([3.0, 5.0, 1.0]), np.array([1e-15, 1e-15, 1.0])

    def told(last: float) -> Any:
        actual = factor * expected
        actual[2] = expected[2] + last
        return factor_of(_point(actual, expected, bound), "x")

    assert told(factor - 1) is not None
    assert told(-other) is None


def test_the_ratio_is_that_of_the_entry_that_is_known_best() -> None:
    """And not that of the largest, which may be lost in noise: an entry with another factor shows then."""
    expected, bounds = np.array([100.0, 1.0, 1.0, 1.0]), np.array([20.0, 1e-12, 1e-12, 1e-12])
    told = factor_of(_point(np.array([330.0, 3.0, 3.0, 3.0]), expected, bounds), "x")
    assert told is not None
    assert told[0] == pytest.approx(3, abs=1e-10)
    assert factor_of(_point(np.array([330.0, 3.0, 3.1, 3.0]), expected, bounds), "x") is None


def test_an_offset_is_told_where_every_entry_is_seen_to_have_it() -> None:
    """An entry in which it is no more than rounding is not known to have it."""
    expected, bounds = np.arange(1.0, 7.0), np.full(6, 1e-12)
    assert [code for code, _ in first(_point(expected + 0.25, expected, bounds), "x")] == ["offset"]
    bounds[3] = 1.0
    assert [code for code, _ in first(_point(expected + 0.25, expected, bounds), "x")] == []


def _point(actual: Array, expected: Array, bounds: Array) -> Any:
    judged = compare(actual, expected, bounds)
    return SimpleNamespace(wrong={"x": judged}, answers={"x": actual}, expected={"x": expected}, sizes={}, called=str)


def test_a_factor_near_one_is_told_with_the_digits_that_differ() -> None:
    """Not as 1."""
    layer = bent("Tanh", dx=lambda dx, _: dx * (1 + 1e-9))
    (cause,) = cnnbp.verify(layer, gaussian((3, 4))[0], like=cnnbp.Tanh()).diagnosis
    assert str(cause).startswith(
        "it is off by a factor: 1.000000001 times what is expected (tried: what is expected, times 1.000000001,"
    )
