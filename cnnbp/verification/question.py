"""One case put to the oracles: what they answer, and how far right answers may lie apart."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from ..evidence import Remark
from ..operators import Operator, operator_of
from ..operators.record import Asked, EntryByEntry, Silent
from ..oracles import autograd, finite_difference, masked_dense
from ..oracles.abstention import Abstention
from ..precision import FLOAT64, Precision
from ..rounding import Array
from .findings import reason

Answers = dict[str, Array]


class Question(Asked):
    """A case with the expected answers and their bounds."""

    def __init__(
        self,
        operator: Operator,
        options: Mapping[str, Any],
        args: tuple[Array, ...],
        delta: Array,
        skip: frozenset[str] = frozenset(),
        precision: Precision = FLOAT64,
    ) -> None:
        """`skip`: gradients that are not judged."""
        super().__init__(operator, options, args, delta, precision)
        self.skip = skip
        self._bounds: dict[tuple[int, str, bool], Array] = {}
        self._said: dict[str, Answers | Remark | None] = {}

    def at(self, args: tuple[Array, ...], delta: Array) -> Question:
        """The same asked about other numbers."""
        return Question(self.operator, self.options, args, delta, self.skip, self.precision)

    def without(self, skip: frozenset[str]) -> Question:
        """The same, without some gradients."""
        if skip <= self.skip:
            return self
        return Question(self.operator, self.options, self.args, self.delta, self.skip | skip, self.precision)

    def in_precision(self, precision: Precision) -> Question:
        """The same, of a layer that computes in another precision: the oracles' answers are those that were given."""
        if precision is self.precision:
            return self
        found = copy.copy(self)
        found.precision, found._bounds = precision, {}
        return found

    @classmethod
    def of(cls, layer: Any, args: tuple[Array, ...], delta: Array) -> Question:
        """A layer of the reference CNN at these arguments. Raises TypeError for any other."""
        operator = operator_of(layer)
        if operator is None:
            raise TypeError(f"like must be one of cnnbp's layers, for example cnnbp.Conv2d(stride=2), got {layer!r}")
        return cls(operator, operator.options(layer), args, delta)

    @property
    def batch(self) -> int:
        """How many samples are answered as if each were alone; 1 where samples are joined, or there are none."""
        x, apart = self.args[0], self.operator.samples_apart(self.options)
        return len(x) if apart and x.ndim and x.shape[:1] == self.delta.shape[:1] else 1

    def alone(self, sample: int) -> Question:
        """The same with 0 in the place of all other samples, so that its norms are those of the batch."""
        x, delta = np.zeros_like(self.args[0]), np.zeros_like(self.delta)
        x[sample], delta[sample] = self.args[0][sample], self.delta[sample]
        return self.at((x, *self.args[1:]), delta)

    @property
    def quantities(self) -> tuple[str, ...]:
        """What there is to judge: y, and the gradients as far as their arguments were given."""
        return ("y", *self.operands)

    @property
    def operands(self) -> dict[str, Array]:
        """The arguments by the name of their gradient, as far as it is judged."""
        given = dict(zip(self.operator.gradients, self.args, strict=False))
        return {name: a for name, a in given.items() if name not in self.skip}

    def position(self, quantity: str) -> int:
        """Of the argument whose gradient it is."""
        return self.operator.gradients.index(quantity)

    def right(self, quickly: bool = False) -> Answers | None:
        """What the first oracle that speaks answers; None where all abstain. The others are not asked.

        quickly: PyTorch is asked before the masked network, which it takes longer to build than to ask.
        """
        for oracle in sorted(ENTRYWISE, key=QUICKEST.index) if quickly else ENTRYWISE:
            if not isinstance(said := self._asked(oracle), Remark) and said is not None:
                return said
        return None

    @cached_property
    def answers(self) -> dict[str, Answers | Remark]:
        """Of each oracle that answers entry by entry, in the order of ENTRYWISE: its answers, or why it abstains."""
        found = {oracle: self._asked(oracle) for oracle in ENTRYWISE}
        return {oracle: said for oracle, said in found.items() if said is not None}

    def _asked(self, oracle: str) -> Answers | Remark | None:
        """Each is asked once."""
        if oracle not in self._said:
            try:
                self._said[oracle] = ENTRYWISE[oracle](self)
            except Abstention as abstention:
                self._said[oracle] = reason(abstention)
        return self._said[oracle]

    def within(self) -> Answers | None:
        """What is right, NaN where a layer of this precision may overflow on the way."""
        said = self.right()
        if said is None or self.precision is FLOAT64:
            return said
        return {q: np.where(np.isfinite(self.bound(1, q)), a, np.nan) if q in self.quantities else a for q, a in said.items()}

    def bound(self, tier: int, quantity: str, oracle: str = "") -> Array:
        """How far two right answers may lie apart: of any conventional algorithm (1), or by norms (2)."""
        key = tier, quantity, tier == 1 and oracle in RELATIVE
        if key not in self._bounds:
            bounds, said = self.operator.bounds, self.answers[oracle] if key[2] else None
            expected = said.get(quantity) if isinstance(said, dict) else None  # of f′, never of f
            found = bounds.conventional(self, quantity, expected) if tier == 1 else bounds.by_norm(self, quantity)
            if self.precision is not FLOAT64 and tier == 1:  # half of it is the oracle's, which answers in float64
                found = (found + self.in_precision(FLOAT64).bound(1, quantity, oracle)) / 2
            self._bounds[key] = found
        return self._bounds[key]

    def rounded_once(self, quantity: str, oracle: str, expected: Array) -> Array | None:
        """Tier 1 of a layer that computes in the inner format of its precision and rounds once; None where there is none."""
        inner = self.precision.inner
        if inner is None:
            return None
        within = self.in_precision(inner).bound(1, quantity, oracle)
        bound = within + self.precision.u * (np.abs(expected) + within) + self.precision.underflow
        return np.where(np.abs(expected) + within < self.precision.largest, bound, np.inf)

    def slack(self, quantity: str) -> Array:
        """How far two answers of the same layer may lie apart: the larger of both tiers' bounds, none of it the oracle's."""
        found = self.bound(1, quantity)
        if self.precision is not FLOAT64:
            found = 2 * found
        return np.asarray(np.maximum(found, self.bound(2, quantity)))


def _masked(question: Question) -> Answers:
    return masked_dense.answer(question.network, question.args, question.delta)


def _autograd(question: Question) -> Answers:
    operator = question.operator
    return autograd.answer(operator.name, question.options, question.args, question.delta, operator.gradients)


def _complex_entries(question: Question) -> Answers | None:
    """Every entry of an elementwise function in one call. Where entries mix, `methods.complex_step` goes along directions."""
    (x,), forward = question.args[:1], question.operator.complex_forward
    if isinstance(forward, Silent) or not isinstance(question.operator.differences["x"], EntryByEntry):
        return None
    slope = finite_difference.complex_step(lambda z: forward(question.options, z), x, np.ones(x.shape))
    return {"x": question.delta * slope}


ENTRYWISE: Mapping[str, Callable[[Question], Answers | None]] = {
    "masked_dense": _masked,
    "autograd": _autograd,
    "complex_step": _complex_entries,
}
QUICKEST = ("autograd", "masked_dense", "complex_step")
RELATIVE = frozenset({"complex_step"})  # oracles whose every entry is accurate relative to itself
