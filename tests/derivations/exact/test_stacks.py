"""Layers on one another: the truth about every parameter against difference quotients, and every order of the activations."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from cnnbp.cases.choices import Counter
from cnnbp.derivations.exact.images import Maps
from cnnbp.derivations.exact.numbers import IDENTITY
from cnnbp.derivations.exact.stacks import Network, Pooled, Stack
from cnnbp.derivations.exact.windows import Windows

STACK = Stack(Maps(1, 1, (1, 2), (1, 2)), (1, 2), 2)
POOLED = Pooled(Windows((1, 2), (1, 2), (1, 2)), (1, 2))


def _drawn(number: int) -> Network:
    return replace(STACK.numbers(Counter(number, "drawn")), f=IDENTITY)


def test_gradients_are_central_differences() -> None:
    """With f(z) = z and mean pooling, J is quadratic in each number: its central difference is its derivative."""
    net = _drawn(3)
    for name, values in net.parameters.items():
        for index in np.ndindex(values.shape):
            up, down = (net.loss(**{**net.parameters, name: _moved(values, index, step)}, mean=True) for step in (1, -1))
            assert net.truth(name, True)[index] == Fraction(up - down) / 2


def _moved(values: np.ndarray, index: tuple[int, ...], step: int) -> np.ndarray:
    moved = values.copy()
    moved[index] += step
    return moved


def test_ties_are_seen() -> None:
    """Equal activations in one window."""
    net = _drawn(3)
    level = replace(net, conv=replace(net.conv, z=0 * net.conv.z))
    assert level.ties
    assert not next(STACK.letters()).ties


def test_letters_in_every_order() -> None:
    """Two activations have two orders, four have 24; the largest of a window is the one of the highest rank."""
    assert len(list(STACK.letters())) == 2
    cases = list(POOLED.letters())
    assert len(cases) == 24
    for case in cases:
        assert case.pool.ranks is not None
        best = [max(cells, key=lambda cell, ranks=case.pool.ranks: ranks[0, 0][cell]) for cells in case.pool.cells]  # type: ignore[misc]
        assert best == case.pool.winners
        assert case.truth("pooled", False).shape == (1, 1, 1, 2)
