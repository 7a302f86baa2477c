"""How fast the layers, `verify` and the masked matrix are, each against a named peer measured in the same run.

One thread on both sides, float64. A time is the median of repeats in which the candidates take turns, so that a busy
machine slows all of them alike: trust the ratios more than the times. Nothing here passes or fails by its time.
"""

from __future__ import annotations

import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import platform
import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from statistics import median
from timeit import timeit
from typing import Any, NamedTuple

import numpy as np
import scipy

import cnnbp
from cnnbp.judge import compare
from cnnbp.oracles import connections, masked_dense
from cnnbp.verification.question import Question

from . import alone
from .tables import table

try:
    import torch
except ImportError:
    sys.exit("the benchmark compares with PyTorch, which is not installed: pip install torch")

F: Any = torch.nn.functional
Call = Callable[[], Any]


class Case(NamedTuple):
    """One layer of a network at one input. `w_shape` is () for a layer without parameters."""

    network: str
    layer: Any
    x_shape: tuple[int, int, int, int]
    w_shape: tuple[int, ...] = ()

    def __str__(self) -> str:
        (_, c, h, w), pad = self.x_shape, f" pad {self.layer.padding}" if self.layer.padding else ""
        name, size = type(self.layer).__name__.removesuffix("2d"), self.w_shape[2] if self.w_shape else self.layer.kernel_size
        channels = "" if not self.w_shape else " depthwise" if self.layer.groups > 1 else f"→{self.w_shape[0]}"
        return f"{name} {size}×{size}/{self.layer.stride or size}{pad}, {c}{channels} at {h}×{w}"


CONV, MAX, AVERAGE = cnnbp.Conv2d, cnnbp.MaxPool2d, cnnbp.AvgPool2d
CASES = [
    Case("LeNet", CONV(), (1, 1, 32, 32), (6, 1, 5, 5)),
    Case("LeNet", CONV(), (1, 6, 14, 14), (16, 6, 5, 5)),
    Case("LeNet", CONV(), (16, 6, 14, 14), (16, 6, 5, 5)),
    Case("LeNet", AVERAGE(2), (16, 6, 28, 28)),
    Case("AlexNet", CONV(4, 2), (1, 3, 224, 224), (64, 3, 11, 11)),
    Case("AlexNet", CONV(1, 2), (1, 64, 27, 27), (192, 64, 5, 5)),
    Case("AlexNet", MAX(3, 2), (4, 64, 55, 55)),
    Case("VGG", CONV(1, 1), (1, 3, 224, 224), (64, 3, 3, 3)),
    Case("VGG", CONV(1, 1), (1, 128, 56, 56), (128, 128, 3, 3)),
    Case("VGG", CONV(1, 1), (2, 512, 14, 14), (512, 512, 3, 3)),
    Case("VGG", MAX(2), (1, 128, 112, 112)),
    Case("ResNet", CONV(2, 3), (1, 3, 224, 224), (64, 3, 7, 7)),
    Case("ResNet", CONV(), (2, 64, 56, 56), (256, 64, 1, 1)),
    Case("ResNet", CONV(2, 1), (1, 128, 56, 56), (128, 128, 3, 3)),
    Case("ResNet", CONV(2), (1, 256, 56, 56), (512, 256, 1, 1)),
    Case("ResNet", MAX(3, 2, 1), (1, 64, 112, 112)),
    Case("ResNet", AVERAGE(7), (16, 512, 7, 7)),
    Case("MobileNet", CONV(2, 1), (1, 3, 224, 224), (32, 3, 3, 3)),
    Case("MobileNet", CONV(1, 1, groups=32), (1, 32, 112, 112), (32, 1, 3, 3)),
    Case("MobileNet", CONV(2, 1, groups=64), (1, 64, 112, 112), (64, 1, 3, 3)),
    Case("MobileNet", CONV(1, 1, groups=512), (8, 512, 14, 14), (512, 1, 3, 3)),
    Case("MobileNet", CONV(), (4, 512, 14, 14), (512, 512, 1, 1)),
]
MATRICES = {"16→16 at 22×22, 5×5": ((16, 22, 22), 0), "16→16 at 19×19, 5×5 pad 2": ((16, 19, 19), 2)}  # two million non-zeros each

GROWING = [
    ((1, 1, 8, 8), (2, 1, 3, 3)),
    ((1, 3, 12, 12), (8, 3, 3, 3)),
    ((1, 6, 14, 14), (16, 6, 5, 5)),
    ((1, 8, 28, 28), (8, 8, 3, 3)),
    ((1, 4, 48, 48), (8, 4, 3, 3)),  # beyond it gradcheck holds two matrices of gigabytes
]


def medians(candidates: Sequence[Call], repeats: int, turn: float = 0.01) -> list[float]:
    """Seconds of one call of each candidate. They take turns; a turn lasts about `turn` seconds, or one call."""
    once = [min(timeit(call, number=1) for _ in range(2)) for call in candidates]  # twice: the first call fills the caches
    turns = [(call, max(1, round(turn / max(seconds, 1e-9)))) for call, seconds in zip(candidates, once, strict=True)]
    rounds = [[timeit(call, number=count) / count for call, count in turns] for _ in range(repeats)]
    return [median(times) for times in zip(*rounds, strict=True)]


@torch.no_grad()
def layers(repeats: int) -> None:
    """Forward and backward of every case against PyTorch on the CPU."""
    timed = "PyTorch µs", "ratio"
    rows: list[tuple[str, ...]] = [("network", "layer", "batch", "forward µs", *timed, "backward µs", *timed)]
    ratios: dict[str, list[float]] = {"forward": [], "backward": []}
    for number, case in enumerate(CASES, 1):
        _progress(f"layers {number}/{len(CASES)}: {case.network} {case}, batch {case.x_shape[0]}")
        cells: list[str] = []
        for found, pair in zip(ratios.values(), _pairs(case), strict=True):
            ours, peer = medians(pair, repeats)
            found.append(ours / peer)
            cells += f"{ours * 1e6:.0f}", f"{peer * 1e6:.0f}", f"{ours / peer:.2f}"
        rows.append((case.network, str(case), str(case.x_shape[0]), *cells))
    table(
        "Layers against PyTorch; a pool's backward includes finding its winners, on both sides; ratio = ours / PyTorch",
        rows,
    )
    for name, found in ratios.items():
        worst = max(range(len(found)), key=found.__getitem__)
        print(f"{name}: median ratio {median(found):.2f}, worst {found[worst]:.2f} ({CASES[worst].network} {CASES[worst]})")


def _pairs(case: Case) -> tuple[tuple[Call, Call], tuple[Call, Call]]:
    """(ours, PyTorch's) forward and (ours, PyTorch's) backward on the same numbers, after seeing that they answer the same."""
    rng, layer = np.random.default_rng(0), case.layer
    args = tuple(rng.standard_normal(shape) for shape in (case.x_shape, case.w_shape, case.w_shape[:1]) if shape)
    delta = rng.standard_normal(layer.forward(*args).shape)
    forward, backward = _in_torch(layer, torch.from_numpy(delta), *map(torch.from_numpy, args))
    question = Question.of(layer, args, delta)
    ours, peer = (layer.forward(*args), *layer.backward(delta, *args)), (forward(), *backward())
    for quantity, mine, theirs in zip(question.quantities, ours, peer, strict=True):
        judged = compare(mine, theirs.numpy(), question.bound(2, quantity))
        if judged is None or judged.status != "pass":
            where = judged and f"by {judged.error:.3g} at {judged.index}, {judged.ratio:.3g} times the bound"
            sys.exit(f"{case.network} {case}: our {quantity} differs from PyTorch's {where}, so times cannot be compared")
    return (lambda: layer.forward(*args), forward), (lambda: layer.backward(delta, *args), backward)


def _in_torch(layer: Any, delta: torch.Tensor, x: torch.Tensor, *params: torch.Tensor) -> tuple[Call, Call]:
    if params:
        geometry = [layer.stride] * 2, [layer.padding] * 2, [layer.dilation] * 2
        rest = ([len(params[1])], *geometry, False, [0, 0], layer.groups, [True] * 3)
        gradients = torch.ops.aten.convolution_backward
        return lambda: F.conv2d(x, *params, *geometry, layer.groups), lambda: gradients(delta, x, params[0], *rest)
    pool = F.max_pool2d if isinstance(layer, MAX) else F.avg_pool2d
    options = layer.kernel_size, layer.stride, layer.padding
    theta = x.clone().requires_grad_()

    def backward() -> Any:
        with torch.enable_grad():
            return torch.autograd.grad(pool(theta, *options), theta, delta)

    return lambda: pool(x, *options), backward


def verification(repeats: int) -> None:
    """`verify` of LeNet's second convolution against gradcheck of the same layer at the same numbers."""
    _progress("verify against gradcheck, which takes a second a call in slow mode")
    args = tuple(map(np.random.default_rng(0).standard_normal, ((1, 6, 14, 14), (16, 6, 5, 5), (16,))))
    tensors, seeds = tuple(torch.from_numpy(a).requires_grad_() for a in args), count(1)
    calls: dict[str, Call] = {
        "cnnbp.verify": lambda: cnnbp.assert_gradients(cnnbp.Conv2d(), *args),
        "cnnbp.verify, a new seed each call": lambda: cnnbp.assert_gradients(cnnbp.Conv2d(), *args, seed=next(seeds)),
        "torch.autograd.gradcheck, slow mode": lambda: torch.autograd.gradcheck(F.conv2d, tensors),
        "torch.autograd.gradcheck, fast mode": lambda: torch.autograd.gradcheck(F.conv2d, tensors, fast_mode=True),
    }
    times = medians(list(calls.values()), repeats, turn=0.1)
    rows = [(name, f"{time * 1e3:.2f}", f"{time / times[0]:.2f}") for name, time in zip(calls, times, strict=True)]
    table("Checking Conv2d(), 6→16 at 14×14, 5×5, batch 1; ratio = time / time of cnnbp.verify", [("who", "ms", "ratio"), *rows])


def proofs(repeats: int) -> None:
    """Proving a shape on unknown numbers against gradcheck in slow mode, which samples one point: once each, as they grow.

    The smallest is asked once before, so that nobody is charged for what he imports.
    """
    grown = GROWING[: 3 if repeats < 15 else None]
    _, *rows = (_proof(x_shape, w_shape) for x_shape, w_shape in (grown[0], *grown))
    head = ("convolution", "entries", "products", "prove ms", "gradcheck ms", "ratio")
    table("cnnbp.prove, for all real numbers, against gradcheck in slow mode; ratio = gradcheck / prove", [head, *rows])


def _proof(x_shape: tuple[int, ...], w_shape: tuple[int, ...]) -> tuple[str, ...]:
    _progress(f"proving {x_shape}, {w_shape}, and gradcheck of the same")
    args = tuple(map(np.random.default_rng(0).standard_normal, (x_shape, w_shape)))
    tensors, found = tuple(torch.from_numpy(a).requires_grad_() for a in args), list[Any]()
    ours = timeit(lambda: found.append(cnnbp.prove(cnnbp.Conv2d(), x_shape, w_shape)), number=1)
    if found[0].status != "proved":
        sys.exit(f"{x_shape}, {w_shape} is not proved, so times cannot be compared: {found[0]}")
    peer = timeit(lambda: torch.autograd.gradcheck(F.conv2d, tensors), number=1)
    entries = sum(a.size for a in args) + F.conv2d(*tensors).numel()
    cells = f"{entries:,}", f"{found[0].products:,}", f"{1e3 * ours:.1f}", f"{1e3 * peer:.1f}", f"{peer / ours:.1f}"
    return f"{x_shape[1]}→{w_shape[0]} at {x_shape[2]}×{x_shape[3]}, {w_shape[2]}×{w_shape[3]}", *cells


def matrices(repeats: int) -> None:
    """Building the masked matrix, nothing cached, against merely copying its arrays."""
    rows = [("matrix", "non-zeros", "build ms", "copy ms", "ratio")]
    w = np.random.default_rng(0).standard_normal((16, 16, 5, 5))
    for name, (x_shape, padding) in MATRICES.items():
        _progress(f"masked matrix {name}")
        m = _build(x_shape, w, padding)
        pair = partial(_build, x_shape, w, padding), partial(lambda *parts: [a.copy() for a in parts], m.data, m.indices, m.indptr)
        ours, peer = medians(pair, repeats)
        rows.append((name, f"{m.nnz:,}", f"{ours * 1e3:.1f}", f"{peer * 1e3:.1f}", f"{ours / peer:.2f}"))
    table("conv2d_matrix against a copy of its bytes; ratio = build / copy", rows)


def _build(x_shape: tuple[int, ...], w: Any, padding: int) -> Any:
    """The matrix from nothing: the cache of connections is emptied first."""
    connections.convolution.cache_clear()
    return masked_dense.conv2d_matrix(x_shape, w, padding=padding)


def _progress(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def main() -> None:
    """Parses the command line and prints the tables."""
    parser = argparse.ArgumentParser("python -m tests.bench", description=__doc__, epilog="Tables: stdout; progress: stderr.")
    parser.add_argument("--quick", action="store_true", help="3 repeats (under a minute) instead of 15 (some minutes)")
    repeats = 3 if parser.parse_args().quick else 15
    torch.set_num_threads(1)
    versions = ", ".join(f"{m.__name__} {m.__version__}" for m in (np, scipy, torch))
    print(f"Python {platform.python_version()}, {versions}; one thread of {os.cpu_count()}, load {os.getloadavg()[0]:.1f}")
    for measured in (layers, verification, alone.costs, proofs, matrices):
        measured(repeats)


if __name__ == "__main__":
    main()
