"""What matters is a small part of the numbers: most of their digits cancel."""

from __future__ import annotations

from typing import Any

import torch

from .function import Hard, normal, smooth

Tensor = Any


def batch_norm(x: Tensor, gamma: Tensor, beta: Tensor, eps: float = 1e-5) -> Tensor:
    mean, variance = x.mean((0, 2), keepdim=True), x.var((0, 2), unbiased=False, keepdim=True)
    return gamma[:, None] * (x - mean) / torch.sqrt(variance + eps) + beta[:, None]


def layer_norm(x: Tensor, eps: float = 1e-5) -> Tensor:
    return (x - x.mean(-1, keepdim=True)) / torch.sqrt(x.var(-1, unbiased=False, keepdim=True) + eps)


def correlation(x: Tensor, y: Tensor) -> Tensor:
    a, b = x - x.mean(), y - y.mean()
    return (a * b).sum() / torch.sqrt((a * a).sum() * (b * b).sum())


X, GAMMA, BETA = normal(6, 2, 3), normal(2, seed=1) + 2, normal(2, seed=2)
ROWS = normal(3, 8)
TARGET = torch.tensor([1, 0, 5])

HARD: dict[str, Hard] = {
    "batch norm at 100 + N": smooth(batch_norm, 100 + X, GAMMA, BETA),
    "batch norm at -3e4 + N": smooth(batch_norm, -3e4 + X, GAMMA, BETA),
    "batch norm at 1 + 0.003 N": smooth(batch_norm, 1 + 0.003 * X, GAMMA, BETA),
    "batch norm at 1 + 3e-4 N": smooth(batch_norm, 1 + 3e-4 * X, GAMMA, BETA),
    "batch norm, eps 1e-12, at 7 + 1e-5 N": smooth(lambda x, g, b: batch_norm(x, g, b, 1e-12), 7 + 1e-5 * X, GAMMA, BETA),
    "batch norm at N": smooth(batch_norm, X, GAMMA, BETA),
    "batch norm whose residual is x": smooth(batch_norm, X, GAMMA, BETA, delta=X),
    "layer norm at 1000 + N": smooth(layer_norm, 1000 + ROWS),
    "layer norm at 1e6 + N": smooth(layer_norm, 1e6 + ROWS),
    "layer norm at 1e-3 N": smooth(layer_norm, 1e-3 * ROWS),
    "softmax at 1e4 + N": smooth(lambda x: torch.softmax(x, -1), 1e4 + ROWS),
    "softmax at -1e7 + N": smooth(lambda x: torch.softmax(x, -1), -1e7 + ROWS),
    "log softmax at 1e5 + N": smooth(lambda x: torch.log_softmax(x, -1), 1e5 + ROWS),
    "logsumexp at 1e6 + N": smooth(lambda x: torch.logsumexp(x, -1), 1e6 + ROWS),
    "cross entropy at 1e4 + N": smooth(lambda x: torch.nn.functional.cross_entropy(x, TARGET), 1e4 + ROWS),
    "variance at 1000 + N": smooth(lambda x: x.var(-1), 1000 + ROWS),
    "naive variance at 100 + N": smooth(lambda x: (x * x).mean(-1) - x.mean(-1) ** 2, 100 + ROWS),
    "standard deviation at 1e5 + N": smooth(lambda x: x.std(-1), 1e5 + ROWS),
    "correlation at 1000 + N": smooth(correlation, 1000 + normal(8), -500 + normal(8, seed=1)),
    "differences at 1e8 + N": smooth(lambda x: (x[:, 1:] - x[:, :-1]) ** 2, 1e8 + ROWS),
    "centred tanh at 1e4 + N": smooth(lambda x: torch.tanh(x - x.mean(-1, keepdim=True)), 1e4 + ROWS),
    "one minus cosine at 1e-3 N": smooth(lambda x: 1 - torch.cos(x), 1e-3 * ROWS),
    "distance of neighbours": smooth(lambda x, y: ((x - y) ** 2).sum(-1).sqrt(), 50 + ROWS, 50 + normal(3, 8, seed=1)),
    "sum of large and small": smooth(lambda x: torch.stack([1e9 + torch.sin(x), torch.cos(x)]), ROWS),
    "1e6 + sin": smooth(lambda x: 1e6 + torch.sin(x), ROWS),
}
