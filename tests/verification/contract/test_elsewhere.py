"""Other numbers: a branch that those of the caller never take is asked where a reference says what is right there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import cnnbp
from cnnbp.layers.checks import Array
from cnnbp.verification.contract.elsewhere import mirrored, one_sided

SLOPE = 0.1
LIKES = (cnnbp.LeakyReLU(SLOPE), lambda x: torch.nn.functional.leaky_relu(x, SLOPE))


class Leaky:
    """A leaky ReLU whose backward has a slope of its own on the side of the numbers with this sign."""

    def __init__(self, sign: int, slope: float) -> None:
        self.sign, self.slope = sign, slope

    def forward(self, x: Array) -> Array:
        return np.where(x > 0, x, SLOPE * x)

    def backward(self, delta: Array, x: Array) -> Array:
        return delta * np.where(np.sign(x) == self.sign, self.slope, np.where(x > 0, 1.0, SLOPE))


def numbers(sign: float, *shape: int) -> Array:
    """Of one sign alone."""
    return sign * np.random.default_rng(len(shape)).uniform(0.5, 2, shape)


@pytest.mark.parametrize("like", LIKES)
@pytest.mark.parametrize(("sign", "wrong", "right"), [(-1, 1.0, SLOPE), (1, SLOPE, 1.0)])
def test_a_side_that_x_never_visits(like: Any, sign: int, wrong: float, right: float) -> None:
    """Its slope is forgotten, or that of the other side; with the right one nothing is said."""
    x = numbers(-sign, 3, 4)
    verdict = cnnbp.verify(Leaky(sign, wrong), x, like=like)
    assert [said.code for said in verdict.wrong] == ["contract.wrong-elsewhere-entry"]
    assert cnnbp.verify(Leaky(sign, right), x, like=like).passed


@pytest.mark.parametrize(("sign", "said"), [(1, "no number of x is < 0"), (-1, "no number of x is > 0")])
def test_without_a_reference_a_pass_says_of_what_numbers(sign: int, said: str) -> None:
    verdict = cnnbp.verify(Leaky(-sign, 7.0), numbers(sign, 3, 4))
    assert verdict.passed
    assert said in str(verdict)
    both = numbers(sign, 3, 4) * np.where(np.arange(4) % 2, 1, -1)
    assert cnnbp.verify(Leaky(-sign, 7.0), both).status == "fail"
    assert "no number" not in str(cnnbp.verify(Leaky(-sign, SLOPE if sign > 0 else 1.0), both))


class OneSided:
    """Right above 0, and made for nothing else."""

    def __init__(self, forward: Callable[[Array], Array], backward: Callable[[Array], Array]) -> None:
        self.value, self.slope = forward, backward

    def forward(self, x: Array) -> Array:
        return self.value(x)

    def backward(self, delta: Array, x: Array) -> Array:
        return delta * self.slope(x)


def _refuses(x: Array) -> Array:
    if (x < 0).any():
        raise ValueError("x must not be negative")
    return np.sqrt(x)


@pytest.mark.parametrize(
    ("layer", "like"),
    [
        (OneSided(np.log, lambda x: 1 / x), torch.log),
        (OneSided(np.log, lambda x: 1 / x), lambda x: torch.log(x.clamp(min=1e-12))),
        (OneSided(lambda x: np.log(np.maximum(x, 1e-8)), lambda x: 1 / x), lambda x: torch.log(x.clamp(min=1e-12))),
        (OneSided(_refuses, lambda x: 0.5 / np.sqrt(x)), lambda x: torch.sqrt(x.abs())),
    ],
)
def test_a_domain_of_one_side_is_no_fault(layer: Any, like: Any) -> None:
    assert cnnbp.verify(layer, numbers(1, 3, 4), like=like).passed


def test_what_was_not_judged_there_is_said() -> None:
    """Of a reference that is only trusted nobody knows whether it means the other side."""
    layer = OneSided(lambda x: np.log(np.maximum(x, 1e-8)), lambda x: 1 / x)
    assert "there the layer's forward is not that of like=" in str(
        cnnbp.verify(layer, numbers(1, 3, 4), like=lambda x: torch.log(x.clamp(min=1e-12)))
    )


@pytest.mark.parametrize(("backward", "status"), [(lambda x: x > 0, "fail"), (lambda x: (x > 0) & (x < 6), "pass")])
def test_a_bend_that_x_never_reaches(backward: Callable[[Array], Array], status: str) -> None:
    """ReLU6, asked at numbers between its two bends."""
    layer = OneSided(lambda x: np.clip(x, 0, 6), backward)
    assert cnnbp.verify(layer, numbers(1, 3, 4), like=torch.nn.functional.relu6).status == status


def _hardswish(x: Array) -> Array:
    return np.asarray(x * np.clip(x + 3, 0, 6) / 6)


def _inside(x: Array) -> Array:
    return (2 * x + 3) / 6


@pytest.mark.parametrize(
    ("backward", "status"), [(_inside, "fail"), (lambda x: np.select([x <= -3, x < 3], [0 * x, _inside(x)], 1), "pass")]
)
def test_a_bend_beyond_small_numbers(backward: Callable[[Array], Array], status: str) -> None:
    """Hardswish has its bends at ±3; where a forward is another there, nothing is said: atanh of what was cut off."""
    x = numbers(1, 3, 4) * np.where(np.arange(4) % 2, 1, -1)
    assert cnnbp.verify(OneSided(_hardswish, backward), x, like=torch.nn.functional.hardswish).status == status
    cut = OneSided(lambda x: np.arctanh(np.clip(x, -0.9999, 0.9999)), lambda x: 1 / (1 - x * x))
    assert cnnbp.verify(cut, x / 4, like=lambda x: torch.atanh(x.clamp(-0.999, 0.999))).passed


class Pooled:
    """Max pooling over windows of 2 × 2, with twice the residual where the winner stands in one place of its window."""

    def __init__(self, wrong: int) -> None:
        self.wrong = wrong

    def forward(self, x: Array) -> Array:
        return np.asarray(windows(x).max(-1))

    def backward(self, delta: Array, x: Array) -> Array:
        winner = windows(x).argmax(-1)[..., None]
        dx = np.where(np.arange(4) == winner, np.where(winner == self.wrong, 2, 1) * delta[..., None], 0)
        n, c, h, w = x.shape
        return dx.reshape(n, c, h // 2, w // 2, 2, 2).swapaxes(3, 4).reshape(x.shape)


def windows(x: Array) -> Array:
    """The cells of each window along a last axis."""
    n, c, h, w = x.shape
    return x.reshape(n, c, h // 2, 2, w // 2, 2).swapaxes(3, 4).reshape(n, c, h // 2, w // 2, 4)


@pytest.mark.parametrize("like", [cnnbp.MaxPool2d(2), lambda x: torch.nn.functional.max_pool2d(x, 2)])
def test_the_winner_in_each_place(like: Any) -> None:
    """One window, whose winner stands in one place only: what is wrong with another is seen."""
    x = np.random.default_rng(0).normal(size=(1, 1, 2, 2))
    assert [cnnbp.verify(Pooled(wrong), x, like=like).status for wrong in range(4)] == ["fail"] * 4
    assert cnnbp.verify(Pooled(-1), x, like=like).passed


@given(st.lists(st.sampled_from([-2.0, -1.0, 0.0, 1.0, 2.0]), min_size=1, max_size=8))
@settings(deadline=None, max_examples=30)
def test_mirrored_numbers_have_other_signs_and_no_ties(values: list[float]) -> None:
    x = np.array(values)
    (found,) = mirrored((x,))
    assert np.array_equal(np.sign(found)[x != 0], -np.sign(x)[x != 0])
    assert len(np.unique(np.abs(found))) == x.size
    assert one_sided(found) in ({"": [""], "<": [">"], ">": ["<"]}[one_sided(x)] if x.all() else ["", "<", ">"])
    assert mirrored((np.arange(3),))[0].tolist() == [0, 1, 2]


def test_an_iteration_that_has_no_end_there_is_not_begun() -> None:
    """Newton's for √x: where PyTorch has no value, or the reference is a layer that somebody wrote, nobody is asked."""

    def newton(x: Array) -> Array:
        assert (x > 0).all(), "without an end"
        y, before = np.maximum(x, 1.0), np.zeros_like(x)
        while (np.abs(y - before) > 1e-15 * np.abs(y)).any():
            y, before = (y + x / y) / 2, y
        return y

    def careful(x: Array) -> Array:
        endless.append(bool((x < 0).any()))
        return newton(np.abs(x))

    endless: list[bool] = []
    layer = OneSided(careful, lambda x: 0.5 / np.sqrt(np.abs(x)))
    for like in (torch.sqrt, OneSided(newton, lambda x: 0.5 / np.sqrt(x)), OneSided(careful, layer.slope)):
        verdict = cnnbp.verify(layer, numbers(1, 3, 4), like=like)
        assert verdict.passed, str(verdict)
    assert not any(endless)
