"""With a reference of which nothing is known but its numbers: it says what is right elsewhere, but for last bits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import numpy as np

from ....judge import agrees
from ....rounding import Array
from ...measured import BREAKS, WINNERS, Measured, undecided
from ...neighbours import level
from ...reference import Trusted
from ...subject import Subject
from ..slack import Slack, reordered
from ..trial import Answers, Right, Trial


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
    """twin: the layer as it was before it was asked anything. answers, given: those to the case, and to it as it was laid out."""
    names, twin = tuple(answers), twin.lacking_as(subject)
    right = {q for q, a in answers.items() if agrees(a, said[q].expected, said[q].slack, said[q].conventions(a))}
    other = any(said[q].conventions(a).any() for q, a in answers.items())
    moves = WINNERS if other else BREAKS  # whose convention is another meets it wherever numbers tie

    def expected(args: Answers, residual: Array | None) -> Right | None:
        try:
            asked = np.asarray(np.resize(delta, reference.forward(args).shape) if residual is None else residual)
            known = reference.answers(args, asked)
        except ValueError:
            return None  # out of the reference's domain
        if not np.isfinite(known["y"]).all():  # nor are its gradients any there
            return None

        def judged(known: dict[str, Array]) -> Answers:
            return tuple(known[q] if q in right else np.full(known[q].shape, np.nan) for q in names)

        def decided() -> Iterator[Answers]:
            with suppress(ValueError):
                for found in undecided(reference.answers, known, args, asked, rng, moves):
                    if not np.isfinite(found["y"]).all():
                        return
                    yield judged(found)

        return Right(asked, judged(known), slack_at(args, asked), decided)

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
