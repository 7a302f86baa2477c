"""Against numbers that are trusted: a function or layer of which nothing is known but its answers, and how these round."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from ...adapters.outputs import Joined
from ...evidence import Evidence, Remark, remark
from .. import arguments, measured
from ..conclusion import not_finite
from ..contract import trials
from ..contract.form import broken
from ..explained import OfNumbers
from ..findings import abstain
from ..reference import Trusted
from ..subject import Breach
from ..twin import twin_of
from . import written_otherwise
from .asking import Asking, Found, as_laid_out, contract
from .beside import ORACLE, Beside, Known, compared, rounds_more


def judge(asking: Asking, like: Any) -> Found:
    """Whether the layer equals what `like` answers. Raises ValueError where that is no reference here, and Breach."""
    asking = replace(asking, given=arguments.promoted(twin_of(asking.twin), asking.given, asking.delta, asking.seed))
    given, subject, reference = asking.given, asking.subject(), Trusted(like, asking.given)
    residual = arguments.residual(asking.delta, reference.forward(given.args).shape, asking.seed)
    _same_outputs(asking, reference)
    asking.patience.tell("progress-method", method=ORACLE)
    if residual.size == 0 or given.args[0].size == 0:
        empty = [abstain(ORACLE, q, "estimated", remark("verification.empty")) for q in reference.quantities]
        return Found(empty, [], reference.quantities, None)
    beside, case = Beside(subject, reference, asking.seed), (given.args, residual)
    known = beside.known(*case)
    first = as_laid_out(subject, residual, given)
    answers = beside.answers(*case)
    expected, bounds = {q: m.expected for q, m in known.items()}, {q: m.conventional for q, m in known.items()}
    evidence, wrong = list(compared(known, answers, 1)), list[Remark]()
    if any(item.status == "fail" or item.remark for item in evidence):
        known, in_full = beside.widened(known, *case), reference.in_full(*case)
        known = known if in_full is None else measured.between(known, in_full)
        evidence = list(compared(known, answers, 1))
    others = {q: m.conventions(answers[q]) for q, m in known.items() if q in answers}
    asking.explain(OfNumbers(subject, given.args, residual, answers, expected, bounds, others, reference.answers))
    if any(item.status == "fail" for item in evidence):
        with suppress(ValueError):  # out of the reference's domain
            known = beside.levelled(known, *case)
        evidence, wrong, known = written_otherwise.judge(beside, known, answers, *case, evidence)
    infinite = not_finite(answers, expected)

    def checked(known: Known) -> list[Evidence]:
        trial = trials.trusted(subject, asking.fresh(), reference, *case, answers, first, known, beside.rng)
        return contract(asking, subject, trial, infinite)

    checks = checked(known)
    if any(item.status == "fail" for item in checks) and not rounds_more(known):
        known = beside.with_own(known, *case)
        checks = checked(known) if rounds_more(known) else checks  # in another layout a layer may add up in another order
    return Found([*evidence, *checks], [*wrong, *broken(checks)], tuple(answers), subject.cause)


def _same_outputs(asking: Asking, reference: Trusted) -> None:
    """As many outputs, in the same shapes; the sizes of all together are compared later. Raises Breach."""
    theirs, ours = reference.layer, asking.layer
    if not isinstance(theirs, Joined) and not isinstance(ours, Joined):
        return
    shapes = [layer.shapes(*asking.given.args) if isinstance(layer, Joined) else None for layer in (ours, theirs)]
    if shapes[0] != shapes[1]:
        got, expected = (", ".join(map(str, found)) if found else "one array" for found in shapes)
        raise Breach("shape", "outputs", got=got, expected=expected)
