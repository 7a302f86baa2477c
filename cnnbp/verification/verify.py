"""`verify` and `assert_gradients`: one layer, one case, every method in its order, one readable answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import partial
from typing import Any

import numpy as np

from ..adapters import from_torch
from ..adapters.adapted import check, inmost, own_parameters
from ..adapters.outputs import joined
from ..attributes import name_of, optional
from ..evidence import Evidence, Verdict
from ..evidence.gathering import heard
from ..operators import operator_of
from ..precision import FLOAT64, precision_of
from ..rounding import Array
from . import arguments, kept, several
from . import conventions as conventions_
from .against import in_float64, itself, operator, trusted
from .against.asking import Asking, Found
from .conclusion import coarse_in, concluded
from .contract import points
from .explained import Explained
from .findings import shown
from .layout import Layout
from .patience import Patience
from .placed import across, asked_in, checked_devices
from .reference import is_module, layer_of
from .subject import Breach
from .twin import twin_of

UNSAID: dict[str, Any] = {"skip": (), "waive": (), "conventions": "reference"}
"""What these arguments are where nobody says anything, beside None."""


class GradientError(AssertionError):
    """A layer's gradients, or its contract, are wrong, or nobody could judge them. The message is that of `verdict`."""

    __module__ = "cnnbp"  # pytest sums up a failure in one line, in which a long path would leave no room for the message

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict

    def __str__(self) -> str:
        return str(self.verdict)  # found when it is read: a search raises many, and shows one


@heard
def verify(
    layer: Any,
    x: Array,
    *params: Array,
    delta: Array | None = None,
    like: Any = None,
    names: Sequence[str] | None = None,
    skip: Collection[str] = (),
    layout: Mapping[str, str] | str | None = None,
    waive: Collection[str] = (),
    conventions: str = "reference",
    dtype: Any = None,
    device: Any = None,
    budget: float | None = None,
    seed: int = 0,
) -> Verdict:
    """Whether `layer` answers right at (x, *params), forward and backward, and keeps its contract.

    layer: anything with `forward(x, *params)` and `backward(delta, x, *params)`, or a module of PyTorch. like: what it must equal.
    Of a layer of cnnbp, for example `cnnbp.Conv2d(stride=2)`, everything is known, and every oracle asked; a layer of cnnbp is its
    own. A differentiable function or module of PyTorch, a function of JAX arrays, or another layer is trusted: its rounding is
    measured. Without a reference the layer's backward is judged against differences of its own forward.

    delta: the residual ∂J/∂y, drawn from `seed` if None; of a tuple of outputs a tuple. names: of the parameters; otherwise the
    reference's, or those of `forward`. skip: arguments whose gradients the layer need not return. layout: the order in which the
    layer has its axes, where that is not the order of the reference's, as in `{"x": "nhwc", "w": "rsck"}`, of kernels also "hwio"
    and "oihw"; "chw" is one image, "1o" has an axis of length 1 before. waive: points of the contract that it need not keep; the
    verdict says which it did not.
    conventions: whose hold where there is no derivative, at 0 of a ReLU or at a tie: those of the "reference", or "any" that lies
    between the slopes of both sides. What differs by its convention alone is told so, in a sentence of its own.

    dtype: "float32", "float16" or "bfloat16". The arguments are rounded to it; the layer is asked in it, owes answers in it, and is
    taken to add up in it: γₙ with its unit roundoff bounds the error. The oracles answer in float64. Without a reference of cnnbp
    the layer's float64 answers are judged, and then those in `dtype` by them. device: where a layer of `from_torch` is asked, for
    example "cuda". Of several, ("cpu", "cuda"), each is asked; what is right on one and wrong on another is told so.

    budget: seconds, after which no new question is asked: what was not reached is listed as not judged, and without all points of
    the contract nothing passes. What takes more than two seconds shows its progress on a terminal. A call that does not come back
    can only be ended from outside, as by Ctrl-C.

    Raises ValueError and TypeError where the caller is wrong: input that is not finite, that the reference refuses, a
    residual of another shape, a name that is unknown; and where JAX was not told to keep float64. A layer that is wrong
    raises nothing: its verdict is "fail".

    >>> x, w, b = np.ones((2, 3)), np.ones((4, 3)), np.zeros(4)
    >>> wrong = cnnbp.from_functions(cnnbp.Dense().forward, lambda delta, x, w, b: (delta @ w, delta.T @ x, delta.mean(0)))
    >>> verdict = cnnbp.verify(wrong, x, w, b, like=cnnbp.Dense())
    >>> verdict.status, str(verdict).splitlines()[1].strip()
    ('fail', 'the bias gradient db is wrong at output 0')
    """
    arguments.checked_seed(seed)
    layer, reference, precision = from_torch(layer) if is_module(layer) else layer, layer_of(like), precision_of(dtype)
    asked: dict[str, Any] = {
        "names": names, "skip": skip, "layout": layout, "waive": waive, "conventions": conventions, "dtype": dtype,
        "budget": budget, "seed": seed,
    }  # fmt: skip
    if isinstance(device, (tuple, list)):
        at = partial(verify, layer, x, *params, delta=delta, like=like, **asked)
        return across({where: at(device=where) for where in checked_devices(layer, device)})
    check(layer)
    title = _title(layer)
    reference = layer if reference is None and operator_of(layer) else reference
    params = params or own_parameters(layer)
    unasked = kept.spare(layer)
    asked |= {"dtype": dtype and precision.name, "device": device and str(device)}
    known = Explained(like, (x, *params), delta, {name: v for name, v in asked.items() if v is not None and v != UNSAID.get(name)})
    layer = asked_in(layer, None if dtype is None else precision, device)
    where = optional(layer, "device") or ""
    if layout is not None:
        said = Layout(layout, reference, len(params) + 1, names)
        layer, delta = said.layer(layer, skip), said.delta(delta)
        x, *rest = said.arguments((x, *params))
        params = tuple(rest)
    given, waived = arguments.checked(reference, layer, x, params, names, skip).rounded(precision), points.checked_waivers(waive)
    layer = layer if operator_of(reference) else joined(layer, given.args)
    delta = several.one_residual(layer, given.args, delta)
    known.given = given
    at_kinks, patience = conventions_.checked(conventions), Patience(budget)
    twin = twin_of(layer)
    asking = Asking(layer, twin, given, delta, seed, waived, patience, precision, at_kinks, known)
    known.layer = twin_of(inmost(twin))  # of which nothing is asked
    found = kept.told(_judged(asking, reference), unasked, asking)
    status, told = concluded(found.evidence, found.wrong, found.quantities, coarse_in(precision))
    verdict = Verdict(title, status, tuple(found.evidence), told, given.shapes, precision.name, where)
    verdict = shown(several.told(verdict, layer, given.args), dict(zip(given.names, given.shown, strict=True)))
    known.evidence = found.evidence
    return verdict.knowing(known, found.cause)


def assert_gradients(
    layer: Any,
    x: Array,
    *params: Array,
    allow_inconclusive: bool = False,
    **asked: Any,
) -> Verdict:
    """As `verify`, and raises GradientError, an AssertionError that says what is wrong, unless the verdict is "pass".

    allow_inconclusive: a verdict that says nothing either way is returned as well.

    >>> cnnbp.assert_gradients(cnnbp.Tanh(), np.array([0.5, -1.0])).passed
    True
    """
    __tracebackhide__ = True
    verdict = verify(layer, x, *params, **asked)
    if verdict.status == "fail" or (verdict.status == "inconclusive" and not allow_inconclusive):
        raise GradientError(verdict) from verdict.cause
    return verdict


def _judged(asking: Asking, reference: Any) -> Found:
    """By as much as is known of the reference: all of it, its numbers, or nothing. A breach of the contract is what was found."""
    judge = (
        partial(operator.judge, reference=reference) if operator_of(reference)
        else itself.judge if reference is None else partial(trusted.judge, like=reference)
    )  # fmt: skip
    if asking.precision is not FLOAT64 and not operator_of(reference):
        judge = partial(in_float64.judge, in_float64=judge, like=reference)
    try:
        with np.errstate(all="ignore"):  # overflow shows in the verdict
            return judge(asking)
    except Breach as breach:
        item = Evidence("contract", breach.check, "fail", "contract", remark=breach.remark)
        return Found([item], [breach.remark], (), breach.__cause__ or breach)
    finally:
        asking.patience.end()


def _title(layer: object) -> str:
    """The layer by its name and, of ours, the options that are not the default."""
    given = [f for f in fields(layer) if getattr(layer, f.name) != f.default] if is_dataclass(layer) and operator_of(layer) else []
    options = ", ".join(f"{f.name}={getattr(layer, f.name)!r}" for f in given)
    return f"{type(layer).__name__}({options})" if operator_of(layer) else name_of(layer)
