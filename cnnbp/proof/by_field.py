"""Proof in a differential field: of layers with + − × ÷, exp, log, tanh, √ and comparison, as far as they are elementary.

∂⟨y, δ⟩/∂(each entry) is taken by the rules of the field and subtracted from what backward says: 0 as an element is 0 for all
numbers. Where it is not 0, a point on the path must show it; what none shows is left open, and may be wrong on another path.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from ..evidence.verdict import remark
from ..rounding import Array
from . import domain
from .counterexample import at_point
from .domain import APART, ordinary
from .found import Found, Tally, as_array, misshapen
from .integers import Trial
from .lines import Run
from .numbers import signs
from .numbers.field import Field
from .numbers.unsupported import Unsupported
from .numbers.walk import Walk
from .on_floats import answers, forward, witness
from .points import points, where_equal, worth
from .question import Question
from .specification import Specification
from .terms import ROUNDED

MOST_ENTRIES = 128  # unknown numbers, δ included: quotients of polynomials in more take minutes
MOST_UNDECIDED = 8  # entries that are neither seen to be right nor wrong, after which no more are looked at
DRAWS = 30  # points at which one on the path is looked for
SEARCHES = 16  # paths without one on which none is found among small integers either, after which none is looked for there


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
        run.placed()
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
        self.floats = self.found.floats = Found([Tally("floats", "sampled")])
        self.undecided, self.searches = list[Unsupported](), SEARCHES
        starts = np.cumsum([0, *(a.size for _, a in question.unknown)]).tolist()
        positions = [j for j, _ in question.unknown]
        self.moving = [(a.name, a.shape, starts[positions.index(j)]) for j, a in question.may_move]
        drawn = (np.concatenate([a.ravel() for a in arrays]) for arrays in ordinary(question))
        self.nowhere = [self._point(np.concatenate([a, np.random.default_rng(0).normal(size=y.size)])) for a in drawn]

    def path(self, walk: Walk) -> None:
        """Forward and backward on one path, against each other and against what is right."""
        self.field.begin()
        question, args = self.question, self.args
        with self.found.lines.recorded(lambda: self._here(walk)):
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
            self._ask_floats(walk, y, gradients)
        return None

    def _derivatives(self, y: Array, first: int, shape: tuple[int, ...]) -> Array:
        """∂⟨y, δ⟩/∂(entries from number `first` on), output by output: all in one fraction would have all their denominators."""
        found = np.empty(int(np.prod(shape)), object)
        for number in range(found.size):
            found[number] = self.field.constant(0)
            for value, residual in zip(y.ravel(), self.delta.ravel(), strict=True):
                slope = self.field.derivative(self.field.element(value), first + number)
                if slope.p != 0:
                    found[number] = found[number] + residual * slope
        return found.reshape(shape)

    def _hold(self, claim: int, walk: Walk, name: str, actual: Array, wanted: Array) -> None:
        """One quantity against another, entry by entry."""
        tally = self.found.tallies[claim]
        for index in np.ndindex(wanted.shape):
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

    def _ask_floats(self, walk: Walk, y: Array, gradients: list[Array]) -> None:
        """The layer's own floats at drawn points of this path: another code that runs on them would show, fine errors not.

        Points that lie on no path so far are asked first, and each that lies on this one.
        """
        here = [(p, w) for p in self.nowhere if (w := self._worth(walk, p, (y, *gradients))) is not None]
        self.nowhere = [p for p in self.nowhere if all(p is not q for q, _ in here)]
        rng = np.random.default_rng(walk.paths)
        for _ in range(0 if here else DRAWS):
            point = self._point(rng.normal(size=self.field.unknown))
            wanted = self._worth(walk, point, (y, *gradients))
            if wanted is not None:
                here = [(point, wanted)]
                break
        if not here and self.searches and (found := next(points(self.field, walk, self.field.constant(1)), None)):
            wanted = self._worth(walk, found[0], (y, *gradients))
            here = [(found[0], wanted)] if wanted is not None else []
        self.searches -= not here and self.searches > 0
        for point, wanted in here:
            self._compare_floats(point, wanted)
        self.found.unasked += not here

    def placed(self) -> None:
        """That floats at which the layer has values lie in an order that was walked: a root or a tie may be none for floats."""
        for point in self.nowhere:
            args, _ = self._arguments(point)
            if np.all(np.isfinite(forward(self.question, args))):
                self.found.off_path = remark("proof.off-path", x=str(args[0].tolist())[:200])
                return

    def _here(self, walk: Walk) -> Run | None:
        """A run on floats at small numbers that lie on this path, if there are such."""
        found = next(points(self.field, walk, self.field.constant(1)), None)
        if found is None:
            return None
        args, _ = self._arguments(found[0])
        return domain.run(self.question, [args[j] for j, _ in self.question.unknown])

    def _point(self, numbers: Array) -> list[Fraction]:
        return [Fraction(float(v)) for v in numbers]

    def _worth(self, walk: Walk, point: list[Fraction], arrays: Sequence[Array]) -> list[Array] | None:
        """The arrays at a point; None where it does not lie on this path, or one of them has no value there."""
        values = self.field.values(point)
        return worth(self.field, values, arrays) if signs.holds(walk, values) else None

    def _arguments(self, point: list[Fraction]) -> tuple[tuple[Array, ...], Array]:
        """All arguments and δ as floats."""
        unknown = [a for _, a in self.question.unknown]
        *arrays, delta = np.split(np.array(point, float), np.cumsum([a.size for a in unknown]))
        shaped = [a.reshape(b.shape) for a, b in zip(arrays, unknown, strict=True)]
        return self.question.with_arrays(shaped), delta.reshape(self.delta.shape)

    def _compare_floats(self, point: list[Fraction], wanted: list[Array]) -> None:
        tally, trial = self.floats.tallies[0], Trial(*self._arguments(point), 1.0, 0)
        for name, right, answer in zip(("y", *(m[0] for m in self.moving)), wanted, answers(self.question, trial), strict=False):
            tally.compared += right.size
            apart = ~(np.abs(answer - right) <= APART * max(1.0, np.abs(right).max())) if answer.shape == right.shape else True
            if np.any(apart) and not self.floats.remark:
                what = "wrong-floats" if np.all(np.isfinite(answer)) else "domain"
                tally.wrong, self.floats.remark = True, remark(f"proof.{what}", quantity=name)
                self.floats.witness = witness(self.question, trial, name, answer, np.where(apart, right, answer))
