"""What met what in the cases of one layer: a triangle of all pairs of classes, darker where they met more often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from cnnbp.evidence.records import Layer

from ..drawings import svg
from ..speech import Speech

CELL, LABELS = 11.0, 170.0
LEVELS = (1, 3, 10)  # so often, at least, for each darker shade


def triangle(layer: Layer, name: str, speech: Speech) -> Markup:
    """Rows and columns are the same classes; the name of each stands on the diagonal, and a pair where both meet.

    `name`: of the figure.
    """
    classes = [(factor, name) for factor, names in layer.classes.items() for name in names]
    place = {each: number for number, each in enumerate(classes)}
    side = len(classes) * CELL
    return svg.drawing(name, side + LABELS, side + 4, [*_cells(layer, place), _names(classes, speech)])


def _cells(layer: Layer, place: dict[tuple[str, str], int]) -> Iterator[Markup]:
    cells: dict[str, list[str]] = defaultdict(list)
    for pair in layer.pairs:
        for one, row in zip(layer.classes.get(pair.one, ()), pair.counts, strict=False):
            for other, count in zip(layer.classes.get(pair.other, ()), row, strict=False):
                across, down = sorted((place[pair.one, one], place[pair.other, other]))
                if count is not None:
                    x, y = across * CELL + 1, down * CELL + 1
                    cells[_shade(count)].append(f"M{x:g} {y + 4.5:g}h9" if count else f"M{x:g} {y:g}h9v9h-9z")
    for shade, found in cells.items():
        yield Markup('<path class="{}" d="{}"/>').format(shade, "".join(found))


def _names(classes: Sequence[tuple[str, str]], speech: Speech) -> Markup:
    """Along the diagonal, the factor before the first of its classes."""
    found, before = list[Markup](), ""
    for number, (factor, name) in enumerate(classes):
        told = [speech.property(name)] if factor == before else [speech.property(factor), speech.property(name)]
        words = speech.together(told, "list.colon").drawn
        found.append(Markup('<text x="{:g}" y="{:g}">{}</text>').format(number * CELL + 3, number * CELL + 9, words))
        before = factor
    return Markup('<g class="tick small start">{}</g>').format(Markup("").join(found))


def _shade(count: int) -> str:
    """Never, or how often, in steps."""
    return f"met met-{sum(count >= least for least in LEVELS)}" if count else "met never"
