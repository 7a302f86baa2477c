"""Kinks and jumps: at the point itself, or nearer than a usable step."""

from __future__ import annotations

import numpy as np
import torch

from .function import Hard, by_hand, normal, smooth

ROWS = normal(3, 4)
SOME_ZEROS = np.where(np.arange(12).reshape(3, 4) % 4 == 1, 0.0, ROWS)
IMAGE = normal(1, 2, 4, 4)
TIED = np.round(IMAGE)
F = torch.nn.functional

HARD: dict[str, Hard] = {
    "relu": smooth(torch.relu, ROWS),
    "relu with zeros": smooth(torch.relu, SOME_ZEROS),
    "relu close to 0": smooth(torch.relu, [1e-9, -1e-9, 1e-12, 0.5, -2.0]),
    "leaky relu close to 0": smooth(lambda x: F.leaky_relu(x, 0.1), [1e-7, -1e-8, 0.5, -2.0, 3.0]),
    "|x| with a zero": smooth(torch.abs, [0.0, 1.0, -2.0, 3.0]),
    "max pooling": smooth(lambda x: F.max_pool2d(x, 2), IMAGE),
    "max pooling with ties": smooth(lambda x: F.max_pool2d(x, 2), TIED),
    "max pooling with near ties": smooth(lambda x: F.max_pool2d(x, 2, 1), TIED + 1e-7 * IMAGE),
    "relu of a product": smooth(lambda x, w: torch.relu(x @ w), ROWS, normal(4, 3, seed=1)),
    "sorted": smooth(lambda x: torch.sort(x).values * torch.arange(1.0, 5.0, dtype=torch.float64), ROWS),
    "median": smooth(lambda x: x.median(-1).values, normal(3, 5)),
    "maximum of a row": smooth(lambda x: x.max(-1).values ** 2, ROWS),
    "huber near its corner": smooth(
        lambda x: F.huber_loss(x, torch.zeros_like(x), reduction="none"), [0.999999, 1.000001, 0.3, -2.0]
    ),
    "huber at its corner": smooth(lambda x: F.huber_loss(x, torch.zeros_like(x), reduction="none"), [1.0, 0.3, -2.0]),
    "hinge": smooth(lambda x: torch.relu(1 - x), [1.0001, 0.9999, -1.0, 3.0]),
    "clipped": smooth(lambda x: torch.clamp(x, -1, 1), [0.5, 0.9999999, -3.0, 0.1]),
    "hard swish": smooth(F.hardswish, 3 * ROWS),
    "elu": smooth(F.elu, ROWS),
    "selu with zeros": smooth(F.selu, SOME_ZEROS),
    "floor": by_hand(np.floor, lambda d, x: 0 * d, [0.3, 1.7, -2.4]),
    "x + floor": by_hand(lambda x: x + np.floor(x), lambda d, x: d, [0.3, 1.7, -2.4, 5.2]),
    "x + floor at a jump": by_hand(lambda x: x + np.floor(x), lambda d, x: d, [0.3, 1.0, -2.4, 5.2]),
    "square root of |x|": smooth(lambda x: torch.sqrt(torch.abs(x)), [1e-6, -1e-3, 1.0]),
    "piecewise in 1e-5": smooth(lambda x: torch.where(torch.sin(1e5 * x) > 0, x, x + 1e-9), ROWS),
}
