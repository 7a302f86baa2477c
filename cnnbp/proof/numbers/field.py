"""Numbers for code with + − × ÷, exp, log, tanh, √ and comparison: elements of a differential field over ℚ.

An element is a quotient of two polynomials in the unknown numbers and in symbols for the values of exp, log and √ that the
code asked for. exp of a sum is a product of symbols, log of a product a sum, and √ squared is what it is of: so equal
functions as a rule become equal quotients. Where the difference of two elements is 0 they are equal, for all numbers; where
it is not, only a point at which they differ shows that they are not. Source: Liouville's towers of elementary functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod
from typing import Any

import flint
import numpy as np

from ...rounding import Array
from .arrays import Numbers
from .element import Element, Number, Polynomial
from .letters import letters
from .signs import Asked
from .unsupported import Unsupported, exact

SYMBOLS = 64  # values of exp, log and √ that one path may ask for
NO_SYMBOLS = (flint.fmpq(0),) * SYMBOLS  # in their places, where there is none
PRECISION = 160  # bits of the balls in which they are evaluated


@dataclass(frozen=True)
class Symbol:
    """One value of a function: `kind` of `argument`, which depends on `letters`. exp is positive, √ is not negative."""

    kind: str
    argument: Element
    letters: frozenset[int]

    def slope(self, value: Element, inner: Element) -> Element:
        """The derivative of this value, where `inner` is that of the argument."""
        if self.kind == "exp":
            return value * inner
        return inner / self.argument if self.kind == "log" else inner / (2 * value)


class Field:
    """ℚ(unknown numbers, symbols). `begin` forgets the symbols: each path has its own."""

    def __init__(self, unknown: int) -> None:
        names = [f"v{i}" for i in range(unknown)] + [f"f{i}" for i in range(SYMBOLS)]
        self.context = flint.fmpq_mpoly_ctx.get(names, flint.Ordering.lex)
        self.generators, self.unknown, self._used = self.context.gens(), unknown, 0
        self.one, self.nothing = self.context.constant(1), self.context.constant(0)
        self.questions: dict[str, Asked] = {}
        self.symbols: list[Symbol] = []
        self.begin()

    def begin(self) -> None:
        """A new path."""
        if self.symbols:  # they will stand for other values
            self.questions.clear()
        self.symbols = []
        self._known: dict[tuple[str, str], int] = {}

    def array(self, shape: tuple[int, ...]) -> Array:
        """The next unknown numbers, as an array."""
        found = np.empty(prod(shape), object)
        for number in range(found.size):
            found[number] = Element(self, self.generators[self._used + number])
        self._used += found.size
        return Numbers.of(self, found.reshape(shape))

    def element(self, number: Any) -> Element:
        """A number of any kind as an element. Raises Unsupported for what is none."""
        return number if isinstance(number, Element) else self.constant(exact(number))

    def constant(self, number: int | Fraction) -> Element:
        """A rational number."""
        number = Fraction(number)
        return Element(self, self.context.constant(flint.fmpq(number.numerator, number.denominator)))

    def symbol(self, kind: str, argument: Element) -> Element:
        """The value of a function, the same for the same argument."""
        key = kind, repr(argument)
        if key not in self._known and (twin := self._twin(kind, argument)) is not None:
            self._known[key] = twin
        if key not in self._known:
            if len(self.symbols) == SYMBOLS:
                raise Unsupported("too-many-functions", most=SYMBOLS)
            self._known[key] = len(self.symbols)
            self.symbols.append(Symbol(kind, argument, letters(self, argument)))
        return Element(self, self.generators[self.unknown + self._known[key]])

    def _twin(self, kind: str, argument: Element) -> int | None:
        """The symbol of an argument that is the same, written in exponentials of another part of a number."""
        if kind == "exp" or all(len(places) < 2 for places in self._parts().values()):
            return None
        return next((n for n, known in enumerate(self.symbols) if known.kind == kind and known.argument.same(argument)), None)

    def reduced(self, p: Polynomial) -> Element:
        """A polynomial with every even power of a √ written out, and eᵃ as a power of e^(a/2) where both were asked for.

        It is 0 only if it is 0 as a function. The symbols of √ are taken to be independent: where one is a square itself, a
        difference that is 0 may be missed.
        """
        element = Element(self, self._in_finest_exponentials(p))
        for number in reversed(range(len(self.symbols))):
            symbol, place = self.symbols[number], self.unknown + number
            if symbol.kind != "sqrt" or element.p.degrees()[place] < 2:
                continue
            powers: dict[int, dict[tuple[int, ...], Any]] = {}
            for monomial, coefficient in element.p.to_dict().items():
                half, odd = divmod(monomial[place], 2)
                powers.setdefault(half, {})[(*monomial[:place], odd, *monomial[place + 1 :])] = coefficient
            parts = (Element(self, self.context.from_dict(part)) * symbol.argument**half for half, part in powers.items())
            total = self.constant(0)
            for part in parts:
                total = total + part
            element = total / Element(self, element.q) if element.q is not None else total
        return element

    def _in_finest_exponentials(self, p: Polynomial) -> Polynomial:
        """exp of a/2 and of a/3 as powers of exp of a/6."""
        powers: dict[int, tuple[Polynomial, int]] = {}
        for monomial, places in self._parts().items():
            if len(places) > 1:
                most = lcm(*places)
                finest = self.symbol("exp", Element(self, self.context.from_dict({monomial: flint.fmpq(1, most)}))).p
                powers |= {place: (finest, most // n) for n, place in places.items() if n != most}
        if not any(p.degrees()[place] for place in powers):
            return p
        return sum((self._rewritten(monomial, c, powers) for monomial, c in p.to_dict().items()), self.nothing)

    def _parts(self) -> dict[tuple[int, ...], dict[int, int]]:
        """For each monomial a: for which n there is exp of a/n, and its place."""
        parts: dict[tuple[int, ...], dict[int, int]] = {}
        for number, symbol in enumerate(self.symbols):
            terms = symbol.argument.p.to_dict() if symbol.kind == "exp" and symbol.argument.q is None else {}
            if len(terms) == 1:
                (monomial, coefficient), *_ = terms.items()
                if coefficient.p == 1:
                    parts.setdefault(tuple(map(int, monomial)), {})[int(coefficient.q)] = self.unknown + number
        return parts

    def _rewritten(self, monomial: tuple[int, ...], coefficient: Number, powers: dict[int, tuple[Polynomial, int]]) -> Polynomial:
        kept = tuple(0 if place in powers else power for place, power in enumerate(monomial))
        changed = (finest ** (times * int(monomial[place])) for place, (finest, times) in powers.items() if monomial[place])
        return prod(changed, start=self.context.from_dict({kept: coefficient}))

    def derivative(self, element: Element, number: int) -> Element:
        """∂element/∂(unknown number)."""
        above = self._derivative(element.p, number)
        if element.q is None:
            return above
        q = Element(self, element.q)
        return (above * q - self._derivative(element.q, number) * Element(self, element.p)) / (q * q)

    def _derivative(self, p: Polynomial, number: int) -> Element:
        total = Element(self, p.derivative(number))
        degrees = p.degrees() if self.symbols else ()
        for j, symbol in enumerate(self.symbols):
            place = self.unknown + j
            if degrees[place]:
                value, inner = Element(self, self.generators[place]), self.derivative(symbol.argument, number)
                total = total + Element(self, p.derivative(place)) * symbol.slope(value, inner)
        return total

    def values(self, point: list[Fraction]) -> Values:
        """Every generator at a point."""
        return Values(self, point)


class Values:
    """Every generator at a point: the unknown numbers exact, each symbol in a ball that holds it, computed when it is asked for.

    Raises ValueError where a function that is asked for has no value.
    """

    def __init__(self, field: Field, point: list[Fraction]) -> None:
        numbers = [flint.fmpq(v.numerator, v.denominator) for v in point]
        self._known: dict[int, Number] = dict(enumerate(numbers))
        self._field, self.unknown, self.rational = field, field.unknown, (*numbers, *NO_SYMBOLS)

    def __getitem__(self, generator: int) -> Number:
        if generator not in self._known:
            symbol = self._field.symbols[generator - self._field.unknown]
            with flint.ctx.workprec(PRECISION):
                value = getattr(flint.arb(symbol.argument.at(self)), symbol.kind)()
            if not value.is_finite():
                raise ValueError(f"{symbol.kind} has no value here")
            self._known[generator] = value
        return self._known[generator]
