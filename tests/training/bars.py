"""A small network, and data for it that are no digits."""

from __future__ import annotations

import numpy as np

import cnnbp
from cnnbp.layers.checks import Array

LAYERS = (
    cnnbp.Conv2d(padding=1, out_channels=3, kernel_size=2),
    cnnbp.Tanh(),
    cnnbp.Conv2d(out_channels=4, kernel_size=(2, 3)),
    cnnbp.Tanh(),
    cnnbp.MaxPool2d(2),
    cnnbp.Flatten(),
    cnnbp.Dense(out_features=3),
    cnnbp.Sigmoid(),
)


def bars(seed: int = 0) -> tuple[Array, Array]:
    """Other data than digits: 5×6 images in two channels, noise with one of three bright rows."""
    rng = np.random.default_rng(seed)
    x, labels = rng.normal(0, 0.2, (80, 2, 5, 6)), rng.integers(0, 3, 80)
    x[np.arange(80), :, 2 * labels - labels // 2] += 1
    return x, np.eye(3)[labels]
