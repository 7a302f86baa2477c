"""The masked matrix drawn: rows are output cells, columns are input cells, a colour is a weight, and a blank is a missing edge."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from ..drawings import svg
from ..speech import Speech
from .connections import Connections, Shape

SIDE, LEFT, TOP = 26.0, 40.0, 58.0


def masked_matrix(found: Connections, speech: Speech) -> Markup:
    """M with every connection in the colour and under the name of its weight."""
    rows, columns = found.sides
    width, height = LEFT + columns * SIDE + 2, TOP + rows * SIDE + 8
    title = speech.text("report.matrix.drawing.title", rows=rows, columns=columns)
    text = speech.text(
        "report.matrix.drawing.text", rows=rows, columns=columns, entries=len(found.entries), weights=found.weights,
        blank=rows * columns - len(found.entries),
    )  # fmt: skip
    return svg.drawing("masked", width, height, title, text, _matrix(found, rows, columns, speech))


def kernel_and_maps(found: Connections, speech: Speech) -> Markup:
    """The input, the kernel and the output beside one another, with the names that the matrix uses."""
    cells = (("x", found.x, "input"), ("w", found.kernel, "kernel"), ("A", found.y, "output"))
    names = [(name, shape, speech.text(f"report.matrix.{word}")) for name, shape, word in cells]
    width, height = sum(shape[1] for _, shape, _ in names) * SIDE + 2 * 64.0 + 2, max(shape[0] for _, shape, _ in names) * SIDE + 26
    text = ", ".join(f"{word} {name}: {shape[0]} × {shape[1]}" for name, shape, word in names)
    return svg.drawing("maps", width, height, speech.text("report.matrix.drawing.maps"), text, _maps(names, height))


def _matrix(found: Connections, rows: int, columns: int, speech: Speech) -> Iterator[Markup]:
    for row in range(rows):
        yield svg.text(LEFT - 6, TOP + (row + 0.67) * SIDE, svg.cell("A", row, found.y), "name", "end")
    for column in range(columns):
        yield svg.text(LEFT + (column + 0.5) * SIDE, TOP - 7, svg.cell("x", column, found.x), "name small")
    for row in range(rows + 1):
        yield svg.line(
            LEFT, TOP + row * SIDE, LEFT + columns * SIDE, TOP + row * SIDE, "rule" if row % found.y[1] else "rule strong"
        )
    for column in range(columns + 1):
        strong = "rule" if column % found.x[1] else "rule strong"
        yield svg.line(LEFT + column * SIDE, TOP, LEFT + column * SIDE, TOP + rows * SIDE, strong)
    for first in range(found.x[0]):
        middle = LEFT + (first + 0.5) * found.x[1] * SIDE
        yield svg.text(middle, TOP - 30, speech.text("report.matrix.drawing.row", n=first + 1), "caption")
    for output, tap, cell in found.entries:
        x, y = LEFT + cell * SIDE, TOP + output * SIDE
        yield svg.rectangle(x, y, SIDE, SIDE, "tap", tap)
        yield svg.text(x + SIDE / 2, y + SIDE * 0.66, svg.cell("w", tap, found.kernel), "label")


def _maps(names: list[tuple[str, Shape, str]], height: float) -> Iterator[Markup]:
    left, signs = 1.0, ("⋆", "=", "")
    for (name, shape, word), sign in zip(names, signs, strict=True):
        top = (height - 26 - shape[0] * SIDE) / 2 + 1
        for flat in range(shape[0] * shape[1]):
            row, column = svg.place(flat, shape)
            x, y = left + column * SIDE, top + row * SIDE
            yield svg.rectangle(x, y, SIDE, SIDE, "tap" if name == "w" else "empty", flat if name == "w" else None)
            yield svg.text(x + SIDE / 2, y + SIDE * 0.66, svg.cell(name, flat, shape), "label")
        left += shape[1] * SIDE
        yield svg.text(left - shape[1] * SIDE / 2, height - 5, word, "caption")
        yield svg.text(left + 32, (height - 26) / 2 + 6, sign, "sign")
        left += 64
