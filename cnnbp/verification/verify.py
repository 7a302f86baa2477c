"""`verify` and `assert_gradients`: one layer, one case, every method in its order, one readable answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from ..adapters import from_torch
from ..adapters.adapted import own_parameters
from ..adapters.outputs import joined
from ..evidence import Evidence, Verdict
from ..evidence.gathering import heard
from ..operators import operator_of
from ..rounding import Array
from . import arguments, kept, several
from .against import itself, operator, trusted
from .against.asking import Asking, Found
from .conclusion import concluded
from .contract import points
from .contract.trials import twin_of
from .findings import shown
from .patience import Patience
from .reference import is_module, layer_of
from .subject import Breach


class GradientError(AssertionError):
    """A layer's gradients, or its contract, are wrong, or nobody could judge them. The message is that of `verdict`."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict


@heard
def verify(
    layer: Any,
    x: Array,
    *params: Array,
    delta: Array | None = None,
    like: Any = None,
    names: Sequence[str] | None = None,
    skip: Collection[str] = (),
    waive: Collection[str] = (),
    budget: float | None = None,
    seed: int = 0,
) -> Verdict:
    """Whether `layer` answers right at (x, *params), forward and backward, and keeps its contract.

    layer: anything with `forward(x, *params)` and `backward(delta, x, *params)`. like: the reference layer whose behaviour
    it must equal, for example `cnnbp.Conv2d(stride=2)`; a layer of cnnbp is its own. Without a reference the layer's
    backward is judged against differences of its own forward. delta: the residual ∂J/∂y, drawn from `seed` if None; of a tuple
    of outputs a tuple.
    names: of the parameters; otherwise the reference's, or those of `forward`. skip: arguments whose gradients the layer need
    not return. waive: points of the contract that it need not keep; the verdict says which it did not.
    budget: seconds, after which no new question is asked: what was not reached is listed as not judged. What takes more than
    two seconds shows its progress on a terminal.

    Raises ValueError and TypeError where the caller is wrong: input that is not finite, that the reference refuses, a
    residual of another shape, a name that is unknown. A layer that is wrong raises nothing: its verdict is "fail".
    """
    layer, reference = from_torch(layer) if is_module(layer) else layer, layer_of(like)
    if isinstance(layer, type):
        raise TypeError(f"layer must be an object, got the class {layer.__name__}: hand over {layer.__name__}(...)")
    for method in ("forward", "backward"):
        if not callable(getattr(layer, method, None)):
            raise TypeError(f"layer must be an object with the methods forward and backward, got {layer!r}")
    reference = layer if reference is None and operator_of(layer) else reference
    params = params or own_parameters(layer)
    given, waived = arguments.checked(reference, layer, x, params, names, skip), points.checked_waivers(waive)
    unasked, title = kept.spare(layer), _title(layer)
    layer = layer if operator_of(reference) else joined(layer, given.args)
    delta = several.one_residual(layer, given.args, delta)
    asking = Asking(layer, twin_of(layer), given, delta, seed, waived, Patience(budget))
    try:
        with np.errstate(all="ignore"):  # overflow shows in the verdict
            found = _judged(asking, reference)
    except Breach as breach:
        item = Evidence("contract", breach.check, "fail", "contract", remark=breach.remark)
        found = Found([item], [breach.remark], (), breach.__cause__ or breach)
    finally:
        asking.patience.end()
    found = kept.told(found, unasked, asking)
    status, told = concluded(found.evidence, found.wrong, found.quantities)
    verdict = several.told(Verdict(title, status, tuple(found.evidence), told, given.shapes), layer, given.args)
    verdict = shown(verdict, dict(zip(given.names, given.shown, strict=True)))
    object.__setattr__(verdict, "cause", found.cause)
    return verdict


def assert_gradients(
    layer: Any,
    x: Array,
    *params: Array,
    allow_inconclusive: bool = False,
    **asked: Any,
) -> Verdict:
    """As `verify`, and raises GradientError, an AssertionError that says what is wrong, unless the verdict is "pass".

    allow_inconclusive: a verdict that says nothing either way is returned as well.
    """
    __tracebackhide__ = True
    verdict = verify(layer, x, *params, **asked)
    if verdict.status == "fail" or (verdict.status == "inconclusive" and not allow_inconclusive):
        raise GradientError(verdict) from verdict.cause
    return verdict


def _judged(asking: Asking, reference: Any) -> Found:
    """By as much as is known of the reference: all of it, its numbers, or nothing."""
    if reference is None:
        return itself.judge(asking)
    return operator.judge(asking, reference) if operator_of(reference) else trusted.judge(asking, reference)


def _title(layer: object) -> str:
    """The layer by its name and, of ours, the options that are not the default."""
    given = [f for f in fields(layer) if getattr(layer, f.name) != f.default] if is_dataclass(layer) and operator_of(layer) else []
    options = ", ".join(f"{f.name}={getattr(layer, f.name)!r}" for f in given)
    return f"{type(layer).__name__}({options})" if operator_of(layer) else str(getattr(layer, "__name__", type(layer).__name__))
