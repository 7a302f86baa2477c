"""Numbers for code with + − × ÷, exp, log, tanh, √ and comparison: elements of a differential field over ℚ.

An element is a quotient of two polynomials in the unknown numbers and in symbols for the values of exp, log and √ that the
code asked for. exp of a sum is a product of symbols, log of a product a sum, and √ squared is what it is of: so equal
functions as a rule become equal quotients. Where the difference of two elements is 0 they are equal, for all numbers; where
it is not, only a point at which they differ shows that they are not. Source: Liouville's towers of elementary functions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

import flint
import numpy as np

from ...rounding import Array
from .unknown import Unknown
from .unsupported import Unsupported, exact, refuse
from .walk import Key, Walk

Polynomial = Any  # flint ships no types
Question = tuple[int, tuple[Key, Key] | None]  # a sign, and what it is times, if anything: the order of two keys

SYMBOLS = 64  # values of exp, log and √ that one path may ask for
MOST_POWER = 24  # of an exponential
TERMS = 50_000  # of a polynomial, beyond which it is given up


@dataclass(frozen=True)
class Symbol:
    """One value of a function: `kind` of `argument`. exp and √ of anything are positive."""

    kind: str
    argument: Element

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
        self.questions: dict[str, Question] = {}
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
        if key not in self._known:
            if len(self.symbols) == SYMBOLS:
                raise Unsupported("too-many-functions", most=SYMBOLS)
            self._known[key] = len(self.symbols)
            self.symbols.append(Symbol(kind, argument))
        return Element(self, self.generators[self.unknown + self._known[key]])

    def reduced(self, p: Polynomial) -> Element:
        """A polynomial with every even power of a √ written out: 0 if and only if it is 0 as a function (see below).

        The symbols of √ are taken to be independent: where one is a square itself, a difference that is 0 may be missed.
        """
        element = Element(self, p)
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

    def values(self, point: list[Fraction]) -> list[float]:
        """Every generator at a point, in floats. Raises ValueError, OverflowError where a function has no value there."""
        found = [float(v) for v in point] + [0.0] * SYMBOLS
        functions: Mapping[str, Callable[[float], float]] = {"exp": math.exp, "log": math.log, "sqrt": math.sqrt}
        for j, symbol in enumerate(self.symbols):
            found[self.unknown + j] = functions[symbol.kind](symbol.argument.at(found))
        return found


class Element(Unknown):
    """p/q, with q = None for 1."""

    __slots__ = ("F", "p", "q")

    def __init__(self, field: Field, p: Polynomial, q: Polynomial = None) -> None:
        self.F, self.p, self.q = field, p, q

    def __add__(self, other: Any) -> Element:
        o = self._element(other)
        if o is None:
            return NotImplemented
        if self.q is None and o.q is None:
            return Element(self.F, self.p + o.p)
        a, b = self._denominator, o._denominator
        return _quotient(self.F, self.p * b + o.p * a, a * b)

    def __mul__(self, other: Any) -> Element:
        o = self._element(other)
        if o is None:
            return NotImplemented
        if self.q is None and o.q is None:
            return Element(self.F, self.p * o.p)
        return _quotient(self.F, self.p * o.p, self._denominator * o._denominator)

    def __truediv__(self, other: Any) -> Element:
        o = self._element(other)
        if o is None:
            return NotImplemented
        if o.p == 0:
            raise ZeroDivisionError("division of an unknown number by 0")
        return _quotient(self.F, self.p * o._denominator, self._denominator * o.p)

    def __rtruediv__(self, other: Any) -> Element:
        o = self._element(other)
        return refuse("division") if o is None else o / self

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> Element:
        return Element(self.F, -self.p, self.q)

    def __sub__(self, other: Any) -> Element:
        o = self._element(other)
        return NotImplemented if o is None else self + -o

    def __rsub__(self, other: Any) -> Element:
        return (-self).__add__(other)

    def __pow__(self, power: Any) -> Element:
        if power == Fraction(1, 2):
            return self.sqrt()
        if power == Fraction(-1, 2):
            return 1 / self.sqrt()
        if int(power) != power:
            return refuse("power")
        whole = prod([self] * abs(int(power)), start=self.F.constant(1))
        return whole if power >= 0 else 1 / whole

    # ---- functions: NumPy calls them by these names -------------------------------------------------------

    def exp(self) -> Element:
        """eᵃ·eᵇ for a sum a + b of terms, whole multiples of a term as powers; e⁰ = 1."""
        if self.q is not None:
            return self._signed("exp")
        total = self.F.constant(1)
        for monomial, coefficient in self.p.to_dict().items():
            times, parts = int(coefficient.p), int(coefficient.q)
            if abs(times) > MOST_POWER:  # a constant with many digits: its own symbol, the sign aside
                times, whole = (1, coefficient) if times > 0 else (-1, -coefficient)
                term = Element(self.F, self.F.context.from_dict({monomial: whole}))
            else:
                term = Element(self.F, self.F.context.from_dict({monomial: flint.fmpq(1, parts)}))
            total = total * self.F.symbol("exp", term) ** times
        return total

    def log(self) -> Element:
        """log a − log b of a quotient; log eᵃ = a, also where eᵃ is a factor."""
        above, below = (_logarithm(self.F, p) for p in (self.p, self._denominator))
        return above - below

    def log1p(self) -> Element:
        """log(1 + x)"""
        return (1 + self).log()

    def expm1(self) -> Element:
        """eˣ − 1"""
        return self.exp() - 1

    def tanh(self) -> Element:
        """(e²ˣ − 1)/(e²ˣ + 1)"""
        e = self.exp()
        return (e * e - 1) / (e * e + 1)

    def cosh(self) -> Element:
        """(eˣ + e⁻ˣ)/2"""
        e = self.exp()
        return (e + 1 / e) / 2

    def sinh(self) -> Element:
        """(eˣ − e⁻ˣ)/2"""
        e = self.exp()
        return (e - 1 / e) / 2

    def sqrt(self) -> Element:
        """The symbol whose square this is."""
        return self.F.symbol("sqrt", self)

    def _signed(self, kind: str) -> Element:
        """exp of a quotient: e⁻ᵃ is 1/eᵃ."""
        return 1 / self.F.symbol(kind, -self) if self.p.leading_coefficient() < 0 else self.F.symbol(kind, self)

    # ---- comparison -----------------------------------------------------------------------------------------

    def _sign(self, other: Any) -> int:
        """Asked of the walk in a form that is the same for the same question."""
        element = self._element(other)
        if element is None:
            return refuse("comparison")
        d = self - element
        p = d.p if d.q is None else d.p * d.q
        known = self.F.questions.get(key := str(p))
        sign, keys = known or self.F.questions.setdefault(key, _question(self.F, p))
        return sign * Walk.now.compare(*keys) if keys else sign

    # ---- values -------------------------------------------------------------------------------------------

    def at(self, values: list[float]) -> float:
        """The number that it is where the generators have these values."""
        above, below = (_number(p, values) for p in (self.p, self._denominator))
        return above / below

    def same(self, other: Element) -> bool:
        """Whether the difference is 0."""
        d = self - other
        return bool(d.p == 0) or bool(self.F.reduced(d.p).p == 0)

    @property
    def _denominator(self) -> Polynomial:
        return self.F.one if self.q is None else self.q

    def _element(self, other: Any) -> Element | None:
        if isinstance(other, Element):
            return other
        return None if isinstance(other, np.ndarray) else self.F.constant(exact(other))

    def __repr__(self) -> str:
        return str(self.p) if self.q is None else f"({self.p})/({self.q})"


class Numbers(np.ndarray[Any, Any]):
    """An array of elements, and of plain numbers among them: exp, log and the like take either."""

    field: Field

    @classmethod
    def of(cls, field: Field, array: Array) -> Numbers:
        """The same array."""
        found = array.view(cls)
        found.field = field
        return found

    def __array_finalize__(self, parent: Any) -> None:
        if isinstance(parent, Numbers) and hasattr(parent, "field"):
            self.field = parent.field

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        plain = [i.view(np.ndarray) if isinstance(i, Numbers) else i for i in inputs]
        if out is not None:
            options["out"] = tuple(o.view(np.ndarray) if isinstance(o, Numbers) else o for o in out)
        if method == "__call__" and len(inputs) == 1 and hasattr(Element, ufunc.__name__):
            result = np.frompyfunc(lambda v: getattr(self.field.element(v), ufunc.__name__)(), 1, 1)(plain[0], **options)
        else:
            result = getattr(ufunc, method)(*plain, **options)
        return self._wrapped(result) if out is None else out[0]

    def __array_function__(self, func: Any, types: Any, args: Any, options: Any) -> Any:
        return self._wrapped(super().__array_function__(func, types, args, options))

    def _wrapped(self, result: Any) -> Any:
        if isinstance(result, tuple):
            return tuple(map(self._wrapped, result))
        return Numbers.of(self.field, result) if isinstance(result, np.ndarray) and result.dtype == object else result


def _question(field: Field, p: Polynomial) -> Question:
    """What the walk is asked for the sign of p."""
    terms = {tuple(map(int, m)): c for m, c in p.to_dict().items()}
    constant = terms.pop((0,) * len(field.generators), flint.fmpq(0))
    if not terms:
        return int(constant > 0) - int(constant < 0), None
    (first, c), *more = sorted(terms.items(), reverse=True)
    if constant == 0 and len(more) == 1 and c == -more[0][1]:  # a multiple of the difference of two products
        return 1, (first, more[0][0]) if c > 0 else (more[0][0], first)
    sign = 1 if c > 0 else -1
    if all(_positive(field, m) and v * sign > 0 for m, v in terms.items()) and constant * sign >= 0:
        return sign, None
    name = first if not more else tuple((m, Fraction(int((v / c).p), int((v / c).q))) for m, v in [(first, c), *more])
    return sign, (name, Fraction(int((-constant / c).p), int((-constant / c).q)))


def _quotient(field: Field, p: Polynomial, q: Polynomial) -> Element:
    if p == 0:
        return Element(field, p)
    if len(p) > TERMS or len(q) > TERMS:
        raise Unsupported("too-many-terms", terms=max(len(p), len(q)), most=TERMS)
    common = p.gcd(q)
    if common != 1:
        p, q = p / common, q / common
    if q.is_constant():
        return Element(field, p / q)
    lead = q.leading_coefficient()
    return Element(field, p / lead, q / lead)


def _logarithm(field: Field, p: Polynomial) -> Element:
    """log p, with the powers of exponentials that divide it taken out."""
    terms = p.to_dict()
    least = [min(m[i] for m in terms) for i in range(len(field.generators))]
    total = field.constant(0)
    for j, symbol in enumerate(field.symbols):
        power = int(least[field.unknown + j])
        if symbol.kind == "exp" and power:
            total = total + power * symbol.argument
            p = p / field.generators[field.unknown + j] ** power
    if p.is_constant() and p == 1:
        return total
    return total + field.symbol("log", Element(field, p))


def _positive(field: Field, monomial: tuple[int, ...]) -> bool:
    """A product of exponentials and roots, and of even powers of anything."""
    kinds = [""] * field.unknown + [symbol.kind for symbol in field.symbols]
    return all(power == 0 or kinds[i] in ("exp", "sqrt") for i, power in enumerate(monomial))


def _number(p: Polynomial, values: list[float]) -> float:
    """Exact at these floats, then rounded once."""
    value = p(*(flint.fmpq(*v.as_integer_ratio()) for v in values))
    return int(value.p) / int(value.q)
