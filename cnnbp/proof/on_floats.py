"""What a layer answers on floats: whether it is a function, and whether it answers a trial as it must."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..evidence.proof import Witness
from ..evidence.verdict import remark
from ..rounding import Array
from .counterexample import at_point
from .found import Found, Tally
from .integers import Trial, seed_of
from .question import Question


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
