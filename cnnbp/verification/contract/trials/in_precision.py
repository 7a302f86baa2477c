"""In a low precision without a record: at other inputs right is what is answered in float64, by the layer itself or a reference."""

from __future__ import annotations

from functools import partial

import numpy as np

from ....judge import agrees
from ....rounding import Array
from ...methods import own_float64
from ...methods.own_float64 import Ask, Own, slack_of
from ...neighbours import largest
from ...subject import Breach, Subject
from ..slack import Slack
from ..trial import Answers, Right, Trial

COARSE = 2.0**-7  # of the largest answer at other inputs: who remembers is off by far more, and roundings are judged at the case


def in_precision(subject: Subject, twin: Subject, args: Answers, delta: Array, first: Answers, own: Own, ask: Ask) -> Trial:
    """twin: the layer as it was before it was asked anything. first: y and the gradients that are judged. ask: in float64.

    What is wrong at the case is not asked about at other inputs.
    """
    precision, wide, twin = subject.carrier.precision, subject.carrier.wide, twin.lacking_as(subject)
    of_case = delta

    def slack(own: Own, args: Answers, delta: Array, coarse: float = 0.0) -> Slack:
        """Of another order of sums: as far as the largest entries may be off, or numbers as large as delta that cancel.

        coarse: and so much of the largest answer.
        """
        entries, size = sum(a.size for a in (*args, delta)), largest(delta)
        times, share = max(1.0, size / (largest(of_case) or 1.0)), slack_of(precision, entries)

        def whole(j: int, a: Array) -> Array:
            of = largest(a) + (times * largest(own.reach[j]) + size if j else largest(own.reach[j]))
            return np.full(a.shape, share * of + coarse * largest(a) + entries * precision.underflow)

        return Slack(whole)

    at_case, slack_at = slack(own, args, delta), partial(slack, own)
    right = [agrees(a, b, at_case(j, b)) for j, (a, b) in enumerate(zip(first, own.right, strict=True))]

    def expected(args: Answers, delta: Array | None) -> Right | None:
        args = wide(*args)
        try:
            y = twin.forward(*args)
            (residual,) = wide(np.asarray(np.resize(of_case, y.shape) if delta is None else delta))
            there = own_float64.of(ask, args, residual)
        except (Breach, ValueError):  # out of a domain
            return None
        held = (np.where(np.abs(a) < precision.largest / 2, a, np.nan) for a in there.right)
        answers = tuple(a if known else np.full(a.shape, np.nan) for a, known in zip(held, right, strict=True))
        return Right(residual, answers, slack(there, args, residual, COARSE))

    def once(delta: Array, args: Answers) -> Answers:
        return twin.forward(*args), *twin.backward(delta, *args)

    handed = tuple(map(subject.carrier.handed, args))
    return Trial(
        subject,
        handed,
        subject.carrier.handed(delta),
        first,
        at_case,
        expected,
        slack_at,
        alike=False,
        fresh=once,
        precision=precision,
    )
