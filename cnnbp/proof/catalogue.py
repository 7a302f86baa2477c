"""The layers of the reference CNN at the shapes at which a run proves them, small enough that every order can be walked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .. import layers
from ..evidence.proof import Proof
from .prove import prove

BITS = 80  # of the floats of each, so that together with the grids all stay below 2⁻⁶⁴

PROOFS: Mapping[str, tuple[Any, ...]] = {
    "Conv2d":              (layers.Conv2d(2, 1, 2, 2), (2, 4, 6, 5), (4, 2, 3, 2), (4,)),
    "Conv2d-6-16":         (layers.Conv2d(), (1, 6, 14, 14), (16, 6, 5, 5)),
    "ConvTranspose2d":     (layers.ConvTranspose2d(2, 1, 1, 2), (2, 2, 3, 4), (2, 1, 2, 2), (2,)),
    "Dense":               (layers.Dense(), (3, 4), (5, 4), (5,)),
    "AvgPool2d":           (layers.AvgPool2d(3, 2, 1, True, False), (2, 2, 4, 6)),
    "MaxPool2d":           (layers.MaxPool2d(2), (1, 1, 2, 2)),
    "MaxPool2d-1x4":       (layers.MaxPool2d((1, 4)), (1, 1, 1, 4)),
    "MaxPool2d-overlap":   (layers.MaxPool2d(2, 1), (1, 1, 2, 3)),
    "MaxPool2d-padding":   (layers.MaxPool2d(2, 1, 1), (1, 1, 2, 2)),
    "MaxPool2d-dilation":  (layers.MaxPool2d(2, 1, 0, 2), (1, 1, 3, 3)),
    "MaxPool2d-ceil":      (layers.MaxPool2d((1, 2), ceil_mode=True), (1, 1, 1, 5)),
    "Flatten":             (layers.Flatten(), (2, 3, 2)),
    "Identity":            (layers.Identity(), (2, 3)),
    "ReLU":                (layers.ReLU(), (2, 2)),
    "LeakyReLU":           (layers.LeakyReLU(), (2, 2)),
    "Sigmoid":             (layers.Sigmoid(), (3,)),
    "Tanh":                (layers.Tanh(), (3,)),
    "Softplus":            (layers.Softplus(), (3,)),
    "HalfSquaredError":    (layers.HalfSquaredError(), (2, 3), (2, 3)),
    "SoftmaxCrossEntropy": (layers.SoftmaxCrossEntropy(), (2, 3), np.array([2, 0])),
    "BatchNorm2d":         (layers.BatchNorm2d(), (2, 2, 1, 2), (2,), (2,)),
    "BatchNorm2d-given":   (layers.BatchNorm2d(training=False), (2, 2, 1, 2), (2,), (2,), (2,), (2,)),
}  # fmt: skip


def proof(name: str, seed: int) -> Proof:
    """One of them."""
    layer, *shapes = PROOFS[name]
    return prove(layer, *shapes, bits=BITS, seed=seed)
