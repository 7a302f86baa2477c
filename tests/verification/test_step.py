"""A step of an optimiser is right in sign, rate, momentum and decay, or it is said which of them is wrong."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import codes, gaussian
from tests.verification.test_step_contract import Many

W = gaussian((3, 4))[0]
LR, MOMENTUM, DECAY = 0.1, 0.9, 0.01


def plain(w: Array, g: Array) -> Array:
    return w - LR * g


def in_place(w: Array, g: Array) -> None:
    w -= LR * g


def with_state(w: Array, g: Array, v: Any) -> Any:
    v = g.copy() if v is None else MOMENTUM * v + g
    return w - LR * v, v


def by_default(w: Array, g: Array, v: Any = None) -> Any:
    return with_state(w, g, v)


def decayed(w: Array, g: Array) -> Array:
    return (1 - LR * DECAY) * w - LR * g  # computed another way


def nesterov(w: Array, g: Array, v: Any) -> Any:
    v = g.copy() if v is None else MOMENTUM * v + g
    return w - LR * (g + MOMENTUM * v), v


def everything(w: Array, g: Array, v: Any) -> Any:
    g = g + DECAY * w
    v = g if v is None else MOMENTUM * v + 0.5 * g
    return w - LR * v, v


class Keeps:
    """Its velocity in itself."""

    def __init__(self) -> None:
        self.v = np.zeros_like(W)

    def step(self, w: Array, g: Array) -> Array:
        self.v = MOMENTUM * self.v + g
        return w - LR * self.v


def in_place_and_returned(w: Array, g: Array) -> Array:
    w -= LR * g
    return w


def in_place_and_a_copy(w: Array, g: Array) -> Array:
    return in_place_and_returned(w, g).copy()


def mean(w: Array, g: Array, v: Any) -> Any:
    v = MOMENTUM * (0 if v is None else v) + (1 - MOMENTUM) * g
    return w - LR * v, v


RIGHT: dict[str, tuple[Callable[[], Callable[..., Any]], dict[str, Any]]] = {
    "plain": (lambda: plain, {}),
    "in place": (lambda: in_place, {}),
    "momentum": (lambda: with_state, {"momentum": MOMENTUM}),
    "in place, and returned": (lambda: in_place_and_returned, {}),
    "in place, and a copy": (lambda: in_place_and_a_copy, {}),
    "an option": (lambda: lambda w, g, lr=LR: w - lr * g, {}),
    "a state with a default": (lambda: by_default, {"momentum": MOMENTUM}),
    "momentum of many": (lambda: Many(id).step, {"momentum": MOMENTUM}),
    "momentum, kept": (lambda: Keeps().step, {"momentum": MOMENTUM}),
    "decay": (lambda: decayed, {"weight_decay": DECAY}),
    "nesterov": (lambda: nesterov, {"momentum": MOMENTUM, "nesterov": True}),
    "all": (lambda: everything, {"momentum": MOMENTUM, "dampening": 0.5, "weight_decay": DECAY}),
    "ascent": (lambda: lambda w, g: w + LR * g, {"maximize": True}),
}
WRONG: dict[str, tuple[Callable[..., Any], dict[str, Any], str]] = {
    "sign": (lambda w, g: w + LR * g, {}, "verification.step-sign"),
    "rate": (lambda w, g: w - 2 * LR * g, {}, "verification.step-rate"),
    "momentum forgotten": (plain, {"momentum": MOMENTUM}, "verification.step-no-momentum"),
    "momentum as a mean": (with_state, {"momentum": MOMENTUM, "dampening": 0.0, "nesterov": True}, "verification.step-nesterov"),
    "decay forgotten": (plain, {"weight_decay": DECAY}, "verification.step-no-decay"),
    "decay doubled": (lambda w, g: w - LR * (g + 2 * DECAY * w), {"weight_decay": DECAY}, "verification.step-double-decay"),
    "decay that grows": (lambda w, g: w - LR * (g - DECAY * w), {"weight_decay": DECAY}, "verification.step-opposite-decay"),
}


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("steps", [1, 5])
def test_right_steps_pass(name: str, steps: int) -> None:
    """In whatever form, entry by entry."""
    make, options = RIGHT[name]
    verdict = cnnbp.verify_step(make(), W, lr=LR, steps=steps, **options)
    assert verdict.passed, str(verdict)
    judged = [item for item in verdict.evidence if item.oracle == "autograd"]
    assert [item.kind for item in judged] == ["sampled"] * 3
    assert all(item.resolution is not None and item.scale and item.resolution < 1e-12 * item.scale for item in judged)
    points = {item.quantity: item.status for item in verdict.evidence if item.oracle == "contract"}
    alone = "abstain" if name == "momentum, kept" else "pass"
    assert points == {"reads-only-inputs": "pass", "repeats": "pass", "no-memory": alone}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_steps_are_named(name: str) -> None:
    """The entry, and what the step equals instead."""
    step, options, said = WRONG[name]
    assert codes(cnnbp.verify_step(step, W, lr=LR, **options)) == ["verification.wrong-entry", said]


def test_small_errors_fail() -> None:
    """In the twelfth digit of the rate, or in one entry."""
    assert cnnbp.verify_step(lambda w, g: w - LR * (1 + 1e-12) * g, W, lr=LR).status == "fail"
    one = np.zeros_like(W)
    one[2, 3] = 1e-10
    assert cnnbp.verify_step(lambda w, g: w - LR * g + one, W, lr=LR).status == "fail"
    assert cnnbp.verify_step(lambda w, g: (w - LR * g).astype(np.float32), W, lr=LR).status == "fail"


def clipped(w: Array, g: Array) -> Array:
    return w - LR * g * min(1.0, 10 / np.linalg.norm(g))


def rounded(w: Array, g: Array) -> Array:
    return w - LR * np.where(abs(g) < 1e-4, 0, g)


@pytest.mark.parametrize("step", [lambda w, g: w - LR * np.clip(g, -5, 5), lambda w, g: w - LR * np.clip(g, -3, 3), clipped])
def test_a_step_that_clips_its_gradients(step: Callable[..., Any]) -> None:
    """By entry or by norm, where gradients of size 1 are none that it clips."""
    verdict = cnnbp.verify_step(step, W, lr=LR)
    assert codes(verdict) == ["verification.wrong-entry", "verification.step-size"]
    assert [item.status for item in verdict.evidence if item.oracle == "autograd"] == ["pass", "fail", "pass"]


def test_a_step_that_drops_small_gradients() -> None:
    """And is right with those of size 1, and with large ones."""
    w, seed = np.ones(3), 2
    verdict = cnnbp.verify_step(rounded, w, lr=LR, seed=seed)
    assert codes(verdict) == ["verification.wrong-entry", "verification.step-size"]
    assert [item.status for item in verdict.evidence if item.oracle == "autograd"] == ["pass", "pass", "fail"]


def test_a_step_that_raises_at_large_gradients() -> None:
    """It fails, and what it says is told."""

    def careful(w: Array, g: Array) -> Array:
        if abs(g).max() > 100:
            raise OverflowError("the gradient explodes")
        return w - LR * g

    verdict = cnnbp.verify_step(careful, W, lr=LR)
    assert codes(verdict) == ["contract.raises"]
    assert "step raised OverflowError: the gradient explodes" in str(verdict)


@pytest.mark.parametrize("step", [lambda w, g: w - LR * g, lambda w, g: float(w - LR * g), in_place, in_place_and_returned])
def test_a_w_without_axes(step: Callable[..., Any]) -> None:
    """Arithmetic of such arrays returns a number."""
    assert cnnbp.verify_step(step, np.array(2.0), lr=LR).passed


BROKEN: dict[str, tuple[Callable[..., Any], str]] = {
    "raises": (lambda w, g: 1 // 0, "contract.raises"),
    "ends Python": (lambda w, g: sys.exit(0), "contract.raises"),
    "takes one": (lambda w: w, "contract.step-raises-when-called"),
    "a list": (lambda w, g: (w - LR * g).tolist(), "contract.no-array"),
    "complex numbers": (lambda w, g: w - LR * g + 0j, "contract.no-numbers"),
    "another shape": (lambda w, g: (w - LR * g).T, "contract.step-shape"),
    "a row": (lambda w, g: (w - LR * g[0]).ravel()[:4] if w.ndim == 2 else w - LR * g[0], "contract.step-shape"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_step_that_breaks_its_contract(name: str) -> None:
    """Is the step's fault, never an exception."""
    step, said = BROKEN[name]
    assert codes(cnnbp.verify_step(step, W, lr=LR)) == [said]


def test_a_wrong_entry_is_named_by_its_step() -> None:
    """And its place in w, whatever that has for axes."""
    w = np.ones((2, 1, 1, 1, 3))
    moved = np.zeros_like(w)
    moved[1, 0, 0, 0, 2] = 1
    found = str(cnnbp.verify_step(lambda w, g: w - LR * g + moved, w, lr=LR))
    assert re.search(r"wrong at step [0-3], index \[1, 0, 0, 0, 2\]", found)


def test_a_step_that_does_not_repeat_itself() -> None:
    """Random by a last bit."""
    rng = np.random.default_rng(0)
    verdict = cnnbp.verify_step(lambda w, g: np.nextafter(w - LR * g, rng.choice([-9.0, 9.0], w.shape)), W, lr=LR)
    assert codes(verdict) == ["contract.step-repeats"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"lr": -0.1}, "^lr must be a number from 0, got -0.1"),
        ({"lr": 0.1, "momentum": "0.9"}, "^momentum must be a number from 0"),
        ({"lr": True}, "^lr must be a number from 0, got True"),
        ({"lr": 0.1, "weight_decay": False}, "^weight_decay must be a number from 0, got False"),
        ({"lr": 0.1, "maximize": 3}, "^maximize must be True or False, got 3"),
        ({"lr": 0.1, "momentum": 0.9, "nesterov": "no"}, "^nesterov must be True or False, got 'no'"),
        ({"lr": 0.1, "seed": -1}, "^seed must be an integer from 0, got -1"),
        ({"lr": 0.1, "steps": 0}, "^steps must be an integer from 1"),
        ({"lr": 0.1, "steps": True}, "^steps must be an integer from 1, got True"),
        ({"lr": 0.1, "nesterov": True}, "^nesterov needs a momentum"),
    ],
)
def test_options_that_make_no_sense(asked: dict[str, Any], said: str) -> None:
    """ValueError that names the option."""
    with pytest.raises(ValueError, match=said):
        cnnbp.verify_step(plain, W, **asked)


def test_what_is_no_step() -> None:
    """An object, a class, an empty array, NaN."""
    for what in (3, Keeps):
        with pytest.raises(TypeError, match=r"^step must be a function"):
            cnnbp.verify_step(what, W, lr=LR)
    with pytest.raises(ValueError, match=r"^w must have entries"):
        cnnbp.verify_step(plain, np.zeros((0, 2)), lr=LR)
    with pytest.raises(ValueError, match=r"^w must be finite"):
        cnnbp.verify_step(plain, W * np.nan, lr=LR)
