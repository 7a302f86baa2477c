"""One curve in one frame, drawn small: a range, a few ticks, and the limit where there is one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from . import svg

Point = tuple[float, float]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 320.0, 180.0, 40.0, 16.0, 12.0, 26.0
TINY, HUGE = 1e-300, 1e300  # what is beyond, or NaN, is not drawn


@dataclass(frozen=True)
class Curve:
    """The drawing, and in numbers what it shows: how many points from where to where, and between which values."""

    drawing: Markup
    numbers: Mapping[str, int | str]


def chart(name: str, points: Sequence[Point], *, zero: bool = False, log: bool = False, limit: float | None = None) -> Curve | None:
    """The curve through the points that can be drawn; None where there are none. `zero`: the axis starts at 0."""
    drawn = [(x, y) for x, y in points if (TINY < y < HUGE if log else abs(y) < HUGE)]
    if not drawn:
        return None
    steps, values = [int(x) for x, _ in drawn], [y for _, y in drawn]
    shown = [*values, *([] if limit is None else [limit]), *([0.0] if zero else [])]
    ticks = (powers if log else _steps)(min(shown), max(shown))
    scale: Callable[[float], float] = math.log10 if log else float
    low, high, last = scale(min(*shown, ticks[0])), scale(max(*shown, ticks[-1])), max(*steps, 1)
    numbers = {"start": values[0], "stop": values[-1], "least": min(values), "most": max(values)}
    written = {name: f"{value:.3g}" for name, value in numbers.items()}

    def at(x: float, y: float) -> Point:
        share = (scale(y) - low) / ((high - low) or 1)
        return LEFT + x / last * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def parts() -> Iterator[Markup]:
        for tick in ticks:
            _, y = at(0, tick)
            yield svg.line(LEFT, y, WIDTH - RIGHT, y, "rule")
            yield svg.text(LEFT - 7, y + 4, label(tick, log), "tick", "end")
        for step in (step for step in _steps(0, last) if step <= last):
            yield svg.text(at(step, ticks[0])[0], HEIGHT - BOTTOM + 18, f"{step:g}", "tick")
        if limit is not None:
            (left, y), (right, _) = at(0, limit), at(last, limit)
            yield svg.line(left, y, right, y, "limit")
        yield svg.polyline([at(x, y) for x, y in drawn], "curve")

    return Curve(svg.drawing(name, WIDTH, HEIGHT, parts()), {"n": len(drawn), "first": steps[0], "end": steps[-1], **written})


def powers(low: float, high: float) -> list[float]:
    """Powers of ten around the range, at most six of them."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    last += first == last
    step = -(-(last - first) // 5)
    return [10.0**exponent for exponent in range(first, last + step, step)]


def _steps(low: float, high: float) -> list[float]:
    """Round numbers over the range, four or five of them."""
    width = high - low if high - low > TINY else 1.0
    power = 10.0 ** math.floor(math.log10(width / 4))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * 5 >= width)
    return [n * step for n in range(math.floor(low / step), math.ceil(high / step) + 1)]


def label(value: float, log: bool) -> str:
    """A tick in words: 0.25; 10⁻³ on an axis of powers."""
    if not log or value == 1:
        return f"{value:g}"
    return "10" + f"{math.log10(value):.0f}".translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
