"""Bounds that hold and are near what is seen; layers that lose digits get no such bound."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Any

import flint
import numpy as np
import pytest

from cnnbp import Dense, Sigmoid, Softplus, Tanh
from cnnbp.evidence.proof import RoundingBound, RoundingQuantity
from cnnbp.proof.numbers import rounded
from cnnbp.proof.rounding import measured_error, rounding_bound, rounding_bounds
from cnnbp.text import sentence

from .bent_sigmoid import Bent

KEYS = tuple(product(("Sigmoid()", "Tanh()", "Softplus()"), ("y", "dx")))


@cache
def _bounds() -> dict[tuple[str, str], RoundingBound]:
    return {(b.layer, b.quantity): b for b in rounding_bounds()}


class Cancelling(Tanh):
    """1 − tanh², which keeps no digit where tanh is nearly 1."""

    def _df(self, delta: Any, x: Any) -> Any:
        t = np.tanh(x)
        return delta * (1 - t * t)


class ShortInside(Sigmoid):
    """Computes in float32."""

    def _df(self, delta: Any, x: Any) -> Any:
        return super()._df(delta, x.astype(np.float32).astype(float))


class Naive(Softplus):
    """log(1 + eˣ) as it is written."""

    def _f(self, x: Any) -> Any:
        return np.log1p(np.exp(x))


class Twice(Sigmoid):
    """exp of a rounded number: its error is multiplied by it."""

    def _f(self, x: Any) -> Any:
        return 1 / (1 + np.exp(-(x * 3) / 3))


@pytest.mark.parametrize("key", KEYS)
def test_each_bound_holds_and_is_not_vacuous(key: tuple[str, str]) -> None:
    """What is seen is between a seventh of it and all of it."""
    bound = _bounds()[key]
    assert bound.holds
    assert bound.bound is not None
    assert bound.bound / 7 < bound.seen <= bound.bound < 16
    assert bound.pieces > 100
    assert all(0.5 < m <= bound.assumed for m in bound.measured.values())


def test_the_bounds_count_the_roundings() -> None:
    """y of sigmoid is 2 of exp, halved where it is added to 1, 1 of the sum, 1 of the quotient, and 2 of exp above it."""
    found = {key: round(b.bound or 0, 6) for key, b in _bounds().items()}
    assert found[("Tanh()", "y")] == 2
    assert found[("Sigmoid()", "dx")] == 9
    assert {key: sorted(b.measured) for key, b in _bounds().items()} == {
        ("Sigmoid()", "y"): ["exp"], ("Sigmoid()", "dx"): ["exp"], ("Tanh()", "y"): ["tanh"], ("Tanh()", "dx"): ["exp"],
        ("Softplus()", "y"): ["exp", "log1p"], ("Softplus()", "dx"): ["exp"],
    }  # fmt: skip


def test_the_bound_grows_with_what_is_assumed() -> None:
    bounds = [rounding_bound(Sigmoid(), "dx", assumed=k).bound or 0 for k in (1, 2, 4)]
    assert bounds == sorted(bounds)
    assert bounds[2] - bounds[1] == pytest.approx(2 * (bounds[1] - bounds[0]), rel=0.1)


def test_too_much_assumed_is_seen() -> None:
    """np.exp is not correctly rounded: half a unit would be false."""
    assert measured_error("exp") > 0.5
    assert not rounding_bound(Sigmoid(), "y", assumed=0.5).holds


def test_a_model_that_forgets_roundings_is_contradicted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounded, "U", flint.arb(0))
    for layer in (Sigmoid(), Softplus()):
        found = rounding_bound(layer, "dx")
        assert found.bound is not None
        assert found.bound < found.seen
        assert not found.holds


def test_cancellation_has_no_bound_where_all_digits_are_lost_and_a_large_one_before() -> None:
    whole = rounding_bound(Cancelling(), "dx", like=Tanh())
    assert whole.bound is None
    assert not whole.holds
    assert whole.remark is not None
    assert "1 - t * t" in sentence(whole.remark)
    part, right = (rounding_bound(layer, "dx", (0.5, 5.0), like=Tanh()) for layer in (Cancelling(), Tanh()))
    assert part.bound is not None
    assert right.bound is not None
    assert right.bound < 16 < 100 < part.seen <= part.bound


@pytest.mark.parametrize(
    ("layer", "quantity", "like", "said"),
    [
        (ShortInside(), "dx", Sigmoid(), "float32"),
        (Twice(), "y", Sigmoid(), "exp of a rounded number"),
    ],
)
def test_lines_that_say_nothing_get_no_bound(layer: Any, quantity: RoundingQuantity, like: Any, said: str) -> None:
    found = rounding_bound(layer, quantity, like=like)
    assert found.bound is None
    assert found.remark is not None
    assert said in sentence(found.remark)
    assert (found.seen > 1e6) == isinstance(layer, ShortInside)


ELSEWHERE = {
    "twice": Bent(lambda y, x: 2 * y),
    "on a short interval": Bent(lambda y, x: np.where((x > 0.5) & (x < 0.5003), 0.25, y)),
    "at one number": Bent(lambda y, x: np.where(x == 0.7310585, 5.0, y)),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_lines_of_another_function_get_no_bound(name: str) -> None:
    found = rounding_bound(ELSEWHERE[name], "y", (-2.0, 2.0), like=Sigmoid())
    assert not found.holds
    assert found.bound is None
    assert found.remark is not None


def test_cuts_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnnbp.proof.rounding.MOST_CUTS", 20)
    found = rounding_bound(Bent(lambda y, x: np.where(np.abs(x) > 0.3, y, y)), "y", (-2.0, 2.0), like=Sigmoid())
    assert found.remark is not None
    assert found.remark.code == "proof.too-many-pieces"


@pytest.mark.parametrize(("compared", "low"), [(np.abs, -2.0), (lambda x: 2 * x, 0.01), (lambda x: -x, -2.0)])
def test_comparisons_of_what_is_not_x_itself_come_to_an_end(compared: Any, low: float) -> None:
    layer = Bent(lambda y, x: np.where(compared(x) > 0.3, y, y))
    found = rounding_bound(layer, "y", (low, 2.0), like=Sigmoid())
    assert found.bound == pytest.approx(rounding_bound(Sigmoid(), "y", (low, 2.0)).bound, rel=0.1)
    assert found.holds


def test_what_would_overflow_or_underflow_has_no_bound() -> None:
    for layer, quantity, interval in ((Tanh(), "dx", (300.0, 400.0)), (Naive(), "y", (700.0, 712.0))):
        found = rounding_bound(layer, quantity, interval, like=Tanh() if isinstance(layer, Tanh) else Softplus())  # type: ignore[arg-type]
        assert found.bound is None
        assert found.remark is not None
        assert found.remark.code in ("proof.subnormal", "proof.no-digits")


def test_naive_softplus_is_bounded_where_nothing_overflows() -> None:
    assert rounding_bound(Naive(), "y", (-30.0, 30.0), like=Softplus()).holds


def test_wrong_calls_are_told() -> None:
    with pytest.raises(ValueError, match="quantity must be one of y, dx, got 'dw'"):
        rounding_bound(Sigmoid(), "dw")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="two finite numbers"):
        rounding_bound(Sigmoid(), "y", (1.0, 1.0))
    with pytest.raises(ValueError, match="like must be one of Sigmoid, Tanh, Softplus, got Dense"):
        rounding_bound(Dense(), "y")
