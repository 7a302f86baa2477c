"""Estimated: a layer that is asked in a low precision, against its own float64 answers to the same numbers.

Differences of rounded answers show little but their rounding. So the layer is judged in float64 as any other is, and what it
answers in the low precision must be that, but for as much as rounding its arguments and its sums would move it. How much
that is, is measured: R, the root of Σ(θ·∂v/∂θ)² over all entries θ of the arguments, by moving them all at random. Where an answer
is beyond that, and within as much as the largest entries may be off, nobody knows what cancelled on the way: it is left out.
So is what the low precision cannot hold, where the sign is right: ∞ is the answer there, or a limit that is kept to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...evidence import Evidence, remark
from ...judge import agrees, compare
from ...precision import FLOAT64, Precision
from ...rounding import Array, promised
from ..examination import signs
from ..findings import abstain, record
from ..neighbours import largest
from ..subject import Breach, Subject

Ask = Callable[[tuple[Array, ...], Array], tuple[Array, ...]]
ORACLE = "reference"
DRAWS, MOVED = 6, 2.0**-10  # so often all arguments are moved, by so much of themselves
SCATTERED, CAUTION, UNITS = 8, 8.0, 16.0  # neighbours; times their scatter; and units of roundoff of 1, or of the largest number
ROUNDINGS = 8  # of one answer, beside those of its sums
STORED = 4.0  # units of roundoff of an answer and of R: what is stored on the way is rounded, as the arguments are
SUMS = 4.0  # times √N: what sums of up to N terms are off by as a rule, in any order, and seldom more


@dataclass(frozen=True)
class Own:
    """The layer's own float64 answers to numbers of the low precision, and R of each."""

    right: tuple[Array, ...]
    reach: tuple[Array, ...]

    def held(self, answers: Mapping[str, Array], precision: Precision) -> dict[str, Array]:
        """What the precision can hold of them, by quantity: ∞ where a number of the same sign is beyond its largest, or nearly."""
        near, found = precision.largest * (1 - ROUNDINGS * precision.u), {}
        for (quantity, actual), right in zip(answers.items(), self.right, strict=True):
            found[quantity] = np.where((np.abs(right) > near) & (np.sign(actual) == np.sign(right)), np.inf, right)
        return found


def in_float64(wide: Subject, args: tuple[Array, ...], delta: Array) -> Own | None:
    """None where the layer answers float64 with something else: it has no better answers to be held against."""
    try:
        found = of(asked_of(wide), args, delta)
    except Breach:
        return None
    return None if any(check == "dtype" for check, _ in wide.broken) else found


def asked_of(wide: Subject) -> Ask:
    """How the layer is asked. Raises Breach."""
    return lambda args, delta: (wide.forward(*args), *wide.backward(delta, *args))


def of(ask: Ask, args: tuple[Array, ...], delta: Array) -> Own:
    """Of y and the gradients that somebody answers in float64. Raises what `ask` raises."""
    right = ask(args, delta)
    return Own(right, _moved(ask, args, delta, right))


def evidence(
    answers: Mapping[str, Array],
    own: Own,
    args: tuple[Array, ...],
    delta: Array,
    precision: Precision,
    whose: str = "own-float64",
    scatter: Callable[[], Mapping[str, Array]] = dict,
) -> Iterator[Evidence]:
    """What each answer in the precision is worth.

    whose: the answers in float64 that it is held against, as a remark says it. scatter: as `scattered`, asked for where one fails.
    """
    entries = sum(a.size for a in (*args, delta))
    held = own.held(answers, precision)
    for (quantity, actual), right, reach in zip(answers.items(), own.right, own.reach, strict=True):
        if actual.size == 0:
            yield abstain(ORACLE, quantity, "estimated", remark("verification.empty"))
            continue

        def bound(asked: Precision, v: Array = right, reach: Array = reach) -> Array:
            with np.errstate(over="ignore", invalid="ignore"):
                off = slack_of(asked, entries) * (np.abs(v) + reach) + entries * asked.underflow
            return promised(off)

        expected, found, note = held[quantity], None, remark(f"verification.{whose}", precision=precision.name)
        if precision.inner is not None:  # first as sharply as a layer can be whose sums are kept in a higher precision
            once = STORED * precision.u * (np.abs(right) + reach) + entries * precision.underflow
            found = compare(actual, expected, promised(bound(precision.inner) + once))
        if found is None or found.status == "fail":
            found = compare(actual, expected, bound(precision))
        if found is not None and found.status == "fail":  # what cancels on the way is rounded as the largest entries are
            widest = bound(precision, np.full_like(right, np.max(np.abs(right))), np.full_like(reach, np.max(reach)))
            beyond = compare(actual, expected, widest)
            doubtful = found.suspects if beyond is None else found.suspects & ~beyond.suspects
            found = compare(actual, expected, found.bounds, doubtful)
        if found is not None and found.status == "fail" and quantity != "y":
            beside = bound(precision, right, np.full_like(right, np.max(np.abs(delta))))
            if agrees(actual, expected, np.maximum(beside, found.bounds), ~found.kept):  # δ − Σδy where y is 1
                yield abstain(ORACLE, quantity, "estimated", remark("verification.cancels", precision=precision.name))
                continue
        if found is not None and found.status == "fail" and quantity in (apart := scatter()):
            beyond = compare(actual, expected, np.maximum(found.bounds, apart[quantity]), ~found.kept)
            around = found.suspects if beyond is None else found.suspects & ~beyond.suspects
            found = compare(actual, expected, found.bounds, around | ~found.kept)
            if found is None or 2 * np.count_nonzero(around) > actual.size:
                yield abstain(ORACLE, quantity, "estimated", remark("verification.scatters", precision=precision.name))
                continue
        yield record(ORACLE, quantity, "estimated", found, note=note)


def scattered(
    low: Ask, high: Ask, quantities: Sequence[str], args: tuple[Array, ...], delta: Array, precision: Precision
) -> dict[str, Array]:
    """How far the layer's answers in the precision scatter about those in float64, from one number to the next.

    So an algorithm is seen that rounds numbers of about 1 on the way to small ones, as 2σ(2x) − 1 for tanh: no more than that is
    allowed it. What is off by a factor is so everywhere, and does not scatter. Nothing where it cannot be asked.
    """
    rng, rows = np.random.default_rng((delta.size, SCATTERED)), list[list[Array]]()
    for _ in range(SCATTERED):
        near = [a if a.dtype.kind in "iu" else precision.round(a * (1 + MOVED * signs(a.shape, rng))) for a in (*args, delta)]
        asked = tuple(near[:-1]), near[-1]
        try:
            rows.append([a - b for a, b in zip(low(*asked), high(*asked), strict=True)])
        except (Breach, ValueError):
            return {}
    found, sizes = {}, [largest(a) for a in (*args, delta) if a.dtype.kind == "f"]
    for quantity, *apart in zip(quantities, *rows, strict=True):
        most = UNITS * precision.u * max(1.0, *sizes)
        found[quantity] = np.minimum(CAUTION * np.std(np.nan_to_num(np.array(apart), posinf=0, neginf=0), axis=0), most)
    return found


def slack_of(precision: Precision, entries: int) -> float:
    """Relative, what sums of up to so many terms are off by: where u is large, all of them may be rounded one way."""
    return float(precision.u * (ROUNDINGS + (entries if precision.inner is not None else SUMS * np.sqrt(entries))))


def _moved(ask: Ask, args: tuple[Array, ...], delta: Array, right: tuple[Array, ...]) -> tuple[Array, ...]:
    """R of each entry of each answer; the largest of several draws, which a direction may cancel in."""
    rng, found = np.random.default_rng(delta.size), [np.zeros(a.shape) for a in right]

    def near(a: Array) -> Array:
        return a if a.dtype.kind in "iu" else np.asarray(a * (1 + MOVED * signs(a.shape, rng)))

    for _ in range(DRAWS):
        for reach, a, b in zip(found, ask(tuple(map(near, args)), near(delta)), right, strict=True):
            np.fmax(reach, np.abs(a - b) / MOVED, out=reach)
    return tuple(found)


def silent(quantities: Mapping[str, Array], precision: Precision) -> list[Evidence]:
    """Of a layer that has no float64 answers."""
    assert precision is not FLOAT64
    return [abstain(ORACLE, q, "estimated", remark("verification.no-float64", precision=precision.name)) for q in quantities]
