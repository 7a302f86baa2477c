"""Several points in one sequence of calls. What holds there holds; where something does not, each point is asked by itself.

So a right layer is asked less, and of a wrong one every point says what it finds when nothing else is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain

import numpy as np

from ...evidence import Evidence, remark
from ..subject import Breach
from . import linear, other_inputs, remembered, repeated
from .elsewhere import larger
from .trial import Trial, all_same, found, same

POINTS = (repeated.REPEATS, "reads-only-inputs", "answers-stand", "same-arrays")


def known(trial: Trial, point: str) -> Mapping[str, Evidence]:
    """What is found out at once of this point and later ones: all of them hold; else one that is known to be broken, or nothing."""
    try:
        return SEQUENCES[point](trial) if point in SEQUENCES else {}
    except Breach:
        return {}


def _in_place(trial: Trial) -> Mapping[str, Evidence]:
    """The case in arrays that are held; other numbers in these very arrays, and in others; the case in read-only ones.

    Equal questions have equal answers, and nobody has written into the arrays that are held, nor into an answer.
    """
    case, new = (trial.delta, *trial.args), remembered.refilling(trial)
    arrays, apart = tuple(map(np.array, case)), tuple(map(np.array, new))
    first = trial.uncopied(arrays[0], arrays[1:])
    kept = tuple(map(np.array, first))
    if not all_same(case, arrays):
        return {}  # and so the answers may be others
    if not all_same(trial.first, kept):
        return {repeated.REPEATS: repeated.differs(trial, kept)}
    alone = [not any(np.may_share_memory(a, array) for array in arrays) for a in first]  # a view of them moves with them
    second = trial.uncopied(*remembered.refilled(arrays, new))
    given = [*((name, a, k) for name, a, k, stays in zip(trial.names, first, kept, alone, strict=True) if stays)]
    given += ((name, a, np.array(a)) for name, a in zip(trial.names, second, strict=True))
    fresh = trial.uncopied(apart[0], apart[1:])  # before the case: of two buffers in turn this is where the first answer lies
    answered = trial.close("same-arrays", fresh, second, trial.slack_at(new[1:], new[0]), "contract.same-array")
    again = remembered.read_only(trial)
    if not all_same(trial.first, again):
        return {repeated.REPEATS: repeated.differs(trial, again)}
    if not all_same((*new, *new), (*arrays, *apart)):
        return {}
    for name, a, before in given:
        if not same(a, before):
            return {"answers-stand": found("answers-stand", remark("contract.overwrites-answers", quantity=name))}
    mine = [a for a, stays in zip(first, alone, strict=True) if stays]
    if any(np.may_share_memory(a, b) for a in mine for b in (*second, *fresh, *again)):
        return {}  # buffers by turns: of three the last call has written into the first what stood there
    return {point: found(point) for point in POINTS} if answered.status == "pass" else {}


def _elsewhere(trial: Trial) -> Mapping[str, Evidence]:
    """Another input in between; other sizes, all as the reference says, and the case as before; then other numbers."""
    if trial.bends is not None:  # without a reference a copy of the layer says what is right: it may keep the same
        return {}
    told = remembered.in_between(trial)
    if told.status == "fail":
        return {remembered.NO_MEMORY: told}
    sizes = list(other_inputs.of_size(trial))
    again = trial.ask(trial.delta, trial.args)
    if not all_same(trial.first, again):
        return {remembered.NO_MEMORY: remembered.of_size(trial, again)}
    if len(sizes) < len(list(larger(trial.args))):  # refused, as a larger map may be
        return {}
    elsewhere = other_inputs.concluded(trial, chain(sizes, other_inputs.of_numbers(trial)))
    return {remembered.NO_MEMORY: found(remembered.NO_MEMORY), other_inputs.POINT: elsewhere}


SEQUENCES: Mapping[str, Callable[[Trial], Mapping[str, Evidence]]] = {
    repeated.REPEATS: _in_place,
    remembered.NO_MEMORY: _elsewhere,
    linear.MULTIPLES: linear.at_once,
}
"""By the first of the points that each is about."""
