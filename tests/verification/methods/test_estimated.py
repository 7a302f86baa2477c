"""A layer about which nothing is known: right ones never fail, and wrong ones do."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.faults import FAULTS
from cnnbp.layers.checks import Array
from cnnbp.operators import OPERATORS
from tests.helpers.layers import bent, case, gaussian, opaque, reference
from tests.verification.methods.small import small

ENTRIES = 40  # of all arguments, at most: every entry costs forwards


@pytest.mark.parametrize("operator", OPERATORS)
def test_right_layers_never_fail(operator: str) -> None:
    """Over drawn cases, with their kinks, ties, zeros, saturation and wide ranges: pass or inconclusive."""
    failed, drawn = [], (case(operator, number) for number in range(60))
    for number, c in enumerate(islice((c for c in drawn if sum(a.size for a in c.args) <= ENTRIES), 2)):
        record = OPERATORS[operator]
        skip = [name for name in record.arguments[: len(c.args)] if name not in (*record.gradients, *record.indices)]
        verdict = cnnbp.verify(
            opaque(c.layer), *c.args, delta=c.delta, names=record.arguments[: len(c.args)], skip=skip, seed=number
        )
        if verdict.status == "fail":
            failed.append((number, c.traits[0], verdict.reasons[0][:200]))
    assert failed == []


@pytest.mark.parametrize("operator", sorted(set(OPERATORS) - {"HalfSquaredError"}))  # no gradient by its real target
def test_right_layers_pass_on_plain_numbers(operator: str) -> None:
    """On gaussian numbers the verdict is "pass": caution does not silence it. The evidence is marked as an estimate."""
    verdict = cnnbp.verify(opaque(reference(operator)), *small(operator))
    assert verdict.passed, str(verdict)
    assert {e.kind for e in verdict.evidence if e.oracle != "contract"} == {"estimated"}


def _one_entry(relative: float) -> Callable[[Array, Any], Array]:
    def bend(g: Array, _: Any) -> Array:
        g = g.copy()
        g.ravel()[np.abs(g).argmax()] *= 1 + relative
        return g

    return bend


WRONG = {
    "kernel not rotated": ("Conv2d", {"dx": lambda _, a: a.backward(w=a.w[..., ::-1, ::-1])[0]}),
    "kernel gradient rotated": ("Conv2d", {"dw": lambda dw, _: dw[..., ::-1, ::-1]}),
    "one weight off by a millionth": ("Conv2d", {"dw": _one_entry(1e-6)}),
    "one input off by a millionth": ("Dense", {"dx": _one_entry(1e-6)}),
    "one average off by a millionth": ("AvgPool2d", {"dx": _one_entry(1e-6)}),
    "slope missing": ("Tanh", {"dx": lambda _, a: a.delta.copy()}),
    "slope at the activation": ("Sigmoid", {"dx": lambda _, a: a.delta * a.y}),
    "twice": ("Softplus", {"dx": lambda dx, _: 2 * dx}),
    "residual ignored": ("ReLU", {"dx": lambda _, a: np.where(a.x > 0, 1.0, 0.0)}),
    "negative side forgotten": ("LeakyReLU", {"dx": lambda _, a: np.where(a.x > 0, a.delta, 0)}),
    "to the wrong winner": ("MaxPool2d", {"dx": lambda dx, _: dx[..., ::-1]}),
    "bias averaged": ("Dense", {"db": lambda db, a: db / len(a.x)}),
    "nothing": ("Dense", {"dx": lambda dx, _: 0 * dx}),
}


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("name", WRONG)
def test_wrong_layers_fail_without_a_reference(name: str) -> None:
    """The layer's own forward is enough, whatever the residual, and the differences say which quantity."""
    operator, bends = WRONG[name]
    verdict = cnnbp.verify(opaque(bent(operator, **bends)), *small(operator), seed=len(name))
    assert verdict.status == "fail", str(verdict)
    wrong = {e.quantity for e in verdict.evidence if e.oracle == "finite_difference" and e.status == "fail"}
    assert wrong == {quantity.removeprefix("d") for quantity in bends}


def test_a_forward_that_is_wrong_too_is_not_seen() -> None:
    """What nobody but a reference can know: a convolution that convolves agrees with its own differences."""
    layer = next(f for f in FAULTS if f.id == "conv-true-convolution").make()
    assert cnnbp.verify(opaque(layer), *small("Conv2d")).passed
    assert cnnbp.verify(layer, *small("Conv2d"), like=cnnbp.Conv2d()).status == "fail"


@pytest.mark.usefixtures("methods_alone")
def test_shapes_may_change_in_any_way() -> None:
    """A layer of three parameters with an output of another rank: all four gradients are judged."""
    x, w, b, c = gaussian((2, 3), (3, 4), (4,), (4,))

    def forward(x: Array, w: Array, b: Array, c: Array) -> Array:
        return np.asarray(((x @ w + b) * c).sum())

    def backward(delta: Array, x: Array, w: Array, b: Array, c: Array) -> tuple[Array, ...]:
        g = delta * np.broadcast_to(c, (2, 4))
        return g @ w.T, x.T @ g, g.sum(0), delta * (x @ w + b).sum(0)

    verdict = cnnbp.verify(cnnbp.from_functions(forward, backward), x, w, b, c)
    assert verdict.passed
    assert {e.quantity for e in verdict.evidence if e.oracle == "finite_difference"} == {"x", "w", "b", "c"}


def test_indices_between_arguments_have_no_gradient() -> None:
    """Gradients belong to the floating arguments, wherever integers stand."""
    gathered = cnnbp.from_functions(
        lambda x, i, w: (x * w)[:, i],
        lambda d, x, i, w: (np.put_along_axis(z := np.zeros(x.shape), np.tile(i, (len(x), 1)), d, 1) or z * w, (z * x).sum(0)),
    )
    rng = np.random.default_rng(0)
    assert cnnbp.verify(gathered, rng.normal(size=(3, 4)), np.array([0, 2]), rng.normal(size=4)).passed


def test_a_nan_gradient_is_wrong() -> None:
    """NaN never passes, and is never called noise."""
    assert cnnbp.verify(cnnbp.from_functions(lambda x: 2 * x, lambda d, x: d * np.nan), np.ones(3)).status == "fail"
