"""Right, but of another question: the gradient for another residual, or for other arguments, than the layer was handed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from ..rounding import Array
from .anything import Found
from .asked import answers, answers_as, letters, same
from .contributions import SPATIAL, overwritten
from .point import Point

FEW = 3  # wrong entries, unless all are: fewer are 0, or at the end of an axis, for many reasons
LARGEST = 100_000  # numbers: beyond, each question takes its time


def another(point: Point, quantity: str) -> Iterator[Found]:
    """The questions that the answer is right of, likely ones first; less likely ones where no other was found."""
    judged = point.wrong[quantity]
    few = judged.suspects.sum() < min(FEW, judged.judged)
    if few or sum(a.size for a in (*point.args, point.delta)) > LARGEST:
        return
    for group in (_itself, _residuals, _arguments, overwritten, _lost):
        found = list(group(point, quantity))
        yield from found
        if found:
            return


def _itself(point: Point, quantity: str) -> Iterator[Found]:
    """The residual, whatever the layer does; or all but that, as where it goes around the layer too."""
    actual, d = point.answers[quantity], point.delta
    if quantity == "y" or actual.shape != d.shape or not d.all():
        return
    times = float((actual * d).sum() / (d * d).sum())
    if actual.size > 1 and same(actual, times * d):
        yield "residual-itself", {"times": times}
        return
    less = answers_as(point, quantity, point.expected[quantity] - d) if point.whole else point.confirm(quantity, lambda g: g + d)
    if less:
        yield "way-around-left-out", {}


def _residuals(point: Point, quantity: str) -> Iterator[Found]:
    """What is often taken for the residual, with the same arguments."""
    for code, values, delta in _taken_for(point, quantity):
        if answers(point, quantity, point.args, delta):
            yield code, values


def _arguments(point: Point, quantity: str) -> Iterator[Found]:
    """One argument read in another way, or something else in its place, with the same residual.

    What a layer of which nothing is known computes of other numbers of the very argument, its differences do not say.
    """
    for place, (name, a) in enumerate(zip(point.names, point.args, strict=True)):
        if a.dtype.kind != "f" or not a.size:
            continue
        own, argument = name == quantity, {"argument": point.called(name)}
        others = [
            *([] if own else _read(point, name, a)),
            *([] if own and not point.whole else _in_its_place(point, quantity, name, a)),
        ]
        for code, values, other in others:
            if answers(point, quantity, _with(point, place, other), point.delta):
                yield code, argument | values


def _lost(point: Point, quantity: str) -> Iterator[Found]:
    """The first or last slice of another argument; among differences, an overwritten sum might look so."""
    for place, (name, a) in enumerate(zip(point.names, point.args, strict=True)):
        if name == quantity or a.dtype.kind != "f" or not point.whole:
            continue
        for axis in (axis for axis in range(a.ndim) if a.shape[axis] > 1):
            for end, index in (("first", 0), ("last", a.shape[axis] - 1)):
                rest = a.copy()
                rest[(slice(None),) * axis + (index,)] = 0
                if answers(point, quantity, _with(point, place, rest), point.delta):
                    yield f"argument-{end}-lost", {"argument": point.called(name), "along": letters(point, name, a)[axis]}


def _with(point: Point, place: int, other: Array) -> tuple[Array, ...]:
    return (*point.args[:place], np.array(other), *point.args[place + 1 :])


def _taken_for(point: Point, quantity: str) -> Iterator[tuple[str, dict[str, Any], Array]]:
    if quantity == "y":
        return
    d = point.delta
    names = letters(point, "y", d)
    yield "residual-ignored", {}, np.ones_like(d)
    if d.size > 1:
        yield "residual-mean", {}, np.full_like(d, d.mean())
    for axis, size in enumerate(d.shape):
        along = {"along": names[axis]}
        for end, place in (("first", 0), ("last", size - 1)) if size > 1 else ():
            alone = np.zeros_like(d)
            at = (slice(None),) * axis + (slice(place, place + 1),)
            alone[at] = d[at]
            yield f"residual-{end}-alone", along, alone
            if size > 2:  # of two, without the one is the other alone
                yield f"residual-{end}-lost", along, d - alone
        if size > 1:
            yield "residual-first-for-all", along, np.array(np.broadcast_to(d.take([0], axis), d.shape))
            yield "residual-flipped", along, np.array(np.flip(d, axis))
    if d.ndim > 1:
        yield "residual-transposed", {}, d.swapaxes(-1, -2).reshape(d.shape)
    if d.ndim > SPATIAL + 1:
        yield "residual-rotated", {}, np.array(np.flip(d, tuple(range(SPATIAL, d.ndim))))


def _in_its_place(point: Point, quantity: str, name: str, a: Array) -> Iterator[tuple[str, dict[str, Any], Array]]:
    yield "argument-left-out", {"number": 1}, np.ones_like(a)
    yield "argument-left-out", {"number": 0}, np.zeros_like(a)
    others = {point.called(other): b for other, b in zip(point.names, point.args, strict=True) if other != name}
    if quantity != "y":  # a forward of its own answer is that answer in many a layer
        others |= {"y": point.answers.get("y", point.delta), "delta": point.delta}
    for called, b in others.items():
        if b.shape == a.shape and b.dtype.kind == "f":
            yield "argument-replaced", {"other": called}, b


def _read(point: Point, name: str, a: Array) -> Iterator[tuple[str, dict[str, Any], Array]]:
    axes = range(a.ndim)
    pairs = list(combinations(axes, 2))[::-1]  # the last axes first
    for pair in pairs:
        yield "argument-axes-exchanged", {"axes": [*pair]}, a.swapaxes(*pair).reshape(a.shape)
    for several in ([(*axes[SPATIAL:],)] if a.ndim > SPATIAL + 2 else []) + (pairs if a.ndim > SPATIAL else []):
        yield "argument-rotated", {"axes": [*several]}, np.flip(a, several)
    for axis in (axis for axis in axes if a.shape[axis] > 1):
        yield "argument-flipped", {"along": letters(point, name, a)[axis]}, np.flip(a, axis)
