"""The residual through max and mean pooling, cell by cell: pooling is the same relation with another set of triples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from ..drawings import svg
from ..setting import Setting

SIDE, GAP, FOOT = 32.0, 26.0, 26.0
WINDOW, WINDOWS = 2, 2  # cells of a window a side, and windows a side
INPUT = (4, 1, 0, 2, 3, 2, 5, 5, 1, 0, 3, 7, 2, 6, 1, 0)  # the second window has its largest twice
RESIDUAL = (3, 4, -1, 2)


@dataclass(frozen=True)
class Pooled:
    """The drawing, and what it shows in numbers: input, residual above, and below through the largest and the mean."""

    drawing: Markup
    input: Sequence[int]
    above: Sequence[int]
    largest: Sequence[Fraction]
    mean: Sequence[Fraction]


def pooling(setting: Setting) -> Pooled | None:
    """None where nothing of the run is about pooling: its numbers are an example, and its rules those of the layers tried."""
    tried = {layer.operator for layer in setting.document.layers}
    if not {"MaxPool2d", "AvgPool2d"} <= tried:
        return None
    largest, mean = [Fraction(0)] * len(INPUT), [Fraction(0)] * len(INPUT)
    for window, delta in enumerate(RESIDUAL):
        cells = covered(window)
        largest[max(cells, key=INPUT.__getitem__)] += delta  # of equals the first, row by row
        for cell in cells:
            mean[cell] += Fraction(delta, len(cells))
    return Pooled(svg.drawing("pooling", *_size(), _parts(largest, mean)), INPUT, RESIDUAL, largest, mean)


def covered(window: int) -> list[int]:
    """The cells of one window, row by row."""
    row, column = divmod(window, WINDOWS)
    side = WINDOW * WINDOWS
    return [(row * WINDOW + down) * side + column * WINDOW + right for down in range(WINDOW) for right in range(WINDOW)]


def _size() -> tuple[float, float]:
    side = WINDOW * WINDOWS * SIDE
    return 2 * side + GAP + 2, 2 * (side + FOOT) + 4


def _parts(largest: Sequence[Fraction], mean: Sequence[Fraction]) -> Iterator[Markup]:
    side = WINDOW * WINDOWS * SIDE
    right, below = 1 + side + GAP, 1 + side + FOOT
    yield from _grid(1, 1, INPUT, "z", [cell for window in range(len(RESIDUAL)) for cell in _winners(window)])
    for window, delta in enumerate(RESIDUAL):
        row, column = divmod(window, WINDOWS)
        yield from svg.valued(right + column * SIDE * WINDOW, 1 + row * SIDE * WINDOW, WINDOW * SIDE, delta, "tap", window)
    yield svg.text(right + side / 2, 1 + side + 17, "δ", "caption strong")
    yield from _grid(1, below, largest, "max: ∂J/∂z", [cell for cell, value in enumerate(largest) if value])
    yield from _grid(right, below, mean, "mean: ∂J/∂z", range(len(mean)))


def _grid(left: float, top: float, values: Sequence[Fraction | int], name: str, marked: Sequence[int]) -> Iterator[Markup]:
    """The cells, those marked in the colour of their window."""
    side = WINDOW * WINDOWS
    window = {cell: number for number in range(len(RESIDUAL)) for cell in covered(number)}
    for cell, value in enumerate(values):
        row, column = divmod(cell, side)
        x, y, shown = left + column * SIDE, top + row * SIDE, cell in marked
        yield from svg.valued(x, y, SIDE, value, "tap" if shown else "empty", window[cell] if shown else None)
    for number in range(len(RESIDUAL)):
        row, column = divmod(number, WINDOWS)
        yield svg.frame(left + column * WINDOW * SIDE, top + row * WINDOW * SIDE, WINDOW * SIDE, WINDOW * SIDE, "band thin")
    yield svg.text(left + side * SIDE / 2, top + side * SIDE + 17, name, "caption strong")


def _winners(window: int) -> list[int]:
    """All cells of a window that have its largest value: two of them in one with a tie."""
    cells = covered(window)
    return [cell for cell in cells if INPUT[cell] == max(INPUT[other] for other in cells)]
