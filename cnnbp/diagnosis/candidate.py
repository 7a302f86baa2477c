"""A candidate: a layer that has one fault, run on the very case. It is a cause where it answers what the layer answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .. import rounding
from ..faults import FAULTS
from ..faults.catalogue import Bend
from ..oracles.abstention import Abstention
from ..rounding import Array
from .point import BENT, Point

Answer = Callable[[Point, Array], Array]  # (the point, what is right there) → what the fault makes of it


@dataclass(frozen=True, eq=False)
class Candidate:
    """The answers of a fault by quantity, and the code under which it is told."""

    code: str
    answers: Mapping[str, Answer]
    remote: bool = False
    """Tried only where no other fits: at small sizes it answers as others do."""


def by_bends(code: str, **bends: Bend) -> Candidate:
    """From bends of y, dx, dw and db, as `faults` has them."""
    found = {quantity: _of_bend(bends[bent]) for quantity, bent in BENT.items() if bent in bends}
    return Candidate(code, found)


def by_faults(code: str, **ids: str) -> Candidate:
    """From wrong layers of the catalogue that are these very faults: for dx the bend of the one named so, and so on."""

    def answer(id: str, bent: str) -> Answer:
        make = next(fault.make for fault in FAULTS if fault.id == id)
        return lambda point, right: np.asarray(getattr(make(**point.options), bent)(right.copy(), point.call))

    return Candidate(code, {quantity: answer(ids[bent], bent) for quantity, bent in BENT.items() if bent in ids})


def _of_bend(bend: Bend) -> Answer:
    return lambda point, right: np.asarray(bend(right.copy(), point.call))


def fitting(point: Point, quantity: str, candidates: Sequence[Candidate]) -> Iterator[str]:
    """The codes of the candidates that answer as the layer does in every entry, and are wrong on this case."""
    found = False
    for candidate in sorted(candidates, key=lambda c: c.remote):
        if candidate.remote and found:
            return
        answer = candidate.answers.get(quantity)
        if answer is not None and tried(point, quantity, answer):
            found = True
            yield candidate.code


def tried(point: Point, quantity: str, answer: Answer) -> bool:
    """Whether it equals the layer's answer to rounding, and differs from what is right by more."""
    actual, right = point.answers[quantity], point.expected[quantity]
    try:
        with np.errstate(all="ignore"):
            said = np.asarray(answer(point, right), float)
            bound = _bound(point, quantity, answer, said)
    except (ValueError, IndexError, TypeError, ZeroDivisionError, Abstention):
        return False  # there is no such fault at these shapes
    return said.shape == actual.shape and bool(np.isfinite(said).all()) and point.answers_as(quantity, said, bound)


def _bound(point: Point, quantity: str, answer: Answer, said: Array) -> Array:
    """As for what is right, with the magnitudes that the fault sums up where these are larger."""
    bound = np.broadcast_to(point.wrong[quantity].bounds, said.shape)
    if point.operator is None or not point.whole:
        return bound
    terms, right = point.terms(quantity), point.expected[quantity]
    if point.sums(quantity):
        summed = np.abs(np.asarray(answer(point.magnitudes, np.abs(right)), float))
        found: Array = np.maximum(bound, rounding.conventional(terms, summed))
        return found
    scale = np.maximum(np.abs(said), np.abs(right))
    widest = bound if point.apart else np.max(bound)  # where entries mix, so do their errors
    found = np.maximum(widest, rounding.conventional(rounding.ELEMENTARY + terms, scale))
    return found
