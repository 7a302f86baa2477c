"""Other inputs: a layer that is right here must be right elsewhere, and keep nothing by shape or by some of its arguments."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

import numpy as np

from ...evidence import Evidence, remark
from ...judge import agrees
from ..subject import Breach
from .elsewhere import moves, one_sided
from .numbers import varied
from .slack import Slack
from .trial import Answers, Trial, found, left_alone

POINT = "other-inputs"


def other_inputs(trial: Trial) -> Evidence:
    """Other inputs are answered as they must be, each asked right after one that differs in one thing alone.

    A layer may be made for one size, for numbers of this size, and for one side of 0: beyond them a reference that is only trusted
    speaks if the layer's forward is its own.
    """
    judged, sign, here = 0, "", trial.args
    residual = varied(trial.delta) if trial.bends is None else trial.delta
    trial.ask(residual, here)  # what is remembered, if anything is
    for what, move in moves(trial):
        args = move(here)
        branch = what in ("side", "branch")
        with np.errstate(all="ignore") if branch else nullcontext():
            said = None if args is None else trial.expected(args, None if what == "size" else residual)
            if args is None or said is None:
                continue
            asked, expected, slack = said
            if branch and not np.isfinite(expected[0]).all():
                continue  # out of the reference's domain: an iteration might not come to its end there
            try:
                answers = trial.ask(asked, args)
            except Breach as breach:
                if what != "argument" and breach.check == "raises":
                    continue  # it is made for this size, or side
                raise
        doubted = not trial.everywhere and (what == "side" or one_sided(trial.args[0]) != "")
        if branch and not _of_its_domain(expected, answers, slack, doubted):
            sign = sign or one_sided(trial.args[0])
            continue
        judged, here = judged + 1, here if branch else args
        answer = trial.close(POINT, expected, answers, slack, "contract.other-input")
        if answer.status == "fail":
            unasked = trial.fresh(asked, args) if trial.fresh else expected
            if trial.bends is None:
                elsewhere = trial.close(POINT, expected, unasked, slack, "contract.wrong-elsewhere")
                return elsewhere if elsewhere.status == "fail" else answer
            remembered = trial.close(POINT, unasked, answers, slack, "contract.other-input")
            if remembered.status == "fail" or not trial.bends(asked, args):
                return answer
            if trial.bends(trial.delta, trial.args):
                continue  # here as well, which is told of the residual
            return trial.close(POINT, expected, unasked, slack, "contract.bends-elsewhere")
    if not judged:
        return left_alone(POINT, "others-refused")
    return replace(found(POINT), remark=remark("contract.one-side", sign=sign)) if sign else found(POINT)


def _of_its_domain(expected: Answers, answers: Answers, slack: Slack, doubted: bool) -> bool:
    """Whether the layer's forward is defined there and, where nobody knows if it must be, is what is expected."""
    (y, *_), (right, *_) = answers, expected
    return bool(np.isfinite(y).all()) and (not doubted or (y.shape == right.shape and agrees(y, right, slack(0, right))))
