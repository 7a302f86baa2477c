"""Error against step: truncation on one side, rounding on the other, the bound above both, and the step that was taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, log2, log10

from markupsafe import Markup

from cnnbp.evidence.records import Ladder as Record
from cnnbp.evidence.records import Rung
from cnnbp.evidence.status import of_ladder

from ..drawings import svg
from ..drawings.curves import HUGE, TINY, label, powers
from ..setting import Place, Setting

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 320.0, 230.0, 40.0, 14.0, 18.0, 26.0
LINES = {"error": "curve", "bound": "limit", "complex": "curve dotted", "complex_bound": "limit sparse"}
"""Of each rung what is drawn, and how: none is told by its colour alone."""


@dataclass(frozen=True)
class Ladder:
    """The record, and its picture where it can be drawn: with a legend, and in numbers what it shows."""

    place: Place[Record]
    drawing: Markup | None
    legend: Sequence[tuple[str, Markup]]
    numbers: Mapping[str, float | str]


def ladder(setting: Setting) -> Ladder | None:
    """None where a whole run has none."""
    place = setting.part("ladder", setting.document.ladder, of_ladder)
    if place is None or place.record is None:
        return Ladder(place, None, (), {}) if place else None
    found = place.record
    taken = next((rung for rung in found.rungs if rung.step == found.chosen), None)
    if taken is None or not all(_drawable(rung) for rung in found.rungs):
        return Ladder(place, None, (), {})
    legend = [(name, svg.line(0, 7, 26, 7, kind)) for name, kind in LINES.items()]
    drawing = svg.drawing("ladder", WIDTH, HEIGHT, _parts(found, taken))
    return Ladder(place, drawing, legend, _numbers(found, taken))


def _drawable(rung: Rung) -> bool:
    """An error of 0 is: it stands at the lower edge."""
    positive, measured = (rung.step, rung.bound, rung.complex_bound), (rung.error, rung.complex)
    return all(TINY < value < HUGE for value in positive) and all(0 <= value < HUGE for value in measured)


def _numbers(found: Record, taken: Rung) -> dict[str, float | str]:
    best, last = min(found.rungs, key=lambda rung: rung.error), found.rungs[-1]
    return {
        "layer": found.layer, "entries": found.entries, "n": len(found.rungs), "first": found.rungs[0].step, "last": last.step,
        "start": found.rungs[0].error, "stop": last.error, "best": best.error, "at": best.step, "chosen": found.chosen,
        "error": taken.error, "bound": taken.bound, "floor": last.complex,
        "beyond": found.beyond,
    }  # fmt: skip


def _parts(found: Record, taken: Rung) -> Iterator[Markup]:
    heights = [value for rung in found.rungs for value in (getattr(rung, name) for name in LINES) if value > TINY]
    across = powers(min(rung.step for rung in found.rungs), max(rung.step for rung in found.rungs))
    upwards = powers(min(heights), max(heights))

    def at(step: float, error: float) -> tuple[float, float]:
        height = HEIGHT - TOP - BOTTOM
        return LEFT + _share(step, across) * (WIDTH - LEFT - RIGHT), TOP + (1 - _share(error, upwards)) * height

    for tick in upwards:
        _, y = at(across[0], tick)
        yield svg.line(LEFT, y, WIDTH - RIGHT, y, "rule")
        yield svg.text(LEFT - 7, y + 4, label(tick, True), "tick", "end")
    for tick in across:
        yield svg.text(at(tick, 1)[0], HEIGHT - BOTTOM + 18, label(tick, True), "tick")
    x, y = at(taken.step, taken.error)
    yield svg.line(x, TOP, x, HEIGHT - BOTTOM, "rule strong")
    yield svg.text(x, TOP - 6, f"h = {_power_of_two(taken.step)}", "tick")
    for name, kind in LINES.items():
        yield svg.polyline([at(rung.step, getattr(rung, name)) for rung in found.rungs], kind)
    yield svg.frame(x - 3, y - 3, 6, 6, "taken")


def _share(value: float, ticks: Sequence[float]) -> float:
    """How far along an axis of powers."""
    low, high = log10(ticks[0]), log10(ticks[-1])
    return (log10(max(value, ticks[0])) - low) / (high - low)


def _power_of_two(step: float) -> str:
    """2⁻¹⁶, or the number where it is none."""
    power = log2(step)
    whole = isfinite(power) and power == round(power)
    return "2" + f"{power:.0f}".translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")) if whole else f"{step:.3g}"
