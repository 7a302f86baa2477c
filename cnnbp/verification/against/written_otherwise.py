"""What fails entry by entry against numbers that are trusted: right and written another way, or wrong.

A right layer that is written otherwise answers to within what norms allow, at the case and where what is small at the case is not:
at numbers of one size, at small ones, and at small integers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ...evidence import Evidence, Remark, remark
from ...evidence.verdict import Place
from ...rounding import Array
from .. import findings
from ..measured import Answers
from ..neighbours import largest, of_wide_range
from .beside import ORACLE, Beside, Known, compared, scaled

TINY = 2.0**-30


def judge(
    beside: Beside, known: Known, answers: Answers, args: tuple[Array, ...], delta: Array, tier1: list[Evidence]
) -> tuple[list[Evidence], list[Remark], Known]:
    """The evidence of both tiers, what is wrong, and what is known of right answers in the end. Raises Breach."""
    failed = [item for item in tier1 if item.status == "fail"]
    found, known = _at_the_case(beside, known, answers, args, delta)
    wrong = [(item, known) for item in found if item.status == "fail"]
    wide = _why_doubted(beside, known, answers, args, delta) if wrong else ""
    elsewhere = list[tuple[Evidence, Known]]()
    if wide or not wrong:
        unconventional = {q for q, m in known.items() if q in answers and m.conventions(answers[q]).any()}
        for items, there in _elsewhere(beside, args, delta, unconventional):
            elsewhere += [(item, there) for item in items if item.status == "fail"]
            found += () if wide else items
    if wide and not elsewhere:
        return [_doubted(item, wide) if item.status == "fail" else item for item in tier1], [], known
    wrong += elsewhere
    suspects = {item.quantity for item in failed}
    told = [item for item in found if item.status == "fail" or (item.status == "pass" and item.quantity in suspects)]
    if not wrong:
        return [*(_doubted(item, "unconventional") if item in failed else item for item in tier1), *told], [], known
    sharpest = {item.quantity: (item, where) for item, where in reversed([*((i, known) for i in failed), *wrong])}
    bad = {item.quantity for item, _ in wrong}
    remarks = [findings.wrong(i, "", {ORACLE: m[q].expected}) for q, (i, m) in sharpest.items() if q in bad]
    return [*tier1, *told], remarks[::-1], known


def _at_the_case(
    beside: Beside, known: Known, answers: Answers, args: tuple[Array, ...], delta: Array
) -> tuple[list[Evidence], Known]:
    """By norms; where that fails, with room for roundings of larger numbers, and then for what the layer itself rounds."""
    found = list(compared(known, answers, 2))
    for wider in (beside.as_rough, beside.with_own):
        if any(item.status == "fail" for item in found):
            known = wider(known, args, delta)
            found = list(compared(known, answers, 2))
    return found, known


def _elsewhere(
    beside: Beside, args: tuple[Array, ...], delta: Array, unconventional: set[str]
) -> Iterator[tuple[list[Evidence], Known]]:
    """At each variant of the case in the reference's domain. `unconventional`: where a convention is another at the case."""
    for at, moved, residual in _variants(args, delta, beside.rng):
        try:
            known = beside.levelled(beside.known(moved, residual), moved, residual)
        except ValueError:
            continue  # out of the reference's domain
        if not all(np.isfinite(m.expected).all() for m in known.values()):
            continue  # at a pole of it
        there = beside.answers(moved, residual)
        items = list(compared(known, there, 2, at))
        if any(item.status == "fail" or item.quantity in unconventional for item in items):
            known = beside.as_rough(beside.widened(known, moved, residual), moved, residual)
            if at == "mantissas":  # which lie as close together as those of the case, in parts of their size
                known = beside.with_own(known, moved, residual)
            items = list(compared(known, there, 2, at))
        yield items, known


def _variants(args: tuple[Array, ...], delta: Array, rng: np.random.Generator) -> Iterator[tuple[Place, tuple[Array, ...], Array]]:
    """The same shapes at numbers of one size, at small ones, and at small integers."""
    sizes: dict[Place, float] = {"mantissas": 1.0, "tiny": TINY}
    for at, size in sizes.items():
        yield at, scaled(args, [size] * len(args)), size * np.frexp(delta)[0]
    small = [rng.integers(-3, 4, a.shape).astype(float) if a.dtype.kind == "f" else a for a in (*args, delta)]
    yield "small-integers", tuple(small[:-1]), small[-1]


def _why_doubted(beside: Beside, known: Known, answers: Answers, args: tuple[Array, ...], delta: Array) -> str:
    """Why an answer beyond all bounds may be right here: an algorithm mixes numbers of wide range, or subtracts large ones.

    So exp(x − log Σ exp(x)) does, and carries the last bits of x: the roundings of the reference at numbers of about 1, as much
    larger as the arguments are. Empty where neither can be.
    """
    if of_wide_range(*args, delta):
        return "wide-range"
    try:
        size, usual = largest(*(a for a in args if a.dtype.kind == "f")), beside.usual(args, delta)
    except ValueError:  # out of its domain
        return ""
    factors = {q: size * (1.0 if q == "y" else largest(delta)) for q in usual}
    most = {q: replace(m, by_norm=max(m.by_norm, factors[q] * usual[q].by_norm)) for q, m in known.items()}
    small = size <= 1 or any(item.status == "fail" for item in compared(most, answers, 2))
    return "" if small else "large-arguments"


def _doubted(item: Evidence, why: str) -> Evidence:
    return replace(item, status="abstain", remark=remark(f"verification.{why}"))
