"""NumPy, as far as `gather` and `scatter` know it, on arrays of unknown sizes: what basic slicing, `+=` and `reshape` mean.

An array remembers what was written where. An entry that is read is then a sum of terms, each an entry of an array that
was there before, with the conditions under which it counts. What NumPy would do silently is shown not to happen: a slice
that leaves its array, or that counts from its end, or one cell that stands for many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any, NamedTuple

from .claims import Goals, Whole
from .kernel import Unknown
from .opaque import DTYPE, AnyTap, Opaque
from .slices import Given, Index, Selector, Slice, met, quotient, same


class Term(NamedTuple):
    """An entry of an array that was there before. It counts exactly where all of `given` is ≥ 0, and adds nothing elsewhere.

    With each of what is given stands the axis that it is about, counted from the last, -1.
    """

    given: Given
    array: str
    entry: Index


class NumPy:
    """The functions that the source calls. What has to be shown of the slices it takes goes to `goals`."""

    def __init__(self, goals: Goals) -> None:
        self.goals = goals
        self.tap: Unknown | None = None  # of the loop that runs, where it runs for any one tap
        self.loop = 0  # which of such loops it is, 0 for none
        self._loops = 0

    def enumerate(self, items: list[Any] | AnyTap) -> Iterator[tuple[Any, Any]]:
        """Python's own; of any tap, its number and its slices."""
        if not isinstance(items, AnyTap):
            yield from enumerate(items)
            return
        self._loops += 1
        self.tap, self.loop = items.tap, self._loops
        yield items.tap, items.slices
        self.tap, self.loop = None, 0

    def len(self, of: Any) -> int:
        """Raises TypeError: nothing that the source has here has a length that is known."""
        raise TypeError("how many axes an array has, or an axis taps, is not asked")

    def zeros(self, shape: tuple[Whole, ...], dtype: Opaque) -> Cells:
        """An array of zeros."""
        _of_all_arrays(dtype)
        return Cells(self, shape)

    def ascontiguousarray(self, x: Cells) -> Cells:
        """The same entries, in memory that is a buffer."""
        other = Cells(self, x.sizes, x.name, strides=x.strides)
        other.contiguous = True
        return other

    def ndarray(self, shape: tuple[Whole, ...], dtype: Opaque, buffer: Cells, offset: int, strides: tuple[Whole, ...]) -> Cells:
        """The memory of an array, seen through other strides."""
        _of_all_arrays(dtype)
        if not buffer.contiguous or buffer.writes:
            raise TypeError("the memory of an array is known where it was made contiguous and nothing was written since")
        return Cells(self, shape, buffer.name, strides=strides, offset=offset)


def _of_all_arrays(dtype: Opaque) -> None:
    if dtype is not DTYPE:
        raise TypeError("an array is made with the dtype of the array that it is made of")


class Cells(Opaque):
    """An array. `sizes` are its axes before any was united with the next one by `reshape`, `shape` those after."""

    dtype = DTYPE
    contiguous = False

    def __init__(self, numpy: NumPy, sizes: Sequence[Whole], name: str = "", **memory: Any) -> None:
        self.numpy, self.goals, self.name = numpy, numpy.goals, name
        self.sizes = self.shape = tuple(sizes)
        self.united = False
        self.writes: list[Write] = []
        self.strides: tuple[Whole, ...] | None = memory.get("strides")
        self.offset: int | None = memory.get("offset")

    def __getitem__(self, index: tuple[Any, ...]) -> View:
        return View(self, self._selectors(index))

    def __setitem__(self, index: tuple[Any, ...], value: View) -> None:
        self._write(self._selectors(index), value, adds=False)

    def _write(self, selectors: list[Selector], value: View, adds: bool) -> None:
        sizes = View(self, selectors).sizes
        self.goals.sure("as-many-axes-are-written-as-read", len(sizes) == len(value.sizes))
        for written, read in zip(sizes, value.sizes, strict=False):
            self.goals.equal("as-many-cells-are-written-as-read", [], written, read)
        if self.numpy.tap is not None:
            self._any_order(selectors, value, adds, self.numpy.tap)
        self.writes.append(Write(selectors, value, len(value.base.writes), adds, self.numpy.loop))

    def _any_order(self, selectors: list[Selector], value: View, adds: bool, tap: Unknown) -> None:
        """Raises TypeError where it might matter what the loop did for other taps."""
        mine = [write for write in self.writes if write.loop == self.numpy.loop]
        if any(write.loop == self.numpy.loop for write in value.base.writes):
            raise TypeError("a loop over any tap may not read what it writes")
        if any(write.adds != adds for write in mine):
            raise TypeError("a loop over any tap may not both assign to an array and add to it")
        if not adds and not any(isinstance(one, Unknown) and same(one, tap) for one in selectors):
            raise TypeError("a loop over any tap may assign to the cells of its own tap only")

    def _selectors(self, index: tuple[Any, ...]) -> list[Selector]:
        if index[0] is not Ellipsis or self.united:
            raise TypeError(f"indices start with ... and meet axes that are not united, got {index!r}")
        whole: list[Any] = [slice(None)] * (len(self.sizes) + 1 - len(index))
        return [self._selector(one, size) for one, size in zip([*whole, *index[1:]], self.sizes, strict=True)]

    def _selector(self, one: Any, size: Whole) -> Selector:
        if isinstance(one, int) and isinstance(size, int):
            return range(size)[one]
        if isinstance(one, Unknown):
            self.goals.show("a-tap-stays-on-its-axis", [], one, size - 1 - one)
            return one
        if not isinstance(one, slice):
            raise TypeError(f"an index is a tap or a slice, got {one!r}")
        if one.start is one.stop is one.step is None:
            return None
        step = 1 if one.step is None else one.step
        length = quotient(one.stop - one.start, step)
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
            place = met(write.selectors, index)
            if place is None:
                continue
            if found and not write.adds:
                raise TypeError("a cell may be written twice")
            inner, given = place
            found += [Term([*given, *term.given], term.array, term.entry) for term in write.value.read(inner, write.after)]
        return found

    def reshape(self, *shape: Whole) -> Cells:
        """The same entries in the same order, with neighbouring axes united, or taken apart as they were before."""
        other = Cells(self.numpy, self.sizes, self.name, strides=self.strides, offset=self.offset)
        other.writes, other.shape, other.united = self.writes, shape, len(shape) != len(self.sizes)
        left = list(self.sizes)
        for size in shape[:-1]:
            united = next((n for n in range(1, len(left)) if same(prod(left[:n]), size)), 1)
            self.goals.equal("no-cell-is-lost-in-another-shape", [], prod(left[:united]), size)
            left = left[united:]
        self.goals.equal("no-cell-is-lost-in-another-shape", [], prod(left), shape[-1])
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
    loop: int  # in which loop over any tap, 0 for none
