"""NumPy, as far as `gather` and `scatter` know it, on arrays of unknown sizes: what basic slicing, `+=` and `reshape` mean.

An array remembers what was written where. An entry that is read is then a sum of terms, each an entry of an array that
was there before, with the conditions under which it counts. What NumPy would do silently is shown not to happen: a slice
that leaves its array, or that counts from its end, or one cell that stands for many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any, NamedTuple

from .claims import Goals, Whole, number, terms
from .kernel import Unknown

Index = list[Whole]
Given = list[tuple[int, Whole]]


class Term(NamedTuple):
    """An entry of an array that was there before. It counts exactly where all of `given` is ≥ 0, and adds nothing elsewhere.

    With each of what is given stands the axis that it is about, counted from the last, -1.
    """

    given: Given
    array: str
    entry: Index


class Slice(NamedTuple):
    """The cells start, start + step, …: so many as `length` says."""

    start: Whole
    step: Whole
    length: Whole

    def at(self, place: Whole) -> Whole:
        """The cell of the array at this place of the slice."""
        return self.start + self.step * place


Selector = Whole | Slice | None  # one tap, some cells, or the whole axis


class AnyTap(list[Any]):
    """Of the taps of an axis, any one: a list that holds it alone."""

    def __init__(self, tap: Unknown, slices: Any) -> None:
        super().__init__([slices])
        self.tap = tap


class NumPy:
    """The functions that the source calls. What has to be shown of the slices it takes goes to `goals`."""

    def __init__(self, goals: Goals) -> None:
        self.goals = goals
        self.tap: Unknown | None = None  # of the loop that runs, where it runs for any one tap

    def enumerate(self, items: list[Any]) -> Iterator[tuple[Any, Any]]:
        """Python's own; of any tap, its number and its slices."""
        if not isinstance(items, AnyTap):
            yield from enumerate(items)
            return
        self.tap = items.tap
        yield items.tap, items[0]
        self.tap = None

    def zeros(self, shape: tuple[Whole, ...], dtype: None) -> Cells:
        """An array of zeros."""
        return Cells(self, shape)

    def ascontiguousarray(self, x: Cells) -> Cells:
        """The same array: those of unknown sizes are contiguous."""
        return x

    def ndarray(self, shape: tuple[Whole, ...], dtype: None, buffer: Cells, offset: int, strides: tuple[Whole, ...]) -> Cells:
        """The memory of an array, seen through other strides."""
        return Cells(self, shape, buffer.name, strides=strides, offset=offset)


class Cells:
    """An array. `sizes` are its axes before any was united with the next one by `reshape`, `shape` those after."""

    dtype = None

    def __init__(self, numpy: NumPy, sizes: Sequence[Whole], name: str = "", **memory: Any) -> None:
        self.numpy, self.goals, self.name = numpy, numpy.goals, name
        self.sizes = self.shape = tuple(sizes)
        self.writes: list[Write] = []
        self.strides: tuple[Whole, ...] | None = memory.get("strides")
        self.offset: int | None = memory.get("offset")

    def __getitem__(self, index: tuple[Any, ...]) -> View:
        return View(self, self._selectors(index))

    def __setitem__(self, index: tuple[Any, ...], value: View) -> None:
        selectors, tap = self._selectors(index), self.numpy.tap
        if tap is not None and not any(isinstance(one, Unknown) and same(one, tap) for one in selectors):
            raise TypeError("a loop may write a cell once for each tap")
        self._write(selectors, value, adds=False)

    def _write(self, selectors: list[Selector], value: View, adds: bool) -> None:
        sizes = View(self, selectors).sizes
        self.goals.sure("as-many-axes-are-written-as-read", len(sizes) == len(value.sizes))
        for written, read in zip(sizes, value.sizes, strict=False):
            self.goals.equal("as-many-cells-are-written-as-read", [], written, read)
        self.writes.append(Write(selectors, value, len(value.base.writes), adds))

    def _selectors(self, index: tuple[Any, ...]) -> list[Selector]:
        if index[0] is not Ellipsis or self.shape != self.sizes:
            raise TypeError(f"indices start with ... and meet axes that are not united, got {index!r}")
        whole: list[Any] = [slice(None)] * (len(self.sizes) + 1 - len(index))
        return [self._selector(one, size) for one, size in zip([*whole, *index[1:]], self.sizes, strict=True)]

    def _selector(self, one: Any, size: Whole) -> Selector:
        if isinstance(one, int) and isinstance(size, int):
            return range(size)[one]
        if isinstance(one, Unknown):
            self.goals.show("a-tap-stays-on-its-axis", [], one, size - 1 - one)
            return one
        if one == slice(None):
            return None
        step = 1 if one.step is None else one.step
        length = _quotient(one.stop - one.start, step)
        self.goals.show("no-slice-counts-from-the-end", [], one.start, length, step - 1)
        self.goals.show("a-slice-stays-in-its-array", [length - 1], size - 1 - one.start - step * (length - 1))
        return Slice(one.start, step, length)

    def read(self, index: Index, writes: int | None = None) -> list[Term]:
        """The entry as a sum of terms, after so many writes. `index` has one number for each of `sizes`."""
        if self.offset is not None and self.strides is not None:
            return [Term([], self.name, [sum((s * i for s, i in zip(self.strides, index, strict=True)), self.offset)])]
        if self.name:
            return [Term([], self.name, index)]
        found: list[Term] = []
        for write in self.writes[:writes]:
            met = _met(write.selectors, index)
            if met is None:
                continue
            if found and not write.adds:
                raise TypeError("a cell may be written twice")
            inner, given = met
            found += [Term([*given, *term.given], term.array, term.entry) for term in write.value.read(inner, write.after)]
        return found

    def reshape(self, *shape: Whole) -> Cells:
        """The same entries in the same order, with neighbouring axes united, or taken apart as they were before."""
        other = Cells(self.numpy, self.sizes, self.name, strides=self.strides, offset=self.offset)
        other.writes, other.shape, left = self.writes, shape, list(self.sizes)
        for size in shape[:-1]:
            united = next((n for n in range(1, len(left)) if same(prod(left[:n]), size)), 1)
            self.goals.equal("no-cell-is-lost-in-another-shape", [], prod(left[:united]), size)
            left = left[united:]
        self.goals.equal("no-cell-is-lost-in-another-shape", [], prod(left), shape[-1])
        if len(shape) == len(self.sizes):
            other.shape = other.sizes
        return other


class View:
    """A part of an array, by one selector an axis."""

    def __init__(self, base: Cells, selectors: list[Selector]) -> None:
        self.base, self.selectors = base, selectors
        parts = zip(selectors, base.sizes, strict=True)
        self.sizes = [
            one.length if isinstance(one, Slice) else size for one, size in parts if one is None or isinstance(one, Slice)
        ]

    def __iadd__(self, value: View) -> View:
        self.base._write(self.selectors, value, adds=True)
        return self

    def read(self, index: Index, writes: int | None = None) -> list[Term]:
        """The entry of the array at this place of its part, after so many writes to the array."""
        inner = iter(index)
        full: Index = []
        for one in self.selectors:
            full.append(next(inner) if one is None else one.at(next(inner)) if isinstance(one, Slice) else one)
        return self.base.read(full, writes)


class Write(NamedTuple):
    """What was written into a part of an array, as it was after so many writes to its own array."""

    selectors: list[Selector]
    value: View
    after: int
    adds: bool


def _met(selectors: list[Selector], index: Index) -> tuple[Index, Given] | None:
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


def _quotient(a: Whole, b: Whole) -> Whole:
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
