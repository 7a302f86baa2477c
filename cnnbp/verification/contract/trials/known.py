"""With a layer of cnnbp as reference: at any other input it is known what is right."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from ....judge import agrees
from ....rounding import Array
from ...conventions import ANY
from ...examination import Examination
from ...question import Question
from ...subject import Subject
from ..slack import Slack
from ..trial import Answers, Right, Trial


def known(examination: Examination, fresh: Subject, given: Answers | None = None, wrong: Collection[str] = frozenset()) -> Trial:
    """Computed in another order, an answer may move by the larger of both tiers' bounds.

    fresh: the layer as it was before it was asked anything. wrong: quantities of which that is known already.
    """
    question, names, wide = examination.question, tuple(examination.answers), examination.subject.carrier.wide
    answers = tuple(examination.answers.values())
    apart = question.operator.samples_apart(question.options)

    def expected(args: Answers, delta: Array | None) -> Right | None:
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
        return Right(residual, tuple(said[q] if q in said and q in right else nothing[q] for q in names), _larger(asked, names))

    def slack_at(args: Answers, delta: Array) -> Slack:
        return _larger(question.at(wide(*args), wide(delta)[0]), names)

    def once(delta: Array, args: Answers) -> Answers:
        return fresh.forward(*args), *fresh.backward(delta, *args)

    slack, subject = _larger(question, names), examination.subject
    fresh = fresh.lacking_as(subject)
    right = _right(question, examination.answers, slack) - {*wrong}
    args, delta = tuple(map(subject.carrier.handed, question.args)), subject.carrier.handed(question.delta)
    narrowest = max(question.precision, subject.carrier.precision, key=lambda precision: precision.least)
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
