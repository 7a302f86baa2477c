"""The same question asked again: whether the answer is the same and, where it is not, if the layer is random or has a state."""

from __future__ import annotations

import copy
import random
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from ...adapters.layer import FromLayer
from ...evidence import Evidence, Remark, remark
from .trial import Answers, Trial, all_same, found, moved

REPEATS = "repeats"
SEEDED = 7  # times that it is asked after the same seed: a counter of a short period may answer alike twice


def repeats(trial: Trial) -> Evidence:
    """To the last bit, at once and a third time."""
    for _ in range(2):
        again = trial.ask(trial.delta, trial.args)
        if not all_same(trial.first, again):
            return differs(trial, again)
    return found(REPEATS)


def differs(trial: Trial, again: Answers) -> Evidence:
    """The point is broken: the same question was answered like this."""
    quantity = moved(trial, trial.first, again)
    return found(REPEATS, _why(trial, quantity))


def _why(trial: Trial, quantity: str) -> Remark:
    """Random: the layer holds a generator, or repeats itself from the same global seed. A state: an attribute that moves."""
    layer = trial.subject.layer
    before = _state(layer)
    if isinstance(layer, FromLayer) and layer.adds_up(trial.delta.copy(), *map(np.array, trial.args)):
        return remark("contract.accumulates", quantity=quantity)
    held = [name for name, value in vars(layer).items() if _generates(value)] if hasattr(layer, "__dict__") else []
    if held:
        return remark("contract.random-held", quantity=quantity, attribute=held[0])
    first, *others = (_seeded(lambda: trial.ask(trial.delta, trial.args)) for _ in range(SEEDED))
    if all(all_same(first, again) for again in others):
        steady = all_same(trial.ask(trial.delta, trial.args), trial.ask(trial.delta, trial.args))
        if not steady:
            return remark("contract.random-global", quantity=quantity)
    after = _state(layer)
    changed = [name for name in after if name not in before or not _alike(before[name], after[name])]
    if changed:
        return remark("contract.stateful", quantity=quantity, attributes=changed)
    return remark("contract.not-deterministic", quantity=quantity)


def _seeded(ask: Callable[[], Any]) -> Any:
    """What is answered right after every global generator was set to the same state; they are put back afterwards."""
    torch = sys.modules.get("torch")
    kept = np.random.get_state(), random.getstate(), torch.get_rng_state() if torch else None  # noqa: NPY002  # that of layers which use it
    try:
        np.random.seed(0)  # noqa: NPY002  # the layer's own source of chance is the old one
        random.seed(0)
        if torch:
            torch.manual_seed(0)
        return ask()
    finally:
        np.random.set_state(kept[0])  # noqa: NPY002
        random.setstate(kept[1])
        if torch:
            torch.set_rng_state(kept[2])


def _generates(value: Any) -> bool:
    torch = sys.modules.get("torch")
    kinds = (np.random.Generator, np.random.RandomState, random.Random, *((torch.Generator,) if torch else ()))
    return isinstance(value, kinds)


def _state(layer: Any) -> dict[str, Any]:
    """The attributes of the layer that can be copied, copied."""
    found = {}
    for name, value in getattr(layer, "__dict__", {}).items():
        try:
            found[name] = copy.deepcopy(value)
        except Exception:  # a lock, a file: nothing that can be compared
            continue
    return found


def _alike(a: Any, b: Any) -> bool:
    try:
        if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
            return np.array_equal(a, b)
        return type(a) is type(b) and (a == b or (hasattr(a, "__dict__") and a.__dict__.keys() == b.__dict__.keys()) or callable(a))
    except Exception:
        return True
