"""Why a layer is wrong, in the order of the telling: where, by what factor, and which faults answer as the layer does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..evidence import Cause, Remark, remark
from ..evidence.gathering import named
from . import anything, form, precision
from .another import another
from .batch_norm import BATCH_NORM
from .by_hand import by_hand
from .candidate import Candidate, fitting
from .convolution import CONVOLUTION, TRANSPOSED
from .dense import DENSE
from .elementwise import ELEMENTWISE, SHARED
from .factor import factor
from .flatten import FLATTEN
from .losses import HALF_SQUARED_ERROR, SOFTMAX_CROSS_ENTROPY
from .point import BENT, Point
from .pooling import AVG_POOL, MAX_POOL
from .recognised import recognised
from .undone import undone
from .where import where

CANDIDATES: Mapping[str, Sequence[Candidate]] = {
    "Conv2d": CONVOLUTION,
    "ConvTranspose2d": TRANSPOSED,
    "Dense": DENSE,
    "MaxPool2d": MAX_POOL,
    "AvgPool2d": AVG_POOL,
    "BatchNorm2d": BATCH_NORM,
    "Flatten": FLATTEN,
    "HalfSquaredError": HALF_SQUARED_ERROR,
    "SoftmaxCrossEntropy": SOFTMAX_CROSS_ENTROPY,
    **{name: (*ELEMENTWISE.get(name, ()), *SHARED) for name in ("Sigmoid", "Tanh", "Softplus", "ReLU", "LeakyReLU", "Identity")},
}
"""By the name of the operator: the faults that are tried."""

OF_MEANS = frozenset({"not-centred", "not-centred-at"})
"""So much is undone wherever a mean is wrong, for whatever reason."""

MOST = 12_000_000  # products: beyond, a layer takes long, and so does each candidate
Told = tuple[tuple[Remark, ...], tuple[Cause, ...]]


def diagnosed(points: Sequence[Point], missing: Mapping[str, int] | None = None) -> Told:
    """What is to be said of a layer that is wrong at these points: each quantity at the first where it is.

    missing: the gradients that came in no form to be judged, each with its place among those that came.
    """
    patterns, causes, known = list[Remark](), list[Cause](), list[str]()
    with np.errstate(all="ignore"):
        first = {quantity: point for point in reversed(points) for quantity in point.wrong}
        like = recognised(points[0]) if first and points[0].operator is None else None
        itself = [point for point in {id(p): p for p in first.values()}.values() if _itself(point)][:1]
        for quantity in sorted(first, key=[*BENT, *first].index):
            point = first[quantity]
            patterns += where(point, quantity)
            own = quantity != "y" and "y" in first and quantity in point.steady
            causes += [_of_own_forward(point, quantity)] if own else _causes(point, quantity, like)
            patterns += by_hand(points, quantity, known)
        if like is not None and not points[0].whole:
            patterns += (remark("diagnosis.recognised", quantity=next(iter(first)), like=_call(like)),)
        patterns += (remark("diagnosis.itself", quantity="y", operator=_name(point)) for point in itself)
        causes += _of_form(points[0], missing or {}) if points else ()
    return tuple(patterns), tuple(causes)


def _itself(point: Point) -> bool:
    """Whether the forward is wrong, and all gradients are those of this very forward."""
    gradients = [quantity for quantity in point.answers if quantity != "y"]
    return "y" in point.wrong and bool(gradients) and set(gradients) <= point.steady


def _name(point: Point) -> str:
    return "" if point.operator is None else point.operator.name


def _of_own_forward(point: Point, quantity: str) -> Cause:
    said, code = point.called(quantity), "of-own-forward"
    return Cause(said, remark(f"diagnosis.cause.{code}", quantity=said), remark("diagnosis.tried.differences"))


def _causes(point: Point, quantity: str, like: Point | None = None) -> Iterator[Cause]:
    """What answers as the layer does, to rounding, on the very case; `like`: as that of the layer that its forward is."""
    said = point.called(quantity)
    entries = point.wrong[quantity].judged if point.whole else point.answers[quantity].size

    def cause(code: str, tried: str, **values: Any) -> Cause:
        known = {**_letters(point), **values}
        what = remark(f"diagnosis.cause.{code}", quantity=said, **known)
        return Cause(said, what, remark(f"diagnosis.tried.{tried}", entries=entries, **values))

    if not point.whole:
        yield from _of_differences(point, quantity, like, cause)
        return
    found = list(anything.first(point, quantity))
    yield from (cause(code, "compared", **values) for code, values in found)
    ratio, forms = factor(point, quantity) or (None, [])
    if forms:
        found.append(("factor", {}))
        yield cause("factor", "multiplied", ratio=ratio, forms=forms)
    if point.operator is not None:
        if point.products > MOST:
            yield cause("too-large", "not-tried", products=point.products)
            return
        fits = list(dict.fromkeys(fitting(point, quantity, CANDIDATES.get(point.operator.name, ()))))
        yield from (cause(code, "layer") for code in fits)
        found += [(code, {}) for code in fits]
    elif like is not None and not found:
        close = list(_of_recognised(point, quantity, like, cause))
        yield from close
        found += [("recognised", {}) for _ in close]
    if not found:
        yield from _of_any_layer(point, quantity, ratio, cause)


def _of_differences(point: Point, quantity: str, like: Point | None, cause: Callable[..., Cause]) -> Iterator[Cause]:
    """What undoes it; a fault of the layer that the forward is, where nothing does, or all that it says is that a mean is wrong."""
    undoing = list(undone(point, quantity))
    lower = [] if undoing else list(precision.lower(point, quantity))
    if like is not None and not lower and {code for code, _ in undoing} <= OF_MEANS:
        known = list(_of_recognised(point, quantity, like, cause))
        yield from known
        if known:
            return
    yield from (cause(code, "undone", **values) for code, values in undoing)
    if not undoing and anything.diagonal(point, quantity):
        yield cause("diagonal-alone", "compared")
        return
    yield from (cause(code, "format", format=name) for code, name in lower)
    if not undoing and not lower:
        yield from (cause(code, "differences-otherwise", **values) for code, values in another(point, quantity))


def _of_any_layer(point: Point, quantity: str, ratio: float | None, cause: Callable[..., Cause]) -> Iterator[Cause]:
    """A lower precision; else what is done to right numbers; else another question, which says more than that these are mixed."""
    lower = [] if ratio is not None else list(precision.lower(point, quantity))
    done = [] if lower or ratio is not None else list(anything.last(point, quantity))
    yield from (cause(code, "format", format=name) for code, name in lower)
    asked = list(another(point, quantity)) if not lower and {code for code, _ in done} <= {"reordered"} else []
    yield from (cause(code, "otherwise", **values) for code, values in asked)
    if not asked:
        yield from (cause(code, "compared", **values) for code, values in done)
        yield from (cause("factor-unknown", "multiplied", ratio=r) for r in (ratio,) if r is not None)


def _of_recognised(point: Point, quantity: str, like: Point, cause: Callable[..., Cause]) -> Iterator[Cause]:
    """The faults of the layer that the forward is."""
    there = like.names[list(point.names).index(quantity)]
    if there in like.wrong and like.operator is not None and like.products <= MOST:
        fits = dict.fromkeys(fitting(like, there, CANDIDATES.get(like.operator.name, ())))
        yield from (cause(code, "recognised", like=_call(like)) for code in fits)
        asked = [] if fits else another(like, there)
        yield from (cause(code, "recognised", like=_call(like), **values) for code, values in asked)


def _call(point: Point) -> str:
    """The layer of a point as it is written in Python."""
    return "" if point.operator is None else f"cnnbp.{named(point.operator.layer(**point.options))}"


def _letters(point: Point) -> dict[str, str]:
    """What sentences call x, w and b: the arguments by their place."""
    return {letter: point.called(name) for letter, name in zip("xwb", point.names, strict=False)}


def _of_form(point: Point, missing: Mapping[str, int]) -> Iterator[Cause]:
    """Causes that lie in the form of the gradients."""
    found = form.order(point, missing)
    if found is not None:
        yield Cause("", remark("diagnosis.cause.order", order=found), remark("diagnosis.tried.order"))
        return
    for name, (code, values) in form.misshapen(point, missing):
        said = point.called(name)
        entries = int(point.expected[name].size)
        what = remark(f"diagnosis.cause.{code}", quantity=said, **values)
        yield Cause(said, what, remark("diagnosis.tried.mended", entries=entries))
