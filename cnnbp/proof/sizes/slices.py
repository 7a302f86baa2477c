"""What a basic slice picks out of an axis of unknown size, and which places of it an entry can be."""

from __future__ import annotations

from typing import NamedTuple

from .claims import Whole, number, terms
from .kernel import Unknown

Index = list[Whole]
Given = list[tuple[int, Whole]]  # what is ≥ 0, and the axis that it is about, counted from the last, -1


class Slice(NamedTuple):
    """The cells start, start + step, …: so many as `length` says."""

    start: Whole
    step: Whole
    length: Whole

    def at(self, place: Whole) -> Whole:
        """The cell of the array at this place of the slice."""
        return self.start + self.step * place


Selector = Whole | Slice | None  # one tap, some cells, or the whole axis


def met(selectors: list[Selector], index: Index) -> tuple[Index, Given] | None:
    """Which place of the part an entry of the array is, and where it is one; None where it never is."""
    inner: Index = []
    given: Given = []
    for axis, (one, at) in enumerate(zip(selectors, index, strict=True), -len(index)):
        if one is None:
            inner.append(at)
        elif not isinstance(one, Slice):
            if same(one, at):
                continue
            if not (isinstance(one, int) and isinstance(at, int)):
                raise TypeError("whether two taps are the same is not known")
            return None
        else:
            place, rest = divided(at - one.start, one.step)
            inner.append(place)
            given += [(axis, fact) for fact in (-rest, place, one.length - 1 - place)]
    return inner, given


def divided(a: Whole, b: Whole) -> tuple[Whole, Whole]:
    """Quotient and remainder."""
    if same(b, 1):
        return a, 0
    return divmod(a, b) if isinstance(a, Unknown) else divmod(a, number(b))


def same(a: Whole, b: Whole) -> bool:
    """Whether two numbers are the same polynomial."""
    return terms(a) == terms(b)


def quotient(a: Whole, b: Whole) -> Whole:
    """a / b, which must come out even as polynomials."""
    if isinstance(a, int) and isinstance(b, int) and b and a % b == 0:
        return a // b
    if same(b, 1):
        return a
    [(factor, one)] = terms(b).items()
    if isinstance(a, Unknown) and one == 1 and all(factor[0] in names for names in a.terms) and len(factor) == 1:
        return Unknown({_without(names, factor[0]): c for names, c in a.terms.items()}, a.path)
    raise TypeError("the ends of a slice must be a whole number of steps apart")


def _without(names: tuple[str, ...], one: str) -> tuple[str, ...]:
    at = names.index(one)
    return names[:at] + names[at + 1 :]
