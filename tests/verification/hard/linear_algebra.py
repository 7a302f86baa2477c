"""Linear algebra, well and badly conditioned."""

from __future__ import annotations

import numpy as np
import torch

from cnnbp.layers.checks import Array

from .function import Hard, normal, smooth

L = torch.linalg


def hilbert(n: int) -> Array:
    return 1 / (np.arange(n)[:, None] + np.arange(n) + 1.0)


def conditioned(condition: float, n: int = 4) -> Array:
    """A matrix with singular values from 1 down to 1/condition."""
    left, right = (np.linalg.qr(normal(n, n, seed=seed))[0] for seed in (3, 4))
    return left * condition ** (-np.arange(n) / (n - 1)) @ right


def definite(condition: float, n: int = 4) -> Array:
    q = np.linalg.qr(normal(n, n, seed=3))[0]
    return q * condition ** (-np.arange(n) / (n - 1)) @ q.T


def symmetric(function):  # type: ignore[no-untyped-def]
    return lambda a: function((a + a.T) / 2)


HARD: dict[str, Hard] = {
    **{f"inverse, condition {c:g}": smooth(L.inv, conditioned(c)) for c in (10, 1e4, 1e8)},
    **{f"solve, condition {c:g}": smooth(L.solve, conditioned(c), normal(4)) for c in (10, 1e4, 1e8)},
    "inverse, condition 1e14": smooth(L.inv, conditioned(1e14)),
    "inverse of Hilbert 5": smooth(L.inv, hilbert(5)),
    "solve with Hilbert 8": smooth(L.solve, hilbert(8), normal(8)),
    "determinant, condition 1e6": smooth(L.det, conditioned(1e6)),
    "log determinant, condition 1e6": smooth(lambda a: L.slogdet(a).logabsdet, conditioned(1e6)),
    "Cholesky, condition 1e4": smooth(symmetric(lambda a: L.cholesky_ex(a).L), definite(1e4)),
    "log determinant by Cholesky, condition 1e8": smooth(
        symmetric(lambda a: 2 * torch.log(torch.diagonal(L.cholesky_ex(a).L)).sum()), definite(1e8)
    ),
    "eigenvalues": smooth(symmetric(L.eigvalsh), definite(10)),
    "eigenvalues close together": smooth(symmetric(L.eigvalsh), np.diag([1.0, 1 + 1e-4, 2, 3]) + 1e-6 * (normal(4, 4))),
    "nuclear norm": smooth(lambda a: L.svdvals(a).sum(), normal(4, 3)),
    "spectral norm": smooth(lambda a: L.svdvals(a)[0], normal(4, 3)),
    "orthogonal factor": smooth(lambda a: L.qr(a).Q, normal(4, 3)),
    "matrix exponential": smooth(L.matrix_exp, 3 * normal(4, 4)),
    "least squares by normal equations": smooth(lambda a, b: L.solve(a.T @ a, a.T @ b), normal(6, 3), normal(6, seed=1)),
    "pseudoinverse": smooth(L.pinv, normal(4, 3)),
    "Mahalanobis": smooth(lambda x, a: x @ L.solve(a, x), normal(4), definite(1e5)),
}
