"""Without a reference, in a low precision: right in float64, and what it answers in the precision is that, but for rounding."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from ..evidence import Evidence, Remark
from ..precision import FLOAT64, Precision
from ..rounding import Array
from . import arguments, findings
from .arguments import Given
from .conclusion import coarse_in, fine, not_finite
from .contract.form import broken, of_form
from .contract.trials import twin_of
from .methods import own_float64
from .patience import Patience
from .placed import asked_in

Asked = tuple[list[Evidence], list[Remark], tuple[str, ...], BaseException | None]


def asked(
    layer: Any,
    twin: Any,
    given: Given,
    delta: Array | None,
    seed: int,
    waived: Collection[str],
    patience: Patience,
    precision: Precision,
    without_reference: Callable[..., Asked],
) -> Asked:
    """The evidence of both, what is wrong, the quantities that want judging, the live exception. Raises Breach.

    The points of the contract are asked in float64; in the precision, the form of the answers alone.
    """
    wide = asked_in(layer, FLOAT64)
    given = arguments.promoted(twin_of(asked_in(twin, FLOAT64)), given, delta, seed)
    low, high = arguments.subject(layer, given, precision), arguments.subject(wide, given)
    y = low.forward(*given.args)
    residual = arguments.residual(delta, y.shape, seed, precision)
    gradients = low.backward(residual, *given.args)
    quantities = ("y", *(given.names[position] for position in low.judged))
    answers = dict(zip(quantities, (y, *gradients), strict=True))
    checks = [*of_form(low, waived), *not_finite(answers, None)]
    if not own_float64.accepts_float64(high, given.args, residual):
        return [*own_float64.silent(answers, precision), *checks], broken(checks), quantities, low.cause
    found, wrong, _, cause = without_reference(wide, asked_in(twin, FLOAT64), given, residual, seed, waived, patience)
    own = list(own_float64.evidence(answers, high, given.args, residual, precision))
    wrong = [*wrong, *(findings.wrong(item, "", {}) for item in own if item.status == "fail"), *broken(checks)]
    agreed = {item.quantity for item in own if item.status == "pass" and fine(item, coarse_in(precision))}
    kept = [item for item in found if item.status == "fail" or item.kind == "contract" or item.quantity in agreed]
    return [*own, *kept, *checks], wrong, quantities, low.cause or cause  # what is right in float64 alone is not yet right
