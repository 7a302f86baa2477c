"""Random integers that nothing rounds, and the probability that a polynomial that is not 0 vanishes at them.

A polynomial that is not 0 vanishes at random integers of a set S with probability at most degree/|S| (Schwartz and Zippel).
Each trial makes one operand wide, up to 2²⁷, so that no number survives a cast to float32, and the others as large as every
sum below 2⁵³ allows; of float32 all are as large as 2²⁴ allows. Trials are independent: their errors multiply.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..rounding import Array
from .question import Question

EXACT = 2**53  # below it every integer is a float64
EXACTLY = {"float64": EXACT, "float32": 2**24}  # for each type of floats, below what every integer is one
WIDE = 2**27
TRIALS = 200  # enough for any probability that is asked for, unless the sums leave no room


@dataclass(frozen=True)
class Trial:
    """Random integers for every argument and for δ, and the probability that a polynomial that is not 0 vanishes there."""

    args: tuple[Array, ...]
    delta: Array
    error: float
    wide: int


def trials(
    question: Question,
    y_shape: tuple[int, ...],
    terms: int,
    scale: int,
    bits: int,
    seed: int,
    dtype: str = "float64",
    headroom: int = 0,
) -> Iterator[Trial]:
    """Trials until the product of their errors is at most 2^−bits. `terms`: the most that any entry sums.

    Every entry of x and δ is a multiple of `scale`. headroom: bits that are left to sums on the way, beyond those of the answers.
    Empty where even the smallest integers leave the bits of the floats.
    """
    exactly = EXACTLY[dtype] >> headroom
    shapes = [a.shape for _, a in question.unknown] + [y_shape]
    error = 1.0
    for number in range(TRIALS):
        wide = number % len(shapes)
        narrow = exactly // (terms * WIDE * scale * scale)
        sizes = [WIDE if j == wide else narrow for j in range(len(shapes))]
        if narrow < 1:
            sizes = [math.isqrt(exactly // (terms * scale * scale))] * len(shapes)
        if sizes[0] < 1:
            return
        rng = np.random.default_rng(seed_of(f"{seed}/{number}"))
        drawn = [rng.integers(-size, size + 1, shape).astype(dtype) for size, shape in zip(sizes, shapes, strict=True)]
        drawn[0], drawn[-1] = drawn[0] * scale, drawn[-1] * scale
        each = min(1.0, sum(1 / (2 * size + 1) for size in sizes))
        error *= each
        yield Trial(question.with_arrays(drawn[:-1]), drawn[-1], each, wide)
        if error <= 2.0**-bits:
            return


def exact_dot(a: Array, b: Array) -> int:
    """Σ a·b of integers, |b| ≤ 2²⁷ or |a| ≤ 2²⁷, without rounding."""
    total = 0
    left, right = a.ravel().astype(np.int64), b.ravel().astype(np.int64)
    if np.abs(right).max(initial=0) > WIDE:
        left, right = right, left
    for start in range(0, left.size, 1 << 16):
        some, signs = np.abs(left[start : start + (1 << 16)]), np.sign(left[start : start + (1 << 16)])
        factors = signs * right[start : start + (1 << 16)]
        for piece in range(3):  # 19 bits at a time: 19 + 27 + 16 bits fit into 63
            total += int(((some >> 19 * piece & (1 << 19) - 1) * factors).sum()) << 19 * piece
    return total


def exact(array: Array) -> bool:
    """Whether these are integers that nothing has rounded."""
    return bool(np.all(np.isfinite(array)) and np.all(array == np.round(array)) and np.abs(array).max(initial=0) < EXACT)


def seed_of(text: str) -> int:
    """A seed from a name, the same everywhere."""
    return int.from_bytes(hashlib.shake_256(text.encode()).digest(8), "big")
