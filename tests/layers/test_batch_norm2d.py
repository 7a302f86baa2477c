"""BatchNorm2d: loops on numbers whose roots are rational, PyTorch on the same, complex steps in fifty digits, and refusals."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from flint import acb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.layers import BatchNorm2d, Network
from tests.layers.contract import assert_keeps_contract, assert_same
from tests.layers.loops import Array, Index, integers

EPS, SIGMA = 7.0, 4  # entries 3 above and below their mean have variance 9, and √(9 + 7) = 4: all that follows is exact
DTYPES = [np.float64, np.float32, np.complex128]
seeds = st.integers(0, 2**32 - 1)
shapes = st.tuples(st.sampled_from([1, 2, 4]), st.integers(1, 3), st.sampled_from([1, 2]), st.sampled_from([2, 4]))


def exact(shape: Index, seed: int) -> list[Array]:
    """delta, x, w, b as int64: half of each channel's entries 3 below an integer, half of them 3 above, m a power of two."""
    (delta, x), (w, b, mean) = integers(seed, shape, shape), integers(seed + 1, *[shape[1:2]] * 3)
    rng = np.random.default_rng(seed)
    for c in range(shape[1]):
        half = x[:, c].size // 2
        x[:, c] = mean[c] + rng.permutation([-3] * half + [3] * half).reshape(x[:, c].shape)
    return [delta, x, w, b]


def looped(delta: Array, x: Array, w: Array, b: Array, mean: Array | None, sigma: int) -> list[Array]:
    """y, dx, dw, db as Fractions, by the Jacobian of each channel: ∂x̂[o]/∂x[i] = ([o = i] − 1/m − x̂[o]·x̂[i]/m)/σ."""
    y, dx, dw, db = (np.full(a.shape, Fraction(0)) for a in (x, x, w, b))
    for c in range(x.shape[1]):
        cells = [(n, c, *i) for n in range(len(x)) for i in np.ndindex(x.shape[2:])]
        m, mu = len(cells), Fraction(int(x[:, c].sum()), x[:, c].size) if mean is None else int(mean[c])
        normal = {o: (int(x[o]) - mu) / Fraction(sigma) for o in cells}
        for o in cells:
            y[o] = int(w[c]) * normal[o] + int(b[c])
            dw[c] += int(delta[o]) * normal[o]
            db[c] += int(delta[o])
            for i in cells:
                moved = Fraction(o == i) - (Fraction(1, m) * (1 + normal[o] * normal[i]) if mean is None else 0)
                dx[i] += int(delta[o]) * int(w[c]) * moved / sigma
    return [y, dx, dw, db]


def answers(layer: BatchNorm2d, delta: Array, *args: Array) -> list[Array]:
    """y, dx, dw, db"""
    return [layer.forward(*args), *layer.backward(delta, *args)]


@settings(max_examples=15, deadline=None)
@given(shape=shapes, seed=seeds)
def test_training_equals_the_loops(shape: Index, seed: int) -> None:
    """The statistics are part of the function: y, dx, dw and db are the loops' numbers, in the dtype that came in."""
    numbers = exact(shape, seed)
    expected = looped(*numbers, mean=None, sigma=SIGMA)
    for dtype in DTYPES:
        found = answers(BatchNorm2d(EPS), *(a.astype(dtype) for a in numbers))
        for actual, right in zip(found, expected, strict=True):
            assert_same(actual, right.astype(dtype), "answer")


@settings(max_examples=15, deadline=None)
@given(shape=shapes, seed=seeds)
def test_given_statistics_are_constants(shape: Index, seed: int) -> None:
    """With training=False mean and variance are the caller's, whatever x is, and get no gradient."""
    delta, x, w, b = integers(seed, shape, shape, shape[1:2], shape[1:2])
    (mean,), var = integers(seed + 1, shape[1:2]), np.full(shape[1], 9)
    expected = looped(delta, x, w, b, mean, SIGMA)
    for dtype in DTYPES:
        found = answers(BatchNorm2d(EPS, training=False), *(a.astype(dtype) for a in (delta, x, w, b, mean, var)))
        for actual, right in zip(found, expected, strict=True):
            assert_same(actual, right.astype(dtype), "answer")


@settings(max_examples=15, deadline=None)
@given(shape=shapes, seed=seeds, training=st.booleans())
def test_pytorch_means_the_same(shape: Index, seed: int, training: bool) -> None:
    """PyTorch's y, dx, dw and db for the same eps and mode, bit for bit on numbers without rounding."""
    delta, *args = (a.astype(float) for a in exact(shape, seed))
    statistics = () if training else (np.arange(shape[1]) * 1.0, np.full(shape[1], 9.0))
    leaves = [torch.tensor(a, requires_grad=True) for a in args]
    given_ = [torch.tensor(s) for s in statistics] or [None, None]
    theirs = F.batch_norm(leaves[0], *given_, *leaves[1:], training, 0.0, EPS)  # type: ignore[arg-type]
    expected = [theirs, *torch.autograd.grad(theirs, leaves, torch.tensor(delta))]
    found = answers(BatchNorm2d(EPS, training), delta, *args, *statistics)
    for actual, right in zip(found, expected, strict=True):
        assert_same(actual, right.detach().numpy(), "answer")


@pytest.mark.parametrize("training", [True, False])
def test_backward_is_the_complex_step_in_fifty_digits(training: bool) -> None:
    """The same source on complex balls: for every entry of x, w and b, Im ⟨δ, y(v + ih)⟩/h with h = 10⁻⁶⁰."""
    ctx.dps, before = 150, ctx.dps
    delta, *args = (_balls(a) for a in integers(2, (2, 2, 1, 3), (2, 2, 1, 3), (2,), (2,)))
    statistics = [] if training else [_balls(np.array(a)) for a in ([1, -2], [3, 5])]
    layer = BatchNorm2d(2, training)
    gradients = layer.backward(delta, *args, *statistics)
    for number, gradient in enumerate(gradients):
        for i in np.ndindex(gradient.shape):
            moved = [a.copy() for a in args]
            moved[number][i] += acb(0, "1e-60")
            step = np.sum(delta * layer.forward(*moved, *statistics)).imag / acb("1e-60").real
            assert abs(step - gradient[i].real) < 1e-50
    ctx.dps = before


def _balls(a: Array) -> Array:
    balls = np.empty(a.shape, object)
    for i in np.ndindex(a.shape):
        balls[i] = acb(int(a[i]))
    return balls


@settings(max_examples=15, deadline=None)
@given(shape=shapes, seed=seeds)
def test_what_moves_no_answer_gets_no_gradient(shape: Index, seed: int) -> None:
    """A constant added to a channel changes nothing, so its dx adds up to 0; bias may be left out, and then gets nothing."""
    delta, x, w, b = (a.astype(float) for a in exact(shape, seed))
    y, dx, dw, _ = answers(BatchNorm2d(EPS), delta, x, w, b)
    assert_same(BatchNorm2d(EPS).forward(x + 5, w, b), y, "y of the shifted x")
    assert_same(dx.sum((0, 2, 3)), np.zeros(shape[1]), "Σ dx")
    for actual, right in zip(answers(BatchNorm2d(EPS), delta, x, w), (y - b[:, None, None], dx, dw), strict=True):
        assert_same(actual, right, "answer without b")


@pytest.mark.parametrize("training", [True, False])
def test_memory_layout_does_not_matter(training: bool) -> None:
    """Read-only, Fortran-ordered, strided and reversed arguments give the same answer and stay as they were."""
    numbers = [a.astype(float) for a in exact((2, 3, 2, 4), 3)]
    statistics = [] if training else [np.arange(3.0), np.full(3, 9.0)]
    assert_keeps_contract(BatchNorm2d(EPS, training), *numbers, *statistics)


def test_channels_without_spread_and_batches_without_samples() -> None:
    """A constant channel, or one of a single entry, answers b; with given statistics the batch may be empty."""
    one, w, b = np.full((1, 2, 1, 1), 3.0), np.ones(2), np.array([5.0, 6.0])
    y, dx, dw, db = answers(BatchNorm2d(), one, one, w, b)
    assert_same(y, b.reshape(1, 2, 1, 1), "y")
    assert (dx.any(), dw.any(), db.tolist()) == (False, False, [3, 3])
    none = np.zeros((0, 2, 3, 3))
    y, dx, dw, db = answers(BatchNorm2d(training=False), none, none, w, b, b, w)
    assert (y.shape, dx.shape, dw.tolist(), db.tolist()) == (none.shape, none.shape, [0, 0], [0, 0])


def test_a_network_starts_with_scale_1_and_trains() -> None:
    """Scales are drawn as ones, biases as zeros; statistics that must be given are nothing that a network has."""
    network = Network([BatchNorm2d()])
    params = network.init((3, 4, 4), np.random.default_rng(1))
    assert [p.tolist() for p in params[0]] == [[1, 1, 1], [0, 0, 0]]
    x, target = (a.astype(float) for a in integers(2, (4, 3, 4, 4), (4, 3, 4, 4)))
    before, gradients = network.loss_and_gradients(x, target, params)
    after, _ = network.loss_and_gradients(x, target, network.sgd_step(params, gradients, learning_rate=0.01))
    assert after < before
    with pytest.raises(ValueError, match=r"training=False"):
        Network([BatchNorm2d(training=False)]).init((3, 4, 4), np.random.default_rng(1))


X, W = np.zeros((2, 3, 4, 4)), np.ones(3)


@pytest.mark.parametrize(
    ("layer", "args", "error", "message"),
    [
        (BatchNorm2d(), (X[0], W), ValueError, r"x must have shape \(n, c, h, w\), got 3 axes: \(3, 4, 4\)"),
        (BatchNorm2d(), (X, W[:2]), ValueError, r"w must have shape \(3,\), got \(2,\)"),
        (BatchNorm2d(), (X, W, W[:, None]), ValueError, r"b must have shape \(3,\), got \(3, 1\)"),
        (BatchNorm2d(), (X[:0], W), ValueError, r"x must have at least one entry .* got shape \(0, 3, 4, 4\)"),
        (BatchNorm2d(), (X, W, W, W, W), TypeError, r"mean and var must be left out"),
        (BatchNorm2d(training=False), (X, W, W), TypeError, r"mean must be a NumPy array, got NoneType"),
        (BatchNorm2d(training=False), (X, W, W, W), TypeError, r"var must be a NumPy array, got NoneType"),
        (BatchNorm2d(training=False), (X, W, W, W, W[:1]), ValueError, r"var must have shape \(3,\), got \(1,\)"),
    ],
)
def test_refused(layer: Any, args: tuple[Any, ...], error: type[Exception], message: str) -> None:
    """forward and backward refuse the same arguments, with a sentence that says what came and what was expected."""
    with pytest.raises(error, match=message):
        layer.forward(*args)
    with pytest.raises(error, match=message):
        layer.backward(X, *args)
