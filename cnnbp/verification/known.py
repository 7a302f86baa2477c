"""A layer whose behaviour is known: every oracle, tier 1; integers, exactly; and tier 2 where tier 1 or the integers object."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..evidence import Evidence
from ..oracles.abstention import Abstention
from . import contract
from .answered import Answered
from .findings import abstain
from .integers import KIND, exactly, integer_question, ties
from .question import LOSSES, Question
from .second_tier import second_tier
from .subject import Subject


def examine(subject: Subject, question: Question, seed: int) -> tuple[list[Evidence], list[str]]:
    """All evidence, and the sentences of what is wrong: none where nothing is. Raises Breach."""
    first, rng = Answered.by(subject, question), np.random.default_rng(seed)
    delta = question.delta
    if delta.size == 0 or question.args[0].size == 0:
        return [abstain("masked_dense", q, "sampled", "the batch is empty") for q in question.quantities], []
    answers = tuple(first.answers.values())
    manners = list(contract.check(subject, question.args, delta, answers, _slack(question), question.operator not in LOSSES))
    breaches = [item.reason for item in manners if item.status == "fail"]
    integers, exact = _integers(subject, question, rng, seed)
    tier1 = [*first.judged(1), *first.along_directions(subject, rng, 1), *exact]
    if all(item.status != "fail" for item in tier1):
        return [*tier1, *manners], breaches
    tier2, accusations = second_tier(subject, first, integers, tier1, rng)
    kept = tier1 if accusations else [_excused(item) for item in tier1]
    return [*kept, *tier2, *manners], [*accusations, *breaches]


def _excused(item: Evidence) -> Evidence:
    """What tier 1 said of a layer that is right and computed another way: that it is no conventional algorithm."""
    if item.status != "fail":
        return item
    return replace(item, status="abstain", reason="beyond the bound of conventional algorithms, so judged by norms")


def _integers(subject: Subject, question: Question, rng: np.random.Generator, seed: int) -> tuple[Question | None, list[Evidence]]:
    """The same shape on integers, and how the layer fared on them with a bound of 0."""
    try:
        asked = integer_question(question, seed)
        return asked, [*exactly(subject, asked, rng), *ties(subject, question, rng)]
    except Abstention as abstention:
        return None, [abstain("integers", q, KIND, str(abstention), "integers") for q in question.quantities]


def _slack(question: Question) -> contract.Slack:
    """Computed in another order, an answer may move by the larger of the two tiers' bounds."""
    larger = {q: np.maximum(question.by_norm(q), question.conventional("autograd", q)) for q in question.quantities}
    return lambda j, _: larger[question.quantities[j]]
