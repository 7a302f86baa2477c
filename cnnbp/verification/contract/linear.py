"""Linearity: backward is linear in the residual, over sixty binary orders of magnitude, with the slack of another order of sums.

Where that is not enough, the layer's own roundings count too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, repeat

import numpy as np

from ...evidence import Evidence
from ...rounding import Array, C, U
from ..neighbours import largest, of_wide_range
from .numbers import filled
from .own_rounding import as_it_rounds
from .slack import Bound, Slack
from .trial import Answers, Trial, found, left_alone

MULTIPLES, SUMS = "linear-multiples", "linear-sums"
OF_FLOAT16 = (2.0**4, 2.0**8)  # which leaves little room: by how much a residual is scaled, and how large the answers may get


def at_once(trial: Trial) -> Mapping[str, Evidence]:
    """Both points where they hold at once: backward(δ) = Σ backward(cᵢ·δᵢ)/cᵢ over parts δᵢ that add up to δ, and of 0 it is 0.

    Only by what the parts may differ without their factors: that is less than each point allows.
    """
    reach, most = _room(trial)
    delta = filled(trial.delta, trial.delta.size)
    level = np.full(delta.shape, largest(delta) / 4)
    *split, last = (np.where(part, delta, 0.0) for part in _apart(delta))
    parts = (*split, np.asarray(last - level), level, *_off(trial, delta))
    factors = list(zip(parts, chain((1 / reach, reach, -2.0), repeat(1.0)), strict=False))
    if reach * largest(delta, *trial.first[1:]) > most or of_wide_range(delta) or trial.given_delta is not None:
        return {}  # one number everywhere would hide those that are far less
    if not all(part.any() and _unrounded(trial, part, c) for part, c in factors):
        return {}
    each = [tuple(g / c for g in _gradients(trial, np.asarray(c * part))) for part, c in factors]
    holds = _added(trial, "contract.not-additive", parts, each)(trial.slack.twice.more(_of(trial, parts))).status == "pass"
    return {point: found(point) for point in (MULTIPLES, SUMS)} if holds and _of_nothing(trial).status == "pass" else {}


def multiples(trial: Trial) -> Evidence:
    """backward(c·δ) = c·backward(δ), for small c, large ones and 0: a residual is neither clipped nor flushed to 0, nor added to.

    A multiple is left out where it would overflow, or is rounded itself because δ is next to nothing.
    """
    size, (reach, most) = largest(trial.delta, *trial.first[1:]), _room(trial)
    if 2 * size > most:
        return left_alone(MULTIPLES, "would-overflow")
    for c in (-2.0, *(c for c in (1 / reach, reach) if c * size <= most and _unrounded(trial, trial.delta, c))):
        told = _multiplied(trial, c)
        if told.status == "fail":
            return told
    return _of_nothing(trial)


def _room(trial: Trial) -> tuple[float, float]:
    """By how much a residual is scaled, and how large the answers may get."""
    return (2.0**30, trial.precision.largest * 2.0**-24) if trial.precision.least < -100 else OF_FLOAT16


def _of_nothing(trial: Trial) -> Evidence:
    """Of a residual of zeros: nothing is rounded that the residual takes part in, but terms without it may cancel, as deviations
    from a mean do.
    """
    nothing = np.zeros_like(trial.delta)
    zeros = tuple(np.where(np.isfinite(g), 0.0, np.nan) for g in trial.first[1:])  # 0·∞ is none
    answers = _gradients(trial, nothing)

    def told(slack: Slack) -> Evidence:
        return trial.close(MULTIPLES, zeros, answers, slack, "contract.not-zero", 1)

    underflow = Slack(lambda j, a: np.full(a.shape, trial.precision.underflow))
    return as_it_rounds(trial, told, underflow, (nothing,))


def _multiplied(trial: Trial, c: float) -> Evidence:
    def scaled(j: int, a: Array) -> Array:
        """What underflows at c·δ is as much larger when it is divided by c.

        An algorithm that holds x and δ in one matrix errs as the larger of them does, which is now δ.
        """
        lost = trial.delta.size * trial.precision.underflow / min(1.0, abs(c))
        return np.full(a.shape, lost + max(0.0, abs(c) - 2) * C * U * largest(a))

    delta = np.asarray(c * trial.delta)
    answers = tuple(np.asarray(g / c) for g in _gradients(trial, delta))

    def told(slack: Slack) -> Evidence:
        return trial.close(MULTIPLES, trial.first[1:], answers, slack, "contract.not-multiplied", 1, factor=c)

    return as_it_rounds(trial, told, trial.slack.twice.more(scaled), (delta,), abs(c))


def sums(trial: Trial) -> Evidence:
    """backward(δ) = Σ backward(δᵢ) over residuals δᵢ that add up to δ: parts of it; one number everywhere and the rest."""
    for code, parts in _parts(trial):
        told = _added(trial, code, parts, [_gradients(trial, part) for part in parts])
        held = as_it_rounds(trial, told, trial.slack.twice.more(_of(trial, parts)), parts)
        if held.status == "fail":
            return held
    return held


def _added(trial: Trial, code: str, parts: Answers, each: list[Answers]) -> Callable[[Slack], Evidence]:
    """Whether the gradients of the parts add up to that of the residual."""
    added = tuple(np.asarray(sum(pieces)) for pieces in zip(*each, strict=True))
    return lambda slack: trial.close(SUMS, trial.first[1:], added, slack, code, 1)


def _of(trial: Trial, parts: Answers) -> Bound:
    """What the parts round."""
    return lambda j, a: trial.slack_at(trial.args, np.asarray(sum(map(np.abs, parts))))(j, a)


def _parts(trial: Trial) -> Iterator[tuple[str, Answers]]:
    """The residual apart; one number everywhere and what is left; the residual as it was given.

    Where the residual is 0 itself, parts that are not are taken off again in a last one.
    """
    delta = filled(trial.delta, trial.delta.size)
    off = _off(trial, delta)
    yield "contract.not-additive", (*(np.where(part, delta, 0.0) for part in _apart(delta)), *off)
    if 4 * largest(delta) > trial.precision.largest:  # what is left would overflow
        return
    part = np.full(delta.shape, largest(delta) / 4)  # what is left is not much larger than delta
    yield "contract.not-additive-constant", (part, np.asarray(delta - part), *off)
    if trial.given_delta is not None:
        yield "contract.not-additive-given", (trial.given_delta, np.asarray(delta - trial.given_delta))


def _off(trial: Trial, delta: Array) -> Answers:
    """What is to be taken off where numbers stand in the place of zeros."""
    return () if delta is trial.delta else (np.asarray(trial.delta - delta),)


def _apart(delta: Array) -> list[Array]:
    """Every other entry, and, of a batch, every other sample."""
    odd = np.arange(delta.size).reshape(delta.shape) % 2 == 1
    if not delta.ndim or len(delta) < 2:
        return [odd, ~odd]
    sample = (np.arange(len(delta)) % 2 == 1).reshape(-1, *(1,) * (delta.ndim - 1))
    return [np.broadcast_to(sample, delta.shape), ~sample & odd, ~sample & ~odd]


def _gradients(trial: Trial, delta: Array) -> Answers:
    """Asked after the forward of the case, as a layer with a memory needs it."""
    return trial.ask(delta, trial.args)[1:]


def _unrounded(trial: Trial, delta: Array, factor: float) -> bool:
    """Whether the multiple is that of δ as the layer has it, no bit of it lost below the smallest numbers."""
    rounded = trial.precision.round
    return np.array_equal(rounded(factor * delta) / factor, rounded(delta))
