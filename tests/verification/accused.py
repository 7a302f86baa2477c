"""Small layers to put on trial, and what was found against them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import cnnbp
from cnnbp.cases import DRAW, Case, Counter
from cnnbp.evidence import Evidence, Verdict
from cnnbp.faults.catalogue import distort
from cnnbp.layers.checks import Array

OPTIONS: dict[str, Any] = {"MaxPool2d": {"kernel_size": 2, "stride": 1}, "AvgPool2d": {"kernel_size": 2, "stride": 1}}


def case(operator: str, name: object, seed: int = 5) -> Case:
    """The drawn case with this name."""
    return DRAW[operator](Counter(seed, f"{operator}/{name}"))


def gaussian(*shapes: tuple[int, ...], seed: int = 3) -> list[Array]:
    """One array of normal numbers for each shape."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


def arguments(operator: str) -> list[Array]:
    """x and the parameters of a small layer, no two sizes equal where they need not be."""
    shapes: dict[str, list[tuple[int, ...]]] = {
        "Conv2d": [(3, 2, 5, 4), (3, 2, 2, 3), (3,)],
        "Dense": [(3, 4), (2, 4), (2,)],
        "MaxPool2d": [(2, 2, 5, 4)],
        "AvgPool2d": [(2, 2, 5, 4)],
    }
    return gaussian(*shapes.get(operator, [(3, 4)]))


def reference(operator: str) -> Any:
    """The layer that `arguments` are for."""
    return getattr(cnnbp, operator)(**OPTIONS.get(operator, {}))


def bent(operator: str, **bends: Callable[..., Any]) -> Any:
    """The reference with y, dx, dw, db or the whole tuple of gradients bent by (right answer, call) → answer."""
    return distort(getattr(cnnbp, operator), **bends)(**OPTIONS.get(operator, {}))


def opaque(layer: Any) -> Any:
    """The same two functions, about which nothing is known."""
    return cnnbp.from_functions(layer.forward, layer.backward)


def against(verdict: Verdict) -> set[str]:
    """The checks that failed, by name."""
    return {_name(item) for item in verdict.evidence if item.status == "fail"}


def witnesses(verdict: Verdict) -> set[str]:
    """The oracles against the layer, wherever they were asked."""
    return {item.oracle for item in verdict.evidence if item.status == "fail"}


def _name(item: Evidence) -> str:
    if item.oracle == "contract":
        return item.quantity
    return item.oracle if item.at == "the case" else item.at.split(" through ")[0]


@dataclass
class Glitch:
    """Right, but in the `wrong`-th call of backward dx is off by one unit in the last place."""

    reference: Any
    wrong: int
    calls: int = 0

    def forward(self, *args: Array) -> Any:
        return self.reference.forward(*args)

    def backward(self, *args: Array) -> Any:
        self.calls += 1
        dx, *rest = self.reference.backward(*args)
        return np.nextafter(dx, np.inf) if self.calls == self.wrong else dx, *rest
