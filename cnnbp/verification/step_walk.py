"""A step of an optimiser, called with care: one w on its way, the state that goes with it, and what the step writes into."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ..rounding import Array
from .called import call
from .contract.trial import same
from .subject import Breach
from .twin import twin_of

SAID = {"raises-when-called": "step-raises-when-called"}


class Walks:
    """Walkers, each with a copy of the step that was never asked. All stay alive: a step may know its w by `id`."""

    def __init__(self, step: Callable[..., Any]) -> None:
        self._step, self._alive = twin_of(step), list[Walker]()

    def new(self, *starts: Array) -> list[Walker]:
        """One for each start, all of the same copy."""
        step = twin_of(self._step)
        found = [Walker(step, start) for start in starts]
        self._alive += found
        return found


class Walker:
    """One w, moved by a step as `step(w, gradient)`, or with a state that is None at first and then what the step returned.

    A third parameter that has a default may be an option: it is handed over only once the step has returned a state.
    """

    def __init__(self, step: Callable[..., Any], start: Array) -> None:
        self._step, self._w, self._state = step, start.copy(), list[Any]()
        third = _third(step)
        self._takes = third is not None
        if third is not None and third.default is third.empty:
            self._state = [None]
        self._handed, self._found = list[tuple[Array, Array]](), list[Array]()
        self.broken = ""
        """The first thing that the step wrote into and should not have, as a code: its gradient, the old w."""

    @property
    def path(self) -> Array:
        """w after each step."""
        return np.array(self._found)

    @property
    def stateful(self) -> bool:
        """Whether a state goes with it."""
        return bool(self._state)

    def walk(self, gradients: Iterable[Array]) -> Array:
        """The path under these gradients, an array for each. Raises Breach."""
        for gradient in gradients:
            self.move(np.array(gradient))
        if not all(same(handed, kept) for handed, kept in self._handed):
            self.broken = self.broken or "step-changes-gradient-later"
        return self.path

    def move(self, gradient: Array) -> None:
        """One step. Raises Breach where the step raises, and where what it returns is no such w."""
        old, before, kept = self._w, self._w.copy(), gradient.copy()
        answer = call("step", self._step, old, gradient, *self._state, said=SAID)
        if isinstance(answer, tuple) and len(answer) == 2:
            answer, state = answer
            self._state = [state] if self._takes else []
        self._w = old if answer is None else _numbers(answer)
        if self._w.shape != old.shape:
            raise Breach("shape", "step-shape", got=self._w.shape, expected=old.shape)
        if not same(gradient, kept):
            self.broken = self.broken or "step-changes-gradient"
        elif not (same(old, before) or same(old, self._w)):
            self.broken = self.broken or "step-changes-w"
        self._handed.append((gradient, gradient.copy()))
        self._found.append(np.array(self._w, float))


def _third(step: Callable[..., Any]) -> inspect.Parameter | None:
    """The third positional parameter, None where there is none or no telling."""
    try:
        parameters = inspect.signature(step).parameters.values()
    except (TypeError, ValueError):
        return None
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return positional[2] if len(positional) > 2 else None


def _numbers(answer: Any) -> Array:
    """What a step returned as an array, itself where it is one: the step may go on in it. Raises Breach."""
    said = {"method": "step", "quantity": "step"}
    if isinstance(answer, bool) or not isinstance(answer, (np.ndarray, np.generic, int, float)):
        raise Breach("type", "no-array", **said, got=type(answer).__name__)
    found = np.asarray(answer)
    if found.dtype.kind not in "iuf":
        raise Breach("type", "no-numbers", **said, got=str(found.dtype))
    return found
