"""At any magnitude that float64 holds a verdict comes out: nothing raises, and no layer of ours fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.cases import Counter
from cnnbp.layers.checks import Array
from cnnbp.operators import OPERATORS
from cnnbp.verification.network import verify_network

LARGEST, LEAST = float(np.finfo(float).max), 5e-324
SIZES = (LEAST, 1e-320, 1e-308, 1e-300, 1e-160, 1e-20, 36.0, 710.0, 745.0, 1000.0, 1e100, 1e154, 1e300, 1.7e308, LARGEST)


def sigmoid(x: Array) -> Array:
    """As courses have it: it overflows."""
    return np.asarray(1 / (1 + np.exp(-x)))


def quotient(x: Array) -> Array:
    """tanh of exponentials: ∞/∞ beyond 710."""
    return np.asarray((np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)))


NAIVE: dict[str, list[tuple[Callable[..., Any], Callable[..., Any]]]] = {
    "Sigmoid": [
        (sigmoid, lambda d, x: d * sigmoid(x) * (1 - sigmoid(x))),
        (sigmoid, lambda d, x: d * np.exp(-x) / (1 + np.exp(-x)) ** 2),
    ],
    "Tanh": [
        (quotient, lambda d, x: d * (1 - quotient(x) ** 2)),
        (np.tanh, lambda d, x: d / np.cosh(x) ** 2),
        (np.tanh, lambda d, x: d * (1 - np.tanh(x) ** 2)),
    ],
    "Softplus": [(lambda x: np.log(1 + np.exp(x)), lambda d, x: d * np.exp(x) / (1 + np.exp(x)))],
    "ReLU": [(lambda x: np.maximum(x, 0), lambda d, x: d * (x > 0))],
    "Identity": [(lambda x: x + x - x, lambda d, x: d + d - d)],
    "": [
        (np.abs, lambda d, x: d * np.sign(x)),
        (np.square, lambda d, x: 2 * d * x),
        (np.exp, lambda d, x: d * np.exp(x)),
        (lambda x: 1 / x, lambda d, x: -d / x**2),
        (lambda x: np.sqrt(np.abs(x)), lambda d, x: d * np.sign(x) / 2 / np.sqrt(np.abs(x))),
        (lambda x: np.asarray(np.sqrt((x * x).sum())), lambda d, x: d * x / np.sqrt((x * x).sum())),
    ],
}
SIMPLE = [(name, *pair) for name, pairs in NAIVE.items() for pair in pairs]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # the layers themselves overflow
@pytest.mark.parametrize("size", SIZES)
def test_one_number_of_any_size(size: float) -> None:
    """Naive layers, with a reference and without, at one number, or at its negative next to a plain one: no exception."""
    for number, (name, forward, backward) in enumerate(SIMPLE, SIZES.index(size)):
        layer = cnnbp.from_functions(forward, backward)
        x = np.array([-size, 0.5]) if number % 2 else np.array(size)
        cnnbp.verify(layer, x)
        if name:
            cnnbp.verify(layer, x, like=OPERATORS[name].layer())


@pytest.mark.parametrize("name", OPERATORS)
def test_ours_at_drawn_magnitudes(name: str) -> None:
    """Each layer of ours at numbers of mixed size and of one size: a verdict, and none that it is wrong."""
    record = OPERATORS[name]
    for seed in range(2):
        args, options, delta = drawn(name, seed)
        verdict = cnnbp.verify(record.layer(**options), *args, delta=delta, seed=seed)
        assert verdict.status != "fail", f"{seed}: {verdict}"


@pytest.mark.parametrize("name", OPERATORS)
def test_ours_as_if_nobody_knew_them(name: str) -> None:
    """The same without a reference: wrong is only what is not finite."""
    record = OPERATORS[name]
    args, options, delta = drawn(name, 1, most=60)
    layer = record.layer(**options)
    names = record.arguments[1 : len(args)]
    skip = [argument for argument in names if argument not in record.gradients]
    verdict = cnnbp.verify(Unknown(layer), *args, delta=delta, names=names, skip=skip, budget=20.0)
    told = {said.code for said in verdict.wrong}
    assert verdict.status != "fail" or told == {"contract.not-finite"}, str(verdict)


class Unknown:
    """A layer of ours that is not recognised."""

    def __init__(self, layer: Any) -> None:
        self.forward, self.backward = layer.forward, layer.backward


def drawn(name: str, seed: int, most: int = 200) -> tuple[tuple[Array, ...], dict[str, Any], Array]:
    """A case of the operator with numbers of any magnitude in it, and a residual of any."""
    record, rng = OPERATORS[name], np.random.default_rng(seed)
    cases = (record.draw(Counter(seed, f"magnitudes/{attempt}")) for attempt in range(100))
    case = next(case for case in cases if sum(a.size for a in case.args) <= most)
    args = tuple(_numbers(rng, a.shape) if a.dtype.kind == "f" else a for a in case.args)
    args = tuple(np.abs(a) if argument == "var" else a for argument, a in zip(record.arguments, args, strict=False))
    with np.errstate(all="ignore"):
        y = record.layer(**case.options).forward(*args)
    return args, case.options, _numbers(rng, np.shape(y))


def _numbers(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    kind = rng.integers(4)
    if kind == 0:
        return np.asarray(rng.normal(size=shape))
    if kind == 1:
        return np.asarray(rng.choice([-1.0, 1.0], shape) * rng.choice([*SIZES, 0.0], shape))
    exponents = rng.uniform(-323, 308, shape if kind == 2 else ())
    return np.asarray(rng.choice([-1.0, 1.0], shape) * 10.0**exponents * rng.uniform(0.5, 1.7, shape))


@pytest.mark.parametrize(
    ("size", "activation"),
    list(zip([1e-300, 1e-20, 1e20, 1e160, 1e250, 1.7e308], 2 * [cnnbp.Sigmoid(), cnnbp.ReLU(), cnnbp.Softplus()], strict=True)),
)
def test_a_network_at_any_magnitude(size: float, activation: Any) -> None:
    """A whole network, a parameter or its input scaled: a verdict, and none that it is wrong."""
    conv = cnnbp.Conv2d(padding=1, out_channels=2, kernel_size=3)
    network = cnnbp.Network([conv, activation, cnnbp.MaxPool2d(2), cnnbp.Flatten(), cnnbp.Dense(out_features=2), cnnbp.Tanh()])
    rng = np.random.default_rng(0)
    params, x, y = network.init((1, 4, 4), rng), rng.normal(size=(2, 1, 4, 4)), rng.normal(size=(2, 2))
    (w, b), *rest = params
    for asked, inputs in ((params, np.asarray(x / 4 * size)), ([(np.asarray(w / 4 * size), b), *rest], x)):
        verdict = verify_network(network, inputs, y, asked)
        assert verdict.status != "fail", str(verdict)
