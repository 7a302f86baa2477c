"""The few strokes that the drawings are made of. Colours are the page's own, by class, so that dark mode and print need nothing."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

Shape = tuple[int, int]
DIGIT = 9.0  # how wide a digit of a number in a cell is at most
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def drawing(name: str, width: float, height: float, parts: Iterable[Markup], role: str = "img") -> Markup:
    """A drawing as wide as it says, of the figure of this name: its caption names it, and what it shows stands beside it.

    No sentence stands in it: letters and numbers are the same in every language. `role`: "group" where its parts have names.
    """
    head = Markup(
        '<svg role="{3}" aria-labelledby="section-of-figure-{0}" aria-describedby="section-text-of-figure-{0}"'
        ' viewBox="0 0 {1:g} {2:g}" width="{1:g}" height="{2:g}">'
    ).format(name, width, height, role)
    return head + Markup("").join(parts) + Markup("</svg>")


def pick(name: str, places: Iterable[tuple[float, float]], side: float, shown: Iterable[Markup]) -> Markup:
    """Cells to point at, or to step to: what is `shown` then, which `name` says in letters."""
    hits, inner = squares(places, side, "hit"), Markup("").join(shown)
    return Markup('<g class="pick" tabindex="0" role="img" aria-label="{}">{}<g class="shown">{}</g></g>').format(name, hits, inner)


def squares(places: Iterable[tuple[float, float]], side: float, kind: str) -> Markup:
    """Cells of one class, in one stroke: a page has hundreds of them."""
    return Markup(f'<path class="{kind}" d="{"".join(f"M{x:g} {y:g}h{side:g}v{side:g}h-{side:g}z" for x, y in places)}"/>')


def square(x: float, y: float, side: float, kind: str, tap: int | None = None) -> Markup:
    """A cell of class `kind`, in the colour of its tap: there are nine."""
    kind += "" if tap is None else f" t{tap % 9}"
    return Markup(f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{side:g}" height="{side:g}"/>')


def named(x: float, y: float, side: float, name: str, kind: str, tap: int | None = None) -> tuple[Markup, Markup]:
    """A cell with its name in it."""
    return square(x, y, side, kind, tap), text(x + side / 2, y + round(side * 0.67), name, "label")


def valued(x: float, y: float, side: float, value: object, kind: str, tap: int | None = None) -> tuple[Markup, Markup]:
    """A cell with a number in it, smaller where the cell would be too narrow."""
    said = f"{value}".replace("-", "−")
    fits = len(said) * DIGIT <= side - 2
    return square(x, y, side, kind, tap), text(x + side / 2, y + side / 2 + 4, said, "label" if fits else "label small")


def text(x: float, y: float, words: str, kind: str, anchor: str = "middle") -> Markup:
    """Words centred on a point, or ending or starting there."""
    kind += "" if anchor == "middle" else f" {anchor}"
    return Markup(f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(words)}</text>')


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """A straight stroke."""
    return Markup(f'<path class="{kind}" d="M{x1:g} {y1:g}L{x2:g} {y2:g}"/>')


def frame(x: float, y: float, width: float, height: float, kind: str) -> Markup:
    """An outline around cells."""
    return Markup(f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"/>')


def polyline(points: Iterable[tuple[float, float]], kind: str) -> Markup:
    """Strokes from point to point."""
    return Markup(f'<polyline class="{kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>')


def cell(name: str, flat: int, shape: Shape) -> str:
    """A letter with row and column of a flat index below, counted from 1: w₁₃; w₁,₁₂ where one has two digits."""
    indices = [index + 1 for index in divmod(flat, shape[1])]
    return name + ("," if max(indices) > 9 else "").join(map(str, indices)).translate(SUBSCRIPTS)
