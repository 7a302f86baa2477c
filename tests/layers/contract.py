"""What every layer owes whatever it computes: the same answer for every memory layout, and hands off its inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.layers.loops import Array


def _read_only(a: Array) -> Array:
    b = a.copy()
    b.flags.writeable = False
    return b


def _fortran(a: Array) -> Array:
    return a.copy(order="F")


def _strided(a: Array) -> Array:
    room = np.full([2 * side + 1 for side in a.shape], a.dtype.type(99))
    b: Array = room[(..., *(slice(1, None, 2),) * a.ndim)]
    b[...] = a
    return b


def _reversed(a: Array) -> Array:
    b: Array = np.flip(a).copy()[(..., *(slice(None, None, -1),) * a.ndim)]
    return b


LAYOUTS: list[Callable[[Array], Array]] = [_read_only, _fortran, _strided, _reversed]


def answers(layer: Any, delta: Array, *args: Array) -> list[Array]:
    """[y, dx, dw, ...]"""
    gradients = layer.backward(delta, *args)
    assert type(gradients) is tuple, f"{layer} returns {type(gradients)} from backward, not a tuple"
    return [layer.forward(*args), *gradients]


def assert_same(actual: Array, expected: Array, what: str) -> None:
    """Same type, dtype, shape and entries, NaN for NaN."""
    __tracebackhide__ = True
    assert isinstance(actual, np.ndarray), f"{what} is {type(actual)}, not an array"
    assert actual.dtype == expected.dtype, f"{what} has dtype {actual.dtype}, not {expected.dtype}"
    assert actual.shape == expected.shape, f"{what} has shape {actual.shape}, not {expected.shape}"
    pairs = ((i, actual[i], expected[i]) for i in np.ndindex(actual.shape))
    wrong = [(i, a, e) for i, a, e in pairs if a != e and not (a != a and e != e)]
    assert not wrong, "{} at {}: actual {}, expected {} ({} entries differ)".format(what, *wrong[0], len(wrong))


def assert_keeps_contract(layer: Any, delta: Array, *args: Array) -> None:
    """Read-only, Fortran-ordered, strided and reversed arguments give the same answer, stay as they were and are not aliased."""
    __tracebackhide__ = True
    expected = answers(layer, delta, *args)
    for layout in LAYOUTS:
        laid_out = [layout(a) for a in (delta, *args)]
        actual = answers(layer, *laid_out)
        assert len(actual) == len(expected)
        for number, (ours, right) in enumerate(zip(actual, expected, strict=True)):
            assert_same(ours, right, f"{layer} {layout.__name__} answer {number}")
            assert not any(np.shares_memory(ours, a) for a in laid_out), f"{layer} hands its input back as answer {number}"
        for number, (after, before) in enumerate(zip(laid_out, (delta, *args), strict=True)):
            assert_same(after, before, f"{layer} {layout.__name__} argument {number} afterwards")
