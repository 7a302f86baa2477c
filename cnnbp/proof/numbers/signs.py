"""Signs of polynomials: which are known whatever the numbers, what the walk is asked for the others, and what holds at a point."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import flint

from .walk import Key, Walk, counted, now

if TYPE_CHECKING:
    from .field import Field, Values

Polynomial = Any  # flint ships no types
Number = Any
Keys = tuple[Key, Key]
Asked = tuple[int, Keys | None, bool]  # a sign; what it is times, if anything: the order of two keys; whether that may be −1


def ask(field: Field, p: Polynomial) -> int:
    """The sign of p on the path that is walked, asked in a form that is the same for the same question."""
    known = field.questions.get(name := str(p))
    sign, keys, below = known or field.questions.setdefault(name, _question(field, p))
    if keys:
        return sign * now().compare(*keys, below=below)
    counted()
    return sign


def holds(walk: Walk, values: Values) -> bool:
    """Whether everything that was answered on this path is so where the generators have these values, beyond doubt.

    Not where something that was compared has no value.
    """
    try:
        return walk.holds(lambda key: _worth(values, key))
    except (ValueError, ZeroDivisionError):
        return False


def value(p: Polynomial, values: Values) -> Number:
    """A polynomial where the generators have these values: at once where no symbol is met; else the unknown numbers first."""
    degrees = p.degrees()
    if not any(degrees[values.unknown :]):  # many times faster than one after the other
        return p(*values.rational)
    rest = p.subs({number: values[number] for number in range(values.unknown) if degrees[number]}).to_dict()
    return sum((_product(values, monomial) * c for monomial, c in rest.items()), flint.fmpq(0))


def _question(field: Field, p: Polynomial) -> Asked:
    terms = {tuple(map(int, m)): c for m, c in p.to_dict().items()}
    constant = terms.pop((0,) * len(field.generators), flint.fmpq(0))
    if not terms:
        return int(constant > 0) - int(constant < 0), None, True
    (first, c), *more = sorted(terms.items(), reverse=True)
    if constant == 0 and len(more) == 1 and c == -more[0][1]:  # a multiple of the difference of two products
        return 1, (first, more[0][0]) if c > 0 else (more[0][0], first), True
    sign = 1 if c > 0 else -1
    never_below = constant * sign >= 0 and all(_never_below(field, m) and v * sign > 0 for m, v in terms.items())
    if never_below and (constant or any(_positive(field, m) for m in terms)):
        return sign, None, True
    name = first if not more else tuple((m, Fraction(int((v / c).p), int((v / c).q))) for m, v in [(first, c), *more])
    return sign, (name, Fraction(int((-constant / c).p), int((-constant / c).q))), not never_below


def _never_below(field: Field, monomial: tuple[int, ...]) -> bool:
    """A product of exponentials, roots and even powers."""
    return all(power % 2 == 0 or _kind(field, i) in ("exp", "sqrt") for i, power in enumerate(monomial))


def _positive(field: Field, monomial: tuple[int, ...]) -> bool:
    """A product of exponentials: all others of `_never_below` may be 0."""
    return all(power == 0 or _kind(field, i) == "exp" for i, power in enumerate(monomial))


def _kind(field: Field, generator: int) -> str:
    return "" if generator < field.unknown else field.symbols[generator - field.unknown].kind


def _worth(values: Values, key: Any) -> Number:
    """What a key of the walk is worth at a point."""
    if isinstance(key, Fraction):
        return flint.fmpq(key.numerator, key.denominator)
    if isinstance(key[0], int):
        return _product(values, key)
    return sum((_worth(values, c) * _product(values, monomial) for monomial, c in key), flint.fmpq(0))


def _product(values: Values, monomial: Any) -> Number:
    found: Number = flint.fmpq(1)
    for generator, power in enumerate(monomial):
        if power:
            found = found * values[generator] ** int(power)
    return found
