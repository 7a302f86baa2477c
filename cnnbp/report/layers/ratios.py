"""How far every comparison of the run stayed below its bound: a row for each layer, a mark for each quantity and oracle."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cnnbp.evidence.records import Document, Layer

from ..drawings import svg
from ..drawings.curves import label

WIDTH, LEFT, RIGHT, TOP, ROW, FOOT = 480.0, 196.0, 18.0, 8.0, 20.0, 26.0  # as narrow as a phone can show it whole
NONE = 34.0  # how far left of the axis stands what has no error at all
LEAST, MOST, STEP = -16, 4, 4  # powers of ten; what lies beyond stands at the end
GLYPHS = (
    "M-4 0A4 4 0 1 0 4 0A4 4 0 1 0 -4 0Z", "M-3.5 -3.5L3.5 3.5M-3.5 3.5L3.5 -3.5", "M0 -4.5L4.5 3.5L-4.5 3.5Z",
    "M0 -5L4 0L0 5L-4 0Z", "M-3.5 -3.5H3.5V3.5H-3.5Z", "M0 -4.5V4.5M-4.5 0H4.5",
)  # fmt: skip
"""A form for each oracle, so that none is told by its colour alone; oracles beyond them share the last."""

Mark = tuple[str, str, float]  # oracle, quantity, ratio


@dataclass(frozen=True)
class Ratios:
    """The drawing, its legend, and what it shows in numbers: how many comparisons, how many without any error, the worst."""

    drawing: Markup
    legend: Sequence[tuple[str, Markup]]
    n: int
    exact: int
    worst: float
    beyond: int


def ratios(document: Document) -> Ratios | None:
    """None where nothing was compared within a bound."""
    rows = [(layer.operator, list(_of_layer(layer))) for layer in document.layers]
    if document.ladder:
        of = {"finite_difference": ("error", "bound"), "complex_step": ("complex", "complex_bound")}
        steps = [rung for rung in document.ladder.rungs if rung.bound > 0 < rung.complex_bound]
        found = [(oracle, "", getattr(rung, a) / getattr(rung, b)) for oracle, (a, b) in of.items() for rung in steps]
        rows.append(("ladder", found))
    if document.digits:
        items = [item for verdict in (document.digits.whole, *document.digits.layers) for item in verdict.evidence]
        rows.append(("digits", [(item.oracle, item.quantity, item.ratio) for item in items if item.ratio is not None]))
    if document.training:
        rows.append(("training", [("autograd", "", ratio) for ratio in document.training.ratios]))
    rows = [(name, found) for name, marks in rows if (found := [mark for mark in marks if not math.isnan(mark[2])])]
    values = [ratio for _, marks in rows for _, _, ratio in marks]
    if not values:
        return None
    oracles = list(dict.fromkeys(oracle.partition(",")[0] for _, marks in rows for oracle, _, _ in marks))
    forms = {oracle: GLYPHS[min(number, len(GLYPHS) - 1)] for number, oracle in enumerate(oracles)}
    drawing = svg.drawing("bounds", WIDTH, TOP + len(rows) * ROW + FOOT, _parts(rows, forms))
    legend = [(oracle, _glyph(form, 7, 7)) for oracle, form in forms.items()]
    return Ratios(drawing, legend, len(values), values.count(0), max(values), sum(value > 1 for value in values))


def _of_layer(layer: Layer) -> Iterator[Mark]:
    """The worst of what passed, by oracle and quantity; and whatever the failure that is shown says."""
    for name, quantity in layer.quantities.items():
        for oracle, tally in quantity.oracles.items():
            if tally.worst_ratio is not None:
                yield oracle, name, tally.worst_ratio
    for item in layer.failure.verdict.evidence if layer.failure else ():
        if item.ratio is not None and item.status == "fail":
            yield item.oracle, item.quantity, item.ratio


def _at(ratio: float) -> float:
    """Across, by the power of ten; no error at all stands left of the axis."""
    if ratio <= 0:
        return LEFT - NONE
    power = min(max(math.log10(ratio) if ratio < math.inf else MOST, LEAST), MOST)
    return LEFT + (power - LEAST) / (MOST - LEAST) * (WIDTH - LEFT - RIGHT)


def _parts(rows: Sequence[tuple[str, Sequence[Mark]]], forms: dict[str, str]) -> Iterator[Markup]:
    bottom = TOP + len(rows) * ROW
    for power in range(LEAST, MOST + 1, STEP):
        x = _at(10.0**power)
        yield svg.line(x, TOP, x, bottom, "rule" if power else "limit")
        yield svg.text(x, bottom + 17, label(10.0**power, True), "tick")
    yield svg.text(_at(0), bottom + 17, "0", "tick")
    for number, (name, marks) in enumerate(rows):
        y = TOP + (number + 0.5) * ROW
        yield svg.line(LEFT - NONE - 8, y, WIDTH - RIGHT, y, "rule")
        yield svg.text(LEFT - NONE - 14, y + 4, name, "name", "end")
        places = dict.fromkeys((forms[oracle.partition(",")[0]], round(_at(ratio), 0), ratio > 1) for oracle, _, ratio in marks)
        for form, x, beyond in places:  # what would lie on one another is drawn once
            yield _glyph(form, x, y, "glyph beyond" if beyond else "glyph")


def _glyph(form: str, x: float, y: float, kind: str = "glyph") -> Markup:
    return Markup('<path class="{}" transform="translate({:g} {:g})" d="{}"/>').format(kind, x, y, form)
