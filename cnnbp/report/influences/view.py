"""The influences of one input cell drawn: under which weight each output met it, and the sum that its residual therefore is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from ..drawings import svg
from ..mathematics.formula import formula
from ..matrix.connections import Connections, Triple, connections
from ..setting import Setting
from ..speech import Speech

SIDE, GAP, FOOT = 22.0, 26.0, 30.0


@dataclass(frozen=True)
class Influences:
    """The star of outputs around one input cell, and the same as a formula."""

    cell: Markup
    count: int
    kernel: tuple[int, int]
    star: Markup
    equations: tuple[Markup | None, ...]
    reversed: bool


def influences(setting: Setting) -> Influences | None:
    """Those of the input cell of the drawn matrix that influences most outputs; None where there is no matrix to draw."""
    found = connections(setting.document)
    return None if found is None else of(found, setting.speech)


def of(found: Connections, speech: Speech) -> Influences:
    """Those in this matrix."""
    cell = found.most_connected()
    column = found.influences(cell)
    across, down = (found.x[1] * SIDE + GAP, found.x[0] * SIDE + FOOT + 12)
    outputs = [svg.place(output, found.y) for output, _, _ in column]
    top, left = min(row for row, _ in outputs), min(place for _, place in outputs)
    width = (max(place for _, place in outputs) - left + 1) * across - GAP + 4
    height = (max(row for row, _ in outputs) - top + 1) * down
    name = svg.cell("x", cell, found.x)
    met = "; ".join(f"{svg.cell('A', o, found.y)} ← {svg.cell('w', t, found.kernel)}" for o, t, _ in column)
    title = speech.text("report.influences.drawing.title", n=len(column), name=name)
    text = speech.text("report.influences.drawing.text", name=name, met=met)
    row, place = svg.place(cell, found.x)
    html = Markup("<i>x</i><sub>{}{}</sub>").format(row + 1, place + 1)
    parts = (part for entry in column for part in _position(found, entry, left * across, top * down, across, down))
    star = svg.drawing("star", width, height, title, text, parts)
    equations = (formula(_sum(found, column)), formula(_tables(found, column)))
    return Influences(html, len(column), found.kernel, star, equations, _reversed(column))


def _position(found: Connections, entry: Triple, left: float, top: float, across: float, down: float) -> Iterator[Markup]:
    """The kernel where it lies for one output: its cells coloured, the red one named after the weight that meets it."""
    output, tap, cell = entry
    row, column = svg.place(output, found.y)
    x0, y0 = column * across - left + 2, row * down - top + 2
    covered = {i: t for o, t, i in found.entries if o == output}
    for flat in range(found.x[0] * found.x[1]):
        r, c = svg.place(flat, found.x)
        hue = covered.get(flat)
        yield svg.rectangle(x0 + c * SIDE, y0 + r * SIDE, SIDE, SIDE, "empty" if hue is None else "tap faint", hue)
    r, c = svg.place(cell, found.x)
    yield svg.rectangle(x0 + c * SIDE, y0 + r * SIDE, SIDE, SIDE, "tap red", tap)
    yield svg.text(x0 + (c + 0.5) * SIDE, y0 + (r + 0.68) * SIDE, svg.cell("w", tap, found.kernel), "label")
    said = f"{svg.cell('A', output, found.y)} ← {svg.cell('w', tap, found.kernel)}"
    yield svg.text(x0 + found.x[1] * SIDE / 2, y0 + found.x[0] * SIDE + 18, said, "caption strong")


def _sum(found: Connections, column: list[Triple]) -> str:
    """The residual of the cell as TeX, all terms written out, a line for each row of outputs."""
    lines: dict[int, list[str]] = {}
    for output, tap, _ in column:
        (p, q), (r, s) = svg.place(output, found.y), svg.place(tap, found.kernel)
        lines.setdefault(p, []).append(rf"\delta_{{A_{{{p + 1}{q + 1}}}}}\,w_{{{r + 1}{s + 1}}}")
    i, j = svg.place(column[0][2], found.x)
    left = rf"\frac{{\partial J}}{{\partial x_{{{i + 1}{j + 1}}}}} ={{}}&"
    rows = " \\\\ {}+{}& ".join(" + ".join(terms) for terms in lines.values())
    return rf"\begin{{aligned}} {left} {rows} \end{{aligned}}"


def _tables(found: Connections, column: list[Triple]) -> str:
    """The same sum as TeX once more, the residuals in one table and the weights that they meet in another."""
    residuals: dict[int, list[str]] = {}
    weights: dict[int, list[str]] = {}
    for output, tap, _ in column:
        (p, q), (r, s) = svg.place(output, found.y), svg.place(tap, found.kernel)
        residuals.setdefault(p, []).append(rf"\delta_{{A_{{{p + 1}{q + 1}}}}}")
        weights.setdefault(p, []).append(f"w_{{{r + 1}{s + 1}}}")
    left, right = (r" \\ ".join(" & ".join(row) for row in table.values()) for table in (residuals, weights))
    return rf"= \sum\ \begin{{pmatrix}} {left} \end{{pmatrix}} \odot \begin{{pmatrix}} {right} \end{{pmatrix}}"


def _reversed(column: list[Triple]) -> bool:
    """Whether the weights come in the opposite order of the outputs: the kernel rotated by 180°."""
    taps = [tap for _, tap, _ in column]
    return taps == sorted(taps, reverse=True)
