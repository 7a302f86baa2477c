"""The masked matrix drawn under its input, kernel and output: a row is an output, a column an input, a colour a weight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from markupsafe import Markup

from cnnbp.evidence.records import Matrix

from ..drawings import svg
from .connections import Triple

SIDE, LEFT, GAP, FOOT, LINE = 26.0, 40.0, 54.0, 26.0, 22.0


def masked_matrix(found: Matrix) -> Markup:
    """Input, kernel, output, and M with every connection in the colour and under the name of its weight."""
    plan = _Plan(found)
    return svg.drawing("matrix", plan.width, plan.top + prod(found.y_shape) * SIDE + 8, _parts(plan), "group")


@dataclass(frozen=True)
class _Plan:
    """Where what stands."""

    found: Matrix

    @property
    def tallest(self) -> int:
        """Rows of the tallest of input, kernel and output."""
        return max(shape[0] for shape in (self.found.x_shape, self.found.kernel, self.found.y_shape))

    @property
    def top(self) -> float:
        """Of the matrix."""
        return self.tallest * SIDE + FOOT + LINE + 30

    @property
    def width(self) -> float:
        """Of the whole."""
        maps = sum(shape[1] for shape in (self.found.x_shape, self.found.kernel, self.found.y_shape)) * SIDE + 2 * GAP
        return max(LEFT + prod(self.found.x_shape) * SIDE + 2, maps + 2)

    def place(self, name: str, flat: int) -> tuple[float, float]:
        """The corner of one cell of the input x, the kernel w or the output A."""
        x, w, a = self.found.x_shape, self.found.kernel, self.found.y_shape
        shape, left = {"x": (x, 1.0), "w": (w, 1 + x[1] * SIDE + GAP), "A": (a, 1 + (x[1] + w[1]) * SIDE + 2 * GAP)}[name]
        row, column = divmod(flat, shape[1])
        return left + column * SIDE, 1 + (self.tallest - shape[0]) * SIDE / 2 + row * SIDE

    def entry(self, output: int, cell: int) -> tuple[float, float]:
        """The corner of one entry of the matrix."""
        return LEFT + cell * SIDE, self.top + output * SIDE


def _parts(plan: _Plan) -> Iterator[Markup]:
    yield from _maps(plan)
    yield from _matrix(plan)
    for output in range(prod(plan.found.y_shape)):
        yield _picked_output(plan, output, [entry for entry in plan.found.entries if entry[0] == output])
    for cell in range(prod(plan.found.x_shape)):
        yield _picked_input(plan, cell, [entry for entry in plan.found.entries if entry[2] == cell])


def _maps(plan: _Plan) -> Iterator[Markup]:
    found = plan.found
    for name, shape, sign in (("x", found.x_shape, "⋆"), ("w", found.kernel, "="), ("A", found.y_shape, "")):
        for flat in range(prod(shape)):
            kind, tap = ("tap", flat) if name == "w" else ("empty", None)
            yield from svg.named(*plan.place(name, flat), SIDE, svg.cell(name, flat, shape), kind, tap)
        left, width = plan.place(name, 0)[0], shape[1] * SIDE
        yield svg.text(left + width / 2, plan.tallest * SIDE + 18, f"{name}: {shape[0]} × {shape[1]}", "caption")
        yield svg.text(left + width + GAP / 2, plan.tallest * SIDE / 2 + 9, sign, "sign")


def _matrix(plan: _Plan) -> Iterator[Markup]:
    found, rows, columns = plan.found, prod(plan.found.y_shape), prod(plan.found.x_shape)
    across, down = found.x_shape[1], found.y_shape[1]  # a stronger rule after each row of the input, and of the output
    (_, bottom), (right, _) = plan.entry(rows, 0), plan.entry(0, columns)
    for row in range(rows):
        yield svg.text(LEFT - 6, plan.entry(row, 0)[1] + round(0.67 * SIDE), svg.cell("A", row, found.y_shape), "name", "end")
    for column in range(columns):
        yield svg.text(plan.entry(0, column)[0] + SIDE / 2, plan.top - 7, svg.cell("x", column, found.x_shape), "name small")
    for row in range(rows + 1):
        y = plan.entry(row, 0)[1]
        yield svg.line(LEFT, y, right, y, "rule" if row % down else "rule strong")
    for column in range(columns + 1):
        x = plan.entry(0, column)[0]
        yield svg.line(x, plan.top, x, bottom, "rule" if column % across else "rule strong")
    for output, tap, cell in found.entries:
        yield from svg.named(*plan.entry(output, cell), SIDE, svg.cell("w", tap, found.kernel), "tap", tap)


def _picked_output(plan: _Plan, output: int, entries: list[Triple]) -> Markup:
    """Point at an output, or at the name of its row, and its inputs show: one row of the matrix, which is the forward pass."""
    found = plan.found
    terms = [f"{svg.cell('w', tap, found.kernel)}{svg.cell('x', cell, found.x_shape)}" for _, tap, cell in entries]
    said = f"{svg.cell('A', output, found.y_shape)} = {' + '.join(terms) or 0}"
    cells = [svg.square(*plan.place("x", cell), SIDE, "tap veil", tap) for _, tap, cell in entries]
    x, y = plan.entry(output, 0)
    band = svg.frame(x, y, prod(found.x_shape) * SIDE, SIDE, "band")
    places = [plan.place("A", output), (LEFT - 10 - SIDE, y)]
    return svg.pick(said, places, SIDE, [*cells, band, _said(plan, said)])


def _picked_input(plan: _Plan, cell: int, entries: list[Triple]) -> Markup:
    """Point at an input, or at the name of its column, and the outputs show that it influenced: its residual is that column."""
    found = plan.found
    terms = [f"{svg.cell('w', tap, found.kernel)}{svg.cell('δ', output, found.y_shape)}" for output, tap, _ in sorted(entries)]
    said = f"∂J/∂{svg.cell('x', cell, found.x_shape)} = {' + '.join(terms) or 0}"
    cells = [svg.square(*plan.place("A", output), SIDE, "tap veil", tap) for output, tap, _ in entries]
    x, y = plan.entry(0, cell)
    band = svg.frame(x, y, SIDE, prod(found.y_shape) * SIDE, "band")
    places = [plan.place("x", cell), (x, y - SIDE)]
    return svg.pick(said, places, SIDE, [*cells, band, _said(plan, said)])


def _said(plan: _Plan, words: str) -> Markup:
    return svg.text(LEFT, plan.tallest * SIDE + FOOT + LINE - 4, words, "said", "start")
