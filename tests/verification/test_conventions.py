"""A convention is told from a fault by a sentence of its own; accepted, it passes, and hides no fault."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from tests.operators.test_kinks import TIED, pooled

ZEROS = np.random.default_rng(0).integers(-2, 3, (4, 5)).astype(float)
DRAWN = np.random.default_rng(0).normal(size=(2, 2, 5, 5))


def relu(slope: float, factor: float = 1.0) -> Any:
    """A ReLU with this slope at 0, and wrong by a factor elsewhere."""
    return cnnbp.from_functions(cnnbp.ReLU().forward, lambda d, x: d * np.where(x == 0, slope, factor * (x > 0)))


def pool(name: str) -> Any:
    """Max pooling over 3×3, stride 1, whose ties are shared so."""
    return cnnbp.from_functions(cnnbp.MaxPool2d(3, stride=1).forward, lambda d, x: pooled(name, d, x))


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("slope", [1.0, 0.5, 0.25])
def test_a_slope_at_0(slope: float) -> None:
    """It fails by default, with its slope, the reference's, and how many entries; and passes where any may be."""
    verdict = cnnbp.verify(relu(slope), ZEROS, like=cnnbp.ReLU())
    assert verdict.status == "fail"
    assert [told.code for told in verdict.wrong] == ["verification.convention-slope"]
    zeros = int((ZEROS == 0).sum())
    assert f"ReLU′(0) = {slope:.3g} where the reference has 0, in {zeros}" in str(verdict)
    accepted = cnnbp.verify(relu(slope), ZEROS, like=cnnbp.ReLU(), conventions="any")
    assert accepted.passed, str(accepted)
    assert "another convention than the reference's accepted" in str(accepted)


@pytest.mark.usefixtures("methods_alone")
def test_slopes_that_differ() -> None:
    """One slope here and another there is told as a range."""
    slopes = np.linspace(0, 1, ZEROS.shape[1])
    layer = cnnbp.from_functions(cnnbp.ReLU().forward, lambda d, x: d * np.where(x == 0, slopes, x > 0))
    assert [told.code for told in cnnbp.verify(layer, ZEROS, like=cnnbp.ReLU()).wrong] == ["verification.convention-slopes"]


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("conventions", ["reference", "any"])
@pytest.mark.parametrize(("slope", "factor"), [(2.0, 1.0), (-0.5, 1.0), (1.0, 1.01)])
def test_a_fault_is_none(slope: float, factor: float, conventions: str) -> None:
    """A slope beyond both sides, and a right convention beside a fault."""
    verdict = cnnbp.verify(relu(slope, factor), ZEROS, like=cnnbp.ReLU(), conventions=conventions)
    assert verdict.status == "fail"
    assert verdict.wrong[0].code == "verification.wrong-entry"


@pytest.mark.parametrize(("name", "code"), [("last", "last"), ("even", "even"), ("drawn", "shares")])
@pytest.mark.parametrize("x", [TIED, DRAWN])
def test_winners_of_a_tie(name: str, code: str, x: Array) -> None:
    """At a case with ties, and on integers with ties where the case has none."""
    like = cnnbp.MaxPool2d(3, stride=1)
    verdict = cnnbp.verify(pool(name), x[:1], like=like)
    assert verdict.status == "fail"
    assert [told.code for told in verdict.wrong] == [f"verification.convention-{code}"]
    assert cnnbp.verify(pool(name), x[:1], like=like, conventions="any").passed


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("name", ["all of it each", "negative"])
@pytest.mark.parametrize("x", [TIED, DRAWN])
def test_what_no_shares_give_is_a_fault(name: str, x: Array) -> None:
    """Whatever conventions are accepted."""
    verdict = cnnbp.verify(pool(name), x[:1], like=cnnbp.MaxPool2d(3, stride=1), conventions="any")
    assert verdict.status == "fail"
    assert "verification.wrong-entry" in [told.code for told in verdict.wrong]


def test_a_kept_winner_is_seen_where_any_convention_holds() -> None:
    """A layer that remembers which cell won is wrong about another input, ties or not."""

    class Kept:
        """Keeps the winners by shape."""

        def __init__(self) -> None:
            self.kept: dict[Any, Array] = {}

        def forward(self, x: Array) -> Array:
            """Right."""
            return cnnbp.MaxPool2d(2).forward(x)

        def backward(self, delta: Array, x: Array) -> Array:
            """At the cells that won first."""
            first = self.kept.setdefault(x.shape, x)
            return cnnbp.MaxPool2d(2).backward(delta, first)[0]

    assert cnnbp.verify(Kept(), DRAWN, like=cnnbp.MaxPool2d(2), conventions="any").status == "fail"


def test_conventions_have_two_names() -> None:
    """What else is handed in is told."""
    with pytest.raises(ValueError, match='conventions must be "reference" or "any", got \'mine\''):
        cnnbp.verify(cnnbp.ReLU(), ZEROS, conventions="mine")
    with pytest.raises(TypeError, match="conventions must be"):
        cnnbp.verify(cnnbp.ReLU(), ZEROS, conventions=None)  # type: ignore[arg-type]
