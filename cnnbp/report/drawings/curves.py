"""One curve in one frame, drawn small: a range, a few ticks, and the limit where there is one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from ..speech import Speech
from . import svg

Point = tuple[float, float]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 320.0, 180.0, 40.0, 16.0, 12.0, 26.0
TINY, HUGE = 1e-300, 1e300  # what is beyond, or NaN, is not drawn


def chart(
    speech: Speech, name: str, points: Sequence[Point], *, zero: bool = False, log: bool = False, limit: float | None = None
) -> Markup:
    """The curve through the points that can be drawn; empty where there are none. `zero`: the axis starts at 0."""
    drawn = [(x, y) for x, y in points if (TINY < y < HUGE if log else abs(y) < HUGE)]
    if not drawn:
        return Markup("")
    values = [y for _, y in drawn] + ([] if limit is None else [limit])
    low, high = (min(values), max(values)) if not zero else (min(0.0, *values), max(values))
    ticks = _powers(low, high) if log else _steps(low, high)
    low, high = min(low, ticks[0]), max(high, ticks[-1])
    last = max(max(x for x, _ in drawn), 1)
    (first, start), (end, stop) = drawn[0], drawn[-1]
    least, most = min(y for _, y in drawn), max(y for _, y in drawn)
    text = speech.text(
        "report.drawings.points", n=len(drawn), first=first, end=end, start=f"{start:.3g}", stop=f"{stop:.3g}",
        least=f"{least:.3g}", most=f"{most:.3g}",
    )  # fmt: skip

    def at(x: float, y: float) -> Point:
        share = (_log(y) - _log(low)) / ((_log(high) - _log(low)) or 1) if log else (y - low) / ((high - low) or 1)
        return LEFT + x / last * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def parts() -> Iterator[Markup]:
        for tick in ticks:
            _, y = at(0, tick)
            yield svg.line(LEFT, y, WIDTH - RIGHT, y, "rule")
            yield svg.text(LEFT - 7, y + 4, _label(tick, log), "tick", "end")
        for step in (step for step in _steps(0, last) if step <= last):
            yield svg.text(at(step, high)[0], HEIGHT - BOTTOM + 18, f"{step:g}", "tick")
        if limit is not None:
            (left, y), (right, _) = at(0, limit), at(last, limit)
            yield svg.line(left, y, right, y, "limit")
        yield svg.polyline([at(x, y) for x, y in drawn], "curve")

    return svg.drawing(f"curve-{name}", WIDTH, HEIGHT, speech.text(f"report.training.curve.{name}"), text, parts())


def _log(value: float) -> float:
    return math.log10(value)


def _powers(low: float, high: float) -> list[float]:
    """Powers of ten around the range, at most six of them."""
    first, last = math.floor(_log(low)), math.ceil(_log(high))
    last += first == last
    step = -(-(last - first) // 5)
    return [10.0**exponent for exponent in range(first, last + step, step)]


def _steps(low: float, high: float) -> list[float]:
    """Round numbers over the range, four or five of them."""
    width = high - low if high - low > TINY else 1.0
    power = 10.0 ** math.floor(math.log10(width / 4))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * 5 >= width)
    return [n * step for n in range(math.floor(low / step), math.ceil(high / step) + 1)]


def _label(value: float, log: bool) -> str:
    if not log or value == 1:
        return f"{value:g}"
    return "10" + f"{_log(value):.0f}".translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
