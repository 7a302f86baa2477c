"""Tier 1 objected: is the layer wrong, or right and computed another way (FFT, Winograd)? Norms tell, where nothing can hide.

A fast algorithm mixes the terms of different entries, so its errors are as large as the norms of its operands allow, in
every entry alike. That is a wide bound on data of wide range, so the same shape is asked about again with exponents removed,
on integers, and with everything 0 but one connection through each suspect entry.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..evidence import Evidence
from ..oracles.connections import Connections
from ..oracles.abstention import Abstention
from ..rounding import Array
from .answered import Answered
from .question import LOSSES, Question
from .subject import Subject

PROBES = 8  # entries that are asked about alone when something looks wrong


def second_tier(
    subject: Subject, first: Answered, integers: Question | None, tier1: list[Evidence], rng: np.random.Generator
) -> tuple[list[Evidence], list[str]]:
    """By norms: on the case; if that holds, without its exponents, on integers, and on single connections of the suspects.

    The evidence, and the sentences of what is wrong: none where the layer is right, computed another way.
    """
    question = first.question
    evidence = [*first.judged(2), *first.along_directions(subject, rng, 2)]
    wrong = [(item, first) for item in evidence if item.status == "fail"]
    for at, asked in () if wrong else (*_variants(question, integers, rng), *_probes(question, tier1)):
        answered = Answered.by(subject, asked)
        found = list(answered.judged(2, at))
        wrong += [(item, answered) for item in found if item.status == "fail"]
        evidence += found
    suspects = {item.quantity for item in tier1 if item.status == "fail"}
    told = [item for item in evidence if item.status == "fail" or (item.status == "pass" and item.quantity in suspects)]
    return told, _sentences(wrong, tier1, first)


def _sentences(wrong: list[tuple[Evidence, Answered]], tier1: list[Evidence], first: Answered) -> list[str]:
    """One sentence for each wrong quantity, told by tier 1 at the case if it was seen there, since that is sharpest."""
    sentences: dict[str, str] = {}
    if any(item.quantity == "y" for item, _ in wrong):  # differences of a wrong forward accuse the gradient of its fault
        wrong = [(item, answered) for item, answered in wrong if item.oracle != "finite_difference"]
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
