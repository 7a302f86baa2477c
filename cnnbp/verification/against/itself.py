"""Against itself: of a layer that nobody knows, the backward by differences of its own forward, which is taken on trust."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...evidence import Evidence, Remark, remark
from ...rounding import Array
from .. import arguments, findings
from ..conclusion import not_finite
from ..contract import other_inputs, points, trials
from ..contract.elsewhere import one_sided
from ..contract.form import broken
from ..contract.numbers import filled, others, varied
from ..contract.repeated import REPEATS
from ..contract.trial import found as found_broken
from ..explained import OfDifferences
from ..findings import abstain
from ..methods import estimated
from ..subject import Breach
from ..twin import twin_of
from .asking import Asking, Found, as_laid_out, contract


def judge(asking: Asking) -> Found:
    """Whether backward is the gradient of forward, as far as measured noise lets it be seen. Raises Breach."""
    given = arguments.promoted(twin_of(asking.twin), asking.given, asking.delta, asking.seed)
    asking = replace(asking, given=given)
    subject = asking.subject()
    very_first = y = subject.forward(*given.laid_out)
    handed = arguments.residual(asking.delta, y.shape, asking.seed)
    residual = filled(varied(handed), asking.seed)
    first = as_laid_out(subject, residual, given)
    y, gradients = subject.forward(*given.args), subject.backward(residual, *given.args)
    if y.shape != residual.shape:
        raise Breach(REPEATS, "not-deterministic", quantity="y")
    quantities = ("y", *(given.names[position] for position in subject.judged))
    answers = dict(zip(quantities, (y, *gradients), strict=True))
    trial = trials.unknown(
        subject, asking.fresh(), given.args, residual, (y, *gradients), first, None if residual is handed else handed
    )
    some = residual.size and given.args[0].size
    more = [trial.close(REPEATS, (y,), (very_first,), trial.slack, "contract.first-call")]
    checks = contract(asking, subject, trial if some else None, not_finite(answers, None))
    asking.explain(differences_of := OfDifferences(subject, given.args, residual, answers))
    found = estimated.evidence(subject, given.args, residual, answers, asking.patience, differences_of.estimates)
    if REPEATS in trial.broken:  # and so neither at this number alone nor elsewhere
        found = [replace(item, remark=None) if item.status == "fail" else item for item in found]
    wrong = [findings.wrong(item, "", {}) for item in found if item.status == "fail"]
    if some and not wrong and all(item.status != "fail" for item in checks):
        more += _elsewhere(asking, others(given.args), residual)
    told = {
        item.quantity: points.waived(item) if item.quantity in asking.waived else item for item in more if item.status == "fail"
    }
    checks = [told.get(item.quantity, item) if item.status == "pass" else item for item in checks]
    found.append(abstain("reference", "y", "estimated", _not_asked(given.args[0])))
    return Found([*found, *checks], [*wrong, *broken(checks)], quantities[1:], subject.cause)


def _elsewhere(asking: Asking, args: tuple[Array, ...], delta: Array) -> Iterator[Evidence]:
    """Where all numbers are others, one direction of differences for each gradient: it may have been made for those of the case."""
    fresh = asking.fresh()
    try:
        y, gradients = fresh.forward(*args), fresh.backward(delta, *args)
    except Breach:  # out of its domain
        return
    names = ("y", *(fresh.names[position] for position in fresh.judged))
    for item in estimated.wrong(fresh, args, delta, dict(zip(names, (y, *gradients), strict=True)), asking.patience):
        said = remark(
            "contract.wrong-elsewhere-entry", quantity=item.quantity, index=item.index, actual=item.actual, expected=item.expected
        )
        yield found_broken(other_inputs.POINT, said)


def _not_asked(x: Array) -> Remark:
    """What nobody can say without a reference: whether the forward is right, and what it is where no number of x lies."""
    sign = one_sided(x)
    if sign:
        return remark("verification.no-reference-one-side", sign=sign)
    if x.dtype.kind != "f" or not x.size:
        return remark("verification.no-reference")
    return remark("verification.no-reference-between", least=float(x.min()), most=float(x.max()))
