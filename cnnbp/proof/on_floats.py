"""What a layer answers on floats: whether it is a function, and what it says at points.

Where a layer compares what it is handed, or is no polynomial, its floats are asked at points; `by_chance` has the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..evidence.proof import Witness
from ..evidence.verdict import remark
from ..rounding import Array
from .counterexample import at_point
from .found import Found, Tally
from .integers import WIDE, Trial, seed_of
from .question import Question

POINTS = 12


class FloatsRaise(Exception):
    """The layer raises where it runs on floats: this says nothing of how it runs on unknown numbers."""


def forward(question: Question, args: Sequence[Array]) -> Array:
    """y of the layer itself. Raises FloatsRaise."""
    try:
        return _numbers(question.layer.forward(*(a.copy() for a in args)))
    except Exception as error:
        raise FloatsRaise from error


def answers(question: Question, trial: Trial) -> tuple[Array, ...]:
    """y and the gradients of the layer itself. Raises FloatsRaise."""
    return forward(question, trial.args), *backward(question, trial)


def backward(question: Question, trial: Trial) -> tuple[Array, ...]:
    """The gradients of the layer itself. Raises FloatsRaise."""
    try:
        gradients = question.gradients(question.layer.backward(trial.delta.copy(), *(a.copy() for a in trial.args)))
        return tuple(map(_numbers, gradients))
    except Exception as error:
        raise FloatsRaise from error


def _numbers(answer: Any) -> Array:
    """As an array of floats: an unknown number among them, kept from before, is none."""
    array = np.asarray(answer)
    return array.astype(float) if array.dtype == object else array


def witness(question: Question, trial: Trial, name: str, answer: Array, wanted: Array) -> Witness | None:
    """The first entry that differs."""
    if answer.shape != wanted.shape:
        return None
    index = tuple(int(i) for i in np.argwhere(~((answer == wanted) | (np.isnan(answer) & np.isnan(wanted))))[0])
    numbers = [a for a, argument in zip(trial.args, question.arguments, strict=True) if argument.value is None]
    return at_point(question, numbers, trial.delta, name, index, float(wanted[index]))


def answers_twice(question: Question) -> bool:
    """Whether the layer is a function: the same answers to the same numbers, which it leaves as they are.

    Between it is asked of others, so that a backward that answers for what forward was asked last is none. Raises FloatsRaise.
    """
    args, between = ([rng.normal(size=a.shape) for _, a in question.unknown] for rng in _generators("twice", "between"))
    first = question.with_arrays([a.copy() for a in args])
    y = forward(question, first)
    trial = Trial(question.with_arrays(args), np.random.default_rng(seed_of("twice, δ")).normal(size=y.shape), 1.0, 0)
    once = [np.array(a, float) for a in (y, *backward(question, trial))]
    answers(question, Trial(question.with_arrays(between), np.flip(trial.delta), 1.0, 0))
    residual = trial.delta.copy()
    try:
        gradients = [np.array(g, float) for g in question.gradients(question.layer.backward(residual, *first))]
        later = [np.array(question.layer.forward(*first), float), *gradients]
    except Exception as error:
        raise FloatsRaise from error
    same = len(once) == len(later) and all(np.array_equal(a, b, equal_nan=True) for a, b in zip(once, later, strict=True))
    return same and all(np.array_equal(a, b) for a, b in zip((*first, residual), (*trial.args, trial.delta), strict=True))


def _generators(*names: str) -> Iterator[np.random.Generator]:
    return (np.random.default_rng(seed_of(name)) for name in names)


def at_points(question: Question, seed: int) -> Found:
    """Where a layer compares what it is handed: its floats against its own answers to the same integers of Python, and `like`'s.

    Where those are no integers, to 48 bits: what rounds is for bounds to judge.
    """
    found = Found([Tally("floats", "exact at points")])
    named = ("y", *(a.name for _, a in question.may_move))
    largest = WIDE if len(question.unknown) == 1 else 2**12  # products of parameters, x and δ stay below 2⁵³
    for number in range(POINTS):
        rng = np.random.default_rng(seed_of(f"{seed}/point {number}"))
        size = 2 if number < POINTS // 2 else largest  # ties, and numbers that no float32 holds
        drawn = [rng.integers(-size, size + 1, a.shape) for _, a in question.unknown]
        args, exact = (question.with_arrays([a.astype(kind) for a in drawn]) for kind in (float, object))
        for layer in (question.layer, question.like):
            try:
                y = np.asarray(layer.forward(*exact))
                delta = rng.integers(-size, size + 1, y.shape)
                right = y, *question.gradients(layer.backward(delta.astype(object), *exact))
                wanted = [(name, np.asarray(a, float)) for name, a in zip(named, right, strict=False)]
            except (TypeError, AttributeError, ZeroDivisionError, OverflowError):
                continue  # no layer, or none for integers of Python
            trial = Trial(args, delta.astype(float), 1.0, 0)
            rounded = any(np.any(a != np.round(a)) for _, a in wanted)
            if not (_near if rounded else same)(question, trial, found, found.tallies[0], wanted):
                return found
    return found


def _near(question: Question, trial: Trial, found: Found, tally: Tally, wanted: Sequence[tuple[str, Array]]) -> bool:
    """As `same` where the answers are no integers: a constant was rounded, once or a few times."""
    tally.kind = "sampled"
    for (name, right), answer in zip(wanted, answers(question, trial), strict=False):
        tally.compared += right.size
        if answer.shape != right.shape or np.any(np.abs(answer - right) > 2.0**-48 * np.maximum(1.0, np.abs(right).max(initial=0))):
            tally.wrong, found.remark = True, remark(f"proof.wrong-{tally.name}", quantity=name)
            return False
    return True


def same(question: Question, trial: Trial, found: Found, tally: Tally, wanted: Sequence[tuple[str, Array]]) -> bool:
    """Every answer to a trial bit for bit; what differs is told in `found`."""
    given = answers(question, trial)
    for number, (name, right) in enumerate(wanted):
        tally.compared += right.size
        if number >= len(given) or not np.array_equal(given[number], right):
            tally.wrong, found.remark = True, remark(f"proof.wrong-{tally.name}", quantity=name)
            found.witness = witness(question, trial, name, given[number], right) if number < len(given) else None
            return False
    return True
