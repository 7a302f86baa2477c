"""Arrays with their axes in another order are judged by every oracle, and whoever forgets to say so is told what fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import against, codes, gaussian

CONV, DENSE = cnnbp.Conv2d(stride=2), cnnbp.Dense()
IMAGE, KERNEL, BIAS = gaussian((2, 3, 6, 5), (4, 3, 3, 2), (4,))
X, W, B = gaussian((3, 4), (2, 4), (2,))


class Turned:
    """A layer of ours in somebody's order of axes, `to` from it and `back`; the last gradient larger by `factor`."""

    def __init__(self, layer: Any, to: list[Callable[[Array], Array]], back: list[Callable[[Array], Array]], factor: float = 1.0):
        self.layer, self.to, self.back, self.factor = layer, to, back, factor

    def _ours(self, args: tuple[Array, ...]) -> list[Array]:
        return [turn(a) for turn, a in zip(self.to[1:], args, strict=False)]

    def forward(self, *args: Array) -> Array:
        return self.back[0](self.layer.forward(*self._ours(args)))

    def backward(self, delta: Array, *args: Array) -> Any:
        found = self.layer.backward(self.to[0](delta), *self._ours(args))
        *rest, last = (turn(g) for turn, g in zip(self.back[1:], found, strict=False))
        return *rest, self.factor * last


def _transposed(*axes: int) -> Callable[[Array], Array]:
    return lambda a: a.transpose(axes)


NHWC = _transposed(0, 3, 1, 2), _transposed(0, 2, 3, 1)
RSCK = _transposed(3, 2, 0, 1), _transposed(2, 3, 1, 0)
CASES: dict[str, tuple[Any, tuple[Any, ...], tuple[Any, ...], Any, tuple[Array, ...]]] = {
    "channels last": (
        CONV, (NHWC[0], NHWC[0], RSCK[0], lambda b: b), (NHWC[1], NHWC[1], RSCK[1], lambda b: b),
        {"x": "nhwc", "w": "rsck"}, (NHWC[1](IMAGE), RSCK[1](KERNEL), BIAS)),
    "one image": (
        CONV,
        (lambda d: d[None], lambda x: x[None], lambda w: w, lambda b: b),
        (lambda y: y[0], lambda x: x[0], lambda w: w, lambda b: b),
        "chw", (IMAGE[0], KERNEL, BIAS)),
    "one map": (
        CONV,
        (lambda d: d[None, None], lambda x: x[None, None], lambda w: w[None, None]),
        (lambda y: y[0, 0], lambda x: x[0, 0], lambda w: w[0, 0]),
        {"x": "hw", "w": "rs"}, (IMAGE[0, 0], KERNEL[0, 0])),
    "courses": (
        DENSE,
        (lambda d: d, lambda x: x, lambda w: w.T, lambda b: b[0]),
        (lambda y: y, lambda x: x, lambda w: w.T, lambda b: b[None]),
        {"w": "io", "b": "1o"}, (X, W.T, B[None])),
    "samples in columns": (
        DENSE,
        (lambda d: d.T, lambda x: x.T, lambda w: w, lambda b: b[:, 0]),
        (lambda y: y.T, lambda x: x.T, lambda w: w, lambda b: b[:, None]),
        {"x": "in", "b": "o1"}, (X.T, W, B[:, None])),
    "pooling, channels last": (
        cnnbp.MaxPool2d(2), (NHWC[0], NHWC[0]), (NHWC[1], NHWC[1]), "nhwc", (NHWC[1](IMAGE),)),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_any_order_of_axes_is_judged(name: str) -> None:
    """By every oracle: what is right passes, what is 1e-9 off fails, and nothing else does."""
    like, to, back, layout, args = CASES[name]
    right = Turned(like, list(to), list(back))
    verdict = cnnbp.verify(right, *args, like=like, layout=layout)
    assert verdict.passed, str(verdict)
    assert {"autograd", "masked_dense"} <= {e.oracle for e in verdict.evidence if e.status == "pass"}
    y = right.forward(*args)
    assert cnnbp.verify(right, *args, delta=np.cos(np.arange(y.size)).reshape(y.shape), like=like, layout=layout).passed
    wrong = cnnbp.verify(Turned(like, list(to), list(back), 1 + 1e-9), *args, like=like, layout=layout)
    assert {said.values.get("quantity") for said in wrong.wrong} == {"xwb"[len(args) - 1]}


@pytest.mark.parametrize("name", [name for name in CASES if name != "pooling, channels last"])
def test_who_forgets_is_told_what_fits(name: str) -> None:
    """In the sentence that refuses the shapes."""
    like, to, back, layout, args = CASES[name]
    whole = {"x": layout} if isinstance(layout, str) else layout
    with pytest.raises(ValueError, match=r"if their axes stand in another order, say so; layout=") as raised:
        cnnbp.verify(Turned(like, list(to), list(back)), *args, like=like)
    suggested = str(raised.value).partition("layout=")[2].removesuffix(" fits")
    assert suggested == str({key: whole[key] for key in whole})


@pytest.mark.parametrize(
    ("arrays", "said", "way"),
    [
        ((IMAGE, KERNEL), {"x": "nhwc"}, "; without layout= they fit"),
        ((NHWC[1](IMAGE), KERNEL.transpose(2, 3, 1, 0)), {"x": "nhwc"}, "layout={'x': 'nhwc', 'w': 'rsck'} fits"),
    ],
)
def test_who_says_it_wrong_is_told_what_fits(arrays: tuple[Array, ...], said: dict[str, str], way: str) -> None:
    """Of the arrays as they were handed over, not as the layout turns them."""
    with pytest.raises(ValueError, match=r", with layout=\{'x': 'nhwc'\}[;:]") as raised:
        cnnbp.verify(cnnbp.Conv2d(), *arrays, layout=said)
    assert str(raised.value).endswith(way)


@pytest.mark.parametrize(("theirs", "ours"), [("hwio", "rsck"), ("oihw", "kcrs")])
def test_a_kernel_has_its_axes_by_either_name(theirs: str, ours: str) -> None:
    """As libraries write them."""
    like = cnnbp.Conv2d()
    w = np.transpose(KERNEL, ["kcrs".index(letter) for letter in ours])
    by_theirs, by_ours = (cnnbp.verify(like, IMAGE, w, layout={"w": axes}) for axes in (theirs, ours))
    assert by_theirs.passed == by_ours.passed
    assert by_theirs.evidence == by_ours.evidence


def test_the_entry_is_named_by_its_letters() -> None:
    """Whatever the order: the sample, the channel, the row and the column."""
    like, to, back, layout, args = CASES["channels last"]

    def shifted(dx: Array) -> Array:
        dx = NHWC[1](dx).copy()
        dx[1, 4, 3, 2] += 1
        return dx

    verdict = cnnbp.verify(Turned(like, list(to), [back[0], shifted, *back[2:]]), *args, like=like, layout=layout)
    assert "dx is wrong at sample 1, input channel 2, row 4, column 3" in str(verdict)


class _Writing:
    """Right, and writes into its weights."""

    def forward(self, x: Array, w: Array, b: Array) -> Array:
        return x @ w + b

    def backward(self, delta: Array, x: Array, w: Array, b: Array) -> Any:
        dx = delta @ w.T
        w *= 1.5
        return dx, x.T @ delta, delta.sum(0, keepdims=True)


def test_the_contract_holds_in_their_order() -> None:
    """What is written into is noticed through the views."""
    verdict = cnnbp.verify(_Writing(), X, W.T, B[None], like=DENSE, layout={"w": "io", "b": "1o"})
    assert "reads-only-inputs" in against(verdict)
    assert codes(verdict)[0].startswith("contract.changes-inputs")


def test_answers_in_another_shape_are_the_layers_fault() -> None:
    """A gradient in the reference's order where the layer has its own, and one that does not come."""
    kept = {"like": DENSE, "layout": {"w": "io", "b": "1o"}}
    other = cnnbp.from_functions(lambda x, w, b: x @ w + b, lambda d, x, w, b: (d @ w.T, d.T @ x, d.sum(0, keepdims=True)))
    assert codes(cnnbp.verify(other, X, W.T, B[None], **kept)) == ["contract.gradient-shape"]
    for answer in (lambda *a: None, lambda *a: {}, lambda d, x, w, b: d @ w.T):
        layer = cnnbp.from_functions(lambda x, w, b: x @ w + b, answer)
        assert cnnbp.verify(layer, X, W.T, B[None], **kept).status == "fail"


def test_a_first_layer() -> None:
    """Returns what is wanted alone."""
    layer = cnnbp.from_functions(lambda x, w, b: x @ w + b, lambda d, x, w, b: (x.T @ d, d.sum(0, keepdims=True)))
    assert cnnbp.verify(layer, X, W.T, B[None], like=DENSE, layout={"w": "io", "b": "1o"}, skip=("x",)).passed


CALLS: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "no reference": ({"layout": "in"}, ValueError, r"^layout needs like= a layer of cnnbp"),
    "no axes": ({"layout": "in", "like": cnnbp.Tanh()}, ValueError, r"^layout needs like= an operator whose axes have names"),
    "a number": ({"layout": 3, "like": DENSE}, TypeError, r"^layout must be a string of axes or a dict"),
    "unknown letters": ({"layout": "nc", "like": DENSE}, ValueError, r"^layout of x must consist of the letters 'ni', .* got 'nc'"),
    "letters twice": ({"layout": "nii", "like": DENSE}, ValueError, r"^layout of x must .* got 'nii'"),
    "unknown name": ({"layout": {"kernel": "io"}, "like": DENSE}, ValueError, r"^layout must name arguments \(x, w, b\) or y, got"),
    "other rank": (
        {"layout": {"w": "1io"}, "like": DENSE},
        ValueError,
        r"^w must have the axes '1io', got shape \(2, 4\)",
    ),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_layout_that_is_none(call: str) -> None:
    """Is the caller's mistake, in one sentence."""
    asked, error, said = CALLS[call]
    with pytest.raises(error, match=said):
        cnnbp.verify(cnnbp.from_functions(DENSE.forward, DENSE.backward), X, W, B, **asked)


def test_names_of_the_callers_may_be_used() -> None:
    """As names= has them."""
    like, to, back, _, args = CASES["courses"]
    asked = {"names": ("kernel", "bias"), "layout": {"kernel": "io", "bias": "1o"}}
    assert cnnbp.verify(Turned(like, list(to), list(back)), *args, like=like, **asked).passed
