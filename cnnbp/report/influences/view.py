"""The influences of one input cell drawn: under which weight each output met it, and the sum that its residual therefore is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from cnnbp.evidence.records import Matrix

from ..drawings import svg
from ..mathematics.formula import formula
from ..matrix.connections import Triple, drawable, most_connected
from ..setting import Setting
from .rotated import Rotated, rotated

SIDE, GAP, FOOT = 22.0, 26.0, 42.0


@dataclass(frozen=True)
class Influences:
    """The star of outputs around one input cell, and the same as formulas."""

    cell: Markup
    count: int
    kernel: svg.Shape
    star: Markup
    equations: tuple[Markup | None, ...]
    reversed: bool
    met: str
    """Which output meets the cell under which weight."""
    rotated: Rotated | None


def influences(setting: Setting) -> Influences | None:
    """Those of the input cell of the drawn matrix that influences most outputs; None where there is no matrix to draw."""
    found = drawable(setting.document)
    return None if found is None else of(found)


def of(found: Matrix) -> Influences:
    """Those in this matrix. `reversed`: the weights come in the opposite order of the outputs, the kernel rotated by 180°."""
    cell = most_connected(found)
    entries = sorted(entry for entry in found.entries if entry[2] == cell)  # one column of the matrix
    taps = [tap for _, tap, _ in entries]
    row, place = divmod(cell, found.x_shape[1])
    name = Markup("<i>x</i><sub>{}{}</sub>").format(row + 1, place + 1)
    equations = tuple(map(formula, _equations(found, entries)))
    turns, met = taps == sorted(taps, reverse=True), "; ".join(_met(found, entry) for entry in entries)
    return Influences(name, len(entries), found.kernel, _star(found, entries), equations, turns, met, rotated(found))


def _star(found: Matrix, entries: list[Triple]) -> Markup:
    """One small picture of the input for each output, where the output stands in its map."""
    across, down = found.x_shape[1] * SIDE + GAP, found.x_shape[0] * SIDE + FOOT
    outputs = [divmod(output, found.y_shape[1]) for output, _, _ in entries]
    top, left = (min(output[axis] for output in outputs) for axis in (0, 1))
    bottom, right = (max(output[axis] for output in outputs) for axis in (0, 1))
    parts = (
        part
        for entry, (p, q) in zip(entries, outputs, strict=True)
        for part in _position(found, entry, (q - left) * across + 2, (p - top) * down + 2)
    )
    return svg.drawing("influences", (right - left + 1) * across - GAP + 4, (bottom - top + 1) * down, parts)


def _position(found: Matrix, entry: Triple, x: float, y: float) -> Iterator[Markup]:
    """The kernel where it lies for one output: its cells coloured, the red one named after the weight that meets it."""
    rows, columns = found.x_shape
    covered = {i: t for o, t, i in found.entries if o == entry[0]}
    corners = [(x + flat % columns * SIDE, y + flat // columns * SIDE) for flat in range(rows * columns)]
    yield svg.squares((corner for flat, corner in enumerate(corners) if flat not in covered), SIDE, "empty")
    for flat, tap in covered.items():
        yield svg.square(*corners[flat], SIDE, "tap faint", tap)
    yield from svg.named(*corners[entry[2]], SIDE, svg.cell("w", entry[1], found.kernel), "tap red", entry[1])
    yield svg.text(x + columns * SIDE / 2, y + rows * SIDE + 18, _met(found, entry), "caption strong")


def _met(found: Matrix, entry: Triple) -> str:
    return f"{svg.cell('A', entry[0], found.y_shape)} ← {svg.cell('w', entry[1], found.kernel)}"


def _equations(found: Matrix, entries: list[Triple]) -> tuple[str, str]:
    """The residual of the cell as TeX, a line for each row of outputs; and as a table of residuals over one of weights."""
    lines = []
    for _, row in groupby(entries, lambda entry: entry[0] // found.y_shape[1]):
        lines.append([(rf"\delta_{{A_{{{_index(o, found.y_shape)}}}}}", f"w_{{{_index(t, found.kernel)}}}") for o, t, _ in row])
    sums = " \\\\ {}+{}& ".join(" + ".join(rf"{delta}\,{w}" for delta, w in line) for line in lines)
    left, right = (r" \\ ".join(" & ".join(pair[side] for pair in line) for line in lines) for side in (0, 1))
    derivative = rf"\frac{{\partial J}}{{\partial x_{{{_index(entries[0][2], found.x_shape)}}}}}"
    return (
        rf"\begin{{aligned}} {derivative} ={{}}& {sums} \end{{aligned}}",
        rf"= \sum\ \begin{{pmatrix}} {left} \end{{pmatrix}} \odot \begin{{pmatrix}} {right} \end{{pmatrix}}",
    )


def _index(flat: int, shape: svg.Shape) -> str:
    row, column = divmod(flat, shape[1])
    return f"{row + 1}{column + 1}"
