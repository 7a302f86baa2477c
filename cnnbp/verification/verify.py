"""`verify` and `assert_gradients`: one layer, one case, every method in its order, one readable answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from ..evidence import Evidence, Remark, Verdict, VerdictStatus, remark
from ..evidence.gathering import heard
from ..evidence.kinds import Kind
from ..operators import operator_of
from ..rounding import Array
from . import arguments
from .examination import Examination
from .findings import abstain
from .methods import by_norm, complex_step, contract, differences, entrywise, estimated, integers
from .patience import Patience
from .question import Question
from .subject import Breach, Subject

# Each yields evidence of every gradient, or abstains with a reason, under the name of an oracle that `evidence.kinds.GIVEN`
# knows. The sharpest comes first: what fails is told as the first saw it. Numbers meet their bounds in `judge` alone.
METHODS = (
    entrywise.evidence,     # every entry against the masked network, PyTorch and, of elementwise layers, the complex step
    complex_step.evidence,  # along random directions where entries mix
    differences.evidence,   # the layer's own forward against its backward
    integers.evidence,      # the same shape on integers: equality
)  # fmt: skip
LATER: dict[str, tuple[str, Kind]] = {
    "complex_step": ("complex_step", "sampled"),
    "differences": ("finite_difference", "sampled"),
    "integers": ("masked_dense", "exact at points"),
}
"""Under which name, and of which kind, a method says that there was no time for it."""

# The bounds of METHODS are those of any conventional algorithm (tier 1). Where one of them fails, `by_norm` (tier 2) tells a wrong
# layer from a right one that is computed another way. `contract` comes last. Where nothing is known of a layer, `estimated`
# takes differences of its own forward, and measures their noise.

Method = Callable[[Examination], Iterable[Evidence]]
Found = tuple[list[Evidence], list[Remark], tuple[str, ...]]  # the evidence, what is wrong, the quantities that want judging


class GradientError(AssertionError):
    """A layer's gradients, or its contract, are wrong. The message is the verdict; `verdict` holds it."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict


@heard
def verify(
    layer: Any, x: Array, *params: Array, delta: Array | None = None, like: Any = None, budget: float | None = None, seed: int = 0
) -> Verdict:
    """Whether `layer` answers right at (x, *params), forward and backward, and keeps its contract.

    layer: anything with `forward(x, *params)` and `backward(delta, x, *params)`. like: the reference layer whose behaviour
    it must equal, for example `cnnbp.Conv2d(stride=2)`; a layer of cnnbp is its own. Without a reference the layer's
    backward is judged against differences of its own forward. delta: the residual ∂J/∂y, drawn from `seed` if None.
    budget: seconds, after which no new question is asked: what was not reached is listed as not judged. What takes more than
    two seconds shows its progress on a terminal.

    Raises ValueError and TypeError where the caller is wrong: input that is not finite, that the reference refuses, a
    residual of another shape. A layer that is wrong raises nothing: its verdict is "fail".
    """
    for method in ("forward", "backward"):
        if isinstance(layer, type) or not callable(getattr(layer, method, None)):
            raise TypeError(f"layer must be an object with the methods forward and backward, got {layer!r}")
    reference = layer if like is None and operator_of(layer) else like
    args, shapes = arguments.checked(reference, x, params)
    patience = Patience(budget)
    try:
        with np.errstate(all="ignore"):  # overflow shows in the verdict
            if reference is None:
                evidence, wrong, quantities = _without_reference(layer, args, delta, seed, patience)
            else:
                question, y = arguments.question(reference, args, delta, seed)
                evidence, wrong, quantities = _with_reference(layer, question, y if layer is reference else None, seed, patience)
    except Breach as breach:
        found = Evidence("contract", breach.check, "fail", "contract", remark=breach.remark)
        verdict = Verdict(_title(layer), "fail", (found,), (breach.remark,), shapes)
        object.__setattr__(verdict, "cause", breach.__cause__ or breach)
        return verdict
    finally:
        patience.end()
    silent = [q for q in quantities if not any(e.quantity == q and e.status in ("pass", "fail") for e in evidence)]
    failed = bool(wrong) or any(e.status == "fail" for e in evidence)
    status: VerdictStatus = "fail" if failed else "inconclusive" if silent or not quantities else "pass"
    not_judged = (remark("verification.not-judged", quantity=quantity) for quantity in silent)
    return Verdict(_title(layer), status, tuple(evidence), tuple(wrong or not_judged), shapes)


def assert_gradients(
    layer: Any, x: Array, *params: Array, delta: Array | None = None, like: Any = None, budget: float | None = None, seed: int = 0
) -> Verdict:
    """As `verify`, and raises GradientError, an AssertionError that says what is wrong, where the verdict is "fail"."""
    __tracebackhide__ = True
    verdict = verify(layer, x, *params, delta=delta, like=like, budget=budget, seed=seed)
    if verdict.status == "fail":
        raise GradientError(verdict) from verdict.cause
    return verdict


def _with_reference(layer: Any, question: Question, y: Array | None, seed: int, patience: Patience) -> Found:
    subject = Subject(layer, len(question.operands))
    examination = Examination.of(subject, question, seed, y)
    if question.delta.size == 0 or question.args[0].size == 0:
        empty = [abstain("masked_dense", q, "sampled", remark("verification.empty")) for q in question.quantities]
        return empty, [], question.quantities
    evidence, wrong = [item for method in METHODS for item in _in_time(method, examination, patience)], list[Remark]()
    if any(item.status == "fail" for item in evidence):
        evidence, wrong = by_norm.evidence(examination, evidence)
    checks = list(contract.evidence(examination))
    broken = [item.remark for item in checks if item.status == "fail" and item.remark]
    return [*evidence, *checks], [*wrong, *broken], question.quantities


def _in_time(method: Method, examination: Examination, patience: Patience) -> Iterator[Evidence]:
    """What the method finds; once the time is over, that it was not asked. The first is asked in any case."""
    name = method.__module__.rpartition(".")[2]
    patience.tell("progress-method", method=name)
    if method is METHODS[0] or not patience.over:
        yield from method(examination)
        return
    oracle, kind = LATER[name]
    for quantity in examination.question.operands:
        yield abstain(oracle, quantity, kind, remark("verification.unreached-method"))


def _without_reference(layer: Any, args: tuple[Array, ...], delta: Array | None, seed: int, patience: Patience) -> Found:
    subject = Subject(layer, sum(a.dtype.kind == "f" for a in args), at_least=1)
    residual = arguments.residual(delta, subject.forward(*args).shape, seed)
    evidence, wrong = estimated.evidence(subject, args, residual, patience)
    judged = dict.fromkeys(item.quantity for item in evidence if item.oracle not in ("contract", "reference"))
    return evidence, wrong, tuple(judged)


def _title(layer: object) -> str:
    """The layer by its name and, of ours, the options that are not the default."""
    given = [f for f in fields(layer) if getattr(layer, f.name) != f.default] if is_dataclass(layer) and operator_of(layer) else []
    options = ", ".join(f"{f.name}={getattr(layer, f.name)!r}" for f in given)
    return f"{type(layer).__name__}({options})" if operator_of(layer) else type(layer).__name__
