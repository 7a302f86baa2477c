"""Where a layer compares what it is handed: its floats against its own answers to the same integers of Python, and `like`'s.

Small integers meet ties. Large ones no shorter type holds: of x and δ alone both are as large as 2²⁷; of more operands all are as
large as 2¹², and then each in turn as large as 2²⁷, with the others such that no product of all of them is beyond 2⁵³. Where the
answers are no integers, or too large for sums of them to be exact, they are compared nearly: what rounds is for bounds to judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..evidence.verdict import remark
from ..rounding import Array
from .found import Found, Tally
from .integers import EXACT, WIDE, Trial, seed_of
from .on_floats import answers, same
from .question import Question

POINTS, TURNS = 6, 3  # of each size of numbers; of those in which one operand is wide
TIES, MEDIUM = 2, 2**12  # the largest integers, where all are as large as that
ROOM = 2**5  # by which sums on the way may be larger than the answers
NEAR = 2.0**-40  # of the largest answer at any point: above the rounding of sums that cancel, below that of any shorter type

Named = list[tuple[str, Array]]


class Asked(NamedTuple):
    """A point, and what floats must answer there."""

    trial: Trial
    wanted: Named


def at_points(question: Question, seed: int, ties_open: bool = False) -> Found:
    """What differs is told. ties_open: of gradients at ties nothing is claimed, so where numbers are equal y alone is asked."""
    found = Found([Tally("floats", "exact at points")])
    number = 0
    for sizes, points in _sizes(len(question.unknown) + 1):
        asked = list[Asked]()
        for _ in range(points):
            asked += _asked(question, sizes, np.random.default_rng(seed_of(f"{seed}/point {number}")))
            number += 1
        if ties_open:
            asked = [Asked(trial, wanted[:1] if _ties(question, trial) else wanted) for trial, wanted in asked]
        if not _hold(question, asked, found):
            return found
    return found


def _sizes(operands: int) -> Iterator[tuple[list[int], int]]:
    """The largest integer of each unknown argument and of δ, and at how many points."""
    yield [TIES] * operands, POINTS
    yield [WIDE if operands == 2 else MEDIUM] * operands, POINTS
    for wide in range(operands) if operands > 2 else ():
        narrow = max(TIES, 2 ** (((EXACT // WIDE).bit_length() - 1) // (operands - 1)))
        yield [WIDE if j == wide else narrow for j in range(operands)], TURNS


def _asked(question: Question, sizes: Sequence[int], rng: np.random.Generator) -> Iterator[Asked]:
    """A drawn point, with the answers of the layer, and of `like`, to Python's integers there; none where they have none."""
    drawn = [rng.integers(-size, size + 1, a.shape) for size, (_, a) in zip(sizes, question.unknown, strict=False)]
    args, exact = (question.with_arrays([a.astype(kind) for a in drawn]) for kind in (float, object))
    for layer in (question.layer, question.like):
        try:
            y = np.asarray(layer.forward(*(a.copy() for a in exact)))
            delta = rng.integers(-sizes[-1], sizes[-1] + 1, y.shape)
            right = y, *question.gradients(layer.backward(delta.astype(object), *(a.copy() for a in exact)))
            wanted = [(name, np.asarray(a, float)) for name, a in zip(_names(question), right, strict=False)]
        except Exception:  # no layer, or none for integers of Python
            continue
        yield Asked(Trial(args, delta.astype(float), 1.0, 0), wanted)


def _ties(question: Question, trial: Trial) -> bool:
    """Whether two unknown numbers are equal, or one is 0: a sort of floats need not keep their order, one of objects does."""
    numbers = np.concatenate([np.zeros(1), *(trial.args[j].ravel() for j, _ in question.unknown)])
    return np.unique(numbers).size < numbers.size


def _names(question: Question) -> tuple[str, ...]:
    return "y", *(a.name for _, a in question.may_move)


def _hold(question: Question, asked: list[Asked], found: Found) -> bool:
    """The floats at points of one size of numbers: bit for bit where nothing is rounded, else nearly."""
    largest: dict[str, float] = {}
    rounds = False
    for name, right in (named for _, wanted in asked for named in wanted):
        largest[name] = max(largest.get(name, 1.0), np.abs(right[np.isfinite(right)]).max(initial=0))
        rounds |= bool(np.any(right != np.round(right)))
    rounds |= max(largest.values(), default=0) >= EXACT / ROOM
    tally = found.tallies[0]
    for trial, wanted in asked:
        if not (_near(question, trial, found, wanted, largest) if rounds else same(question, trial, found, tally, wanted)):
            return False
    return True


def _near(question: Question, trial: Trial, found: Found, wanted: Named, largest: dict[str, float]) -> bool:
    """As `same` where a constant was rounded, once or a few times. One answer may cancel, but not at every point."""
    tally = found.tallies[0]
    tally.kind = "sampled"
    for (name, right), answer in zip(wanted, answers(question, trial), strict=False):
        tally.compared += right.size
        if answer.shape != right.shape or _apart(answer, right, NEAR * largest[name]):
            tally.wrong, found.remark = True, remark(f"proof.wrong-{tally.name}", quantity=name)
            return False
    return True


def _apart(answer: Any, right: Array, slack: float) -> bool:
    """Whether some number is no number there, or is further off."""
    return bool(np.any(np.isfinite(right) & ~(np.abs(answer - right) <= slack)))
