"""`verify` and `assert_gradients`: one layer, one case, every oracle, one readable answer."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from ..evidence import Evidence, Verdict, VerdictStatus
from ..rounding import Array
from . import known, opaque
from .question import LOSSES, Question, operator_of
from .subject import Breach, Subject


class GradientError(AssertionError):
    """A layer's gradients, or its manners, are wrong. The message is the verdict; `verdict` holds it."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict


def verify(layer: Any, x: Array, *params: Array, delta: Array | None = None, like: Any = None, seed: int = 0) -> Verdict:
    """Whether `layer` answers right at (x, *params), forward and backward, and keeps its contract.

    layer: anything with `forward(x, *params)` and `backward(delta, x, *params)`. like: the reference layer whose behaviour
    it must equal, for example `cnnbp.Conv2d(stride=2)`; a layer of cnnbp is its own. Without a reference the layer's
    backward is judged against differences of its own forward. delta: the residual ∂J/∂y, drawn from `seed` if None.

    Raises ValueError and TypeError where the caller is wrong: input that is not finite, that the reference refuses, a
    residual of another shape. A layer that is wrong raises nothing: its verdict is "fail".
    """
    for method in ("forward", "backward"):
        if isinstance(layer, type) or not callable(getattr(layer, method, None)):
            raise TypeError(f"layer must be an object with the methods forward and backward, got {layer!r}")
    reference = layer if like is None and operator_of(layer) else like
    args, shapes = _arguments(reference, x, params)
    examine = _opaque if reference is None else _known
    try:
        with np.errstate(all="ignore"):  # overflow shows in the verdict
            evidence, wrong, quantities = examine(layer, reference, args, delta, seed)
    except Breach as breach:
        found = Evidence("contract", breach.check, "fail", "contract", reason=str(breach))
        reasons = (f"the layer breaks its contract: {breach}",)
        return Verdict(_title(layer), "fail", (found,), reasons, shapes, breach.__cause__ or breach)
    silent = [q for q in quantities if not any(e.quantity == q and e.status in ("pass", "fail") for e in evidence)]
    failed = bool(wrong) or any(e.status == "fail" for e in evidence)
    status: VerdictStatus = "fail" if failed else "inconclusive" if silent or not quantities else "pass"
    return Verdict(_title(layer), status, tuple(evidence), tuple(wrong or (_silence(q, evidence) for q in silent)), shapes)


def assert_gradients(layer: Any, x: Array, *params: Array, delta: Array | None = None, like: Any = None, seed: int = 0) -> Verdict:
    """As `verify`, and raises GradientError, an AssertionError that says what is wrong, where the verdict is "fail"."""
    __tracebackhide__ = True
    verdict = verify(layer, x, *params, delta=delta, like=like, seed=seed)
    if verdict.status == "fail":
        raise GradientError(verdict) from verdict.cause
    return verdict


Examined = tuple[list[Evidence], list[str], tuple[str, ...]]  # the evidence, what is wrong, the quantities that want judging


def _known(layer: Any, reference: Any, args: tuple[Array, ...], delta: Array | None, seed: int) -> Examined:
    shape = np.shape(_reference_value(reference, args))
    question = Question(reference, args, _residual(delta, shape, seed))
    subject = Subject(layer, len(question.quantities) - 1)
    return *known.examine(subject, question, seed), question.quantities


def _opaque(layer: Any, _: None, args: tuple[Array, ...], delta: Array | None, seed: int) -> Examined:
    subject = Subject(layer, sum(a.dtype.kind == "f" for a in args), at_least=1)
    residual = _residual(delta, subject.forward(*args).shape, seed)
    evidence, wrong = opaque.examine(subject, args, residual, seed)
    return evidence, wrong, tuple(dict.fromkeys(item.quantity for item in evidence if item.oracle not in ("contract", "reference")))


def _title(layer: object) -> str:
    """The layer by its name and the options that are not the default."""
    given = [f for f in fields(layer) if getattr(layer, f.name) != f.default] if is_dataclass(layer) and operator_of(layer) else []
    return (
        f"{type(layer).__name__}({', '.join(f'{f.name}={getattr(layer, f.name)!r}' for f in given)})"
        if operator_of(layer)
        else type(layer).__name__
    )


def _silence(quantity: str, evidence: list[Evidence]) -> str:
    """Why nobody testified about a quantity."""
    why = dict.fromkeys(
        f"{e.oracle}: {e.reason or 'both sides are 0, which shows nothing'}"
        for e in evidence
        if e.quantity == quantity and e.status != "pass"
    )
    return f"no oracle could judge {quantity} ({'; '.join(why)})"


def _arguments(
    reference: Any, x: object, params: tuple[object, ...]
) -> tuple[tuple[Array, ...], tuple[tuple[str, tuple[int, ...]], ...]]:
    """The arguments as fresh float64 arrays, and their shapes by name. Integers that may be indices stay integers."""
    names = (
        ("x", "target")
        if operator_of(reference) in LOSSES
        else ("x", "w", "b", *(f"argument {j}" for j in range(3, len(params) + 1)))
    )
    args = tuple(_input(name, a) for name, a in zip(names, (x, *params), strict=False))
    if len(args) <= len(params):
        raise TypeError(f"{type(reference).__name__} takes x and a target, got {len(params)} arguments after x")
    indices = reference is None or operator_of(reference) == "SoftmaxCrossEntropy"
    args = (args[0].astype(float), *(a if indices else a.astype(float) for a in args[1:]))
    return args, tuple(zip(names, (a.shape for a in args), strict=False))


def _input(name: str, value: object) -> Array:
    """A finite float64 array, or integers where they are class indices. Raises TypeError, ValueError."""
    if isinstance(value, (int, float)):
        value = np.array(value)
    if not isinstance(value, np.ndarray) or isinstance(value, np.ma.MaskedArray) or value.dtype.kind not in "iuf":
        kind = f"dtype {value.dtype}" if type(value) is np.ndarray else type(value).__name__
        raise TypeError(f"{name} must be a NumPy array of real numbers, got {kind}")
    if not np.all(np.isfinite(value)):
        wrong = tuple(int(i) for i in np.argwhere(~np.isfinite(value))[0])
        raise ValueError(f"{name} must be finite, got {value[wrong]} at {wrong}")
    return np.array(value, float if value.dtype.kind == "f" else np.int64, order="C")


def _reference_value(reference: Any, args: tuple[Array, ...]) -> Array:
    if operator_of(reference) is None:
        raise TypeError(f"like must be one of cnnbp's layers, for example cnnbp.Conv2d(stride=2), got {reference!r}")
    value: Array = reference.forward(*args)
    return value


def _residual(delta: Array | None, shape: tuple[int, ...], seed: int) -> Array:
    if delta is None:
        rng = np.random.default_rng(seed)
        return rng.normal(size=shape) if shape else np.array(rng.normal() + 2.0)
    found = _input("delta", delta).astype(float)
    if found.shape != shape:
        raise ValueError(f"delta must have the shape of y, {shape}, got {found.shape}")
    return found
