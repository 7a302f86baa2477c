"""Without a reference: what a copy of the layer answers that was never asked anything, other inputs must answer."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import cache, partial
from itertools import count

import numpy as np

from ....judge import agrees
from ....rounding import Array, U
from ...subject import Breach, Subject
from ...twin import twin_of
from ..slack import Slack, reordered
from ..trial import Answers, Right, Trial

CAUTION = 8.0  # the last bits are moved a few times only


def unknown(
    subject: Subject,
    twin: Subject,
    args: Answers,
    delta: Array,
    first: Answers,
    given: Answers | None,
    given_delta: Array | None = None,
) -> Trial:
    """twin: the layer as it was before it was asked anything."""
    of_case, unseen, twin = delta, count(1), twin.lacking_as(subject)

    def expected(args: Answers, delta: Array | None) -> Right | None:
        """The residual is halved and the answer doubled: what is kept by residual, wherever, is not found under it."""
        asked = unasked()
        try:
            y = asked.forward(*args)
            residual = np.asarray(np.resize(of_case, y.shape) if delta is None else delta)
            halves = asked.backward(np.asarray(0.5 * residual), *args)
        except Breach:
            return None
        return Right(residual, (y, *(2 * g for g in halves)), slack_at(args, residual))

    def unasked() -> Subject:
        """What one answer leaves behind in it shows in no other."""
        asked = copy.copy(twin)
        asked.layer = twin_of(twin.layer)
        return asked

    def once(residual: Array, args: Answers) -> Answers:
        asked = unasked()
        return asked.forward(*args), *asked.backward(residual, *args)

    def bends(residual: Array, args: Answers) -> bool:
        """At residuals a little larger, each asked once in all: what is kept by residual is not found under them."""
        more = np.asarray((1 + next(unseen) / 64) * residual)
        (_, *whole), (_, *halves) = once(more, args), once(np.asarray(0.5 * more), args)
        slack = slack_at(args, more)
        return not all(agrees(a, 2 * b, slack(j, a)) for j, (a, b) in enumerate(zip(whole, halves, strict=True), 1))

    def slack_at(args: Answers, delta: Array, apart: bool = True) -> Slack:
        near = cache(lambda: _tremor(unasked(), args, delta, apart))
        return Slack(lambda j, a: np.asarray(reordered(delta, j, a) + CAUTION * near()[j]), partial(reordered, delta))

    slack = slack_at(args, delta, apart=False)
    return Trial(subject, args, delta, first, slack, expected, slack_at, given, given_delta, fresh=once, bends=bends)


def _tremor(subject: Subject, args: Answers, delta: Array, apart: bool) -> Sequence[Array | float]:
    """How far each answer moves when the last bits of all arguments do, all alike or, `apart`, each as it is drawn."""
    rng = np.random.default_rng(delta.size)

    def moved(a: Array, bits: int) -> Array:
        return np.asarray(a * (1 + bits * U * (rng.choice([-1, 1], a.shape) if apart else 1)))

    try:
        here = subject.forward(*args), *subject.backward(delta, *args)
    except Breach:
        return [0.0] * (1 + len(subject.wanted))
    found: list[Array | float] = [0.0] * len(here)
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
