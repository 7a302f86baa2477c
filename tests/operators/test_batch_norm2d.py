"""Batch norm's bounds follow its rounding: at an offset no right answer fails, and at ordinary data no wrong one passes."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.faults.catalogue import distort
from cnnbp.judge import compare
from cnnbp.layers.checks import Array
from cnnbp.verification.question import Question
from tests.helpers.layers import at_the_case, code, gaussian, oracles_against, raised

SHAPES = (4, 3, 6, 5), (3,), (3,), (4, 3, 6, 5)
TRAINING, GIVEN = cnnbp.BatchNorm2d(), cnnbp.BatchNorm2d(training=False)
OFFSETS = {"100": (100.0, 1.0), "1e4": (1e4, 1.0), "nearly constant": (1.0, 3e-4), "nearly constant, far": (1e4, 1e-3)}


def _numbers(seed: int, offset: float = 0.0, spread: float = 1.0) -> tuple[tuple[Array, ...], Array]:
    """(x, w, b) and δ"""
    x, w, b, delta = gaussian(*SHAPES, seed=seed)
    return (offset + spread * x, w, b), delta


def _statistics(seed: int) -> tuple[Array, Array]:
    mean, variance = gaussian((3,), (3,), seed=seed + 100)
    return mean, np.abs(variance) + 0.1


@pytest.mark.parametrize("offset", OFFSETS)
def test_offsets_fail_nobody(offset: str) -> None:
    """μ takes most digits of x away: our layer, PyTorch and the closed form stay within the bound of each other."""
    for seed in range(2):
        args, delta = _numbers(seed, *OFFSETS[offset])
        verdict = cnnbp.verify(TRAINING, *args, delta=delta, seed=seed)
        assert verdict.passed, str(verdict)
        theirs = cnnbp.from_torch(lambda x, w, b: _in_torch(x, w, b))
        assert cnnbp.verify(theirs, *args, delta=delta, like=TRAINING).passed


def _in_torch(x: Any, w: Any, b: Any) -> Any:
    import torch

    return torch.nn.functional.batch_norm(x, None, None, w, b, training=True, eps=1e-5)


@pytest.mark.parametrize("offset", OFFSETS)
def test_a_variance_by_the_difference_of_means_is_another_algorithm(offset: str) -> None:
    """E[x²] − μ² loses what the textbook says it loses: it does not fail, and passes by the norms if at all."""

    def forward(x: Array, w: Array, b: Array) -> Array:
        mean, square = (v.mean((0, 2, 3), keepdims=True) for v in (x, x * x))
        return w[:, None, None] * (x - mean) / np.sqrt(square - mean * mean + 1e-5) + b[:, None, None]

    layer = cnnbp.from_functions(forward, TRAINING.backward)
    args, delta = _numbers(1, *OFFSETS[offset])
    verdict = cnnbp.verify(layer, *args, delta=delta, like=TRAINING)
    assert verdict.status != "fail", str(verdict)


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("quantity", ["y", "dx", "dw", "db"])
def test_one_entry_off_by_a_billionth_fails(quantity: str, training: bool) -> None:
    """At ordinary data, whichever quantity, and to either side."""
    for seed, relative in enumerate((1e-9, -1e-9)):
        args, delta = _numbers(seed)
        args = args if training else (*args, *_statistics(seed))
        wrong = distort(cnnbp.BatchNorm2d, **{quantity: raised(relative, 7 * seed)})(training=training)
        verdict = cnnbp.verify(wrong, *args, delta=delta, like=TRAINING if training else GIVEN)
        assert verdict.status == "fail"
        assert {"autograd"} <= oracles_against(verdict)


def test_bounds_grow_with_the_offset_and_no_faster() -> None:
    """Ten times farther from 0 costs x̂ at most the digits that x loses in x − μ, and the variance no more than their square."""
    sizes = []
    for offset in (0.0, 1e2, 1e3, 1e4):
        args, delta = _numbers(0, offset)
        sizes.append(float(np.max(Question.of(TRAINING, args, delta).bound(1, "y"))))
    assert sizes == sorted(sizes)
    assert sizes[0] < 1e-12
    assert sizes[3] < 200 * sizes[2]


def test_the_layer_is_within_its_bound_of_exact_arithmetic() -> None:
    """Against 60 digits, not against another float: y, dx, dw and db at an offset."""
    for offset in (0.0, 1e4):
        (x, w, b), delta = _numbers(2, offset)
        x, w, b, delta = x[:2, :1, :2, :2], w[:1], b[:1], delta[:2, :1, :2, :2]
        asked = Question.of(TRAINING, (x, w, b), delta)
        own = TRAINING.forward(x, w, b), *TRAINING.backward(delta, x, w, b)
        with localcontext(prec=60):
            right = _exactly(x, w, b, delta)
        for quantity, actual, exact in zip(asked.quantities, own, right, strict=True):
            judged = compare(actual, np.array(exact, float).reshape(actual.shape), asked.bound(1, quantity))
            assert judged is not None
            assert judged.status == "pass"


def _exactly(x: Array, w: Array, b: Array, delta: Array) -> tuple[list[Decimal], ...]:
    """y, dx, dw, db of a single channel, by the formula of the paper."""
    cells, residual, (scale,), (shift,) = ([Decimal(float(v)) for v in a.ravel()] for a in (x, delta, w, b))
    m = len(cells)
    mean = sum(cells) / m
    root = (sum((v - mean) ** 2 for v in cells) / m + Decimal.from_float(1e-5)).sqrt()
    normal = [(v - mean) / root for v in cells]
    dw, db = sum((d * v for d, v in zip(residual, normal, strict=True)), Decimal(0)), sum(residual, Decimal(0))
    dx = [scale / root * (d - (db + v * dw) / m) for d, v in zip(residual, normal, strict=True)]
    return [scale * v + shift for v in normal], dx, [dw], [db]


@pytest.mark.usefixtures("methods_alone")
def test_what_no_method_can_say_is_named() -> None:
    """No fixed connections, no integers, and by x no differences while the statistics move with it."""
    args, delta = _numbers(0)
    verdict = cnnbp.verify(TRAINING, *args, delta=delta)
    assert code(at_the_case(verdict, "masked_dense", "x")) == "operators.statistics-connect-all"
    assert code(at_the_case(verdict, "finite_difference", "x")) == "operators.no-third-derivative"
    assert at_the_case(verdict, "finite_difference", "w").status == "pass"
    assert {code(e) for e in verdict.evidence if e.at == "integers"} == {"operators.square-root"}
    given = cnnbp.verify(GIVEN, *args, *_statistics(0), delta=delta)
    assert at_the_case(given, "finite_difference", "x").status == "pass"


def test_a_batch_is_not_its_samples_where_it_makes_the_statistics() -> None:
    """Samples are asked one by one only in inference."""
    args, delta = _numbers(0)
    checks = [
        {e.quantity for e in cnnbp.verify(layer, *more, delta=delta).evidence if e.oracle == "contract"}
        for layer, more in ((TRAINING, args), (GIVEN, (*args, *_statistics(0))))
    ]
    assert checks[1] - checks[0] == {"batch-as-samples"}


@pytest.mark.parametrize("zero", ["x", "w", "delta"])
def test_nothing_but_zeros_is_no_failure(zero: str) -> None:
    """A constant channel has variance 0: ε alone keeps the quotient."""
    (x, w, b), delta = _numbers(0)
    arrays = {"x": x, "w": w, "b": b, "delta": delta}
    arrays[zero] = 0 * arrays[zero]
    assert cnnbp.verify(TRAINING, arrays["x"], arrays["w"], arrays["b"], delta=arrays["delta"]).status != "fail"


@pytest.mark.parametrize("offset", [2e3, 1e6])
def test_given_statistics_hide_nothing_at_an_offset(offset: float) -> None:
    """No mean of squares is taken there: a defect of 1e-12 where |x| > 1000 fails, and the layer itself passes."""
    rng = np.random.default_rng(0)
    x, w, b, mean = (shift + rng.normal(size=shape) for shift, shape in ((offset, (4, 2, 3, 3)), (0, 2), (0, 2), (offset, 2)))
    layer, args = cnnbp.BatchNorm2d(training=False), (x, w, b, mean, np.array([0.5, 2.0]))
    assert cnnbp.verify(layer, *args).passed

    def backward(delta: Any, x: Any, *rest: Any) -> Any:
        dx, *others = layer.backward(delta, x, *rest)
        return dx * (1 + 1e-12 * (np.abs(x) > 1000)), *others

    assert cnnbp.verify(cnnbp.from_functions(layer.forward, backward), *args, like=layer).status == "fail"
