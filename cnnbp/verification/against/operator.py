"""Against a layer of cnnbp: every method in its order, each entry within a bound that is derived."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from ...evidence import Evidence, Remark, remark
from ...evidence.kinds import UNREACHED, Kind
from ...evidence.verdict import Place
from .. import arguments, lower
from ..conclusion import not_finite
from ..contract import trials
from ..contract.form import broken
from ..examination import Examination
from ..explained import OfOperator
from ..findings import abstain
from ..methods import by_norm, complex_step, differences, entrywise, integers
from ..patience import Patience
from .asking import Asking, Found, as_laid_out, contract

Method = Callable[[Examination], Iterable[Evidence]]

# Each yields evidence of every gradient, or abstains with a reason, under the name of an oracle that `evidence.kinds.GIVEN`
# knows. The sharpest comes first: what fails is told as the first saw it. Numbers meet their bounds in `judge` alone.
METHODS: tuple[Method, ...] = (
    entrywise.evidence,     # every entry against the masked network, PyTorch and, of elementwise layers, the complex step
    complex_step.evidence,  # along random directions where entries mix
    differences.evidence,   # the layer's own forward against its backward
    integers.evidence,      # the same shape on integers: equality
)  # fmt: skip
LATER: dict[str, tuple[str, Kind, Place]] = {
    "complex_step": ("complex_step", "sampled", "case"),
    "differences": ("finite_difference", "sampled", "case"),
    "integers": ("masked_dense", "exact at points", "integers"),
}
"""Under which name, of which kind and of what question a method says that there was no time for it."""

# The bounds of METHODS are those of any conventional algorithm (tier 1). Where one of them fails, `by_norm` (tier 2) tells a wrong
# layer from a right one that is computed another way. The contract comes last.


def judge(asking: Asking, reference: Any) -> Found:
    """Whether the layer equals `reference`. Raises ValueError and TypeError where that refuses the input, and Breach."""
    given = asking.given
    question, _ = arguments.question(reference, given, asking.delta, asking.seed, asking.precision)
    subject = asking.subject()
    subject.conventions = asking.conventions
    first = as_laid_out(subject, question.delta, given)
    asking.explain(OfOperator(Examination(subject, question, asking.seed, {}), subject))  # even if the answer has no form
    examination = Examination.of(subject, question, asking.seed)
    asking.explain(OfOperator(examination, asking.fresh()))
    question = examination.question
    if question.delta.size == 0 or question.args[0].size == 0:
        empty = [abstain("masked_dense", q, "sampled", remark("verification.empty")) for q in question.quantities]
        return Found(empty, [], question.quantities, None)
    infinite = not_finite(examination.answers, question.within(), partial(question.bound, 1))
    evidence, wrong = [item for method in METHODS for item in _in_time(method, examination, asking.patience)], list[Remark]()
    if any(item.status == "fail" for item in evidence):
        coarser = lower.recognised(examination, evidence)
        if coarser is not None:  # one cause, and nothing else is told
            wrong, examination = [coarser[1]], lower.allowing(examination, coarser[0])
        else:
            evidence, wrong = by_norm.evidence(examination, evidence)
    told = {str(said.values.get("quantity")) for said in wrong}
    trial = trials.known(examination, asking.fresh(), first, told)
    checks = contract(asking, subject, trial, infinite)
    return Found([*evidence, *checks], [*wrong, *broken(checks)], question.quantities, subject.cause)


def _in_time(method: Method, examination: Examination, patience: Patience) -> Iterator[Evidence]:
    """What the method finds; once the time is over, that it was not asked. The first is asked in any case."""
    name = method.__module__.rpartition(".")[2]
    patience.tell("progress-method", method=name)
    if method is METHODS[0] or not patience.over:
        yield from method(examination)
        return
    oracle, kind, at = LATER[name]
    for quantity in examination.question.operands:
        yield abstain(oracle, quantity, kind, remark(UNREACHED), at)
