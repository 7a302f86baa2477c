"""The layer's own floats on the paths of a proof in a field: another code that runs on them would show, fine errors would not."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from ..evidence.verdict import Remark, remark
from ..rounding import Array
from . import domain
from .found import Found, Tally
from .integers import Trial
from .lines import Run
from .numbers import signs
from .numbers.field import Field
from .numbers.walk import Walk
from .on_floats import answers, forward, witness
from .points import points, worth
from .question import Question

DRAWS = 30  # points at which one on the path is looked for
SEARCHES = 8  # paths without one on which none is found among integers either, after which none is looked for there

Point = list[Fraction]


class FieldFloats:
    """Points that were drawn, of which each lies on one of the paths, and what floats answered at those that were walked."""

    def __init__(self, question: Question, field: Field, y_shape: tuple[int, ...]) -> None:
        self.question, self.field, self._y_shape, self._searches = question, field, y_shape, SEARCHES
        self.found, self.unasked = Found([Tally("floats", "sampled")]), 0
        delta = np.random.default_rng(0).normal(size=int(np.prod(y_shape)))
        drawn = (np.concatenate([a.ravel() for a in arrays]) for arrays in domain.ordinary(question))
        self._nowhere = [_exactly(np.concatenate([a, delta])) for a in drawn]

    def ask(self, walk: Walk, quantities: Sequence[Array]) -> None:
        """On this path: y and the gradients at all drawn points that lie on it; where none does, at one that is looked for."""
        here = [(p, w) for p in self._nowhere if (w := self._worth(walk, p, quantities)) is not None]
        self._nowhere = [p for p in self._nowhere if all(p is not q for q, _ in here)]
        rng = np.random.default_rng(walk.paths)
        for _ in range(0 if here else DRAWS):
            point = _exactly(rng.normal(size=self.field.unknown))
            if (wanted := self._worth(walk, point, quantities)) is not None:
                here = [(point, wanted)]
                break
        asked = sum(self._compare(point, wanted) for point, wanted in here)
        if not asked and self._searches and (found := self._integers(walk)) is not None:
            wanted = self._worth(walk, found, quantities)
            asked = wanted is not None and self._compare(found, wanted, far=True)
        self._searches -= not asked and self._searches > 0
        self.unasked += not asked

    def off_path(self) -> Remark | None:
        """Drawn floats at which the layer has values, and that lie in no order that was walked, as where a root has none."""
        for point in self._nowhere:
            args, _ = self.arguments(point)
            if np.all(np.isfinite(forward(self.question, args))):
                return remark("proof.off-path", x=str(args[0].tolist())[:200])
        return None

    def run_on(self, walk: Walk) -> Run | None:
        """A run at integers that lie on this path, if such are found."""
        found = self._integers(walk)
        args = () if found is None else self.arguments(found)[0]
        return domain.run(self.question, [args[j] for j, _ in self.question.unknown]) if args else None

    def arguments(self, point: Point) -> tuple[tuple[Array, ...], Array]:
        """All arguments and δ as floats."""
        unknown = [a for _, a in self.question.unknown]
        *arrays, delta = np.split(np.array(point, float), np.cumsum([a.size for a in unknown]))
        shaped = [a.reshape(b.shape) for a, b in zip(arrays, unknown, strict=True)]
        return self.question.with_arrays(shaped), delta.reshape(self._y_shape)

    def _integers(self, walk: Walk) -> Point | None:
        found = next(points(self.field, walk, self.field.constant(1)), None)
        return None if found is None else found[0]

    def _worth(self, walk: Walk, point: Point, arrays: Sequence[Array]) -> list[Array] | None:
        """The arrays at a point; None where it does not lie on this path, or one of them has no value there."""
        values = self.field.values(point)
        return worth(self.field, values, arrays) if signs.holds(walk, values) else None

    def _compare(self, point: Point, wanted: list[Array], far: bool = False) -> bool:
        """Whether floats could be asked there: far out they may overflow, which shows nothing."""
        tally, trial = self.found.tallies[0], Trial(*self.arguments(point), 1.0, 0)
        given = answers(self.question, trial)
        if far and not all(np.all(np.isfinite(a)) for a in (*given, *wanted)):
            return False
        names = ("y", *(a.name for _, a in self.question.may_move))
        for name, right, answer in zip(names, wanted, given, strict=False):
            tally.compared += right.size
            apart = (
                ~(np.abs(answer - right) <= domain.APART * max(1.0, np.abs(right).max())) if answer.shape == right.shape else True
            )
            if np.any(apart) and not self.found.remark:
                what = "wrong-floats" if np.all(np.isfinite(answer)) else "domain"
                tally.wrong, self.found.remark = True, remark(f"proof.{what}", quantity=name)
                self.found.witness = witness(self.question, trial, name, answer, np.where(apart, right, answer))
        return True


def _exactly(numbers: Array) -> Point:
    return [Fraction(float(v)) for v in numbers]
