"""What a layer itself rounds, measured at the residual that is asked about, where the slack of another order of sums is not enough.

A sum may cancel there, and an algorithm that adds x to δ, or loses digits to a large residual, errs as the largest of them does.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...evidence import Evidence
from ...rounding import Array
from .. import measured
from ..subject import Breach
from .slack import Slack
from .trial import Answers, Trial


def as_it_rounds(
    trial: Trial, told: Callable[[Slack], Evidence], slack: Slack, asked: Answers, over: float = 1.0, at: Answers | None = None
) -> Evidence:
    """What is told with this slack; if that is a failure, with the roundings of the layer's own answers to these residuals too.

    at: the arguments, if they are not those of the case.
    """
    first = told(slack)
    if first.status != "fail":
        return first

    def ask(args: Answers, delta: Array) -> dict[str, Array]:
        return dict(zip(trial.names, trial.ask(delta, args), strict=True))

    try:
        own = [measured.measure(ask, at or trial.args, delta, np.random.default_rng(delta.size)) for delta in asked]
    except (Breach, ValueError):  # out of its domain
        return first

    def rounded(j: int) -> Array:
        """Nothing where an answer is not finite, which no rounding is."""
        sizes = np.asarray(sum(m[trial.names[j]].slack for m in own) / over)
        return np.where(np.isfinite(sizes), sizes, 0.0)

    return told(slack.more(lambda j, _: rounded(j)))
