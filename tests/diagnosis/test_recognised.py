"""A forward that nobody named is recognised where it answers as one layer of cnnbp does, and only there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.diagnosis import recognised
from cnnbp.diagnosis.recognised import OPTIONS
from cnnbp.evidence import Verdict
from cnnbp.faults.catalogue import distort
from cnnbp.layers.checks import Array
from cnnbp.operators import OPERATORS
from tests.diagnosis.test_diagnose import causes
from tests.helpers.layers import arguments, gaussian, opaque

pytestmark = pytest.mark.usefixtures("methods_alone")

CHOSEN: dict[str, dict[str, Any]] = {
    "Conv2d": {"stride": 2, "padding": 1},
    "ConvTranspose2d": {"stride": 3, "padding": 1, "output_padding": 1},
    "MaxPool2d": {"kernel_size": 2, "stride": 1},
    "AvgPool2d": {"kernel_size": 2, "stride": 2},
}
BROKEN = {"dx": lambda v, _: np.where(np.arange(v.size).reshape(v.shape) == 1, v + 1, v)}  # by no fault that is tried


def told(verdict: Verdict) -> list[str]:
    """What the forward is said to answer as."""
    return [str(p.values["like"]) for p in verdict.patterns if p.code == "diagnosis.recognised"]


@pytest.mark.parametrize("name", OPTIONS)
def test_each_layer_is_recognised(name: str) -> None:
    """With options that make it answer so, in the words of Python; no cause is made up."""
    options = CHOSEN.get(name, {})
    verdict = cnnbp.verify(opaque(distort(OPERATORS[name].layer, **BROKEN)(**options)), *arguments(name))
    assert verdict.status == "fail"
    (like,) = told(verdict)
    assert like.startswith(f"cnnbp.{name}(")
    known = eval(like, {"cnnbp": cnnbp})
    right = OPERATORS[name].layer(**options)
    np.testing.assert_array_equal(known.forward(*arguments(name)), right.forward(*arguments(name)))
    assert causes(verdict) == {}


@pytest.mark.parametrize("like", [None, lambda x, w, b: cnnbp.Conv2d(stride=2).forward(x, w, b)])
def test_its_faults_are_tried(like: Any) -> None:
    """Under the names that the caller's own code has, without a reference and with one that is no layer of cnnbp."""

    class Course:
        def forward(self, x: Array, kernel: Array, bias: Array) -> Array:
            return cnnbp.Conv2d(stride=2).forward(x, kernel, bias)

        def backward(self, delta: Array, x: Array, kernel: Array, bias: Array) -> Any:
            turned = cnnbp.Conv2d(stride=2).backward(delta, x, kernel[..., ::-1, ::-1], bias)[0]
            return turned, *cnnbp.Conv2d(stride=2).backward(delta, x, kernel, bias)[1:]

    trusted = like and cnnbp.from_functions(like, cnnbp.Conv2d(stride=2).backward)
    verdict = cnnbp.verify(Course(), *gaussian((2, 3, 6, 5), (2, 3, 3, 2), (2,)), like=trusted)
    assert causes(verdict) == {"x": ["kernel-not-rotated"]}
    assert "delta is correlated with kernel itself" in str(verdict)
    assert "cnnbp.Conv2d(stride=2)" in str(verdict)
    assert told(verdict) == ([] if like else ["cnnbp.Conv2d(stride=2)"])


@pytest.mark.parametrize(
    ("forward", "x"),
    [
        (lambda x: np.tanh(x) * (1 + 1e-12), gaussian((3, 4))[0]),
        (lambda x: np.maximum(x, 0), np.abs(gaussian((3, 4))[0])),
        (lambda x: 1 * x, gaussian((3, 4))[0]),
        (lambda x: x.max((2, 3), keepdims=True), np.array([[[[1.0, 2, 3], [4, 9, 5], [6, 7, 8]]]])),
    ],
    ids=["nearly", "several answer so", "not written yet", "with several windows"],
)
def test_nothing_else_is(forward: Any, x: Array) -> None:
    """A bit beside it, as two layers at once, or before there is anything to recognise."""
    verdict = cnnbp.verify(cnnbp.from_functions(forward, lambda delta, x: delta * np.arange(1, x.size + 1).reshape(x.shape)), x)
    assert verdict.status == "fail"
    assert told(verdict) == []


def test_large_arrays_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each layer that is tried would take its time."""
    (x,) = gaussian((3, 4))
    layer = cnnbp.from_functions(np.tanh, lambda delta, x: 2 * delta * x)
    assert told(cnnbp.verify(layer, x)) == ["cnnbp.Tanh()"]
    monkeypatch.setattr(recognised, "LARGEST", x.size)
    assert told(cnnbp.verify(layer, x)) == []


def test_a_gradient_that_the_layer_of_cnnbp_does_not_have() -> None:
    """A loss that answers for its target too is recognised by the rest."""

    def backward(delta: Array, x: Array, target: Array) -> Any:
        return delta * (x - target), -delta * (x - target) / len(x)

    layer = cnnbp.from_functions(lambda x, target: ((x - target) ** 2).sum() / 2 / len(x), backward)
    verdict = cnnbp.verify(layer, *gaussian((4, 3), (4, 3)))
    assert causes(verdict) == {"x": ["factor"]}
    assert told(verdict) == ["cnnbp.HalfSquaredError()"]


@pytest.mark.parametrize(
    ("through", "found"),
    [(lambda m, means: 0 * means, ["mean-constant"]), (lambda m, means: m * means, ["not-centred-at"])],
    ids=["taken for a constant", "a sum in its place"],
)
def test_what_is_wrong_with_a_mean(through: Any, found: list[str]) -> None:
    """The fault of the layer itself is told where it answers so; that a mean is wrong is all that is said elsewhere."""
    axes, right = (0, 2, 3), cnnbp.BatchNorm2d()

    def backward(delta: Array, x: Array, w: Array, b: Array) -> Any:
        dx, *others = right.backward(delta, x, w, b)
        slopes = (delta * w[:, None, None]) / np.sqrt(x.var(axes, keepdims=True) + right.eps)
        means = slopes.mean(axes, keepdims=True)
        return dx + means - through(slopes.size // len(w), means), *others

    layer = cnnbp.from_functions(lambda x, w, b: right.forward(x, w, b), backward)
    assert causes(cnnbp.verify(layer, *gaussian((3, 2, 2, 2), (2,), (2,)))) == {"x": found}
