"""`verify` and `assert_gradients`: one layer, one case, every method in its order, one readable answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from ..evidence import Evidence, Remark, Verdict, remark
from ..evidence.gathering import heard
from ..evidence.kinds import Kind
from ..operators import operator_of
from ..rounding import Array
from . import arguments, findings
from .arguments import Given
from .conclusion import concluded, not_finite
from .contract import points, trials
from .contract.trials import twin_of
from .examination import Examination
from .explained import Explained, OfDifferences, OfOperator
from .findings import abstain, shown
from .layouts import copied, in_c_order
from .methods import by_norm, complex_step, differences, entrywise, estimated, integers
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
# layer from a right one that is computed another way. The contract comes last. Where nothing is known of a layer, `estimated`
# takes differences of its own forward, and measures their noise.

Method = Callable[[Examination], Iterable[Evidence]]
Asked = tuple[list[Evidence], list[Remark], tuple[str, ...], BaseException | None]
"""The evidence, what is wrong, the quantities that want judging, and the live exception of a layer that raised."""


class GradientError(AssertionError):
    """A layer's gradients, or its contract, are wrong, or nobody could judge them. The message is that of `verdict`."""

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
    waive: Collection[str] = (),
    budget: float | None = None,
    seed: int = 0,
) -> Verdict:
    """Whether `layer` answers right at (x, *params), forward and backward, and keeps its contract.

    layer: anything with `forward(x, *params)` and `backward(delta, x, *params)`. like: the reference layer whose behaviour
    it must equal, for example `cnnbp.Conv2d(stride=2)`; a layer of cnnbp is its own. Without a reference the layer's
    backward is judged against differences of its own forward. delta: the residual ∂J/∂y, drawn from `seed` if None.
    names: of the parameters; otherwise the reference's, or those of `forward`. skip: arguments whose gradients the layer need
    not return. waive: points of the contract that it need not keep; the verdict says which it did not.
    budget: seconds, after which no new question is asked: what was not reached is listed as not judged. What takes more than
    two seconds shows its progress on a terminal.

    Raises ValueError and TypeError where the caller is wrong: input that is not finite, that the reference refuses, a
    residual of another shape, a name that is unknown. A layer that is wrong raises nothing: its verdict is "fail".
    """
    if isinstance(layer, type):
        raise TypeError(f"layer must be an object, got the class {layer.__name__}: hand over {layer.__name__}(...)")
    for method in ("forward", "backward"):
        if not callable(getattr(layer, method, None)):
            raise TypeError(f"layer must be an object with the methods forward and backward, got {layer!r}")
    reference = layer if like is None and operator_of(layer) else like
    given, waived = arguments.checked(reference, layer, x, params, names, skip), points.checked_waivers(waive)
    patience, twin = Patience(budget), twin_of(layer)
    asked = {"seed": seed, **({"names": list(names)} if names else {}), **({"skip": skip} if skip else {})}
    known = Explained(layer, like, given, delta, asked | ({"waive": waived} if waived else {}))
    try:
        with np.errstate(all="ignore"):  # overflow shows in the verdict
            if reference is None:
                evidence, wrong, quantities, cause = _without_reference(layer, twin, given, delta, seed, waived, patience, known)
            else:
                question, _ = arguments.question(reference, given, delta, seed)
                evidence, wrong, quantities, cause = _with_reference(layer, twin, given, question, seed, waived, patience, known)
    except Breach as breach:
        found = Evidence("contract", breach.check, "fail", "contract", remark=breach.remark)
        evidence, wrong, quantities, cause = [found], [breach.remark], (), breach.__cause__ or breach
    finally:
        patience.end()
    status, told = concluded(evidence, wrong, quantities)
    verdict = shown(
        Verdict(_title(layer), status, tuple(evidence), told, given.shapes), dict(zip(given.names, given.shown, strict=True))
    )
    object.__setattr__(verdict, "cause", cause)
    known.evidence = evidence
    return verdict.knowing(known)


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


def _with_reference(
    layer: Any,
    twin: Any,
    given: Given,
    question: Question,
    seed: int,
    waived: Collection[str],
    patience: Patience,
    known: Explained,
) -> Asked:
    subject = arguments.subject(layer, given)
    first = _as_laid_out(subject, question.delta, given)
    known.of = OfOperator(Examination(subject, question, seed, {}), subject)  # what is known even if the answer has no form
    examination = Examination.of(subject, question, seed)
    known.of, question = OfOperator(examination, arguments.subject(twin, given)), examination.question
    if question.delta.size == 0 or question.args[0].size == 0:
        empty = [abstain("masked_dense", q, "sampled", remark("verification.empty")) for q in question.quantities]
        return empty, [], question.quantities, None
    infinite = not_finite(examination.answers, question.right())
    evidence, wrong = [item for method in METHODS for item in _in_time(method, examination, patience)], list[Remark]()
    if any(item.status == "fail" for item in evidence):
        evidence, wrong = by_norm.evidence(examination, evidence)
    trial = trials.known(examination, arguments.subject(twin, given), first)
    checks = [*_of_form(subject, waived), *infinite, *points.check(trial, waived)]
    return [*evidence, *checks], [*wrong, *_broken(checks)], question.quantities, subject.cause


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


def _without_reference(
    layer: Any,
    twin: Any,
    given: Given,
    delta: Array | None,
    seed: int,
    waived: Collection[str],
    patience: Patience,
    known: Explained,
) -> Asked:
    given = arguments.promoted(twin_of(twin), given, delta, seed)
    subject = arguments.subject(layer, given)
    y = subject.forward(*given.laid_out)
    residual = arguments.residual(delta, y.shape, seed)
    first = _as_laid_out(subject, residual, given)
    y, gradients = subject.forward(*given.args), subject.backward(residual, *given.args)
    quantities = ("y", *(given.names[position] for position in subject.judged))
    answers = dict(zip(quantities, (y, *gradients), strict=True))
    trial = trials.unknown(subject, arguments.subject(twin, given), given.args, residual, (y, *gradients), first)
    asked = points.check(trial, waived) if residual.size and given.args[0].size else ()
    checks = [*_of_form(subject, waived), *not_finite(answers, None), *asked]
    known.of = differences_of = OfDifferences(subject, given.args, residual, answers)
    found = estimated.evidence(subject, given.args, residual, answers, patience, differences_of.estimates)
    wrong = [findings.wrong(item, "", {}) for item in found if item.status == "fail"]
    found.append(abstain("reference", "y", "estimated", remark("verification.no-reference")))
    return [*found, *checks], [*wrong, *_broken(checks)], quantities[1:], subject.cause


def _as_laid_out(subject: Subject, delta: Array, given: Given) -> tuple[Array, ...] | None:
    """The very first answers, where the caller's arrays are laid out in another way than most."""
    if all(map(in_c_order, given.laid_out)):
        return None
    y, gradients = subject.uncopied(delta.copy(), tuple(map(copied, given.laid_out)))
    return np.array(y), *map(np.array, gradients)


def _of_form(subject: Subject, waived: Collection[str]) -> list[Evidence]:
    """What was wrong with the form of answers that could be judged all the same."""
    items = [Evidence("contract", check, "fail", "contract", remark=said) for (check, _), said in subject.broken.items()]
    return [points.waived(item) if item.quantity in waived else item for item in items]


def _broken(checks: Sequence[Evidence]) -> list[Remark]:
    return [item.remark for item in checks if item.status == "fail" and item.remark]


def _title(layer: object) -> str:
    """The layer by its name and, of ours, the options that are not the default."""
    given = [f for f in fields(layer) if getattr(layer, f.name) != f.default] if is_dataclass(layer) and operator_of(layer) else []
    options = ", ".join(f"{f.name}={getattr(layer, f.name)!r}" for f in given)
    return f"{type(layer).__name__}({options})" if operator_of(layer) else str(getattr(layer, "__name__", type(layer).__name__))
