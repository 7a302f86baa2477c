"""What comes in: the caller's mistakes are named, and every real array is judged, whatever its layout, dtype and size."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pytest
import torch

import cnnbp
from cnnbp.layers.checks import Array
from cnnbp.verification.arguments import residual
from tests.helpers.layers import arguments, bent, gaussian, opaque, reference

X, W, B = gaussian((2, 2, 6, 5), (3, 2, 3, 2), (3,))
DELTA = gaussian((2, 3, 4, 4))[0]
CONV = cnnbp.Conv2d()
POOL = cnnbp.MaxPool2d(2)


def _with(array: Array, value: float) -> Array:
    spoiled = array.copy()
    spoiled[1] = value
    return spoiled


class _Sine(torch.autograd.Function):
    """What PyTorch wants handed over by its apply."""


class Keeping:
    """A layer with a W of its own."""

    def __init__(self) -> None:
        self.W = W

    def forward(self, x: Array) -> Array:
        return CONV.forward(x, self.W)

    def backward(self, delta: Array, x: Array) -> Array:
        return CONV.backward(delta, x, self.W)[0]


MISTAKES = {
    "NaN in x": (lambda: cnnbp.verify(CONV, _with(X, np.nan), W, B), ValueError, r"^x must be finite, got nan at \(1, 0, 0, 0\)"),
    "inf in w": (lambda: cnnbp.verify(CONV, X, _with(W, -np.inf), B), ValueError, r"^w must be finite, got -inf at \(1, 0, 0, 0\)"),
    "NaN in b": (lambda: cnnbp.verify(CONV, X, W, _with(B, np.nan)), ValueError, r"^b must be finite, got nan at \(1,\)"),
    "NaN in delta": (lambda: cnnbp.verify(CONV, X, W, delta=_with(DELTA, np.nan)), ValueError, r"^delta must be finite"),
    "wrong rank": (lambda: cnnbp.verify(CONV, X[0], W, B), ValueError, r"^x .*\(n, c, h, w\).*\(2, 6, 5\)"),
    "channels": (lambda: cnnbp.verify(CONV, X[:, :1], W, B), ValueError, r"^x must have 2 channels .*got 1"),
    "bias": (lambda: cnnbp.verify(CONV, X, W, B[:2]), ValueError, r"^b must have shape \(3,\), got \(2,\)"),
    "large kernel": (lambda: cnnbp.verify(CONV, X[:, :, :2], W, B), ValueError, r"^kernel_size .*spans 3 .*has 2"),
    "complex x": (lambda: cnnbp.verify(CONV, X + 0j, W, B), TypeError, r"^x .*complex128"),
    "objects": (lambda: cnnbp.verify(CONV, X.astype(object), W, B), TypeError, r"^x .*object"),
    "list": (lambda: cnnbp.verify(CONV, X, W.tolist(), B), TypeError, r"^w .*list"),
    "tensor": (lambda: cnnbp.verify(opaque(CONV), torch.tensor(X), W, B), TypeError, r"^x .*Tensor"),
    "booleans": (lambda: cnnbp.verify(cnnbp.ReLU(), X > 0), TypeError, r"^x .*bool: hand over value.astype\(int\)"),
    "shape of delta": (lambda: cnnbp.verify(CONV, X, W, delta=DELTA[:1]), ValueError, r"^delta .*\(2, 3, 4, 4\), got \(1, "),
    "shape of delta, opaque": (lambda: cnnbp.verify(opaque(CONV), X, W, delta=DELTA[:1]), ValueError, r"^delta .*\(2, 3, 4, 4\)"),
    "list as delta": (lambda: cnnbp.verify(CONV, X, W, delta=DELTA.tolist()), TypeError, r"^delta .*list"),
    "name as like": (lambda: cnnbp.verify(CONV, X, W, like="Conv2d"), TypeError, r"^like .*'Conv2d'"),
    "class as like": (lambda: cnnbp.verify(CONV, X, W, like=cnnbp.Conv2d), TypeError, r"^like .*Conv2d"),

    "function of PyTorch": (lambda: cnnbp.verify(_Sine, X), TypeError, r"^layer .*hand over cnnbp.from_torch\(_Sine.apply\)$"),
    "the same as like": (lambda: cnnbp.verify(CONV, X, like=_Sine), TypeError, r"^like .*cnnbp.from_torch\(_Sine.apply\)$"),
    "class as layer": (lambda: cnnbp.verify(cnnbp.ReLU, X), TypeError, r"^layer .*hand over ReLU\(...\)$"),
    "negative seed": (lambda: cnnbp.verify(CONV, X, W, B, seed=-1), ValueError, r"^seed must be an integer from 0, got -1$"),
    "seed of another kind": (lambda: cnnbp.verify(CONV, X, W, B, seed="7"), TypeError, r"^seed must be .* from 0, got '7'$"),
    "truth as seed": (lambda: cnnbp.verify(CONV, X, W, B, seed=True), TypeError, r"^seed must be an integer from 0, got True$"),
    "like refuses": (lambda: cnnbp.verify(CONV, X, W, B, like=cnnbp.Dense()), ValueError, r"^x must have shape \(n, in\)"),
    "no layer": (lambda: cnnbp.verify(object(), X), TypeError, r"^layer must be an object .* without forward and backward$"),
    "too many parameters": (lambda: cnnbp.verify(cnnbp.ReLU(), X, W), TypeError, "^ReLU takes x, got 2 arguments$"),
    "too few": (lambda: cnnbp.verify(CONV, X, like=cnnbp.Conv2d()), TypeError, "^Conv2d takes x, w, perhaps b, got 1 argument$"),
    "kept": (
        lambda: cnnbp.verify(Keeping(), X, like=CONV),
        TypeError,
        r"got 1 argument; the object keeps W: hand over cnnbp.from_layer\(layer, params=\('W',\), grads=",
    ),
    "kept, wrapped": (lambda: cnnbp.verify(cnnbp.from_layer(Keeping()), X, like=CONV), TypeError, r"the object keeps W: "),
    "float classes": (lambda: cnnbp.verify(cnnbp.SoftmaxCrossEntropy(), X[:, 0, 0], np.zeros(2)), TypeError, "^target .*float64"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_callers_mistake_is_named(mistake: str) -> None:
    """TypeError for wrong types, ValueError for wrong values: the argument, what came, what was expected."""
    call, error, message = MISTAKES[mistake]
    with pytest.raises(error, match=message):
        call()


ARRAYS = {
    "read-only": lambda a: np.frombuffer(a.tobytes()).reshape(a.shape),
    "Fortran order": np.asfortranarray,
    "every second": lambda a: np.repeat(a, 2, -1)[..., ::2],
    "backwards": lambda a: a[..., ::-1],
    "big-endian": lambda a: a.astype(">f8"),
    "int64": lambda a: np.rint(3 * a).astype(np.int64),
    "float32": lambda a: a.astype(np.float32),
}


@pytest.mark.parametrize(("kind", "operator"), [*zip(ARRAYS, cycle(["Conv2d", "MaxPool2d", "BatchNorm2d", "Tanh"]), strict=False)])
def test_any_real_array_is_judged(kind: str, operator: str) -> None:
    """Other layouts and dtypes of x and the parameters are the same question: right passes, wrong fails, nothing is changed."""
    args = [ARRAYS[kind](a) for a in arguments(operator)]
    before = [a.copy() for a in args]
    assert cnnbp.verify(reference(operator), *args).passed
    assert cnnbp.verify(bent(operator, dx=lambda dx, _: 2 * dx), *args, like=reference(operator)).status == "fail"
    assert all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(args, before, strict=True))


EMPTY = {
    "Conv2d": (CONV, (X[:0], W, B)),
    "Dense": (cnnbp.Dense(), (np.zeros((0, 3)), np.ones((2, 3)))),
    "MaxPool2d": (POOL, (X[:0],)),
    "AvgPool2d": (cnnbp.AvgPool2d(2), (X[:0],)),
    "Flatten": (cnnbp.Flatten(), (X[:0],)),
    "Sigmoid": (cnnbp.Sigmoid(), (X[:0],)),
}


@pytest.mark.parametrize("operator", EMPTY)
def test_an_empty_batch_shows_nothing(operator: str) -> None:
    """Empty arrays are input like any other; the verdict is inconclusive, not an error."""
    layer, args = EMPTY[operator]
    assert cnnbp.verify(layer, *args).status == "inconclusive"
    assert cnnbp.verify(opaque(layer), *args).status == "inconclusive"


@pytest.mark.parametrize("operator", ["Identity", "Sigmoid", "Tanh", "ReLU", "LeakyReLU", "Softplus"])
def test_a_single_number(operator: str) -> None:
    """0-d arrays and Python numbers are input for elementwise layers, with and without like=."""
    layer = getattr(cnnbp, operator)()
    for x in (np.array(0.7), 0.7):
        assert cnnbp.verify(layer, x).passed
        assert cnnbp.verify(opaque(layer), x).passed
        assert cnnbp.verify(bent(operator, dx=lambda dx, _: 2 * dx), x, like=layer).status == "fail"


LARGE = {
    "Identity": (cnnbp.Identity(), (X * 1e307,)),
    "Conv2d": (CONV, (X * 1e300, W * 1e300)),
    "MaxPool2d": (POOL, (X * 1e307,)),
    "ReLU": (cnnbp.ReLU(), (X * 1e307,)),
    "subnormal": (CONV, (X * 1e-310, W)),
}


@pytest.mark.parametrize("name", LARGE)
def test_extreme_numbers_are_no_mistake(name: str) -> None:
    """Finite input of any size is judged or abstained from, and never fails a right layer."""
    layer, args = LARGE[name]
    assert cnnbp.verify(layer, *args).status != "fail"


def test_the_residual_has_random_numbers_of_its_own() -> None:
    """A caller who draws x from the same seed gets no residual that equals it: dx = x·delta would look like x²."""
    x = np.random.default_rng(0).normal(size=(3, 4))
    drawn = residual(None, x.shape, 0)
    assert not np.isin(drawn, x).any()
    assert np.array_equal(drawn, residual(None, x.shape, 0))
