"""The same numbers twice: the residual in its frame of zeros under the rotated kernel, and Mᵀδ, a triple of T at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from markupsafe import Markup

from cnnbp.evidence.records import Matrix

from ..drawings import svg

SIDE, GAP, FOOT = 26.0, 30.0, 24.0
WIDEST = 12  # cells of the framed residual and the kernel together: more do not fit a phone


@dataclass(frozen=True)
class Rotated:
    """The drawing; both results; and how much of it is a frame of zeros."""

    drawing: Markup
    by_matrix: Sequence[int]
    by_kernel: Sequence[int]
    frame: tuple[int, int]

    @property
    def same(self) -> bool:
        """Whether both ways give the same numbers: so they must, and here it is worked out."""
        return self.by_matrix == self.by_kernel


def rotated(found: Matrix) -> Rotated | None:
    """None where the input is not as large as the full convolution makes it: with a stride, say, or padding."""
    (rows, columns), (height, width) = found.y_shape, found.kernel
    if found.x_shape != (rows + height - 1, columns + width - 1) or columns + 3 * width - 2 > WIDEST:
        return None
    w, delta = list(range(1, height * width + 1)), residual(rows * columns)
    by_matrix = [0] * prod(found.x_shape)
    for output, tap, cell in found.entries:
        by_matrix[cell] += w[tap] * delta[output]
    by_kernel = _slid(_framed(delta, found), w[::-1], found)
    drawing = svg.drawing("rotated", *_size(found), _parts(found, w, delta, by_kernel, by_matrix))
    return Rotated(drawing, by_matrix, by_kernel, (height - 1, width - 1))


def residual(cells: int) -> list[int]:
    """Small numbers of both signs and some zeros, which nothing hangs on."""
    return [(3 * cell + 1) % 5 - 2 for cell in range(cells)]


def _framed(delta: Sequence[int], found: Matrix) -> list[list[int]]:
    """The residual, with as many rows and columns of zeros on each side as the kernel has, less one."""
    (rows, columns), (height, width) = found.y_shape, found.kernel
    framed = [[0] * (columns + 2 * (width - 1)) for _ in range(rows + 2 * (height - 1))]
    for flat, value in enumerate(delta):
        row, column = divmod(flat, columns)
        framed[row + height - 1][column + width - 1] = value
    return framed


def _slid(framed: Sequence[Sequence[int]], kernel: Sequence[int], found: Matrix) -> list[int]:
    """At each place the sum of products with what lies under the kernel."""
    (rows, columns), (_, width) = found.x_shape, found.kernel
    under = [divmod(tap, width) for tap in range(len(kernel))]
    return [
        sum(value * framed[row + down][column + right] for value, (down, right) in zip(kernel, under, strict=True))
        for row in range(rows)
        for column in range(columns)
    ]


def _size(found: Matrix) -> tuple[float, float]:
    (rows, columns), (height, width), (down, across) = found.y_shape, found.kernel, found.x_shape
    above, below = columns + 2 * (width - 1) + width, 2 * across
    return max(above, below) * SIDE + GAP + 2, (rows + 2 * (height - 1) + down) * SIDE + 2 * FOOT + 10


def _parts(
    found: Matrix, w: Sequence[int], delta: Sequence[int], by_kernel: Sequence[int], by_matrix: Sequence[int]
) -> Iterator[Markup]:
    framed = _framed(delta, found)
    (height, width), (down, across) = found.kernel, found.x_shape
    tall, wide = len(framed), len(framed[0])
    for row, line in enumerate(framed):
        for column, value in enumerate(line):
            inside = height - 1 <= row < tall - height + 1 and width - 1 <= column < wide - width + 1
            yield from svg.valued(1 + column * SIDE, 1 + row * SIDE, SIDE, value, "empty" if inside else "empty frame")
    yield svg.frame(1 + (width - 1) * SIDE, 1 + (height - 1) * SIDE, found.y_shape[1] * SIDE, found.y_shape[0] * SIDE, "band")
    yield svg.text(1 + wide * SIDE / 2, tall * SIDE + 18, "δ", "caption strong")
    left, top = 1 + wide * SIDE + GAP, 1 + (tall - height) * SIDE / 2
    yield svg.text(left - GAP / 2, 1 + tall * SIDE / 2 + 8, "⋆", "sign")
    for place, tap in enumerate(reversed(range(len(w)))):
        yield from svg.valued(left + place % width * SIDE, top + place // width * SIDE, SIDE, w[tap], "tap", tap)
    yield svg.text(left + width * SIDE / 2, top + height * SIDE + 18, "rot₁₈₀ w", "caption strong")
    below = tall * SIDE + FOOT + 8
    for start, values, name in ((1.0, by_kernel, "δ ⋆ rot₁₈₀ w"), (1 + across * SIDE + GAP, by_matrix, "Mᵀδ")):
        for flat, value in enumerate(values):
            kind = "empty" if by_kernel[flat] == by_matrix[flat] else "empty red"
            yield from svg.valued(start + flat % across * SIDE, below + flat // across * SIDE, SIDE, value, kind)
        yield svg.text(start + across * SIDE / 2, below + down * SIDE + 18, name, "caption strong")
    yield svg.text(1 + across * SIDE + GAP / 2, below + down * SIDE / 2 + 8, "=" if by_kernel == by_matrix else "≠", "sign")
