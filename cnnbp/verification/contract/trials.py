"""A layer on trial: with a reference, what other inputs must answer is known; without, a copy that was never asked says it."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from ...rounding import Array, U
from ..conventions import ANY
from ..examination import Examination
from ..question import Question
from ..subject import Breach, Subject
from .trial import Answers, Slack, Trial

CAUTION = 8.0  # the last bits are moved a few times only
REORDERED = 1e-6  # how far, in parts of the largest entry, an unknown computation may move when its order changes


def known(examination: Examination, fresh: Subject, given: Answers | None = None) -> Trial:
    """With a reference. Computed in another order, an answer may move by the larger of both tiers' bounds.

    fresh: the layer as it was before it was asked anything.
    """
    question, names = examination.question, tuple(examination.answers)
    answers = tuple(examination.answers.values())
    apart = question.operator.samples_apart(question.options)

    def expected(args: Answers, delta: Array | None) -> tuple[Array, Answers, Slack] | None:
        try:
            shape = np.shape(question.operator.layer(**question.options).forward(*args))
        except (TypeError, ValueError):
            return None  # out of the reference's domain
        residual = np.asarray(np.resize(question.delta, shape) if delta is None else delta)
        asked = question.at(args, residual)
        said = asked.right() if residual.shape == shape else None
        if said is None:
            return None
        kinks = question.operator.kinks
        if examination.subject.conventions == ANY and kinks is not None and "x" in said:
            said = {**said, "x": np.where(kinks.at(asked), np.nan, said["x"])}
        nothing = {q: np.full(shape if q == "y" else args[question.position(q)].shape, np.nan) for q in names}
        return residual, tuple(said[q] if q in said and q in right else nothing[q] for q in names), _larger(asked, names)

    def slack_at(args: Answers, delta: Array) -> Slack:
        return _larger(question.at(args, delta), names)

    def once(delta: Array, args: Answers) -> Answers:
        return fresh.forward(*args), *fresh.backward(delta, *args)

    slack = _larger(question, names)
    right = _right(question, examination.answers, slack)
    return Trial(examination.subject, question.args, question.delta, answers, slack, expected, slack_at, given, apart, once)


def _larger(question: Question, names: Answers | tuple[str, ...]) -> Slack:
    """The larger of both bounds; without a bound, where magnitudes overflow, anything goes."""
    return lambda j, _: np.maximum(question.bound(2, str(names[j])), question.bound(1, str(names[j])))


def _right(question: Question, answers: dict[str, Array], slack: Slack) -> set[str]:
    """The quantities that are right at the case: of the others, other inputs show nothing about memory."""
    said = question.right() or {}
    with np.errstate(all="ignore"):
        near = {n: ~(np.abs(a - said[n]) > slack(j, a)) for j, (n, a) in enumerate(answers.items()) if n in said}
        return {n for n, holds in near.items() if np.all(holds) and not np.any(np.isnan(answers[n]) & np.isfinite(said[n]))}


def unknown(subject: Subject, twin: Subject, args: Answers, delta: Array, first: Answers, given: Answers | None) -> Trial:
    """Without a reference. `twin`: the layer as it was before it was asked anything."""
    of_case = delta

    def expected(args: Answers, delta: Array | None) -> tuple[Array, Answers, Slack] | None:
        """The residual is halved and the answer doubled: what is kept by residual, wherever, is not found under it."""
        try:
            y = twin.forward(*args)
            residual = np.asarray(np.resize(of_case, y.shape) if delta is None else delta)
            halves = twin.backward(np.asarray(0.5 * residual), *args)
        except Breach:
            return None
        return residual, (y, *(2 * g for g in halves)), slack_at(args, residual)

    def slack_at(args: Answers, delta: Array, apart: bool = True) -> Slack:
        near = cache(lambda: _tremor(subject, args, delta, apart))
        return lambda j, answer: np.asarray(reordered(delta, j, answer) + CAUTION * near()[j])

    return Trial(subject, args, delta, first, slack_at(args, delta, apart=False), expected, slack_at, given)


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
