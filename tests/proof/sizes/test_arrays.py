"""The model of NumPy against NumPy: on sizes that are known both must say the same of every entry."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.proof.sizes.arrays import Cells, NumPy, Term
from cnnbp.proof.sizes.claims import Goals, number
from cnnbp.proof.sizes.opaque import DTYPE, Opaque

SIZES = st.tuples(st.integers(1, 4), st.integers(1, 4))


@st.composite
def part(draw: st.DrawFn, size: int, length: int | None = None) -> Any:
    """A slice of an axis, of `length` cells where it is given."""
    if draw(st.booleans()) and length in (None, size):
        return slice(None)
    step = draw(st.integers(1, 3))
    start = draw(st.integers(0, size - 1))
    most = (size - 1 - start) // step + 1
    cells = draw(st.integers(0, most)) if length is None else length
    if cells > most:
        return slice(0, cells, 1)
    return slice(start, start + step * cells, step if step > 1 or draw(st.booleans()) else None)


def cells_of(one: Any, size: int) -> int:
    return len(range(*one.indices(size)))


def entry(terms: list[Term], x: np.ndarray[Any, Any]) -> int:
    """The entry that the terms say, where x is as it is."""
    return sum(int(x[tuple(term.entry)]) for term in terms if all(number(fact) >= 0 for _, fact in term.given))


def hold(goals: Goals) -> bool:
    return all(number(goal.shows) >= 0 for goal in goals if all(number(fact) >= 0 for fact in goal.given))


@settings(max_examples=40)
@given(st.data(), SIZES, SIZES, SIZES)
def test_what_is_written_is_read(data: st.DataObject, x_size: Any, y_size: Any, z_size: Any) -> None:
    """Slices with and without steps, assigned and added to, through an array in between, which is changed afterwards."""
    goals = Goals()
    model, x = NumPy(goals), np.arange(1, 1 + x_size[0] * x_size[1]).reshape(x_size)
    arrays: list[tuple[Any, Any]] = [(Cells(model, x_size, "x"), x)]
    for size in (y_size, z_size):
        ours, theirs = model.zeros(size, DTYPE), np.zeros(size, int)
        of, that = arrays[-1]
        for at in range(data.draw(st.integers(1, 2))):
            read = [data.draw(part(n)) for n in that.shape]
            lengths = [cells_of(one, n) for one, n in zip(read, that.shape, strict=True)]
            if any(length > n for length, n in zip(lengths, size, strict=True)):
                continue
            to = [data.draw(part(n, length)) for n, length in zip(size, lengths, strict=True)]
            if at == 0 and data.draw(st.booleans()):
                ours[..., *to], theirs[..., *to] = of[..., *read], that[..., *read]
            else:
                into = ours[..., *to]
                into += of[..., *read]
                theirs[..., *to] += that[..., *read]
        arrays.append((ours, theirs))
    again = arrays[1][0][..., slice(None), slice(None)]  # y changes after z was made of it: z does not
    again += arrays[0][0][..., slice(0, 1), slice(0, 1)] if y_size == (1, 1) else again
    assert hold(goals)
    ours, theirs = arrays[-1]
    assert [[entry(ours.read([p, q]), x) for q in range(z_size[1])] for p in range(z_size[0])] == theirs.tolist()


@settings(max_examples=40)
@given(st.tuples(*[st.integers(1, 3)] * 4), st.data())
def test_axes_are_united_and_taken_apart(size: tuple[int, ...], data: st.DataObject) -> None:
    """As NumPy numbers them, and a shape of another number of cells is not shown."""
    goals = Goals()
    cut = data.draw(st.integers(1, 3))
    united = int(np.prod(size[:cut])), int(np.prod(size[cut:]))
    there = Cells(NumPy(goals), size, "x").reshape(*united)
    assert there.shape == united
    assert there.reshape(*size).shape == size
    assert hold(goals)
    there.reshape(united[0] + 1, united[1])
    assert not hold(goals)


@pytest.mark.parametrize(
    ("to", "of"),
    [
        (slice(0, 3), slice(0, 1)),  # NumPy would repeat the one cell
        (slice(0, 2), slice(2, 4)),  # and stop at the end of x
        (slice(-1, 1), slice(0, 2)),  # and count from its end
        (slice(2, 1), slice(2, 1)),
        (slice(1, 4), slice(0, 3)),
    ],
)
def test_what_numpy_would_do_silently_is_not_shown(to: slice, of: slice) -> None:
    """Each is a false goal."""
    goals = Goals()
    model = NumPy(goals)
    model.zeros((3,), DTYPE)[..., to] = Cells(model, (3,), "x")[..., of]
    assert not hold(goals)


def test_the_memory_of_an_array_through_other_strides() -> None:
    """An entry is the one at its address."""
    model = NumPy(Goals())
    x = Cells(model, (4,), "x", strides=(1,))
    seen = model.ndarray((2, 2), DTYPE, model.ascontiguousarray(x), 0, (1, 2))
    assert seen.read([1, 1]) == [Term([], "x", [3])]
    with pytest.raises(TypeError, match="made contiguous"):
        model.ndarray((2, 2), DTYPE, x, 0, (1, 2))
    buffer = model.ascontiguousarray(x)
    buffer[..., slice(0, 1)] = x[..., slice(1, 2)]
    with pytest.raises(TypeError, match="nothing was written since"):
        model.ndarray((2, 2), DTYPE, buffer, 0, (1, 2))


def test_arrays_are_asked_for_nothing_as_a_whole() -> None:
    """Neither whether they are true, nor for their dtype, which is one for all."""
    model = NumPy(Goals())
    x = Cells(model, (4,), "x")
    assert isinstance(x, Opaque)
    assert x.dtype is model.zeros((3,), x.dtype).dtype is DTYPE
    with pytest.raises(TypeError, match="the dtype of the array that it is made of"):
        model.zeros((3,), Opaque())


def test_a_cell_that_may_be_written_twice() -> None:
    """Which of both counts is not said."""
    model = NumPy(Goals())
    x, y = Cells(model, (3,), "x"), model.zeros((3,), DTYPE)
    y[..., slice(0, 2)] = x[..., slice(0, 2)]
    y[..., slice(1, 3)] = x[..., slice(0, 2)]
    with pytest.raises(TypeError, match="a cell may be written twice"):
        y.read([0])


def test_what_is_indexed_is_said_with_dots() -> None:
    """As the source does: then the leading axes do not matter."""
    model = NumPy(Goals())
    with pytest.raises(TypeError, match=r"indices start with \.\.\. and meet axes that are not united"):
        Cells(model, (2, 3), "x")[0, 1]
