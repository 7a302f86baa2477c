"""The record of an operator: a dozen facts, none with a default, so that a fact which is forgotten is an error at once.

Where the harness has nothing to go by, the record says so (`Silent`), and the methods that would need it abstain by name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from functools import cached_property
from inspect import signature
from typing import Any, Self, TypeVar

import numpy as np

from ..cases import Case, Choices
from ..oracles import masked_dense
from ..oracles.abstention import Abstention
from ..oracles.masked_dense import Arguments, MaskedDense, Options
from ..oracles.masked_network import Activation
from ..precision import FLOAT64, Precision
from ..rounding import Array

Fact = TypeVar("Fact")
MANNERS = ("defaults", *("left out", "all given") * 10)
Left = tuple[int, int]  # how many windows were left out, of how many


class Asked:
    """One case put to the harness: an operator with its options, at `args` with the residual `delta`.

    precision: that of the layer. Arguments are float64 in any case, and rounded to it.
    """

    def __init__(self, operator: Operator, options: Options, args: Arguments, delta: Array, precision: Precision = FLOAT64) -> None:
        self.operator, self.options, self.args, self.delta, self.precision = operator, options, args, delta, precision
        self._magnitudes: dict[str, Array] = {}

    def at(self, args: Arguments, delta: Array) -> Self:
        """The same asked about other numbers."""
        return type(self)(self.operator, self.options, args, delta, self.precision)

    def with_argument(self, position: int, theta: Array) -> Self:
        """The same with another array in the place of one argument."""
        return self.at((*self.args[:position], theta, *self.args[position + 1 :]), self.delta)

    @cached_property
    def network(self) -> MaskedDense:
        """The masked fully-connected network. Raises Abstention."""
        return self.operator.known(self.operator.network)(self.options, self.args)

    def terms(self, quantity: str) -> Array:
        """The number of terms of every entry of a quantity, from the masked network. Raises Abstention."""
        return masked_dense.terms(self.network, quantity, self.args, self.delta)

    def magnitude(self, quantity: str) -> Array:
        """Σ|terms| of every entry of a quantity, from the masked network with absolute values. Raises Abstention."""
        if quantity not in self._magnitudes:
            args = tuple(map(np.abs, self.args))
            self._magnitudes[quantity] = masked_dense.one(self.network.absolute, quantity, args, np.abs(self.delta))
        return self._magnitudes[quantity]


@dataclass(frozen=True)
class Silent:
    """What is not known of an operator, and why, as the code of a remark."""

    code: str


class Bounds(ABC):
    """How far apart two right answers may lie, entry by entry, in either tier (`rounding`)."""

    @abstractmethod
    def conventional(self, asked: Asked, quantity: str, expected: Array | None) -> Array:
        """Tier 1. With the answer of an oracle whose relative accuracy is full, relative to it where that is sharper."""

    @abstractmethod
    def by_norm(self, asked: Asked, quantity: str) -> Array:
        """Tier 2."""

    def farthest(self, asked: Asked, position: int, step: float) -> Array:
        """Tier 1 of y, wherever each entry of an argument is moved by at most `step`: it grows with |argument|."""
        at = asked.args[position]
        return self.conventional(asked.with_argument(position, at + np.copysign(step, at)), "y", None)


@dataclass(frozen=True)
class AlongDirections:
    """Central differences along random ±1 directions, every entry of an argument moving at once."""

    prepare: Callable[[Asked, int], tuple[float, Array, Left | None]]
    """The step for this argument, the residual as far as it can be judged, and what that leaves out."""
    truncation: Callable[[Asked, float], float]
    """The error of ⟨δ, f(x + h) − f(x − h)⟩ itself."""


@dataclass(frozen=True)
class EntryByEntry:
    """Central differences of an elementwise function, every entry at once, each with a step of its own."""

    scale: Callable[[Options, Array], Array]
    """The size of the numbers from which f(x) is computed."""
    third: float | None
    """sup|f‴|; None for a function that is linear on either side of a kink at 0."""


Differences = AlongDirections | EntryByEntry | Silent


@dataclass(frozen=True)
class Integers:
    """How to make integers on which the operator rounds nothing, so that right answers are equal."""

    unit: Callable[[Asked], int]
    """What every x is a multiple of, so that no division has a remainder."""
    largest: Callable[[Asked, int], int]
    """The largest integers, in those units, with which neither an entry nor a sum over all entries leaves 53 bits."""
    fits: Callable[[Asked], bool]
    """Whether every Σ|terms| of these very integers stays below 2⁵³."""
    scaled: bool
    """Whether all arguments are multiples of the unit, or x alone."""
    spaced: bool
    """Whether x must be distinct integers, far enough apart that a unit step crosses no kink and changes no winner."""
    tied: bool
    """Whether ties are a convention of the operator that integers can put to the test."""


@dataclass(frozen=True)
class Convention:
    """What another convention makes of dx, as near to an answer as it comes; `slack`: to within what that was found.

    Where the convention says nothing, dx is NaN. told: a code, and what its sentence names, of the entries that it explains.
    """

    dx: Array
    slack: Array | float
    told: Callable[[Array], tuple[str, dict[str, Any]]]


class Kinks(ABC):
    """The convention of an operator in dx."""

    @abstractmethod
    def at(self, asked: Asked) -> Array:
        """The entries of dx that hang on a convention."""

    @abstractmethod
    def others(self, asked: Asked, dx: Array, wrong: Array) -> Iterator[Convention]:
        """Conventions that may explain the entries of an answer that are `wrong`, the plainest first."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Operator:
    """Everything that the harness knows about one operator."""

    def __repr__(self) -> str:
        return self.name

    layer: type[Any]
    """The class in `layers` whose options the operator has."""
    arguments: tuple[str, ...]
    """What `forward` takes, in its order, under the names that sentences use."""
    indices: tuple[str, ...]
    """The arguments that hold integers."""
    axes: Mapping[str, str]
    """The letters of the axes of y and of each gradient, in the order of `backward`; empty where the rank is free."""
    unused: tuple[str, ...]
    """Options of the layer that change none of its answers."""
    describe: Callable[[Operator, Choices, dict[str, Any]], Case]
    """How its cases are drawn, with some options fixed."""
    network: Callable[[Options, Arguments], MaskedDense] | Silent
    """The operator as a masked fully-connected layer."""
    activation: Callable[[Options], Activation] | Silent
    """The operator as the activation function of a network of perceptrons."""
    complex_forward: Callable[..., Array] | Silent
    """Of (options, x, *params): carries complex numbers through, and is no code of the layer; silent if not analytic."""
    bounds: Bounds
    differences: Mapping[str, Differences]
    """For each gradient."""
    integers: Integers | Silent
    samples_apart: Callable[[Options], bool]
    """Whether each sample of a batch is answered as if it were alone."""
    kinks: Kinks | None
    """Where dx is a convention, and which it may be; None where there is a derivative everywhere."""

    @cached_property
    def name(self) -> str:
        """As the class of its layer is called, and as oracles know it."""
        return self.layer.__name__

    @cached_property
    def gradients(self) -> tuple[str, ...]:
        """The arguments whose gradients `backward` returns, in its order."""
        return tuple(name for name in self.axes if name != "y")

    @cached_property
    def least(self) -> int:
        """How many arguments `forward` must have; the others may be left out."""
        parameters = list(signature(self.layer.forward).parameters.values())[1:]
        return sum(p.default is p.empty for p in parameters)

    def check_count(self, count: int, of: str = "arguments") -> None:
        """Raises TypeError where `forward` does not take so many."""
        if not self.least <= count <= len(self.arguments):
            needed, more = self.arguments[: self.least], self.arguments[self.least :]
            every = ", perhaps ".join(", ".join(names) for names in (needed, more) if names)
            raise TypeError(f"{self.name} takes {every}, got {count} {of.removesuffix('s') if count == 1 else of}")

    def known(self, fact: Fact | Silent) -> Fact:
        """One of the facts above. Raises Abstention where it is silent."""
        if isinstance(fact, Silent):
            raise Abstention(fact.code, operator=self.name)
        return fact

    def options(self, layer: Any) -> dict[str, Any]:
        """The options of a layer that change its answers."""
        return {name: value for name, value in vars(layer).items() if name not in self.unused}

    def draw(self, choose: Choices, **fixed: Any) -> Case:
        """A case, with these options fixed.

        Of the others, those equal to their default are left out in every other case; where none is
        fixed, all have their default in one case of twenty.
        """
        defaults = {f.name: f.default for f in fields(self.layer) if f.name not in fixed and f.default is not MISSING}
        manner = choose.pick(MANNERS)
        case = self.describe(self, choose, fixed if fixed or manner != "defaults" else defaults)
        if manner == "all given":
            return case
        return replace(case, options={name: v for name, v in case.options.items() if v != defaults.get(name, MISSING)})
