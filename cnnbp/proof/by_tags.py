"""Proof by tags: of layers that multiply and add linearly in each argument, and compare at most what they were handed.

Convolutions, dense layers, mean pooling: one run, and ⟨y, δ⟩ and the gradients are the same sorted products or they are not.
Max pooling, ReLU: a run for each order of what is compared, ties included; ties are a convention, which only `like` knows.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import numpy as np

from ..rounding import Array
from . import domain
from .counterexample import representative, smallest
from .found import Found, Tally, as_array, misshapen
from .numbers.codes import DELTA, THETA, X
from .numbers.counted import Count
from .numbers.tags import generators
from .numbers.unsupported import Unsupported, root
from .numbers.walk import Walk
from .question import Question
from .specification import Specification
from .terms import OwnVariable, Place, Terms, collect, equated

MOST_TERMS = 3_000_000  # products that are held at once, at about 200 bytes each
ASKED = 32  # strict orders, in each of which floats are asked at a point
TOO_LARGE = ("too-many-terms", "too-many", "too-many-edges")


def prove(question: Question, spec: Specification | None, walk: Walk) -> Found:
    """Every claim on every path of the walk. Raises Unsupported, TooManyPaths, and whatever the layer raises."""
    run = _Run(question, spec)
    wanted = spec.potential(run.places) if spec and len(run.places) == len(question.arguments) else None
    if wanted is None:
        _count(question, walk.deadline)
    elif len(wanted) > MOST_TERMS:
        raise Unsupported("too-many-terms", terms=len(wanted), most=MOST_TERMS)
    with _no_collector():
        for _ in walk:
            run.path(walk, wanted)
            if run.found.remark:
                break
    run.found.paths = walk.paths or 1
    return run.found


def places(question: Question) -> list[Place]:
    """Where the unknown arguments stand: x in a group of its own, the parameters one after the other in another."""
    found, theta = list[Place](), 0
    for position, argument in question.unknown:
        found.append(Place(THETA, theta, argument.size) if position else Place(X, 0, argument.size))
        theta += argument.size if position else 0
    return found


def _count(question: Question, deadline: float) -> None:
    """Raises Unsupported where a layer without a specification would make more products than can be held."""
    count = Count(2 * MOST_TERMS, deadline)  # a product is made once, and added once
    try:
        question.layer.forward(*question.with_arrays([count.array(a.shape) for _, a in question.unknown]))
    except Exception as error:
        reason = root(error)
        if getattr(reason, "code", "") in TOO_LARGE:
            raise reason from error
        # else it will raise again, on unknown numbers, and be told so


@contextmanager
def _no_collector() -> Iterator[None]:
    """Millions of tags hold no cycles: looking for them would cost as much as the proof."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Run:
    """One proof: the unknown numbers, and what has been found on the paths so far."""

    def __init__(self, question: Question, spec: Specification | None) -> None:
        self.question, self.spec = question, spec
        self.places = places(question)
        arrays = [generators(a.shape, p.group, p.first) for p, (_, a) in zip(self.places, question.unknown, strict=True)]
        self.args, self.delta = question.with_arrays(arrays), np.empty(0, object)
        tallies = [Tally("gradient"), *([Tally("forward"), Tally("gradients")] if spec else [])]
        self.found = Found(tallies, lines=domain.lines(question))
        positions = [j for j, _ in question.unknown]
        self.strict, self.chance = 0, Random(0)
        self.moving = [(a.name, a.shape, self.places[positions.index(j)]) for j, a in question.may_move]

    def path(self, walk: Walk, wanted: Terms | None) -> None:
        """Forward and backward on one path, against each other and against what is right."""
        question, spec, args = self.question, self.spec, self.args
        with self.found.lines.recorded(lambda: domain.run(question, self._point(walk))):
            y = as_array("forward", question.layer.forward(*(a.copy() for a in args)))
            if walk.paths == 0:
                self.delta = generators(y.shape, DELTA)
            answers = question.layer.backward(self.delta.copy(), *(a.copy() for a in args))
        gradients = [as_array("backward", g) for g in question.gradients(answers)]
        right = spec.forward(args) if spec and wanted is None else None
        y_shape = spec.y_shape(right) if spec else y.shape
        self.found.remark = misshapen(("y", *(m[0] for m in self.moving)), (y_shape, *(m[1] for m in self.moving)), (y, *gradients))
        if self.found.remark:
            return self.found.fail()
        out = Place(DELTA, 0, y.size)
        potential = collect(y, out)
        moving = [(name, place, dx) for (name, _, place), dx in zip(self.moving, gradients, strict=False)]
        self.found.ties += not walk.strict
        self.found.single &= walk.single
        if walk.single:
            self.found.potential, self.found.places, self.found.y_shape = potential, self.places, y.shape
        if spec is not None:  # forward first: if it is wrong, so is what else follows
            correct = wanted if wanted is not None else collect(as_array("like", right), out)
            self._hold(1, walk, "y", out, y, correct)
            downs = spec.backward(self.delta, args)
            for number, (name, place, dx) in enumerate(moving):
                down = correct.containing(place) if downs is None else collect(as_array("like", downs[number]), place)
                self._hold(2, walk, name, place, dx, down)
        if walk.strict:
            for name, place, dx in moving:
                self._hold(0, walk, name, place, dx, potential.containing(place))
            self._keep_a_point(walk)
        return None

    def _keep_a_point(self, walk: Walk) -> None:
        """Of all strict orders as many as are to be asked, each as likely as any other."""
        self.strict += 1
        place = len(self.found.points) if len(self.found.points) < ASKED else self.chance.randrange(self.strict)
        if place < ASKED and not walk.single:
            self.found.points[place : place + 1] = [self._point(walk)]

    def _point(self, walk: Walk) -> list[Array]:
        """Numbers that lie on this path."""
        drawn = [np.random.default_rng(0).normal(size=a.shape) for _, a in self.question.unknown]
        for key, number in representative(walk).items():
            drawn[0].flat[key.number] = float(number)
        return drawn

    def _hold(self, claim: int, walk: Walk, name: str, place: Place, actual: Array, wanted: Terms) -> None:
        """One quantity against the derivative of a potential by its entries."""
        equals = {} if place.group == X else walk.equals()  # of a derivative by x no factor is an x
        tally = self.found.tallies[claim]
        tally.compared += actual.size
        if place.group == X and not walk.strict:  # unless it is a number, being equal to one
            actual = equated(actual, walk.equals())
        try:
            got, right = collect(actual, place).with_equals(equals), wanted.with_equals(equals)
        except OwnVariable:
            pass
        else:
            if got == right:
                return
            if got.near(right):
                raise Unsupported("constants-rounded", quantity=name)
        seen = smallest(self.question, walk, self.places, self.delta.shape, name, place, actual, wanted)
        self.found.refute(tally, name, walk.strict, seen)
