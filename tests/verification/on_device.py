"""python -m tests.verification.on_device [DEVICE ...]: PyTorch's layers in every precision on every device, a verdict each.

Without devices, all that PyTorch sees. float32 stands twice: with TF32 switched off, where it must pass, and on, where a GPU that
uses it must fail and TF32 must be named. Each cell is one verdict before cnnbp's own layer as the reference.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn import functional

import cnnbp
from cnnbp.adapters import placed
from cnnbp.evidence import Verdict
from cnnbp.layers.checks import Array
from tests.helpers.layers import gaussian

ROWS: dict[str, tuple[Callable[..., Any], Any, list[Array]]] = {
    "conv2d": (functional.conv2d, cnnbp.Conv2d(), gaussian((4, 8, 12, 12), (16, 8, 3, 3), (16,))),
    "conv2d, stride 2": (
        lambda x, w, b: functional.conv2d(x, w, b, stride=2, padding=1),
        cnnbp.Conv2d(stride=2, padding=1),
        gaussian((2, 3, 8, 9), (4, 3, 3, 2), (4,)),
    ),
    "linear": (functional.linear, cnnbp.Dense(), gaussian((32, 64), (48, 64), (48,))),
    "max pooling": (lambda x: functional.max_pool2d(x, 2, 1), cnnbp.MaxPool2d(2, 1), gaussian((2, 3, 9, 8))),
    "mean pooling": (lambda x: functional.avg_pool2d(x, 2, 1), cnnbp.AvgPool2d(2, 1), gaussian((2, 3, 9, 8))),
    "batch norm": (
        lambda x, w, b: functional.batch_norm(x, None, None, w, b, training=True),
        cnnbp.BatchNorm2d(),
        gaussian((6, 4, 5, 6), (4,), (4,)),
    ),
    "softmax CE": (functional.cross_entropy, cnnbp.SoftmaxCrossEntropy(), [*gaussian((8, 5)), np.arange(8) % 5]),
    "sigmoid": (torch.sigmoid, cnnbp.Sigmoid(), gaussian((4, 50))),
}
COLUMNS = (("float64", False), ("float32", False), ("float32", True), ("float16", False), ("bfloat16", False))  # dtype, TF32


def asked(row: str, device: str, dtype: str, tf32: bool) -> Verdict:
    """One cell."""
    function, like, args = ROWS[row]
    kept = torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = tf32
    try:
        return cnnbp.verify(cnnbp.from_torch(function), *args, like=like, device=device, dtype=dtype)
    finally:
        torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32 = kept


def said(verdict: Verdict) -> str:
    """The status, and the lower precision that is named."""
    named = [str(r.values["precision"]) for r in verdict.wrong if r.code.startswith("verification.lower")]
    return f"{verdict.status} ({', '.join(named)})" if named else verdict.status


def table(devices: list[str]) -> int:
    """Prints the table, and every verdict that is not as it should be. The number of these."""
    odd = []
    for device in devices:
        name = torch.cuda.get_device_name(device) if device.startswith("cuda") else "CPU"
        print(f"\n{device}: {name}, PyTorch {torch.__version__}")
        print(f"{'':<18}" + "".join(f"{dtype + (' + TF32' if tf32 else ''):<22}" for dtype, tf32 in COLUMNS))
        for row in ROWS:
            verdicts = [asked(row, device, dtype, tf32) for dtype, tf32 in COLUMNS]
            print(f"{row:<18}" + "".join(f"{said(verdict):<22}" for verdict in verdicts), flush=True)
            odd += [
                v for v, (_, tf32) in zip(verdicts, COLUMNS, strict=True) if v.status == "fail" and not (tf32 and "TF32" in said(v))
            ]
    for verdict in odd:
        print(f"\n{verdict}")
    return len(odd)


if __name__ == "__main__":
    sys.exit(min(1, table(sys.argv[1:] or placed.present())))
