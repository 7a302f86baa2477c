"""One hard function: how to make its layer, and where to ask it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

import cnnbp
from cnnbp.layers.checks import Array

torch.set_num_threads(1)


@dataclass(frozen=True)
class Hard:
    """A right layer, its arguments, and the residual if it is not drawn."""

    layer: Any
    args: tuple[Array, ...]
    delta: Array | None = None


def smooth(function: Callable[..., Any], *args: Any, delta: Any = None) -> Hard:
    """A function of tensors, its gradient by PyTorch."""
    return Hard(cnnbp.from_torch(function), tuple(map(_array, args)), None if delta is None else _array(delta))


def by_hand(forward: Callable[..., Array], backward: Callable[..., Any], *args: Any) -> Hard:
    """Two functions of arrays."""
    return Hard(cnnbp.from_functions(forward, backward), tuple(map(_array, args)))


def _array(value: Any) -> Array:
    found = np.array(value)
    return found if found.dtype.kind == "i" else found.astype(float)


def normal(*shape: int, seed: int = 0) -> Array:
    """Plain numbers."""
    return np.random.default_rng(seed + 100).normal(size=shape)  # not the numbers of the residual, which is drawn from seed 0


def positive(*shape: int, seed: int = 0) -> Array:
    """Plain numbers away from 0."""
    return np.random.default_rng(seed).uniform(0.5, 2, size=shape)
