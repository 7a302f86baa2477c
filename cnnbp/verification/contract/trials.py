"""A layer under test: with a reference, what other inputs must answer is known; without, a copy that was never asked says it."""

from __future__ import annotations

import copy
from collections.abc import Collection, Sequence
from functools import cache, partial
from itertools import count
from typing import Any

import numpy as np

from ...judge import agrees
from ...rounding import Array, U
from ..conventions import ANY
from ..examination import Examination
from ..measured import BREAKS, WINNERS, Measured, undecided
from ..neighbours import level
from ..question import Question
from ..reference import Trusted
from ..subject import Breach, Subject
from .trial import Answers, Slack, Trial

CAUTION = 8.0  # the last bits are moved a few times only
REORDERED = 1e-6  # how far, in parts of the largest entry, an unknown computation may move when its order changes


def known(examination: Examination, fresh: Subject, given: Answers | None = None, wrong: Collection[str] = frozenset()) -> Trial:
    """With a reference. Computed in another order, an answer may move by the larger of both tiers' bounds.

    fresh: the layer as it was before it was asked anything. wrong: quantities of which that is known already.
    """
    question, names, wide = examination.question, tuple(examination.answers), examination.subject.wide
    answers = tuple(examination.answers.values())
    apart = question.operator.samples_apart(question.options)

    def expected(args: Answers, delta: Array | None) -> tuple[Array, Answers, Slack] | None:
        try:
            shape = np.shape(question.operator.layer(**question.options).forward(*args))
        except (TypeError, ValueError):
            return None  # out of the reference's domain
        residual = np.asarray(np.resize(question.delta, shape) if delta is None else delta)
        args, residual = wide(*args), wide(residual)[0]
        asked = question.at(args, residual)
        said = asked.right(quickly=True) if residual.shape == shape else None
        if said is None:
            return None
        kinks = question.operator.kinks
        if examination.subject.conventions == ANY and kinks is not None and "x" in said:
            said = {**said, "x": np.where(kinks.at(asked), np.nan, said["x"])}
        nothing = {q: np.full(shape if q == "y" else args[question.position(q)].shape, np.nan) for q in names}
        return residual, tuple(said[q] if q in said and q in right else nothing[q] for q in names), _larger(asked, names)

    def slack_at(args: Answers, delta: Array) -> Slack:
        return _larger(question.at(wide(*args), wide(delta)[0]), names)

    def once(delta: Array, args: Answers) -> Answers:
        return fresh.forward(*args), *fresh.backward(delta, *args)

    slack, subject = _larger(question, names), examination.subject
    right = _right(question, examination.answers, slack) - {*wrong}
    args, delta = tuple(map(subject.handed, question.args)), subject.handed(question.delta)
    narrowest = max(question.precision, subject.precision, key=lambda precision: precision.least)
    return Trial(
        subject, args, delta, answers, slack, expected, slack_at, given, None, apart, once,
        everywhere=True, compares=question.operator.kinks is not None, precision=narrowest,
    )  # fmt: skip


def _larger(question: Question, names: Answers | tuple[str, ...]) -> Slack:
    """The larger of both bounds, that by norms first; without a bound, where magnitudes overflow, anything goes."""
    return Slack(lambda j, _: question.slack(str(names[j])), lambda j, _: question.bound(2, str(names[j])))


def _right(question: Question, answers: dict[str, Array], slack: Slack) -> set[str]:
    """The quantities that are right at the case: of the others, other inputs show nothing about memory."""
    said = question.right() or {}
    with np.errstate(all="ignore"):
        return {n for j, (n, a) in enumerate(answers.items()) if n in said and agrees(a, said[n], slack(j, a))}


def trusted(
    subject: Subject,
    twin: Subject,
    reference: Trusted,
    args: Answers,
    delta: Array,
    answers: dict[str, Array],
    given: Answers | None,
    said: dict[str, Measured],
    rng: np.random.Generator,
) -> Trial:
    """With a reference of which nothing is known but its numbers: it says what other inputs must answer, but for last bits."""
    names = tuple(answers)
    right = {q for q, a in answers.items() if agrees(a, said[q].expected, said[q].slack, said[q].conventions(a))}
    other = any(said[q].conventions(a).any() for q, a in answers.items())
    moves = WINNERS if other else BREAKS  # whose convention is another meets it wherever numbers tie

    def expected(args: Answers, residual: Array | None) -> tuple[Array, Answers, Slack] | None:
        try:
            shape = reference.forward(args).shape
            asked = np.asarray(np.resize(delta, shape) if residual is None else residual)
            known = undecided(reference.answers, args, asked, rng, moves)
        except ValueError:
            return None  # out of the reference's domain
        if not np.isfinite(known["y"]).all():  # nor are its gradients any there
            return None
        return asked, tuple(known[q] if q in right else np.full(known[q].shape, np.nan) for q in names), slack_at(args, asked)

    def slack_at(_: Answers, delta: Array) -> Slack:
        return Slack(lambda j, a: np.asarray(reordered(delta, j, a) + said[names[j]].by_norm))

    def once(delta: Array, args: Answers) -> Answers:
        return twin.forward(*args), *twin.backward(delta, *args)

    slack = Slack(lambda j, _: said[names[j]].slack)
    apart = _apart(reference, args, delta, rng)
    first = tuple(answers.values())
    return Trial(
        subject, args, delta, first, slack, expected, slack_at, given, None, apart, once, sides=not reference.written
    )  # fmt: skip


def _apart(reference: Trusted, args: Answers, delta: Array, rng: np.random.Generator) -> bool:
    """Whether the reference answers a batch as its samples: seen at random numbers, where no statistics of a batch are alike.

    They have the signs of x: a reference may be made for one side of 0.
    """
    if not args[0].ndim or len(args[0]) < 2 or delta.shape[:1] != args[0].shape[:1]:
        return False
    (x, *params), residual = level(args, delta, rng)
    x = np.copysign(x, args[0])
    cuts = slice(0, 1), slice(1, None)
    try:
        whole = reference.answers((x, *params), residual)
        parts = [reference.answers((x[cut], *params), residual[cut]) for cut in cuts]
    except ValueError:
        return False
    by_sample, added = {"y", reference.first}, {}
    for q, answer in whole.items():
        pieces = [part[q] for part in parts]
        added[q] = np.concatenate(pieces) if q in by_sample else pieces[0] + pieces[1]
        if added[q].shape != answer.shape:
            return False
    return all(agrees(a, whole[q], reordered(residual, 0, whole[q])) for q, a in added.items())


def unknown(
    subject: Subject,
    twin: Subject,
    args: Answers,
    delta: Array,
    first: Answers,
    given: Answers | None,
    given_delta: Array | None = None,
) -> Trial:
    """Without a reference. `twin`: the layer as it was before it was asked anything."""
    of_case, unseen = delta, count(1)

    def expected(args: Answers, delta: Array | None) -> tuple[Array, Answers, Slack] | None:
        """The residual is halved and the answer doubled: what is kept by residual, wherever, is not found under it."""
        try:
            y = twin.forward(*args)
            residual = np.asarray(np.resize(of_case, y.shape) if delta is None else delta)
            halves = twin.backward(np.asarray(0.5 * residual), *args)
        except Breach:
            return None
        return residual, (y, *(2 * g for g in halves)), slack_at(args, residual)

    def once(residual: Array, args: Answers) -> Answers:
        asked = copy.copy(twin)
        asked.layer = twin_of(twin.layer)
        return asked.forward(*args), *asked.backward(residual, *args)

    def bends(residual: Array, args: Answers) -> bool:
        """At residuals a little larger, each asked once in all: what is kept by residual is not found under them."""
        more = np.asarray((1 + next(unseen) / 64) * residual)
        (_, *whole), (_, *halves) = once(more, args), once(np.asarray(0.5 * more), args)
        slack = slack_at(args, more)
        return not all(agrees(a, 2 * b, slack(j, a)) for j, (a, b) in enumerate(zip(whole, halves, strict=True), 1))

    def slack_at(args: Answers, delta: Array, apart: bool = True) -> Slack:
        near = cache(lambda: _tremor(subject, args, delta, apart))
        return Slack(lambda j, a: np.asarray(reordered(delta, j, a) + CAUTION * near()[j]), partial(reordered, delta))

    slack = slack_at(args, delta, apart=False)
    return Trial(subject, args, delta, first, slack, expected, slack_at, given, given_delta, fresh=once, bends=bends)


def _tremor(subject: Subject, args: Answers, delta: Array, apart: bool) -> Sequence[Array | float]:
    """How far each answer moves when the last bits of all arguments do, all alike or, `apart`, each as it is drawn."""
    found: list[Array | float] = [0.0] * (1 + len(subject.judged))
    rng = np.random.default_rng(delta.size)

    def moved(a: Array, bits: int) -> Array:
        return np.asarray(a * (1 + bits * U * (rng.choice([-1, 1], a.shape) if apart else 1)))

    try:
        here = subject.forward(*args), *subject.backward(delta, *args)
    except Breach:
        return found
    for bits in (-4, 12):
        near = tuple(moved(a, bits) if a.dtype.kind == "f" else a for a in args)
        try:
            there = subject.forward(*near), *subject.backward(delta, *near)
        except Breach:
            return found
        if any(a.shape != b.shape for a, b in zip(here, there, strict=True)):
            return found
        with np.errstate(all="ignore"):
            found = [np.fmax(f, np.nan_to_num(np.abs(a - b), posinf=0)) for f, a, b in zip(found, here, there, strict=True)]
    return found


def twin_of(layer: Any) -> Any:
    """A copy that shares no memory with the layer, as far as objects can be copied; else the layer itself."""
    try:
        return copy.deepcopy(layer)
    except Exception:
        return layer


def reordered(delta: Array, _: int, answer: Array) -> Array:
    """Relative to the largest entry, and, where all of them are what is left of larger terms, to the residual."""
    largest = float(np.max(np.abs(answer[np.isfinite(answer)]), initial=0.0))
    return np.full(answer.shape, REORDERED * largest + REORDERED**2 * float(np.abs(delta).sum()) + 1e-300)
