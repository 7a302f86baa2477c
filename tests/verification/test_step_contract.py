"""A step with the right numbers that writes where it should not, or takes one array, or one w, for another, fails by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import codes, gaussian

W = gaussian((3, 4))[0]
LR, MOMENTUM = 0.1, 0.9


class Many:
    """The velocity of each w that it meets, found by what `key` says of that."""

    def __init__(self, key: Callable[[Array], Any]) -> None:
        self.key, self.v = key, dict[Any, Array]()

    def step(self, w: Array, g: Array) -> None:
        v = self.v[self.key(w)] = MOMENTUM * self.v.get(self.key(w), np.zeros_like(g)) + g
        w -= LR * v


def destroys(w: Array, g: Array) -> Array:
    new = w - LR * g
    w *= 0
    return new


def writes_later(w: Array, g: Array, v: Any) -> Any:
    if v is None:
        v = g
    else:
        v *= MOMENTUM
        v += g
    return w - LR * v, v


def keeps_the_array(w: Array, g: Array, v: Any) -> Any:
    v = g if v is None else MOMENTUM * v + g
    return w - LR * v, v


class Mixes:
    """Its velocity by the shape of w, beside the state that it hands back."""

    def __init__(self) -> None:
        self.many = Many(np.shape)

    def step(self, w: Array, g: Array, state: Any) -> Any:
        self.many.step(w, g)
        return w, 1


UNTIDY: dict[str, tuple[Callable[..., Any], str, str]] = {
    "destroys w": (destroys, "reads-only-inputs", "contract.step-changes-w"),
    "changes the gradient": (lambda w, g: w - np.multiply(g, LR, out=g), "reads-only-inputs", "contract.step-changes-gradient"),
    "changes it later": (writes_later, "reads-only-inputs", "contract.step-changes-gradient-later"),
    "keyed by shape": (Many(np.shape).step, "no-memory", "contract.step-mixes"),
    "keyed by shape, with a state": (Mixes().step, "no-memory", "contract.step-mixes"),
}


def test_a_gradient_may_be_kept_as_the_first_velocity() -> None:
    """As long as nobody writes into it."""
    assert cnnbp.verify_step(keeps_the_array, W, lr=LR, momentum=MOMENTUM).passed


@pytest.mark.parametrize("name", UNTIDY)
def test_right_numbers_are_not_all_that_a_step_owes(name: str) -> None:
    """Each goes where SGD goes as long as it is alone, with arrays of its own; in another loop it does not."""
    step, point, said = UNTIDY[name]
    verdict = cnnbp.verify_step(step, W, lr=LR, momentum=0.0 if name in ("destroys w", "changes the gradient") else MOMENTUM)
    assert codes(verdict) == [said]
    assert [item.quantity for item in verdict.evidence if item.status == "fail"] == [point]
    assert [item.status for item in verdict.evidence if item.oracle == "autograd"] == ["pass"]
