"""What shows only after a call of one size, far below 0, or in one kind of memory; each beside a layer that is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from torch.nn import functional

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import against, gaussian


class Buffered:
    """A convolution whose padding of one cell lies in one buffer for the whole batch, which is kept, and zeroed only if told so."""

    def __init__(self, zeroed: bool) -> None:
        self.zeroed, self.buffer = zeroed, np.zeros((0, 0, 0, 0))

    def _padded(self, x: Array) -> Array:
        n, c, h, w = x.shape
        wanted = (n, c, h + 2, w + 2)
        if self.zeroed or any(have < need for have, need in zip(self.buffer.shape, wanted, strict=True)):
            self.buffer = np.zeros(wanted)
        room = self.buffer[:n, :c, : h + 2, : w + 2]
        room[..., 1:-1, 1:-1] = x
        return room.copy()

    def forward(self, x: Array, w: Array) -> Array:
        return cnnbp.Conv2d().forward(self._padded(x), w)

    def backward(self, delta: Array, x: Array, w: Array) -> tuple[Array, ...]:
        dx, dw = cnnbp.Conv2d().backward(delta, self._padded(x), w)
        return dx[..., 1:-1, 1:-1], dw


@pytest.mark.parametrize("like", [cnnbp.Conv2d(padding=1), lambda x, w: functional.conv2d(x, w, padding=1), None])
def test_a_buffer_of_the_whole_batch(like: Any) -> None:
    """It is made anew for one sample more, and stale only before that."""
    x, w = gaussian((2, 1, 4, 3), (1, 1, 3, 3))
    assert "contract.memory-of-size" in {said.code for said in cnnbp.verify(Buffered(False), x, w, like=like).wrong}
    assert cnnbp.verify(Buffered(True), x, w, like=like).passed


class Lowest:
    """Max pooling over 2 × 2 with a padding of one cell, which holds a number in the place of −∞."""

    def __init__(self, lowest: float) -> None:
        self.lowest = lowest

    def _padded(self, x: Array) -> Array:
        return np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), constant_values=self.lowest)

    def forward(self, x: Array) -> Array:
        return cnnbp.MaxPool2d(2).forward(self._padded(x))

    def backward(self, delta: Array, x: Array) -> Array:
        return np.asarray(cnnbp.MaxPool2d(2).backward(delta, self._padded(x))[0][..., 1:-1, 1:-1])


@pytest.mark.parametrize("like", [cnnbp.MaxPool2d(2, padding=1), lambda x: functional.max_pool2d(x, 2, padding=1)])
@pytest.mark.parametrize(
    ("lowest", "status"), [(-1e30, "fail"), (-1e300, "fail"), (-np.inf, "pass"), (np.finfo(float).min, "pass")]
)
def test_a_stand_in_for_minus_infinity(like: Any, lowest: float, status: str) -> None:
    (x,) = gaussian((2, 1, 4, 4))
    assert cnnbp.verify(Lowest(lowest), x, like=like).status == status


class InPlace:
    """Twice x; its backward works in the memory of delta where that is what it wants."""

    def __init__(self, order: str, copies: bool = False) -> None:
        self.order, self.copies = order, copies

    def forward(self, x: Array) -> Array:
        return 2 * x

    def backward(self, delta: Array, x: Array) -> Array:
        found = np.array(delta) if self.copies else np.require(delta, requirements=[self.order, "W"])
        found *= 2
        return found


@pytest.mark.parametrize("like", [lambda x: 2 * x, None])
def test_memory_that_can_be_written_to(like: Any) -> None:
    """In C order it is told as what it is, in Fortran order as that."""
    (x,) = gaussian((3, 4))
    verdict = cnnbp.verify(InPlace("F"), x, like=like)
    assert [said.code for said in verdict.wrong] == ["contract.changes-laid-out"]
    assert "writes into delta" in str(verdict)
    assert "fortran-order" in against(verdict)
    assert "reads-only-inputs" in against(cnnbp.verify(InPlace("C"), x, like=like))
    assert cnnbp.verify(InPlace("F", copies=True), x, like=like).passed


@pytest.mark.parametrize(
    ("refused", "said"), [(True, "on arrays in Fortran order:"), (False, "on read-only arrays in Fortran order:")]
)
def test_where_an_exception_came_from(refused: bool, said: str) -> None:
    """In Fortran order, from arrays that can be written to or from such as cannot."""

    def backward(delta: Array, x: Array) -> Array:
        if not delta.flags.c_contiguous and delta.flags.f_contiguous and delta.flags.writeable == refused:
            raise RuntimeError("not in this memory")
        return 2 * delta

    verdict = cnnbp.verify(cnnbp.from_functions(lambda x: 2 * x, backward), *gaussian((3, 4)), like=lambda x: 2 * x)
    assert against(verdict) == {"fortran-order"}
    assert said in str(verdict)


class ThereAndBack:
    """A product that negates an input in place and afterwards negates it again, where it lies as the layer wants it."""

    def __init__(self, wanted: Callable[[Array], Array], of: str) -> None:
        self.wanted, self.of = wanted, of

    def product(self, a: Array, b: Array, negated: bool) -> Array:
        v = self.wanted(b) if negated else b
        y = -(a @ np.negative(v, out=v)) if negated else a @ v
        np.negative(v, out=v if negated else None)
        return y

    def forward(self, x: Array, w: Array) -> Array:
        return self.product(x, w, self.of == "w")

    def backward(self, delta: Array, x: Array, w: Array) -> tuple[Array, ...]:
        return delta @ w.T, self.product(x.T, delta, self.of == "delta")


@pytest.mark.parametrize("like", [lambda x, w: x @ w, None])
@pytest.mark.parametrize("of", ["w", "delta"])
@pytest.mark.parametrize(("wanted", "point"), [(np.asfortranarray, "fortran-order"), (np.ascontiguousarray, "reads-only-inputs")])
def test_what_is_undone(wanted: Callable[[Array], Array], point: str, of: str, like: Any) -> None:
    """Nothing is left to see of it but that it cannot be done to an array which is read-only."""
    x, w = gaussian((3, 4), (4, 2))
    verdict = cnnbp.verify(ThereAndBack(wanted, of), x, w, like=like)
    assert against(verdict) == {point}
    assert ", on read-only arrays" in verdict.reasons[0]
    assert cnnbp.verify(ThereAndBack(np.array, of), x, w, like=like).passed


class Kept:
    """A product with weights that are kept until another array comes, or one with another largest number."""

    def __init__(self, largest: Callable[[Array], float]) -> None:
        self.largest, self.known = largest, (np.zeros(0), 0.0, np.zeros(0))

    def weights(self, w: Array) -> Array:
        if self.known[0] is not w or self.known[1] != self.largest(w):
            self.known = w, self.largest(w), w.copy()
        return self.known[2]

    def forward(self, x: Array, w: Array) -> Array:
        return x @ self.weights(w)

    def backward(self, delta: Array, x: Array, w: Array) -> tuple[Array, ...]:
        return delta @ self.weights(w).T, x.T @ delta


@pytest.mark.parametrize("like", [lambda x, w: x @ w, None])
@pytest.mark.parametrize("largest", [lambda w: float(np.abs(w).max()), lambda w: float(w.min())])
def test_what_is_found_again_by_its_largest_number(largest: Callable[[Array], float], like: Any) -> None:
    """Other numbers in the same array, the largest as it was."""
    assert against(cnnbp.verify(Kept(largest), *gaussian((3, 4), (4, 2)), like=like)) == {"same-arrays"}


class Content(Kept):
    """Likewise, wherever they lie in memory."""

    def __init__(self, largest: Callable[[Array], float]) -> None:
        super().__init__(largest)
        self.kept = dict[float, Array]()

    def weights(self, w: Array) -> Array:
        return self.kept.setdefault(self.largest(w), w.copy())


@pytest.mark.parametrize("like", [lambda x, w: x @ w, None])
def test_what_is_found_again_in_any_array(like: Any) -> None:
    """A copy that was never asked has kept nothing: no answer of it hangs on another."""
    layer = Content(lambda w: float(np.abs(w).max()))
    assert "other-inputs" in against(cnnbp.verify(layer, *gaussian((3, 4), (4, 2)), like=like))


@pytest.mark.parametrize("like", [lambda x: 2 * x, None])
def test_what_is_written_between_the_strides(like: Any) -> None:
    """Where memory can be written to, and runs forwards, but is not in one piece."""

    class Spaced(InPlace):
        def backward(self, delta: Array, x: Array) -> Array:
            spaced = delta.flags.writeable and min(delta.strides) > delta.itemsize
            return np.multiply(delta, 2, out=delta if spaced else None)

    (x,) = gaussian((3, 4))
    assert against(cnnbp.verify(Spaced("C"), x, like=like)) == {"non-contiguous"}
