"""Other inputs: a layer that is right here must be right elsewhere, and keep nothing by shape or by some of its arguments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace

import numpy as np

from ...evidence import Evidence, remark
from ...judge import agrees
from ...rounding import Array
from ..subject import Breach
from . import elsewhere
from .elsewhere import Move, What, one_sided
from .numbers import others, varied
from .trial import Answers, Right, Trial, found, left_alone

POINT = "other-inputs"
Told = tuple[What, Evidence | None]


def other_inputs(trial: Trial) -> Evidence:
    """Other inputs are answered as they must be, each asked right after one that differs in one thing alone.

    A layer may be made for one size, for numbers of this size, and for one side of 0: beyond them a reference that is only trusted
    speaks if the layer's forward is its own.
    """

    def told() -> Iterator[Told]:
        yield from of_size(trial)
        trial.ask(trial.delta, trial.args)  # what is remembered, if anything is
        yield from of_numbers(trial)

    return concluded(trial, told())


def concluded(trial: Trial, told: Iterable[Told]) -> Evidence:
    """The first failure; else whether anything was judged, and on which side of 0 nothing was."""
    judged, sign = 0, ""
    for _, item in told:
        if item is None:
            sign = sign or one_sided(trial.args[0])
        elif item.status == "fail":
            return item
        else:
            judged += 1
    if not judged:
        return left_alone(POINT, "others-refused")
    return replace(found(POINT), remark=remark("contract.one-side", sign=sign)) if sign else found(POINT)


def of_size(trial: Trial) -> Iterator[Told]:
    """At other sizes, and other numbers than those of the case, at which sizes may not show."""
    return _each(trial, others(trial.args), elsewhere.of_size(), None)


def of_numbers(trial: Trial) -> Iterator[Told]:
    """At other numbers; the case comes right before, with the residual that they are asked with."""
    residual = varied(trial.delta) if trial.bends is None else trial.delta
    if residual is not trial.delta:
        trial.ask(residual, trial.args)
    yield from _each(trial, trial.args, elsewhere.of_numbers(trial), residual)


def _each(trial: Trial, here: Answers, moves: Iterable[tuple[What, Move]], residual: Array | None) -> Iterator[Told]:
    """What was moved, and what came out; None where a branch is out of the layer's domain. What nobody knows is left out."""
    for what, move in moves:
        args, branch = move(here), what in ("side", "branch")
        with np.errstate(all="ignore") if branch else nullcontext():
            right = None if args is None else trial.expected(args, residual)
            if args is None or right is None:
                continue
            if branch and not np.isfinite(right.answers[0]).all():
                continue  # out of the reference's domain: an iteration might not come to its end there
            try:
                answers = trial.ask(right.delta, args)
            except Breach as breach:
                if what != "argument" and breach.check == "raises":
                    continue  # it is made for this size, or side
                raise
        if branch and not _of_its_domain(trial, what, right, answers):
            yield what, None
            continue
        here = here if branch else args
        item = trial.close(POINT, right.answers, answers, right.slack, "contract.other-input")
        explained = _explained(trial, args, answers, right) if item.status == "fail" else item
        if explained is not None:
            yield what, explained


def _explained(trial: Trial, args: Answers, answers: Answers, right: Right) -> Evidence | None:
    """Whether a layer that was never asked is wrong there as well, and whether it bends there; None where last bits decide."""
    expected = None
    for expected in right.decided() if right.decided else (right.answers,):
        item = trial.close(POINT, expected, answers, right.slack, "contract.other-input")
        if item.status != "fail":
            return item
    if expected is None:
        return None
    unasked = trial.fresh(right.delta, args) if trial.fresh else expected
    if trial.bends is None:
        there = trial.close(POINT, expected, unasked, right.slack, "contract.wrong-elsewhere")
        return there if there.status == "fail" else item
    remembered = trial.close(POINT, unasked, answers, right.slack, "contract.other-input")
    if remembered.status == "fail":
        return item
    # The whole residual overflows where its half, of which this is expected, does not.
    within = tuple(b if a.shape != b.shape else np.where(np.isfinite(a), b, a) for a, b in zip(unasked, expected, strict=True))
    if trial.close(POINT, within, answers, right.slack, "contract.other-input").status != "fail":
        return remembered
    if not trial.bends(right.delta, args):
        return item
    if trial.bends(trial.delta, trial.args):
        return found(POINT)  # here as well, which is told of the residual
    return trial.close(POINT, expected, unasked, right.slack, "contract.bends-elsewhere")


def _of_its_domain(trial: Trial, what: What, right: Right, answers: Answers) -> bool:
    """Whether the layer's forward is defined there and, where nobody knows if it must be, is what is expected."""
    doubted = not trial.everywhere and (what == "side" or one_sided(trial.args[0]) != "")
    y, expected = answers[0], right.answers[0]
    return bool(np.isfinite(y).all()) and (
        not doubted or (y.shape == expected.shape and agrees(y, expected, right.slack(0, expected)))
    )
