"""In a low precision, without a record: right in float64, and what it answers in the precision is that, but for rounding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ...evidence import Evidence, remark
from ...precision import FLOAT64, Precision
from ...rounding import Array
from .. import arguments, findings
from ..arguments import Given
from ..conclusion import coarse_in, doubts_of, fine, not_finite
from ..contract import trials
from ..contract.form import broken
from ..methods import own_float64
from ..methods.own_float64 import Ask
from ..placed import asked_in
from ..reference import Trusted
from ..subject import Breach
from ..twin import twin_of
from .asking import Asking, Found, contract


def judge(asking: Asking, in_float64: Callable[[Asking], Found], like: Any = None) -> Found:
    """The evidence of both. Raises Breach, and what `in_float64` raises.

    The points of the contract are asked in both. like: what answers for a layer that has no float64 answers of its own.
    """
    precision, layer, twin = asking.precision, asked_in(asking.layer, FLOAT64), asked_in(asking.twin, FLOAT64)
    asking = replace(asking, given=arguments.promoted(twin_of(twin), asking.given, asking.delta, asking.seed))
    given, low, high = asking.given, asking.subject(), arguments.subject(layer, asking.given)
    y = low.forward(*given.args)
    residual = arguments.residual(asking.delta, y.shape, asking.seed, precision)
    gradients = low.backward(residual, *given.args)
    quantities = ("y", *(given.names[position] for position in low.judged))
    answers = dict(zip(quantities, (y, *gradients), strict=True))
    own, ask, whose = own_float64.in_float64(high, given.args, residual), own_float64.asked_of(high), "own-float64"
    known = own
    if own is None and like is not None:
        ask, whose = _of_reference(like, given, quantities, y.shape), "reference-float64"
        known = own_float64.of(ask, given.args, residual)
    infinite = not_finite(answers, None if known is None else known.held(answers, precision))
    trial = None if known is None else trials.in_precision(low, asking.fresh(), given.args, residual, (y, *gradients), known, ask)
    checks = contract(asking, low, trial, infinite)
    if known is None:
        return Found([*own_float64.silent(answers, precision), *checks], broken(checks), quantities, low.cause)

    def scatter() -> dict[str, Array]:
        return own_float64.scattered(own_float64.asked_of(low), ask, quantities, given.args, residual, precision)

    beside = list(own_float64.evidence(answers, known, given.args, residual, precision, whose, scatter))
    wrong = [findings.wrong(item, "", {}) for item in beside if item.status == "fail"]
    if own is None:
        return Found([*beside, *checks], [*wrong, *broken(checks)], quantities, low.cause)
    found = in_float64(replace(asking, layer=layer, twin=twin, delta=residual, precision=FLOAT64))
    return _both(Found(beside, wrong, quantities, low.cause), checks, found, precision)


def _both(low: Found, checks: Sequence[Evidence], high: Found, precision: Precision) -> Found:
    """What is right in float64 alone is not yet right, and no more is settled in the precision than there."""
    asked = [remark("verification.asked-in-float64", precision=precision.name)] if high.wrong else []
    there = {item.quantity: item for item in high.evidence if item.kind == "contract"}
    checks = [item for item in checks if item.quantity not in there or _says_more(item, there[item.quantity])]
    doubted = {quantity for quantity in high.quantities if doubts_of(quantity, high.evidence, coarse_in(precision))}
    agreed = {item.quantity for item in low.evidence if item.status == "pass" and fine(item, coarse_in(precision))}
    beside = [item for item in low.evidence if item.status != "pass" or item.quantity not in doubted]
    said = {item.quantity for item in checks}
    kept = [
        item for item in high.evidence
        if (item.quantity not in said if item.kind == "contract" else item.status == "fail" or item.quantity in agreed)
    ]  # fmt: skip
    wrong = [*asked, *high.wrong, *low.wrong, *broken(checks)]
    return Found([*beside, *kept, *checks], wrong, low.quantities, low.cause or high.cause)


def _says_more(item: Evidence, there: Evidence) -> bool:
    """Of a point, whether the precision says what float64 does not: where both pass, it is said once."""
    return item.status != "abstain" and there.status != "fail" and (item.status == "fail" or there.status != "pass")


def _of_reference(like: Any, given: Given, quantities: Sequence[str], shape: tuple[int, ...]) -> Ask:
    """How a reference is asked in float64. Raises ValueError where it is none here, and Breach where y has another shape."""
    reference = Trusted(like, given)
    if (wanted := reference.forward(given.args).shape) != shape:
        raise Breach("shape", "y-shape", got=shape, expected=wanted)

    def ask(args: tuple[Array, ...], delta: Array) -> tuple[Array, ...]:
        said = reference.answers(args, delta)
        return tuple(said[quantity] for quantity in quantities)

    return ask
