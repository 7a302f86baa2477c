"""The few strokes that the drawings are made of. Colours are the page's own, by class, so that dark mode and print need nothing."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def drawing(name: str, width: float, height: float, title: str, description: str, parts: Iterable[Markup]) -> Markup:
    """A drawing as wide as it says, with its text alternative; `name` makes the ids of title and description."""
    head = Markup(
        '<svg role="img" aria-labelledby="section-{0}-title section-{0}-text" viewBox="0 0 {1:g} {2:g}"'
        ' width="{1:g}" height="{2:g}">'
        '<title id="section-{0}-title">{3}</title><desc id="section-{0}-text">{4}</desc>'
    ).format(name, width, height, title, description)
    return head + Markup("").join(parts) + Markup("</svg>")


def rectangle(x: float, y: float, width: float, height: float, kind: str, hue: int | None = None) -> Markup:
    """A cell of class `kind`; `hue` is the number of the tap that colours it."""
    style = "" if hue is None else f' style="--tap:{hue}"'
    return Markup(f'<rect class="{kind}"{style} x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"/>')


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "middle") -> Markup:
    """Words centred on a point, or ending or starting there."""
    kind = f' class="{kind}"' if kind else ""
    return Markup(f'<text{kind} x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>')


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """A straight stroke."""
    return Markup(f'<path class="{kind}" d="M{x1:g} {y1:g}L{x2:g} {y2:g}"/>')


def polyline(points: Iterable[tuple[float, float]], kind: str) -> Markup:
    """Strokes from point to point."""
    return Markup(f'<polyline class="{kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>')


def indexed(name: str, *numbers: int) -> str:
    """A letter with its indices below: w₁₃; with a comma between them where one has two digits."""
    between = "," if any(number > 9 for number in numbers) else ""
    return name + between.join(map(str, numbers)).translate(SUBSCRIPTS)


def place(flat: int, shape: tuple[int, int]) -> tuple[int, int]:
    """Row and column of a flat index, both from 0."""
    return divmod(flat, shape[1])


def cell(name: str, flat: int, shape: tuple[int, int]) -> str:
    """The name of a cell as people count, from 1: w₁₁."""
    row, column = place(flat, shape)
    return indexed(str(escape(name)), row + 1, column + 1)
