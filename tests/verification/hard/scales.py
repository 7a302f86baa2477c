"""Numbers from 1e-300 to 1e300, alone and side by side."""

from __future__ import annotations

import torch

from .function import Hard, by_hand, normal, smooth
from .offsets import layer_norm

ROWS = normal(3, 4)
WIDE = ROWS * 10.0 ** (torch.arange(12).reshape(3, 4).numpy() - 6)


def norm(x: torch.Tensor) -> torch.Tensor:
    return (x * x).sum(-1).sqrt()


HARD: dict[str, Hard] = {
    **{f"|x| at {scale:g} N": smooth(torch.abs, scale * ROWS) for scale in (1e-300, 1e-20, 1e20, 1e300)},
    **{f"norm at {scale:g} N": smooth(norm, scale * ROWS) for scale in (1e-140, 1e-12, 1e12, 1e140)},
    **{f"x w at {scale:g} N": smooth(torch.matmul, scale * ROWS, normal(4, 2)) for scale in (1e-290, 1e-30, 1e30, 1e290)},
    **{
        f"tanh(x/{scale:g}) at {scale:g} N": smooth(lambda x, s=scale: torch.tanh(x / s), scale * ROWS) for scale in (1e-250, 1e250)
    },
    "x w at 1e200 N and 1e-200 N": smooth(torch.matmul, 1e200 * ROWS, 1e-200 * normal(4, 2)),
    "x² at 1e-100 N": smooth(torch.square, 1e-100 * ROWS),
    "x² at 1e100 N": smooth(torch.square, 1e100 * ROWS),
    "1/x at 1e-100 N": smooth(torch.reciprocal, 1e-100 * ROWS),
    "log at 1e-300": smooth(torch.log, 1e-300 * abs(ROWS)),
    "sqrt at 1e-200": smooth(torch.sqrt, 1e-200 * abs(ROWS)),
    "tanh at 1e-300": smooth(torch.tanh, 1e-300 * ROWS),
    "cubes over 12 decades": smooth(lambda x: x**3, WIDE),
    "squares over 12 decades": smooth(lambda x: (x * x).sum(), WIDE),
    "sum of products over 12 decades": smooth(lambda x, w: x * w, WIDE, 1 / WIDE),
    "layer norm at 1e-12 N, eps 1e-30": smooth(lambda x: layer_norm(x, 1e-30), 1e-12 * ROWS),
    "normalize at 1e-8 N": smooth(lambda x: x / norm(x)[:, None], 1e-8 * ROWS),
    "residual of 1e-200": smooth(torch.sin, ROWS, delta=1e-200 * normal(3, 4, seed=2)),
    "residual of 1e200": smooth(torch.sin, ROWS, delta=1e200 * normal(3, 4, seed=2)),
    "residuals over 24 decades": smooth(torch.sin, ROWS, delta=WIDE * WIDE),
    "gradients over 24 decades": by_hand(lambda x: x * WIDE**2, lambda d, x: d * WIDE**2, ROWS),
}
