"""Much happens within a small part of the scale: steep, fast, close to a pole, or only in the last digits."""

from __future__ import annotations

import math

import torch

from .function import Hard, normal, positive, smooth

ROWS = normal(3, 4)

HARD: dict[str, Hard] = {
    "sin(1000 x)": smooth(lambda x: torch.sin(1000 * x), ROWS),
    "sin(1e5 x)": smooth(lambda x: torch.sin(1e5 * x), ROWS),
    "x + sin(30 x)": smooth(lambda x: x + torch.sin(30 * x), ROWS),
    "x + 1e-6 sin(1e6 x)": smooth(lambda x: x + 1e-6 * torch.sin(1e6 * x), ROWS),
    "x + 1e-3 sin(1e4 x)": smooth(lambda x: x + 1e-3 * torch.sin(1e4 * x), ROWS),
    "tanh(500 (x - 1)) near 1": smooth(lambda x: torch.tanh(500 * (x - 1)), 1 + 0.002 * ROWS),
    "tanh(1e6 (x - 1)) at 1": smooth(lambda x: torch.tanh(1e6 * (x - 1)), [1.0, 1 + 3e-7, 1 - 1e-6]),
    "sigmoid(200 x)": smooth(lambda x: torch.sigmoid(200 * x), 0.02 * ROWS),
    "exp(100 x)": smooth(lambda x: torch.exp(100 * x), 0.1 * ROWS),
    "exp over 20 decades": smooth(torch.exp, 10 * ROWS),
    "tan near a pole": smooth(torch.tan, [math.pi / 2 - 1e-3, math.pi / 2 - 1e-6, 1.0]),
    "1/(x - 1) near 1": smooth(lambda x: 1 / (x - 1), 1 + 1e-4 * positive(5)),
    "log near 0": smooth(torch.log, [1e-9, 1e-5, 0.1, 2.0]),
    "log(1 - x) near 1": smooth(lambda x: torch.log(1 - x), 1 - 1e-6 * positive(5)),
    "x log x": smooth(lambda x: x * torch.log(x), positive(6) * 1e-4),
    "acos near 1": smooth(torch.acos, 1 - 1e-5 * positive(5)),
    "log(softmax + 1e-12)": smooth(lambda x: torch.log(torch.softmax(x, -1) + 1e-12), 3 * ROWS),
    "log(softmax + 1e-12), far apart": smooth(lambda x: torch.log(torch.softmax(x, -1) + 1e-12), 12 * ROWS),
    "gelu": smooth(torch.nn.functional.gelu, 3 * ROWS),
    "silu far out": smooth(torch.nn.functional.silu, 8 * ROWS),
    "naive softplus": smooth(lambda x: torch.log(1 + torch.exp(x)), 10 * ROWS),
    "naive sigmoid": smooth(lambda x: 1 / (1 + torch.exp(-x)), 5 * ROWS),
    "logcumsumexp": smooth(lambda x: torch.logcumsumexp(x, -1), 10 * ROWS),
    "cumprod": smooth(lambda x: torch.cumprod(x, -1), normal(3, 6)),
    "product of 40": smooth(lambda x: x.prod(), positive(40)),
    "softmax, spread 10": smooth(lambda x: torch.softmax(x, -1), 5 * ROWS),
    "attention": smooth(
        lambda q, k, v: torch.softmax(q @ k.T / 2, -1) @ v, 2 * normal(4, 4), 2 * normal(5, 4, seed=1), normal(5, 3, seed=2)
    ),
    "bessel-like sinc": smooth(lambda x: torch.sinc(20 * x), ROWS),
    "x^20": smooth(lambda x: x**20, positive(6)),
    "chirp": smooth(lambda x: torch.sin(1 / x), 0.05 + 0.1 * positive(6)),
}
