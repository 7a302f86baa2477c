"""A step of an optimiser is right in sign, rate, momentum and decay, or it is said which of them is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import codes, gaussian

W = gaussian((3, 4))[0]
LR, MOMENTUM, DECAY = 0.1, 0.9, 0.01


def plain(w: Array, g: Array) -> Array:
    return w - LR * g


def in_place(w: Array, g: Array) -> None:
    w -= LR * g


def with_state(w: Array, g: Array, v: Any) -> Any:
    v = g if v is None else MOMENTUM * v + g
    return w - LR * v, v


def decayed(w: Array, g: Array) -> Array:
    return (1 - LR * DECAY) * w - LR * g  # computed another way


def nesterov(w: Array, g: Array, v: Any) -> Any:
    v = g if v is None else MOMENTUM * v + g
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


def mean(w: Array, g: Array, v: Any) -> Any:
    v = MOMENTUM * (0 if v is None else v) + (1 - MOMENTUM) * g
    return w - LR * v, v


RIGHT: dict[str, tuple[Callable[[], Callable[..., Any]], dict[str, Any]]] = {
    "plain": (lambda: plain, {}),
    "in place": (lambda: in_place, {}),
    "momentum": (lambda: with_state, {"momentum": MOMENTUM}),
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
    (judged,) = verdict.evidence
    assert (judged.oracle, judged.kind) == ("autograd", "sampled")
    assert judged.resolution is not None
    assert judged.resolution < 1e-12


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


BROKEN: dict[str, tuple[Callable[..., Any], str]] = {
    "raises": (lambda w, g: 1 // 0, "contract.raises"),
    "takes one": (lambda w: w, "contract.step-raises-when-called"),
    "a list": (lambda w, g: (w - LR * g).tolist(), "contract.raises"),
    "changes the gradient": (lambda w, g: np.multiply(g, LR, out=g) * 0 + w, "contract.raises"),
    "another shape": (lambda w, g: (w - LR * g).T, "contract.raises"),
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
