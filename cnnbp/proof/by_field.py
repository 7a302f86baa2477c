"""Proof in a differential field: of layers with + − × ÷, exp, log, tanh, √ and comparison, as far as they are elementary.

∂⟨y, δ⟩/∂(each entry) is taken by the rules of the field and subtracted from what backward says: 0 as an element is 0 for all
numbers. Where it is not 0, a point on the path must show it; what none shows is left open, and may be wrong on another path.
"""

from __future__ import annotations

import numpy as np

from ..rounding import Array
from . import domain
from .counterexample import at_point
from .domain import APART
from .field_floats import FieldFloats
from .found import Found, Tally, as_array, misshapen
from .numbers.field import Field
from .numbers.letters import letters
from .numbers.unsupported import Unsupported
from .numbers.walk import Walk, in_time
from .on_floats import forward
from .points import points, where_equal
from .question import Question
from .specification import Specification
from .terms import ROUNDED

MOST_ENTRIES = 128  # unknown numbers, δ included: quotients of polynomials in more take minutes
MOST_UNDECIDED = 8  # entries that are neither seen to be right nor wrong, after which no more are looked at


def prove(question: Question, spec: Specification | None, walk: Walk) -> Found:
    """Every claim on every path of the walk. Raises Unsupported, TooManyPaths, and whatever the layer raises."""
    run = _Run(question, spec)
    for _ in walk:
        run.path(walk)
        if run.found.remark:
            break
    run.found.paths = walk.paths or 1
    if run.found.remark is None:
        if run.undecided:
            raise run.undecided[0]
        run.found.off_path = run.floats.off_path()
    run.found.unasked = run.floats.unasked
    return run.found


class _Run:
    """One proof: the unknown numbers, and what has been found on the paths so far."""

    def __init__(self, question: Question, spec: Specification | None) -> None:
        self.question, self.spec = question, spec
        y = forward(question, question.with_arrays([np.full(a.shape, 0.5) for _, a in question.unknown]))
        entries = sum(a.size for _, a in question.unknown) + y.size
        if entries > MOST_ENTRIES:
            raise Unsupported("too-many-for-a-field", entries=entries, most=MOST_ENTRIES)
        self.field = Field(entries)
        arrays = [self.field.array(a.shape) for _, a in question.unknown]
        self.args, self.delta = question.with_arrays(arrays), self.field.array(y.shape)
        tallies = [Tally("gradient"), *([Tally("forward"), Tally("gradients")] if spec else [])]
        self.found = Found(tallies, lines=domain.lines(question))
        self.floats, self.undecided = FieldFloats(question, self.field, y.shape), list[Unsupported]()
        self.found.floats = self.floats.found
        starts = np.cumsum([0, *(a.size for _, a in question.unknown)]).tolist()
        positions = [j for j, _ in question.unknown]
        self.moving = [(a.name, a.shape, starts[positions.index(j)]) for j, a in question.may_move]

    def path(self, walk: Walk) -> None:
        """Forward and backward on one path, against each other and against what is right."""
        self.field.begin()
        question, args = self.question, self.args
        with self.found.lines.recorded(lambda: self.floats.run_on(walk)):
            y = as_array("forward", question.layer.forward(*(a.copy() for a in args)))
            if y.shape != self.delta.shape:
                raise Unsupported("shape-changes", floats=self.delta.shape, unknown=y.shape)
            answers = question.layer.backward(self.delta.copy(), *(a.copy() for a in args))
        gradients = [as_array("backward", g) for g in question.gradients(answers)]
        right = as_array("like", self.spec.forward(args)) if self.spec else y
        names, shapes = zip(*((name, shape) for name, shape, _ in self.moving), strict=True)
        self.found.remark = misshapen(("y", *names), (right.shape, *shapes), (y, *gradients))
        if self.found.remark:
            return self.found.fail()
        moving = [
            (name, dx, self._derivatives(y, first, shape)) for (name, shape, first), dx in zip(self.moving, gradients, strict=False)
        ]
        self.found.ties += not walk.strict
        self.found.single &= walk.single
        if self.spec is not None:  # forward first: if it is wrong, so is what else follows
            self._hold(1, walk, "y", y, right)
            downs = self.spec.backward(self.delta, args)
            for number, ((name, shape, first), dx) in enumerate(zip(self.moving, gradients, strict=False)):
                down = self._derivatives(right, first, shape) if downs is None else as_array("like", downs[number])
                self._hold(2, walk, name, dx, down)
        if walk.strict:
            for name, dx, slopes in moving:
                self._hold(0, walk, name, dx, slopes)
            self.floats.ask(walk, (y, *gradients))
        return None

    def _derivatives(self, y: Array, first: int, shape: tuple[int, ...]) -> Array:
        """∂⟨y, δ⟩/∂(entries from number `first` on), output by output: all in one fraction would have all their denominators."""
        found = np.empty(int(np.prod(shape)), object)
        found[...] = self.field.constant(0)
        for value, residual in zip(y.ravel(), self.delta.ravel(), strict=True):
            element = self.field.element(value)
            for number in sorted(letters(self.field, element) & set(range(first, first + found.size))):
                in_time()
                slope = self.field.derivative(element, number)
                if slope.p != 0:
                    found[number - first] = found[number - first] + residual * slope
        return found.reshape(shape)

    def _hold(self, claim: int, walk: Walk, name: str, actual: Array, wanted: Array) -> None:
        """One quantity against another, entry by entry."""
        tally = self.found.tallies[claim]
        for index in np.ndindex(wanted.shape):
            in_time()
            a, b = self.field.element(actual[index]), self.field.element(wanted[index])
            if self.found.remark:
                return
            tally.compared += 1
            if a.same(b) or (not walk.strict and where_equal(self.field, walk, a - b).same(self.field.constant(0))):
                continue
            point = next(points(self.field, walk, a - b), None)
            if point is None:
                self._leave_open(Unsupported("not-decided", quantity=name, index=index))
                continue
            values, expected = point[0], float(b.at(point[1]))
            if self.undecided and abs(float((a - b).at(point[1]))) <= APART:
                self._leave_open(Unsupported("not-decided", quantity=name, index=index))
                continue
            arrays = np.split(np.array(values, object), np.cumsum([*(a.size for _, a in self.question.unknown)]))
            seen = at_point(self.question, arrays[:-1], arrays[-1].reshape(self.delta.shape), name, index, expected)
            if seen.actual is not None and abs(seen.actual - expected) <= ROUNDED * abs(expected):
                self._leave_open(Unsupported("constants-rounded", quantity=name))
                continue
            self.found.refute(tally, name, walk.strict, seen)

    def _leave_open(self, why: Unsupported) -> None:
        """An entry that may be right: what is wrong elsewhere is still to be found."""
        self.undecided.append(why)
        if len(self.undecided) == MOST_UNDECIDED:
            raise self.undecided[0]
