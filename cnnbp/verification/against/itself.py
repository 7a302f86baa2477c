"""Against itself: of a layer that nobody knows, the backward by differences of its own forward, which is taken on trust."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...evidence import remark
from ...rounding import Array
from .. import arguments, findings
from ..conclusion import not_finite
from ..contract import trials
from ..contract.form import broken
from ..contract.trials import twin_of
from ..explained import OfDifferences
from ..findings import abstain
from ..methods import estimated
from .asking import Asking, Found, as_laid_out, contract


def judge(asking: Asking) -> Found:
    """Whether backward is the gradient of forward, as far as measured noise lets it be seen. Raises Breach."""
    given = arguments.promoted(twin_of(asking.twin), asking.given, asking.delta, asking.seed)
    asking = replace(asking, given=given)
    subject = asking.subject()
    y = subject.forward(*given.laid_out)
    handed = arguments.residual(asking.delta, y.shape, asking.seed)
    residual = filled(handed, asking.seed)
    first = as_laid_out(subject, residual, given)
    y, gradients = subject.forward(*given.args), subject.backward(residual, *given.args)
    quantities = ("y", *(given.names[position] for position in subject.judged))
    answers = dict(zip(quantities, (y, *gradients), strict=True))
    trial = trials.unknown(
        subject, asking.fresh(), given.args, residual, (y, *gradients), first, None if residual is handed else handed
    )
    some = residual.size and given.args[0].size
    checks = contract(asking, subject, trial if some else None, not_finite(answers, None))
    asking.explain(differences_of := OfDifferences(subject, given.args, residual, answers))
    found = estimated.evidence(subject, given.args, residual, answers, asking.patience, differences_of.estimates)
    wrong = [findings.wrong(item, "", {}) for item in found if item.status == "fail"]
    found.append(abstain("reference", "y", "estimated", remark("verification.no-reference")))
    return Found([*found, *checks], [*wrong, *broken(checks)], quantities[1:], subject.cause)


def filled(delta: Array, seed: int) -> Array:
    """The residual with drawn numbers in the place of its zeros, under which a wrong gradient would not show."""
    zeros = delta == 0
    if not zeros.any():
        return delta
    sizes = np.abs(delta[~zeros])
    usual = float(np.median(sizes)) if sizes.size else 1.0
    return np.where(zeros, usual * arguments.residual(None, delta.shape, seed), delta)
