"""Layouts: the same numbers in other memory are the same question. An answer may move as another order of summation does."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...evidence import Evidence, remark
from ...rounding import Array
from .. import layouts
from ..subject import Breach
from .own_rounding import as_it_rounds
from .slack import Slack
from .trial import Trial, found, left_alone, same

Laid = Callable[[Array], Array]


def as_given(trial: Trial) -> Evidence:
    """The arrays as the caller laid them out, handed to the layer in its very first call."""
    if trial.given is None:
        return found("as-given")
    return trial.close("as-given", trial.first, trial.given, trial.slack, "contract.layout", layout="as-given")


def fortran_order(trial: Trial) -> Evidence:
    """The first axis runs fastest: read-only, and as memory that can be written to, which some then do.

    What writes into its inputs has been told so, and may.
    """
    if "reads-only-inputs" not in trial.broken:
        told = _asked(trial, "fortran-order", lambda a: layouts.read_only(layouts.fortran(a)), "read-only-fortran")
        if told.status == "fail":
            return told
    return _asked(trial, "fortran-order", layouts.fortran)


def non_contiguous(trial: Trial) -> Evidence:
    """Every second cell of an array of NaN."""
    return _asked(trial, "non-contiguous", layouts.strided)


def negative_strides(trial: Trial) -> Evidence:
    """Memory that runs backwards."""
    return _asked(trial, "negative-strides", layouts.backwards)


def broadcast(trial: Trial) -> Evidence:
    """Samples and residuals that share memory: the first of them, in the place of all."""
    point, n = "broadcast", trial.args[0].shape[:1]
    if not trial.alike:
        return left_alone(point, "in-float64-alone")

    def equal(a: Array) -> Array:
        """All samples like the first; a residual that is one number everywhere is how `sum()` hands it down."""
        return np.array(np.broadcast_to(a[:1], a.shape)) if a.ndim and a.shape[:1] == n else a

    x, delta = equal(trial.args[0]), np.array(np.broadcast_to(trial.delta.ravel()[:1].reshape(()), trial.delta.shape))
    args = (x, *trial.args[1:])
    try:
        expected, slack = trial.ask(delta, args), trial.slack_at(args, delta)
    except Breach:
        return left_alone(point, "others-refused")
    handed = (layouts.broadcast(delta), layouts.broadcast(x), *map(np.array, args[1:]))
    if "reads-only-inputs" in trial.broken:  # nothing that shares memory can be written to
        return found(point)
    answers = trial.uncopied(handed[0], handed[1:])

    def told(slack: Slack) -> Evidence:
        return trial.close(point, expected, answers, slack, "contract.layout", layout=point)

    return as_it_rounds(trial, told, slack, (delta,), at=args)


def _asked(trial: Trial, point: str, laid: Laid, at: str = "") -> Evidence:
    """at: what a sentence says of where an exception came from, if not the point."""
    right = (trial.delta, *trial.args)
    handed = tuple(map(laid, right))
    try:
        answers = trial.uncopied(handed[0], handed[1:])
    except Breach as breach:
        values = {**breach.remark.values, "at": at or point}
        raise Breach(point, breach.remark.code.removeprefix("contract."), **values) from breach.__cause__
    written = [name for name, a, b in zip(("delta", *trial.subject.names), handed, right, strict=True) if not same(a, b)]
    if written and "reads-only-inputs" not in trial.broken:
        return found(point, remark("contract.changes-laid-out", inputs=written, layout=point))
    return trial.close(point, trial.first, answers, trial.slack, "contract.layout", layout=point)
