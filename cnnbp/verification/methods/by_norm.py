"""By norms: is a layer that fails tier 1 wrong, or right and computed another way (FFT, Winograd)?

A fast algorithm mixes the terms of different entries, so its errors are as large as the norms of its operands allow, in
every entry alike. That is a wide bound on data of wide range, so the same shape is asked about again with exponents removed,
on integers, with everything 0 but one connection through each suspect entry, and with everything 0 but one sample, whose norm
is then that of the batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import numpy as np

from ...evidence import Evidence, Remark, remark
from ...evidence.verdict import Place
from ...judge import agrees
from ...oracles.abstention import Abstention
from ...oracles.triples import Connections
from ...rounding import Array
from ..conventions import is_convention
from ..examination import Examination
from ..question import Question
from . import complex_step, differences, integers
from .entrywise import compared

STREAM = 4
PROBES = 8  # entries that are asked about alone when something looks wrong


def evidence(examination: Examination, tier1: list[Evidence]) -> tuple[list[Evidence], list[Remark]]:
    """The evidence of both tiers, and what is wrong: nothing where the layer is right, computed another way."""
    found = [*compared(examination, tier=2), *complex_step.evidence(examination, 2), *differences.evidence(examination, 2)]
    wrong = [(item, examination) for item in found if item.status == "fail"]
    fault = any(not is_convention(item) for item, _ in wrong if item.oracle != differences.ORACLE)  # it may be y that is wrong
    probes = () if fault else (*_variants(examination), *_probes(examination.question, tier1), *_samples(examination))
    for at, asked in probes:
        variant = examination.about(asked, at)
        more = list(compared(variant, 2, at))
        wrong += [(item, variant) for item in more if item.status == "fail"]
        found += more
    suspects = {item.quantity for item in tier1 if item.status == "fail"}
    told = [item for item in found if item.status == "fail" or (item.status == "pass" and item.quantity in suspects)]
    kept = tier1 if wrong else [_beyond_conventional(item) for item in tier1]
    return [*kept, *told], _remarks(wrong, tier1, examination)


def _beyond_conventional(item: Evidence) -> Evidence:
    """What tier 1 says of a layer that is right and computed another way: that it is no conventional algorithm."""
    return item if item.status != "fail" else replace(item, status="abstain", remark=remark("verification.unconventional"))


def _remarks(wrong: list[tuple[Evidence, Examination]], tier1: list[Evidence], first: Examination) -> list[Remark]:
    """One for each wrong quantity, told by tier 1 at the case if it was seen there, since that is sharpest."""
    remarks, conventions = dict[str, Remark](), dict[str, Remark]()
    if any(item.quantity == "y" for item, _ in wrong):  # differences of a wrong forward say nothing about the gradient
        wrong = [(item, variant) for item, variant in wrong if item.oracle != "finite_difference"]
    for item, variant in wrong:
        sharper = next(
            (e for e in tier1 if e.quantity == item.quantity and e.status == "fail" and e.kind == "sampled" and e.index), None
        )
        if is_convention(item) and item.remark:
            conventions.setdefault(item.quantity, item.remark)
            continue
        told, teller = (sharper, first) if sharper is not None and sharper.oracle != "finite_difference" else (item, variant)
        remarks.setdefault(item.quantity, teller.wrong(told))
    return list((conventions | remarks).values())


def _variants(examination: Examination) -> Iterator[tuple[Place, Question]]:
    question = examination.question

    def mantissas(a: Array) -> Array:
        return np.frexp(a)[0] if a.dtype.kind == "f" else a

    yield "mantissas", question.at(tuple(map(mantissas, question.args)), mantissas(question.delta))
    with suppress(Abstention):
        yield "integers", integers.drawn(question, examination.seed)
    if len(question.args) <= len(question.operator.gradients):  # neither a target nor a given variance
        rng = examination.rng(STREAM)
        small = [rng.integers(-3, 4, a.shape).astype(float) for a in (*question.args, question.delta)]
        yield "small-integers", question.at(tuple(small[:-1]), small[-1])


def _probes(question: Question, tier1: list[Evidence]) -> Iterator[tuple[Place, Question]]:
    """Suspect entries, each through one connection o = w[t]·i of size 1: nothing else contributes to it."""
    try:
        edges = question.network.connections
    except Abstention:
        return
    suspects = {(item.quantity, item.index) for item in tier1 if item.status == "fail" and item.index}
    for quantity, index in sorted(suspects)[:PROBES]:
        edge = _edge(question, edges, quantity, index)
        if edge is not None:
            yield "connection", _through(question, edges, *edge)


def _samples(examination: Examination) -> Iterator[tuple[Place, Question]]:
    """Samples that are off by more than their own norms allow, each with 0 in the place of all others."""
    question, said = examination.question, examination.question.right()
    if said is None or question.batch < 2:
        return
    found = 0
    for sample in range(question.batch):
        alone = question.alone(sample)
        pairs = ((examination.answers[q][sample], said[q][sample], alone.slack(q)[sample]) for q in ("y", "x") if q in said)
        if found < PROBES and not all(agrees(*pair) for pair in pairs):
            found += 1
            yield "sample", alone


def _edge(question: Question, edges: Connections, quantity: str, index: tuple[int, ...]) -> tuple[int, int] | None:
    """A connection that the entry has a part in, and the sample in which it is asked about; None where the entry has none."""
    shape = question.delta.shape if quantity == "y" else question.args[question.position(quantity)].shape
    whole = edges.inputs == question.args[0].size  # the network spans the batch, or one sample of it
    flat = int(np.ravel_multi_index(index, shape))
    sample, within = (0, flat) if whole or quantity in "wb" else divmod(flat, int(np.prod(shape[1:])))
    if quantity == "b":
        within *= edges.outputs // len(question.args[2])  # the first output of that map
    ends = {"y": edges.o, "b": edges.o, "w": edges.t, "x": edges.i}[quantity]
    found = np.flatnonzero(ends == within)
    return (int(found[0]), sample) if found.size else None


def _through(question: Question, edges: Connections, edge: int, sample: int) -> Question:
    """The question with everything 0 but the input, the weight and the residual of one connection, which are 1."""
    x, delta = np.zeros_like(question.args[0]), np.zeros_like(question.delta)
    x.reshape(-1, edges.inputs)[sample, edges.i[edge]] = 1
    delta.reshape(-1, edges.outputs)[sample, edges.o[edge]] = 1
    if question.network.candidates is not None:
        x = question.args[0]  # its winners make the connection
    params = [np.zeros_like(a) for a in question.args[1:]]
    if params:
        params[0].ravel()[edges.t[edge]] = 1
    return question.at((x, *params), delta)
