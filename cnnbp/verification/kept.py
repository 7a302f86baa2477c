"""Gradients that a layer leaves in its attributes instead of returning them: nobody would judge them, and a pass would hide it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ..adapters.adapted import Adapted
from ..adapters.layer import FromLayer
from ..evidence import Evidence, remark
from ..rounding import Array
from . import arguments
from .against.asking import Asking, Found
from .findings import abstain
from .subject import Breach, Subject

NUDGE = 1 + 2.0**-10


def spare(layer: Any) -> Any:
    """A copy to be asked afterwards, of a layer that keeps arrays; None of any other."""
    if (isinstance(layer, Adapted) and not isinstance(layer, FromLayer)) or not _arrays(layer):
        return None
    try:
        return copy.deepcopy(layer)
    except Exception:  # then nobody can ask it without a trace
        return None


def told(found: Found, unasked: Any, asking: Asking) -> Found:
    """What was found, and of each gradient that the layer keeps to itself that nobody judged it."""
    if unasked is None or found.wrong:
        return found
    left = list(_evidence(arguments.subject(unasked, asking.given), asking.given.args, asking.seed))
    quantities = (*found.quantities, *(item.quantity for item in left))
    return replace(found, evidence=[*found.evidence, *left], quantities=quantities)


def _evidence(fresh: Subject, args: tuple[Array, ...], seed: int) -> Iterator[Evidence]:
    """Such a gradient doubles with the residual, and is none of those returned.

    It has the shape of an array that was there before, that no call changes and that y depends on.
    """
    wrapped = fresh.layer
    held, said = (set(wrapped.params), set(wrapped.grads)) if isinstance(wrapped, FromLayer) else (set[str](), set[str]())
    before = {path: a for path, a in _arrays(fresh.layer).items() if path not in held | said}
    try:
        y = _copied(fresh).forward(*args)
        delta = arguments.residual(None, y.shape, seed)
        once, twice = (_after(fresh, args, np.asarray(factor * delta)) for factor in (1.0, 2.0))
    except Breach:
        return
    left, judged = once
    linear = {
        path: a for path, a in left.items()
        if path not in said and a.any() and _same(2 * a, twice[0].get(path)) and not any(_same(a, g) for g in (*judged, delta))
    }  # fmt: skip
    for path, held_now in before.items():
        kept = [name for name, a in linear.items() if name != path and a.shape == held_now.shape]
        if kept and _same(held_now, left.get(path)) and held_now.any() and _matters(fresh, path, args, y):
            named = _likeliest(path, kept)
            linear.pop(named)
            yield abstain("reference", f"self.{path}", "estimated", remark("verification.kept-gradient", attribute=named))


def _likeliest(path: str, kept: list[str]) -> str:
    """Of gradients of one shape, that with the parameter's name in it."""
    last = path.rpartition(".")[2].lower()
    return next((name for name in kept if last in name.rpartition(".")[2].lower()), kept[0])


def _owner(layer: Any) -> Any:
    return layer.made if isinstance(layer, FromLayer) else layer


def _arrays(layer: Any) -> dict[str, Array]:
    """The arrays of real numbers in its attributes, and in dicts there, copied."""
    found = dict[str, Array]()
    for name, value in getattr(_owner(layer), "__dict__", {}).items():
        inside = {f"{name}.{key}": v for key, v in value.items()} if isinstance(value, dict) else {name: value}
        found |= {path: v.copy() for path, v in inside.items() if isinstance(v, np.ndarray) and v.dtype.kind == "f" and v.size}
    return found


def _copied(fresh: Subject) -> Subject:
    return Subject(copy.deepcopy(fresh.layer), fresh.names, fresh.wanted)


def _after(fresh: Subject, args: tuple[Array, ...], delta: Any) -> tuple[dict[str, Array], tuple[Array, ...]]:
    """What its attributes hold after a backward, and what that returned."""
    asked = _copied(fresh)
    asked.forward(*args)
    returned = asked.call("backward", delta, *map(np.array, args))
    return _arrays(asked.layer), tuple(g for g in asked.sorted(returned).values() if isinstance(g, np.ndarray))


def _matters(fresh: Subject, path: str, args: tuple[Array, ...], y: Array) -> bool:
    """Whether y depends on the attribute."""
    asked = _copied(fresh)
    owner, parts = _owner(asked.layer), path.split(".")
    held = getattr(owner, parts[0])
    array = held[parts[1]] if len(parts) > 1 else held
    if not array.flags.writeable:
        return False
    array *= NUDGE
    try:
        return not np.array_equal(asked.forward(*args), y)
    except Breach:
        return False


def _same(a: Array, b: Any) -> bool:
    return isinstance(b, np.ndarray) and np.array_equal(a, b)
