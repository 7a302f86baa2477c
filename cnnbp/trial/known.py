"""A layer whose behaviour is known: every oracle, tier 1; integers, exactly; and tier 2 where tier 1 or the integers object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..evidence import Evidence
from ..judge import Judgement, compare
from ..oracles.connections import Connections
from ..oracles.testimony import Abstention
from ..rounding import Array
from . import contract
from .complex_directions import complex_directions
from .differences import differences
from .findings import abstain, accusation, record
from .integers import KIND, exactly, integer_question
from .question import LOSSES, Question
from .subject import Subject

PROBES = 8  # entries that are asked about alone when something looks wrong


@dataclass(frozen=True)
class Answered:
    """The layer's answers to a question."""

    question: Question
    answers: dict[str, Array]

    @classmethod
    def by(cls, subject: Subject, question: Question) -> Answered:
        """Asks. Raises Breach."""
        y, gradients = subject.forward(*question.args), subject.backward(question.delta, *question.args)
        return cls(question, dict(zip(question.quantities, (y, *gradients), strict=False)))

    def judged(self, tier: int, at: str = "the case") -> Iterator[Evidence]:
        """Every oracle that judges entry by entry, on every quantity."""
        for oracle, said in self.question.witnesses.items():
            for quantity in self.question.quantities:
                if isinstance(said, str):
                    yield abstain(oracle, quantity, "sampled", said, at)
                elif quantity in said:
                    bound = self.question.conventional(oracle, quantity) if tier == 1 else self.question.by_norm(quantity)
                    found = compare(self.answers[quantity], said[quantity], bound)
                    yield record(oracle, quantity, "sampled", found, at=at, reason=_tier(tier, found))

    def accuse(self, finding: Evidence) -> str:
        """The finding in a sentence, with what every oracle says of that entry."""
        said = {
            oracle: a[finding.quantity]
            for oracle, a in self.question.witnesses.items()
            if isinstance(a, dict) and finding.quantity in a
        }
        return accusation(self.question.operator, finding, said)


def examine(subject: Subject, question: Question, seed: int) -> tuple[list[Evidence], list[str]]:
    """All evidence, and the sentences of what is wrong: none where nothing is. Raises Breach."""
    first = Answered.by(subject, question)
    y, delta = first.answers["y"], question.delta
    if y.shape != delta.shape:
        return [], [f"forward answers with shape {y.shape}, the reference with {delta.shape}"]
    if y.size == 0 or question.args[0].size == 0:
        return [abstain("masked_dense", q, "sampled", "the batch is empty") for q in question.quantities], []
    answers = tuple(first.answers.values())
    evidence = list(contract.check(subject, question.args, delta, answers, _slack(question), question.operator not in LOSSES))
    sentences = [item.reason for item in evidence if item.status == "fail"]
    gradients = tuple(first.answers[q] for q in question.quantities[1:])
    rng = np.random.default_rng(seed)
    tier1 = [*first.judged(1), *_directions(subject, question, gradients, rng, 1)]
    exact: list[Evidence] = []
    asked = None
    try:
        asked = integer_question(question, rng)
        exact = list(exactly(subject, asked, rng))
    except Abstention as abstention:
        exact = [abstain("integers", q, KIND, str(abstention), "integers") for q in question.quantities]
    tier1 += exact
    if all(item.status != "fail" for item in tier1):
        return [*tier1, *evidence], sentences
    tier2, accusations = _second_tier(subject, question, asked, first, gradients, tier1, rng)
    if accusations:
        return [*tier1, *tier2, *evidence], [*accusations, *sentences]
    return [*(item for item in tier1 if item.status != "fail"), *tier2, *evidence], sentences


def _directions(
    subject: Subject, question: Question, gradients: tuple[Array, ...], rng: np.random.Generator, tier: int
) -> Iterator[Evidence]:
    yield from complex_directions(question, gradients, rng, tier)
    yield from differences(subject, question, gradients, rng, tier)


def _tier(tier: int, found: Judgement | None) -> str:
    if tier == 1 or found is None:
        return ""
    return "another algorithm: accurate to C·u of the norm" if found.status != "fail" else "nor accurate to C·u of the norm"


def _second_tier(
    subject: Subject,
    question: Question,
    integers: Question | None,
    first: Answered,
    gradients: tuple[Array, ...],
    tier1: list[Evidence],
    rng: np.random.Generator,
) -> tuple[list[Evidence], list[str]]:
    """By norms: on the case; if that holds, without its exponents, on small integers, and on single connections of suspects."""
    evidence = [*first.judged(2), *_directions(subject, question, gradients, rng, 2)]
    wrong = [(item, first) for item in evidence if item.status == "fail"]
    for at, asked in () if wrong else (*_variants(question, integers, rng), *_probes(question, tier1)):
        answered = Answered.by(subject, asked)
        failed = [item for item in answered.judged(2, at) if item.status == "fail"]
        wrong += [(item, answered) for item in failed]
        evidence += failed
    return [item for item in evidence if item.status != "abstain"], _sentences(wrong, tier1, first)


def _sentences(wrong: list[tuple[Evidence, Answered]], tier1: list[Evidence], first: Answered) -> list[str]:
    """One sentence for each wrong quantity, told by tier 1 at the case if it was seen there, since that is sharpest."""
    sentences: dict[str, str] = {}
    for item, answered in wrong:
        sharper = next(
            (e for e in tier1 if e.quantity == item.quantity and e.status == "fail" and e.kind == "sampled" and e.index), None
        )
        told, teller = (sharper, first) if sharper is not None and sharper.oracle != "finite_difference" else (item, answered)
        sentences.setdefault(item.quantity, teller.accuse(told))
    return list(sentences.values())


def _variants(question: Question, integers: Question | None, rng: np.random.Generator) -> Iterator[tuple[str, Question]]:
    def mantissas(a: Array) -> Array:
        return np.frexp(a)[0] if a.dtype.kind == "f" else a

    yield (
        "the case without its exponents",
        Question(question.reference, tuple(map(mantissas, question.args)), mantissas(question.delta)),
    )
    if integers is not None:
        yield "integers", integers
    if question.operator not in LOSSES:
        small = [rng.integers(-3, 4, a.shape).astype(float) for a in (*question.args, question.delta)]
        yield "small integers", Question(question.reference, tuple(small[:-1]), small[-1])


def _probes(question: Question, tier1: list[Evidence]) -> Iterator[tuple[str, Question]]:
    """Suspect entries, each through one connection o = w[t]·i of size 1: what is wrong with an entry has nothing to hide behind."""
    try:
        edges = question.network.connections
    except Abstention:
        return
    suspects = {(item.quantity, item.index) for item in tier1 if item.status == "fail" and item.index}
    for quantity, index in sorted(suspects)[:PROBES]:
        edge = _edge(question, edges, quantity, index)
        if edge is not None:
            yield f"one connection through {quantity}{list(index)}", _through(question, edges, *edge)


def _edge(question: Question, edges: Connections, quantity: str, index: tuple[int, ...]) -> tuple[int, int] | None:
    """A connection that the entry has a part in, and the sample in which it is asked about; None where the entry has none."""
    shape = {"y": question.delta.shape, **{name: a.shape for name, a in question.operands.items()}}[quantity]
    whole = edges.inputs == question.args[0].size  # the network spans the batch, or one sample of it
    flat = int(np.ravel_multi_index(index, shape))
    sample, within = (0, flat) if whole or quantity in "wb" else divmod(flat, int(np.prod(shape[1:])))
    if quantity == "y":
        found = np.arange(edges.pointer[within], edges.pointer[within + 1])
    elif quantity == "b":
        start = within * edges.outputs // len(question.args[2])
        found = np.arange(edges.pointer[start], edges.pointer[start + 1])
    else:
        found = np.flatnonzero((edges.ties if quantity == "w" else edges.cells) == within)
    return (int(found[0]), sample) if found.size else None


def _through(question: Question, edges: Connections, edge: int, sample: int) -> Question:
    """The question with everything 0 but the input, the weight and the residual of one connection, which are 1."""
    x, delta = np.zeros_like(question.args[0]), np.zeros_like(question.delta)
    output = int(np.searchsorted(edges.pointer, edge, "right")) - 1
    x.reshape(-1, edges.inputs)[sample, edges.cells[edge]] = 1
    delta.reshape(-1, edges.outputs)[sample, output] = 1
    if question.operator == "MaxPool2d":
        x = question.args[0]  # its winners make the connection
    params = [np.zeros_like(a) for a in question.args[1:]]
    if params:
        params[0].ravel()[edges.ties[edge]] = 1
    return Question(question.reference, (x, *params), delta)


def _slack(question: Question) -> contract.Slack:
    """Computed in another order, an answer may move by the larger of the two tiers' bounds."""
    larger = {q: np.maximum(question.by_norm(q), question.conventional("autograd", q)) for q in question.quantities}
    return lambda j, _: larger[question.quantities[j]]
