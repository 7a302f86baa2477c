"""In a low precision, without a record: right in float64, and what it answers in the precision is that, but for rounding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ...evidence import remark
from ...precision import FLOAT64
from .. import arguments, findings
from ..conclusion import coarse_in, doubts_of, fine, not_finite
from ..contract.form import broken
from ..methods import own_float64
from ..placed import asked_in
from ..twin import twin_of
from .asking import Asking, Found, contract


def judge(asking: Asking, in_float64: Callable[[Asking], Found]) -> Found:
    """The evidence of both. Raises Breach, and what `in_float64` raises.

    The points of the contract are asked in float64; in the precision, the form of the answers alone.
    """
    precision, layer, twin = asking.precision, asked_in(asking.layer, FLOAT64), asked_in(asking.twin, FLOAT64)
    asking = replace(asking, given=arguments.promoted(twin_of(twin), asking.given, asking.delta, asking.seed))
    given, low, high = asking.given, asking.subject(), arguments.subject(layer, asking.given)
    y = low.forward(*given.args)
    residual = arguments.residual(asking.delta, y.shape, asking.seed, precision)
    gradients = low.backward(residual, *given.args)
    quantities = ("y", *(given.names[position] for position in low.judged))
    answers = dict(zip(quantities, (y, *gradients), strict=True))
    float64 = own_float64.in_float64(high, given.args, residual)
    checks = contract(asking, low, None, not_finite(answers, None if float64 is None else float64.held(answers, precision)))
    if float64 is None:
        return Found([*own_float64.silent(answers, precision), *checks], broken(checks), quantities, low.cause)
    found = in_float64(replace(asking, layer=layer, twin=twin, delta=residual, precision=FLOAT64))
    own = list(own_float64.evidence(answers, float64, given.args, residual, precision))
    asked = [remark("verification.asked-in-float64", precision=precision.name)] if found.wrong else []
    wrong = [*asked, *found.wrong, *(findings.wrong(item, "", {}) for item in own if item.status == "fail"), *broken(checks)]
    doubted = {quantity for quantity in found.quantities if doubts_of(quantity, found.evidence, coarse_in(precision))}
    agreed = {item.quantity for item in own if item.status == "pass" and fine(item, coarse_in(precision))}
    own = [item for item in own if item.status != "pass" or item.quantity not in doubted]  # as unsettled as what it is held against
    kept = [item for item in found.evidence if item.status == "fail" or item.kind == "contract" or item.quantity in agreed]
    return Found(
        [*own, *kept, *checks], wrong, quantities, low.cause or found.cause
    )  # what is right in float64 alone is not yet right
