"""Linearity: backward is linear in the residual, over sixty binary orders of magnitude, with the slack of another order of sums.

Where that is not enough, the layer's own roundings are measured, at the residual that is asked about: a sum may cancel there, and
an algorithm may lose digits to a large residual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ...evidence import Evidence
from ...rounding import Array, C, U
from .. import measured
from ..neighbours import largest
from ..subject import Breach
from .numbers import filled
from .slack import Slack
from .trial import Answers, Trial, left_alone

OF_FLOAT16 = (2.0**4, 2.0**8)  # which leaves little room: by how much a residual is scaled, and how large the answers may get


def multiples(trial: Trial) -> Evidence:
    """backward(c·δ) = c·backward(δ), for small c, large ones and 0: a residual is neither clipped nor flushed to 0, nor added to.

    A multiple is left out where it would overflow, or is rounded itself because δ is next to nothing.
    """
    point, size = "linear-multiples", largest(trial.delta, *trial.first[1:])
    reach, most = (2.0**30, trial.precision.largest * 2.0**-24) if trial.precision.least < -100 else OF_FLOAT16
    if 2 * size > most:
        return left_alone(point, "would-overflow")
    for c in (-2.0, *(c for c in (1 / reach, reach) if c * size <= most and _unrounded(trial, c))):
        told = _multiplied(trial, point, c)
        if told.status == "fail":
            return told
    return _of_nothing(trial, point)


def _of_nothing(trial: Trial, point: str) -> Evidence:
    """Of a residual of zeros: nothing is rounded that the residual takes part in, but terms without it may cancel, as deviations
    from a mean do.
    """
    nothing = np.zeros_like(trial.delta)
    zeros = tuple(np.where(np.isfinite(g), 0.0, np.nan) for g in trial.first[1:])  # 0·∞ is none
    answers = _gradients(trial, nothing)

    def told(slack: Slack) -> Evidence:
        return trial.close(point, zeros, answers, slack, "contract.not-zero", 1)

    underflow = Slack(lambda j, a: np.full(a.shape, trial.precision.underflow))
    return _as_it_rounds(trial, told, underflow, (nothing,))


def _multiplied(trial: Trial, point: str, c: float) -> Evidence:
    def scaled(j: int, a: Array) -> Array:
        """What underflows at c·δ is as much larger when it is divided by c.

        An algorithm that holds x and δ in one matrix errs as the larger of them does, which is now δ.
        """
        lost = trial.delta.size * trial.precision.underflow / min(1.0, abs(c))
        return np.full(a.shape, lost + max(0.0, abs(c) - 2) * C * U * largest(a))

    delta = np.asarray(c * trial.delta)
    answers = tuple(np.asarray(g / c) for g in _gradients(trial, delta))

    def told(slack: Slack) -> Evidence:
        return trial.close(point, trial.first[1:], answers, slack, "contract.not-multiplied", 1, factor=c)

    return _as_it_rounds(trial, told, trial.slack.twice.more(scaled), (delta,), abs(c))


def sums(trial: Trial) -> Evidence:
    """backward(δ) = Σ backward(δᵢ) over residuals δᵢ that add up to δ: parts of it; one number everywhere and the rest."""
    for code, parts in _parts(trial):

        def of_parts(j: int, a: Array, parts: Answers = parts) -> Array:
            return trial.slack_at(trial.args, np.asarray(sum(map(np.abs, parts))))(j, a)

        each = [_gradients(trial, part) for part in parts]
        added = tuple(np.asarray(sum(pieces)) for pieces in zip(*each, strict=True))

        def told(slack: Slack, code: str = code, added: Answers = added) -> Evidence:
            return trial.close("linear-sums", trial.first[1:], added, slack, code, 1)

        found = _as_it_rounds(trial, told, trial.slack.twice.more(of_parts), parts)
        if found.status == "fail":
            return found
    return found


def _parts(trial: Trial) -> Iterator[tuple[str, Answers]]:
    """Every other entry, and, of a batch, every other sample, the others 0; one number everywhere; the residual as it was given.

    Where the residual is 0 itself, parts that are not are taken off again in a last one.
    """
    delta = filled(trial.delta, trial.delta.size)
    off = () if delta is trial.delta else (np.asarray(trial.delta - delta),)
    odd = np.arange(delta.size).reshape(delta.shape) % 2 == 1
    whole = [odd, ~odd]
    if delta.ndim and len(delta) > 1:
        sample = (np.arange(len(delta)) % 2 == 1).reshape(-1, *(1,) * (delta.ndim - 1))
        whole = [np.broadcast_to(sample, delta.shape), ~sample & odd, ~sample & ~odd]
    yield "contract.not-additive", (*(np.where(part, delta, 0.0) for part in whole), *off)
    if 4 * largest(delta) > trial.precision.largest:  # what is left would overflow
        return
    part = np.full(delta.shape, largest(delta) / 4)  # what is left is not much larger than delta
    yield "contract.not-additive-constant", (part, np.asarray(delta - part), *off)
    if trial.given_delta is not None:
        yield "contract.not-additive-given", (trial.given_delta, np.asarray(delta - trial.given_delta))


def _as_it_rounds(trial: Trial, told: Callable[[Slack], Evidence], slack: Slack, asked: Answers, over: float = 1.0) -> Evidence:
    """What is told with this slack; if that is a failure, with the roundings of the layer's own answers to these residuals too."""
    found = told(slack)
    if found.status != "fail":
        return found

    def ask(args: Answers, delta: Array) -> dict[str, Array]:
        return dict(zip(trial.names, trial.ask(delta, args), strict=True))

    try:
        own = [measured.measure(ask, trial.args, delta, np.random.default_rng(delta.size)) for delta in asked]
    except (Breach, ValueError):  # out of its domain
        return found

    def rounded(j: int) -> Array:
        """Nothing where an answer is not finite, which no rounding is."""
        sizes = np.asarray(sum(m[trial.names[j]].slack for m in own) / over)
        return np.where(np.isfinite(sizes), sizes, 0.0)

    return told(slack.more(lambda j, _: rounded(j)))


def _gradients(trial: Trial, delta: Array) -> Answers:
    """Asked after the forward of the case, as a layer with a memory needs it."""
    return trial.ask(delta, trial.args)[1:]


def _unrounded(trial: Trial, factor: float) -> bool:
    """Whether the multiple is that of δ as the layer has it, no bit of it lost below the smallest numbers."""
    rounded = trial.precision.round
    return np.array_equal(rounded(factor * trial.delta) / factor, rounded(trial.delta))
