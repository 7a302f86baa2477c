"""Where unknown numbers are refused, or are too many: what the layer's floats say by themselves, against what it must equal."""

from __future__ import annotations

from ..evidence.proof import Hypothesis, Proof, ProofStatus
from ..evidence.verdict import Remark, remark
from . import by_chance, by_tags, domain, large
from .concluded import answer, given
from .found import Found, Tally
from .numbers.unsupported import root
from .on_floats import FloatsRaise
from .question import Question
from .refusals import of_floats, refusal
from .specification import Specification


def alone(question: Question, spec: Specification | None, reason: Remark | None, bits: int, seed: int) -> Proof:
    """A layer that cannot be run on unknown numbers is not proved. But its floats may be seen to be wrong, or agree.

    That they agree is a claim under the hypothesis that they compute a polynomial, which nothing here checks.
    """
    try:
        found = against(question, spec, bits, seed)
        sampled = _sampled(question) if found is None else found
    except Exception:  # nor does it answer floats: `reason` says enough
        return answer(question, "abstains", None, remark=reason)
    if found is None and sampled.remark is None:
        return answer(question, "abstains", None, remark=reason)
    status: ProofStatus = "refuted" if sampled.remark else "abstains"
    return answer(
        question, status, "probabilistic" if sampled.remark else None, claims=tuple(t.claim for t in sampled.tallies),
        hypotheses=() if found is None else (Hypothesis(remark("proof.assumes.polynomial")),), error=sampled.error,
        witness=sampled.witness, remark=sampled.remark or reason,
    )  # fmt: skip


def against(question: Question, spec: Specification | None, bits: int, seed: int) -> Found | None:
    """The layer's floats against what it must equal, at random integers; None where that cannot be written as products."""
    where = by_tags.places(question)
    wanted = spec.potential(where) if spec and len(where) == len(question.arguments) else None
    if spec is None or wanted is None or len(wanted) > by_tags.MOST_TERMS:
        return None
    return by_chance.floats(question, Found([], potential=wanted, places=where, y_shape=spec.y_shape(None)), bits, seed)


def _sampled(question: Question) -> Found:
    """The layer's floats against those of `like`, where there is one, at drawn numbers; gradients at ties are not asked."""
    found = Found([Tally("floats", "sampled")])
    if question.like is not None and question.like is not question.layer:
        domain.in_domain(question, found, ties_open=True)
    return found


def of_a_large_shape(question: Question, spec: Specification | None, why: Remark, bits: int, seed: int) -> Proof:
    """What random integers can say where unknown numbers are too many."""
    try:
        found, hypotheses = large.prove(question, spec, bits, seed)
    except FloatsRaise as error:
        return answer(question, "abstains", None, remark=of_floats(error))
    except Exception as error:
        return answer(question, "abstains", None, remark=refusal(root(error)))
    status: ProofStatus = "refuted" if found.remark else "proved" if all(t.compared for t in found.tallies) else "abstains"
    return answer(
        question, status, "probabilistic", claims=tuple(t.claim for t in found.tallies),
        scope=(why, *given(question)), hypotheses=hypotheses,
        error=found.error, witness=found.witness, remark=found.remark, paths=0,
    )  # fmt: skip
