"""The masked matrix drawn: rows are output cells, columns are input cells, a colour is a weight, and a blank is a missing edge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from markupsafe import Markup

from cnnbp.evidence.records import Matrix

from ..drawings import svg
from ..speech import Speech, plain

SIDE, LEFT, TOP, GAP, FOOT = 26.0, 40.0, 58.0, 64.0, 26.0


def masked_matrix(found: Matrix, speech: Speech) -> Markup:
    """M with every connection in the colour and under the name of its weight."""
    rows, columns, entries = prod(found.y_shape), prod(found.x_shape), len(found.entries)
    width, height = LEFT + columns * SIDE + 2, TOP + rows * SIDE + 8
    title = speech.say("report.matrix.drawing.title", rows=rows, columns=columns)
    count = {"rows": rows, "columns": columns, "entries": entries, "blank": rows * columns - entries, "weights": prod(found.kernel)}
    text = speech.say("report.matrix.drawing.text", **count)
    return svg.drawing("masked", width, height, title, text, _matrix(found, rows, columns, speech))


def kernel_and_maps(found: Matrix, speech: Speech) -> Markup:
    """The input, the kernel and the output beside one another, with the names that the matrix uses."""
    cells = (("x", found.x_shape, "input"), ("w", found.kernel, "kernel"), ("A", found.y_shape, "output"))
    maps = [(name, shape, speech.say(f"report.matrix.{word}")) for name, shape, word in cells]
    width = sum(shape[1] for _, shape, _ in maps) * SIDE + 2 * GAP + 2
    height = max(shape[0] for _, shape, _ in maps) * SIDE + FOOT
    text = ", ".join(f"{plain(word)} {name}: {shape[0]} × {shape[1]}" for name, shape, word in maps)
    return svg.drawing("maps", width, height, speech.say("report.matrix.drawing.maps"), text, _maps(maps, height))


def _matrix(found: Matrix, rows: int, columns: int, speech: Speech) -> Iterator[Markup]:
    across, down = found.x_shape[1], found.y_shape[1]  # a stronger rule after each row of the input, and of the output
    for row in range(rows):
        yield svg.text(LEFT - 6, TOP + (row + 0.67) * SIDE, svg.cell("A", row, found.y_shape), "name", "end")
    for column in range(columns):
        yield svg.text(LEFT + (column + 0.5) * SIDE, TOP - 7, svg.cell("x", column, found.x_shape), "name small")
    for row in range(rows + 1):
        y = TOP + row * SIDE
        yield svg.line(LEFT, y, LEFT + columns * SIDE, y, "rule" if row % down else "rule strong")
    for column in range(columns + 1):
        x = LEFT + column * SIDE
        yield svg.line(x, TOP, x, TOP + rows * SIDE, "rule" if column % across else "rule strong")
    for n in range(found.x_shape[0]):
        yield svg.text(LEFT + (n + 0.5) * across * SIDE, TOP - 30, speech.say("report.matrix.drawing.row", n=n + 1), "caption")
    for output, tap, cell in found.entries:
        yield from svg.named(LEFT + cell * SIDE, TOP + output * SIDE, SIDE, svg.cell("w", tap, found.kernel), "tap", tap)


def _maps(maps: Sequence[tuple[str, svg.Shape, Markup]], height: float) -> Iterator[Markup]:
    left = 1.0
    for (name, shape, word), sign in zip(maps, ("⋆", "=", ""), strict=True):
        top, width = (height - FOOT - shape[0] * SIDE) / 2 + 1, shape[1] * SIDE
        for flat in range(prod(shape)):
            row, column = divmod(flat, shape[1])
            kind, tap = ("tap", flat) if name == "w" else ("empty", None)
            yield from svg.named(left + column * SIDE, top + row * SIDE, SIDE, svg.cell(name, flat, shape), kind, tap)
        yield svg.text(left + width / 2, height - 5, word, "caption")
        yield svg.text(left + width + GAP / 2, (height - FOOT) / 2 + 6, sign, "sign")
        left += width + GAP
