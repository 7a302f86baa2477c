"""Right layers whose products are formed and whose sums run otherwise: compensated, in pairs, exactly, by Winograd, by Strassen."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnbp.layers import Dense
from cnnbp.layers.checks import Array

from .answers import Gradients
from .catalogue import Way, right

Product = Callable[[Array, Array], Array]  # (m, k), (k, n) → (m, n)


@dataclass(frozen=True)
class OfProduct:
    """A dense layer whose three contractions are products of matrices: x·wᵀ, δ·w, δᵀ·x."""

    product: Product
    out_features: int | None = None
    """As `Dense` has it: for whoever makes the weights."""
    mixing: bool = False
    """Whether the product mixes terms, so that b is added to it; where it does not, b belongs to a feature of ones."""

    def forward(self, x: Array, w: Array, b: Array | None = None) -> Array:
        if b is None or self.mixing:
            return self.product(x, w.T) if b is None else self.product(x, w.T) + b
        return self.product(np.column_stack([x, np.ones(len(x))]), np.column_stack([w, b]).T)

    def backward(self, delta: Array, x: Array, w: Array, b: Array | None = None) -> Gradients:
        dx, dw = self.product(delta, w), self.product(delta.T, x)
        return (dx, dw) if b is None else (dx, dw, self.product(delta.T, np.ones((len(x), 1)))[:, 0])


def by(product: Product, mixing: bool = False) -> Way:
    """The dense layer that multiplies in this way."""
    return lambda _: lambda **options: OfProduct(product, mixing=mixing, **options)


def _of_sums(total: Callable[[Array], Any]) -> Product:
    """The product whose entries are the totals of their terms."""

    def product(a: Array, b: Array) -> Array:
        y = np.zeros((len(a), b.shape[1]))
        for i, row in enumerate(a):
            for j, column in enumerate(b.T):
                y[i, j] = total(row * column)
        return y

    return product


def _compensated(terms: Array) -> float:
    """Kahan's sum, as Neumaier has it: what each addition loses is added at the end."""
    total = lost = 0.0
    for term in terms.tolist():
        new = total + term
        lost += (total - new) + term if abs(total) >= abs(term) else (term - new) + total
        total = new
    return total + lost


def _in_pairs(terms: Array) -> float:
    """The sum of the sums of both halves."""
    half = len(terms) // 2
    return _in_pairs(terms[:half]) + _in_pairs(terms[half:]) if half else float(terms.sum())


def _largest_last(terms: Array) -> float:
    return float(sum(sorted(terms.tolist(), key=abs)))


def _signs_apart(terms: Array) -> float:
    """What is above 0 and what is below, each summed by itself."""
    return float(terms[terms > 0].sum() + terms[terms < 0].sum())


def _scaled(product: Product) -> Way:
    """By the product of rows and columns that were all brought near 1 by powers of two, for what mixes them."""

    def exponents(v: Array, axis: int) -> Array:
        """Of the largest entries; what is all 0 counts as large as the largest, with which it is mixed."""
        largest = np.abs(v).max(axis, initial=0, keepdims=True)
        return np.asarray(np.frexp(np.where(largest > 0, largest, largest.max(initial=0)))[1])

    def scaled(a: Array, b: Array) -> Array:
        if not (a.any() and b.any()):  # what is 0 throughout cannot be brought near 1
            return np.zeros((len(a), b.shape[1]))
        rows, columns = exponents(a, 1), exponents(b, 0)
        return np.asarray(np.ldexp(product(np.ldexp(a, -rows), np.ldexp(b, -columns)), rows + columns))

    return by(scaled, mixing=True)


# ---- other products ------------------------------------------------------------------------------


def _in_long_double(a: Array, b: Array) -> Array:
    return np.asarray(np.einsum("ik,kj->ij", a.astype(np.longdouble), b.astype(np.longdouble)), float)


def _outer(a: Array, b: Array) -> Array:
    """The sum of the outer products of columns and rows, from the last to the first."""
    y = np.zeros((len(a), b.shape[1]))
    for k in reversed(range(len(b))):
        y += np.multiply.outer(a[:, k], b[k])
    return y


def _inner_of_winograd(a: Array, b: Array) -> Array:
    """Σ (a₁ + b₂)(a₂ + b₁) − Σ a₁a₂ − Σ b₁b₂ over pairs of terms: half of the products, and sums that cancel."""
    if len(b) % 2:
        a, b = np.column_stack([a, np.zeros(len(a))]), np.vstack([b, np.zeros(b.shape[1])])
    mixed = (a[:, None, ::2] + b.T[None, :, 1::2]) * (a[:, None, 1::2] + b.T[None, :, ::2])
    own, other = (a[:, ::2] * a[:, 1::2]).sum(1), (b[::2] * b[1::2]).sum(0)
    return np.asarray(mixed.sum(2) - own[:, None] - other)


def of_strassen(a: Array, b: Array) -> Array:
    """Seven products of blocks in the place of eight, down to single numbers."""
    (m, k), n = a.shape, b.shape[1]
    if min(m, k, n) < 2:
        return np.asarray(a * b if k == 1 else np.einsum("ik,kj->ij", a, b))
    if m % 2 or k % 2 or n % 2:
        a, b = np.pad(a, ((0, m % 2), (0, k % 2))), np.pad(b, ((0, k % 2), (0, n % 2)))
    (p, q), r = (len(a) // 2, len(b) // 2), b.shape[1] // 2
    a11, a12, a21, a22 = a[:p, :q], a[:p, q:], a[p:, :q], a[p:, q:]
    b11, b12, b21, b22 = b[:q, :r], b[:q, r:], b[q:, :r], b[q:, r:]
    p1, p2 = of_strassen(a11 + a22, b11 + b22), of_strassen(a21 + a22, b11)
    p3, p4 = of_strassen(a11, b12 - b22), of_strassen(a22, b21 - b11)
    p5, p6, p7 = of_strassen(a11 + a12, b22), of_strassen(a21 - a11, b11 + b12), of_strassen(a12 - a22, b21 + b22)
    y = np.empty((2 * p, 2 * r), p1.dtype)
    y[:p, :r], y[:p, r:], y[p:, :r], y[p:, r:] = p1 + p4 - p5 + p7, p3 + p5, p2 + p4, p1 - p2 + p3 + p6
    return y[:m, :n]


def _recursive(a: Array, b: Array) -> Array:
    """Both halves of the rows, each by itself; a single row as a product of its own."""
    half = len(a) // 2
    return np.vstack([_recursive(a[:half], b), _recursive(a[half:], b)]) if half else a @ b


# fmt: off
RIGHT = right(Dense, "dense", {
    "compensated":         by(_of_sums(_compensated)),
    "in-pairs":            by(_of_sums(_in_pairs)),
    "exact-sums":          by(_of_sums(lambda terms: math.fsum(terms.tolist()))),
    "largest-last":        by(_of_sums(_largest_last)),
    "signs-apart":         by(_of_sums(_signs_apart)),
    "long-double":         by(_in_long_double),
    "outer-products":      by(_outer),
    "inner-of-winograd":   _scaled(_inner_of_winograd),
    "strassen":            _scaled(of_strassen),
    "recursive":           by(_recursive),
})
# fmt: on
