"""The one number that all of an answer is too large by, and what it may be: n, 1/n, 2, ½, −1, the window, the stride …"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import numpy as np

from ..judge import compare
from ..rounding import Array, U
from .point import Point

PLAIN = (-1, 2, Fraction(1, 2), -2, Fraction(-1, 2), 3, 4, Fraction(1, 3), Fraction(1, 4))
TIMES = (2, 3, 4)  # over a size, as in 4/n
NEAR_ONE = 5e-12  # nearer, and it would read as 1 in a sentence: that is rounding, and no number by which somebody multiplies
DOUBTED = 4.0  # so many units of the number itself may it be off by


def factor(point: Point, quantity: str) -> tuple[float, list[str]] | None:
    """actual/expected where it is one number over all entries, to rounding, and what that may be; None elsewhere.

    A single entry has a ratio whatever is wrong with it, which is a factor only under a name. 0 is none, nor is what reads as 1.
    """
    actual, expected, bounds, known = _arrays(point, quantity)
    if not np.isfinite(actual[known]).all() or not expected[known].any():
        return None
    sharpness = np.where(known & (expected != 0), np.abs(expected) / np.maximum(bounds, U * np.abs(expected)), -1)
    sharpest = np.unravel_index(int(np.argmax(sharpness)), expected.shape)  # where the ratio can be told best
    ratio, size = float(actual[sharpest] / expected[sharpest]), abs(float(expected[sharpest]))
    if not np.isfinite(ratio) or ratio == 0 or abs(ratio - 1) < NEAR_ONE:
        return None
    off = float(bounds[sharpest]) / size * (1 + abs(ratio)) + DOUBTED * U * abs(ratio)  # how far the ratio may be off
    several = np.count_nonzero(expected[known]) > 1
    forms = _names(point, quantity, ratio, off) if several or expected.size == 1 else []
    if forms:
        return ratio, forms
    return (ratio, []) if several and _fits(point, quantity, ratio, off) else None


def _names(point: Point, quantity: str, ratio: float, off: float) -> list[str]:
    """What the factor may be, in letters: of plain numbers and sizes; only where there are none, of less likely forms."""
    for forms in (_likely(point.sizes), _unlikely(point.sizes)):
        near = [(form, value) for form, value in forms if value != 1 and abs(value - ratio) <= 2 * off]
        found = [form for form, value in near if _fits(point, quantity, value, DOUBTED * U * abs(value))]
        if found:
            return list(dict.fromkeys(found))
    return []


def _likely(sizes: Mapping[str, int]) -> Iterator[tuple[str, float]]:
    for name, size in sizes.items():
        yield name, float(size)
        yield f"1/{_inside(name)}", 1 / size
    yield from ((_plain(value), float(value)) for value in PLAIN)


def _unlikely(sizes: Mapping[str, int]) -> Iterator[tuple[str, float]]:
    for name, size in sizes.items():
        yield f"−{name}", -float(size)
        yield f"−1/{_inside(name)}", -1 / size
        yield f"1/√{_inside(name)}", size**-0.5
        yield f"1/{_inside(name)}²", 1 / size**2
        yield from ((f"{times}/{_inside(name)}", times / size) for times in TIMES)
    if "n" in sizes:
        yield "(n − 1)/n", (sizes["n"] - 1) / sizes["n"]
        yield "n/(n − 1)", sizes["n"] / (sizes["n"] - 1)
    if "h·w" in sizes and "p·q" in sizes:
        yield "h·w/(p·q)", sizes["h·w"] / sizes["p·q"]
        yield "p·q/(h·w)", sizes["p·q"] / sizes["h·w"]


def _inside(name: str) -> str:
    return f"({name})" if "·" in name else name


def _plain(value: int | Fraction) -> str:
    return str(value).replace("-", "−")


def _fits(point: Point, quantity: str, ratio: float, off: float) -> bool:
    """Whether the answer is what is expected times a number that may be off by so much, and nearer to it wherever it is wrong."""
    actual, expected, bounds, known = _arrays(point, quantity)
    with np.errstate(over="ignore", invalid="ignore"):
        multiplied, slack = ratio * expected, max(1.0, abs(ratio)) * bounds + off * np.abs(expected)
    judged = compare(actual, np.where(known, multiplied, 0.0), np.where(known, slack, 0.0), ~known)
    return judged is not None and judged.status == "pass" and explains(point, quantity, multiplied)


def explains(point: Point, quantity: str, said: Array) -> bool:
    """Whether this is nearer to the answer than what is expected, in every entry that is wrong."""
    actual, expected, wrong = point.answers[quantity], point.expected[quantity], point.wrong[quantity].suspects
    return bool((2 * np.abs(actual - said)[wrong] < np.abs(actual - expected)[wrong]).all())


def _arrays(point: Point, quantity: str) -> tuple[Array, Array, Array, Array]:
    judged, answer = point.wrong[quantity], point.answers[quantity]
    return answer, point.expected[quantity], np.broadcast_to(judged.bounds, answer.shape), judged.kept
