"""A layer about which nothing is known: its backward against differences of its own forward, entry by entry, by measured noise."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..evidence import Evidence
from ..judge import compare
from ..oracles import finite_difference, noisy_difference
from ..rounding import Array, U
from . import contract
from .findings import abstain, accusation, record
from .subject import Breach, Subject

ORACLE = "finite_difference"
TOO_NOISY = 1e-3  # an estimate that is no better than this part of the largest derivative shows nothing
REORDERED = 1e-6  # how far, in parts of the largest entry, an unknown computation may move when its order changes


def examine(subject: Subject, args: tuple[Array, ...], delta: Array, seed: int) -> tuple[list[Evidence], list[str]]:
    """All evidence, and the sentences of what is wrong. Raises Breach."""
    y = subject.forward(*args)
    if y.shape != delta.shape:
        raise ValueError(f"delta must have the shape of the layer's output, {y.shape}, got {delta.shape}")
    gradients = subject.backward(delta, *args)
    checks = list(contract.check(subject, args, delta, (y, *gradients), _slack, by_sample=False))
    evidence = list(_differences(subject, args, delta, gradients, y)) + checks
    wrong = [accusation("", item, {}) if item.oracle == ORACLE else item.reason for item in evidence if item.status == "fail"]
    return evidence, wrong


def _differences(
    subject: Subject, args: tuple[Array, ...], delta: Array, gradients: tuple[Array, ...], y: Array
) -> Iterator[Evidence]:
    floor = 4 * U * finite_difference.inner(np.abs(delta), np.abs(y))
    for position, gradient in enumerate(gradients):
        name = ("x", "w", "b")[position] if position < 3 else f"argument {position}"
        if gradient.size == 0:
            yield abstain(ORACLE, name, "estimated", "the array is empty")
            continue
        estimates = _every_entry(subject, args, delta, position, floor)
        slope = np.array([e.derivative for e in estimates]).reshape(gradient.shape)
        error = np.array([e.error for e in estimates]).reshape(gradient.shape)
        kink = np.array([e.kink for e in estimates]).reshape(gradient.shape)
        largest = float(np.max(np.abs(slope[np.isfinite(slope)]), initial=0.0))
        noisy = ~kink & ~(error <= TOO_NOISY * max(largest, float(np.max(np.abs(gradient), initial=0.0))))
        noisy &= ~((gradient == 0) & (slope == 0))
        notes = [f"{int(m.sum())} entries {why}" for m, why in ((kink, "hang on a kink"), (noisy, "are too noisy")) if m.any()]
        bound = 4 * error + 8 * U * np.abs(slope)
        left_out = kink | noisy
        judged = compare(gradient, slope, np.where(left_out, 0.0, bound), left_out)
        yield record(ORACLE, name, "estimated", judged, reason=", ".join(notes))


def _every_entry(
    subject: Subject, args: tuple[Array, ...], delta: Array, position: int, floor: float
) -> list[noisy_difference.Estimate]:
    at = args[position]
    typical = float(np.sqrt(np.mean(np.square(at)))) or 1.0

    def value(entry: int | None, t: float) -> float:
        moved = at.copy()
        if entry is None:
            moved += t
        else:
            moved.ravel()[entry] += t
        try:
            return finite_difference.inner(delta, subject.forward(*args[:position], moved, *args[position + 1 :]))
        except Breach:
            return float("nan")  # the step left the domain of the forward: smaller steps are tried

    with np.errstate(all="ignore"):
        epsilon = noisy_difference.noise(lambda t: value(None, t), typical)
        epsilon = max(floor, epsilon) if np.isfinite(epsilon) else floor
        scales = [2.0 ** np.floor(np.log2(max(typical, abs(float(v))))) for v in at.ravel()]
        return [noisy_difference.derivative(lambda t, e=e: value(e, t), scale, epsilon) for e, scale in enumerate(scales)]  # type: ignore[misc]  # e is bound early


def _slack(_: int, answer: Array) -> Array:
    return np.full(answer.shape, REORDERED * float(np.max(np.abs(answer), initial=0.0)) + 1e-300)
