"""A NumPy class that keeps its input in `self.cache` and leaves its gradients in attributes, and the ways in which that fails."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp

Array = Any


class Affine:
    """y = x·w + b, with weights (in, out), as many write it."""

    def __init__(self, w: Array, b: Array) -> None:
        self.w, self.b = w, b

    def forward(self, x: Array) -> Array:
        """Keeps x."""
        self.cache = x
        return x @ self.w + self.b

    def backward(self, delta: Array) -> Array:
        """dx; dw and db as attributes."""
        self.dw, self.db = self.cache.T @ delta, delta.sum(0)
        return delta @ self.w.T


class Averaged(Affine):
    """A slip: the gradients are averaged over the batch, and the loss averages once more."""

    def backward(self, delta: Array) -> Array:
        """dx is right."""
        dx = super().backward(delta)
        self.dw, self.db = self.dw / len(delta), self.db / len(delta)
        return dx


class Shared(Affine):
    """A slip: the cache belongs to the class, so that a second layer overwrites the first one's."""

    store: dict[str, Array] = {}  # noqa: RUF012  # which is the slip

    def forward(self, x: Array) -> Array:
        """Keeps x for everybody."""
        Shared.store["x"] = x
        return x @ self.w + self.b

    def backward(self, delta: Array) -> Array:
        """Of whoever came last."""
        self.cache = Shared.store["x"]
        return super().backward(delta)


def layer(kind: type[Affine]) -> Any:
    """One object for each forward: it is the cache. Weights are turned to (out, in), as the reference has them."""

    def forward(x: Array, w: Array, b: Array) -> tuple[Array, Affine]:
        made = kind(w.T, b)
        return made.forward(x), made

    def backward(delta: Array, made: Affine) -> tuple[Array, ...]:
        return made.backward(delta), made.dw.T, made.db

    return cnnbp.from_cached(forward, backward)


def verdict(kind: type[Affine]) -> Any:
    rng = np.random.default_rng(0)
    args = rng.normal(size=(5, 4)), rng.normal(size=(3, 4)), rng.normal(size=3)
    return cnnbp.verify(layer(kind), *args, like=cnnbp.Dense())


def test_the_class_is_right() -> None:
    """Against all oracles, and with two forwards interleaved."""
    assert verdict(Affine).passed


@pytest.mark.parametrize(("kind", "quantities"), [(Averaged, {"w", "b"}), (Shared, set())])
def test_the_slips_are_seen(kind: type[Affine], quantities: set[str]) -> None:
    """Averaged: dw and db. Shared: every number is right until a second forward comes in between, and the contract says so."""
    found = verdict(kind)
    assert found.status == "fail"
    assert {item.quantity for item in found.evidence if item.status == "fail" and item.kind == "sampled"} == quantities
