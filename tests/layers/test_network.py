"""Network composes layers: losses and gradients worked by hand, on polynomials, and the derivation's own update."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from cnnbp.layers import (
    AvgPool2d,
    Conv2d,
    Dense,
    Flatten,
    HalfSquaredError,
    MaxPool2d,
    Network,
    ReLU,
    Sigmoid,
    SoftmaxCrossEntropy,
    Tanh,
)
from tests.layers.contract import assert_same
from tests.layers.loops import Array, integers
from tests.layers.polynomials import assert_derivative, generators

# x = 2, z₁ = 3·2 − 1 = 5, a₁ = ReLU(5) = 5, h = −2·5 + 4 = −6; against y = 1: J = ½·49, δ = −7.
TINY = Network([Dense(), ReLU(), Dense()])
X, Y = np.array([[2.0]]), np.array([[1.0]])
PARAMS = [(np.array([[3.0]]), np.array([-1.0])), (), (np.array([[-2.0]]), np.array([4.0]))]


def flat(params: list[tuple[Array, ...]]) -> list[float]:
    """All numbers of all layers, in order."""
    return [number for theta in params for p in theta for number in p.ravel().tolist()]


def test_by_hand() -> None:
    """dw₂ = δ·a₁, db₂ = δ, δ₁ = w₂·δ, dw₁ = δ₁·x, db₁ = δ₁."""
    assert_same(TINY.forward(X, PARAMS), np.array([[-6.0]]), "h")
    value, gradients = TINY.loss_and_gradients(X, Y, PARAMS)
    assert_same(value, np.array(24.5), "J")
    assert flat(gradients) == [28, 14, -35, -7]
    assert [len(g) for g in gradients] == [2, 0, 2]


def test_weight_decay_touches_weights_only() -> None:
    """J gains λ/2·(3² + 2²), the gradient λw; the gradients of the biases stay."""
    value, gradients = TINY.loss_and_gradients(X, Y, PARAMS, weight_decay=2)
    assert value == 24.5 + 13
    assert np.shape(value) == ()
    assert flat(gradients) == [28 + 6, 14, -35 - 4, -7]


def test_loss_is_a_mean_over_the_batch() -> None:
    """A batch that repeats one sample has that sample's loss and gradients, decay included."""
    value, gradients = TINY.loss_and_gradients(np.repeat(X, 4, 0), np.repeat(Y, 4, 0), PARAMS, HalfSquaredError(), weight_decay=2)
    assert value == 24.5 + 13
    assert flat(gradients) == [34, 14, -39, -7]


def test_another_loss() -> None:
    """With softmax, two equal scores and target 0 the residual is (−½, ½)."""
    params = [(np.zeros((2, 1)), np.zeros(2))]
    value, gradients = Network([Dense()]).loss_and_gradients(X, np.array([0]), params, loss=SoftmaxCrossEntropy())
    np.testing.assert_array_max_ulp(value, np.log(np.array(2.0)), maxulp=2)
    assert flat(gradients) == [-1, 1, -0.5, 0.5]


def test_sgd_step_is_pure() -> None:
    """θ − α·gradient as new arrays; α = 1 unless given; parameters and gradients stay as they were."""
    gradients = [(np.array([[4.0]]), np.array([8.0])), (), (np.array([[0.0]]), np.array([-4.0]))]
    before = flat(PARAMS), flat(gradients)
    assert flat(Network.sgd_step(PARAMS, gradients)) == [-1, -9, -2, 8]
    assert flat(TINY.sgd_step(PARAMS, gradients, learning_rate=0.25)) == [2, -3, -2, 5]
    assert (flat(PARAMS), flat(gradients)) == before
    still = TINY.sgd_step(PARAMS, [tuple(0 * g for g in theta) for theta in gradients])
    assert not any(np.shares_memory(a, b) for new, old in zip(still, PARAMS, strict=True) for a, b in zip(new, old, strict=True))


def lenet() -> Network:
    """A small CNN: (1, 6, 6) → 3 classes."""
    convolution = Conv2d(out_channels=2, kernel_size=3)
    return Network([convolution, ReLU(), MaxPool2d(2), Flatten(), Dense(out_features=3)])


def test_init_shapes() -> None:
    """One tuple per layer: (w, b) where there are parameters, biases 0, shapes carried through the network."""
    params = lenet().init((1, 6, 6), np.random.default_rng(1))
    assert [[p.shape for p in theta] for theta in params] == [[(2, 1, 3, 3), (2,)], [], [], [], [(3, 8), (3,)]]
    assert all(np.array_equal(b, np.zeros(b.shape)) for _, b in (params[0], params[-1]))
    grouped = Network([Conv2d(groups=2, out_channels=4, kernel_size=(1, 2))]).init((6, 3, 3), np.random.default_rng(1))
    assert grouped[0][0].shape == (4, 3, 1, 2)


def test_init_is_reproducible() -> None:
    """The same generator state gives the same weights, another seed others; the global generator is not asked."""
    first, again, other = (flat(lenet().init((1, 6, 6), np.random.default_rng(seed))) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize(("std", "expected"), [(0.3, 0.3), (None, 1 / 20)])
def test_init_is_gaussian(std: float | None, expected: float) -> None:
    """Mean 0 and standard deviation `std`, or 1/√fan-in: both within five standard errors of 80 000 draws."""
    ((w, _),) = Network([Dense(out_features=200)]).init((400,), np.random.default_rng(3), std=std)
    assert abs(w.mean()) < 5 * expected / np.sqrt(w.size)
    assert abs(w.std() / expected - 1) < 5 / np.sqrt(2 * w.size)
    assert 0.67 < np.mean(abs(w) < expected) < 0.70  # 0.6827 for a Gaussian


def test_training_reduces_the_loss() -> None:
    """Sixty updates on six samples bring the loss below a tenth of its start."""
    x, y = integers(5, (6, 1, 6, 6), low=-1, high=1)[0].astype(float), np.eye(3)[[0, 1, 2, 0, 1, 2]]
    network = lenet()
    params = network.init((1, 6, 6), np.random.default_rng(7))
    losses = []
    for _ in range(60):
        value, gradients = network.loss_and_gradients(x, y, params, weight_decay=1e-4)
        losses.append(float(value))
        params = network.sgd_step(params, gradients, learning_rate=0.2)
    assert losses[-1] < losses[0] / 10


def test_a_linear_network_is_differentiated_on_polynomials() -> None:
    """For all real inputs, targets and parameters of these shapes, every gradient is the derivative of J."""
    x, y, w1, b1, w2, b2 = generators((2, 1, 3, 4), (2, 2), (1, 1, 2, 1), (1,), (2, 6), (2,))
    network = Network([Conv2d(), AvgPool2d((1, 2), stride=1), Flatten(), Dense()])
    value, gradients = network.loss_and_gradients(x, y, [(w1, b1), (), (), (w2, b2)])
    for name, p, gradient in zip(["w", "b", "w", "b"], (w1, b1, w2, b2), (*gradients[0], *gradients[-1]), strict=True):
        for i in np.ndindex(p.shape):
            assert_derivative(value.item(), p[i], gradient[i], f"d{name} at {i}")


def test_complex_step_of_a_smooth_network() -> None:
    """Im J(θ + ih)/h for every parameter of a network with sigmoid and tanh."""
    network = Network([Conv2d(padding=1), Sigmoid(), MaxPool2d(2), Flatten(), Dense(), Tanh()])
    x, y, w, b, v, c = (a / 8 for a in integers(8, (2, 1, 4, 4), (2, 2), (2, 1, 3, 3), (2,), (2, 8), (2,)))
    params = [(w, b), (), (), (), (v, c), ()]
    _, gradients = network.loss_and_gradients(x, y, params, weight_decay=0.5)
    for at, j in ((0, 0), (0, 1), (4, 0), (4, 1)):
        for i in np.ndindex(params[at][j].shape):
            moved: list[Any] = [tuple(p.astype(complex) for p in theta) for theta in params]
            moved[at][j][i] += 1j * 2.0**-100
            value, _ = network.loss_and_gradients(x, y, moved, weight_decay=0.5)
            assert abs(gradients[at][j][i] - value.imag * 2.0**100) <= 2.0**-45


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: TINY.forward(X, PARAMS[:2]), ValueError, r"params must hold one tuple per layer, 3 in all, got 2"),
        (lambda: TINY.loss_and_gradients(X, Y, [*PARAMS, ()]), ValueError, r"params must .* 3 in all, got 4"),
        (lambda: TINY.forward([[2.0]], PARAMS), TypeError, r"x must be a NumPy array, got list"),
        (lambda: TINY.loss_and_gradients(X, Y[0], PARAMS), ValueError, r"target must have shape \(1, 1\), got \(1,\)"),
        (lambda: TINY.sgd_step(PARAMS, PARAMS[:2]), ValueError, r"shorter"),
        (lambda: Network([Dense(), ReLU]), TypeError, r"layers\[1\] must be a layer object .*ReLU"),
        (lambda: Network([3]), TypeError, r"layers\[0\] must be a layer object .*got 3"),
        (lambda: Network([Conv2d()]).init((1, 4, 4), np.random.default_rng(1)), ValueError, r"out_channels and kernel_size"),
        (lambda: Network([Dense()]).init((4,), np.random.default_rng(1)), ValueError, r"out_features"),
    ],
)
def test_refused(call: Any, error: type[Exception], message: str) -> None:
    """What does not fit is refused, with a sentence that says what came and what was expected."""
    with pytest.raises(error, match=message):
        call()


def test_repr_shows_the_layers() -> None:
    """A network prints as the call that makes it."""
    assert repr(Network([ReLU(), Flatten()])) == "Network([ReLU(), Flatten()])"


def test_weight_decay_keeps_exact_numbers() -> None:
    """λ = 1 over rational weights is rational: J = ½·(3·2 − 1)² + ½·3²."""
    w, x, y = (np.array([[Fraction(number)]]) for number in (3, 2, 1))
    value, _ = Network([Dense()]).loss_and_gradients(x, y, [(w,)], weight_decay=1)
    assert isinstance(np.asarray(value).item(), Fraction)
    assert value == 17


def test_weight_decay_on_polynomials() -> None:
    """The loss stays one polynomial, and the gradient by w is its derivative."""
    x, y, w = generators((1, 1), (1, 1), (1, 1))
    value, ((dw,),) = Network([Dense()]).loss_and_gradients(x, y, [(w,)], weight_decay=2)
    assert np.shape(value) == ()
    assert_derivative(np.asarray(value).item(), w[0, 0], dw[0, 0], "dw")
