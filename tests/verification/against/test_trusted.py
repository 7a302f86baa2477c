"""Held against numbers that are trusted: what is right passes, what is wrong fails to the last digits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import against, arguments, bent, codes, gaussian, opaque, raised, reference

X, W, B = gaussian((2, 3, 6, 5), (4, 3, 3, 2), (4,))
POOLS = gaussian((2, 2, 5, 4))[0]

REFERENCES: dict[str, Callable[..., Any]] = {
    "Conv2d": functional.conv2d,
    "ConvTranspose2d": lambda x, w, b: functional.conv_transpose2d(x, w, b, (2, 1), (1, 0), (1, 0)),
    "Dense": functional.linear,
    "MaxPool2d": lambda x: functional.max_pool2d(x, 2, 1),
    "AvgPool2d": lambda x: functional.avg_pool2d(x, 2, 1),
    "BatchNorm2d": lambda x, w, b: functional.batch_norm(x, None, None, w, b, training=True),
    "Flatten": lambda x: x.flatten(1),
    "Sigmoid": torch.sigmoid,
    "Tanh": torch.tanh,
    "ReLU": functional.relu,
    "LeakyReLU": functional.leaky_relu,
    "Softplus": functional.softplus,
    "SoftmaxCrossEntropy": functional.cross_entropy,
}


@pytest.mark.parametrize("operator", REFERENCES)
def test_a_function_of_pytorch_is_a_reference(operator: str) -> None:
    """Right layers pass with every quantity judged; one entry that is off by 1e-9 fails, of y and of dx."""
    args, like = arguments(operator), REFERENCES[operator]
    verdict = cnnbp.verify(opaque(reference(operator)), *args, like=like)
    assert verdict.passed, str(verdict)
    judged = [e for e in verdict.evidence if e.oracle == "reference"]
    assert {(e.kind, e.status) for e in judged} == {("estimated", "pass")}
    assert "y" in {e.quantity for e in judged}
    verdict = cnnbp.verify(opaque(bent(operator, y=raised(1e-9), dx=raised(1e-9))), *args, like=like)
    assert [said.values["quantity"] for said in verdict.wrong][:2] == ["y", "x"], str(verdict)


@pytest.mark.usefixtures("methods_alone")
def test_what_it_says() -> None:
    """The entry, both answers, how far beyond the noise."""
    verdict = cnnbp.verify(bent("Conv2d", dw=lambda dw, _: dw * 1.01), X, W, B, like=functional.conv2d, names=("kernel", "bias"))
    assert str(verdict).splitlines()[1].startswith("  the gradient of kernel is wrong at index [")
    assert [line.split()[0] for line in str(verdict).splitlines()[2:5]] == ["the", "reference", "error"]


def _in(dtype: Any, layer: Any) -> Any:
    """The layer computed in lower precision."""

    def low(*args: Array) -> list[Array]:
        return [a.astype(dtype) if a.dtype.kind == "f" else a for a in args]

    return cnnbp.from_functions(
        lambda *args: layer.forward(*low(*args)).astype(float),
        lambda *args: tuple(g.astype(float) for g in layer.backward(*low(*args))),
    )


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("operator", ["Conv2d", "Sigmoid", "BatchNorm2d"])
@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_lower_precision_fails(operator: str, dtype: Any) -> None:
    """In y and in every gradient."""
    verdict = cnnbp.verify(_in(dtype, reference(operator)), *arguments(operator), like=REFERENCES[operator])
    assert {"y", "x"} <= {e.quantity for e in verdict.evidence if e.status == "fail" and e.oracle == "reference"}


def test_a_reference_in_float32_inside_is_believed_no_further() -> None:
    """It answers float64 with the digits of float32: a right layer passes, coarsely; 1 % is seen."""
    args, like = arguments("Conv2d"), _in(np.float32, cnnbp.Conv2d())
    verdict = cnnbp.verify(opaque(cnnbp.Conv2d()), *args, like=like)
    assert verdict.passed, str(verdict)
    seen = {e.quantity: e.resolution for e in verdict.evidence if e.resolution is not None}
    assert min(seen["y"], seen["x"], seen["w"]) > 1e-7, seen
    assert cnnbp.verify(bent("Conv2d", dw=lambda dw, _: dw * 1.01), *args, like=like).status == "fail"


CONTRACT: dict[str, tuple[Callable[[], Any], str]] = {
    "memory": (lambda: _Memory(), "other-inputs"),
    "samples": (lambda: _Mixing(), "batch-as-samples"),
}


class _Memory:
    """Keeps its gradient by shape."""

    def __init__(self) -> None:
        self.kept = dict[Any, Any]()

    def forward(self, *args: Array) -> Array:
        return cnnbp.Dense().forward(*args)

    def backward(self, delta: Array, x: Array, *params: Array) -> Any:
        return self.kept.setdefault(x.shape, cnnbp.Dense().backward(delta, x, *params))


class _Mixing:
    """Right for three samples; of two or one it counts the first twice."""

    def forward(self, *args: Array) -> Array:
        return cnnbp.Dense().forward(*args)

    def backward(self, delta: Array, x: Array, *params: Array) -> Any:
        dx, dw, db = cnnbp.Dense().backward(delta, x, *params)
        return dx, dw, db + (delta[0] if len(x) < 3 else 0)


@pytest.mark.parametrize("fault", CONTRACT)
def test_the_contract_is_checked(fault: str) -> None:
    """The reference says what other inputs must answer, and that it treats samples apart."""
    make, point = CONTRACT[fault]
    verdict = cnnbp.verify(make(), *arguments("Dense"), like=functional.linear)
    assert point in against(verdict), str(verdict)
    assert {e.status for e in verdict.evidence if e.oracle == "reference"} == {"pass"}
    assert cnnbp.verify(opaque(cnnbp.Dense()), *arguments("Dense"), like=functional.linear).passed


def test_samples_that_belong_together_are_not_asked_apart() -> None:
    """Batch normalisation, also where the batch is constant."""
    args = [np.zeros((3, 1, 1, 1)), np.zeros(1), np.full(1, 2.0)]
    for x in (args[0], gaussian((3, 1, 2, 2))[0]):
        verdict = cnnbp.verify(opaque(cnnbp.BatchNorm2d()), x, *args[1:], like=REFERENCES["BatchNorm2d"])
        assert "batch-as-samples" not in {e.quantity for e in verdict.evidence}
        assert verdict.status != "fail"


def test_other_shapes_and_lacking_gradients_are_the_layers_fault() -> None:
    """y of another shape, a gradient that is missing."""
    strided = cnnbp.verify(opaque(cnnbp.Conv2d(stride=2)), X, W, B, like=functional.conv2d)
    assert codes(strided) == ["contract.y-shape"]
    without = cnnbp.from_functions(cnnbp.Dense().forward, lambda *args: cnnbp.Dense().backward(*args)[:2])
    assert codes(cnnbp.verify(without, *arguments("Dense"), like=functional.linear)) == ["contract.gradient-missing"]


def test_empty_arrays_are_inconclusive() -> None:
    """Nothing to compare."""
    assert cnnbp.verify(opaque(cnnbp.Tanh()), np.zeros((0, 3)), like=torch.tanh).status == "inconclusive"


def test_our_layer_may_be_held_against_another() -> None:
    """Ours under test, and theirs under test as modules, as they were built."""
    assert cnnbp.verify(cnnbp.Conv2d(), X, W, B, like=functional.conv2d).passed
    assert cnnbp.verify(torch.nn.BatchNorm2d(3), X, like=cnnbp.BatchNorm2d()).passed
    assert cnnbp.verify(cnnbp.BatchNorm2d(), X, np.ones(3), np.zeros(3), like=torch.nn.BatchNorm2d(3)).passed


BAD: dict[str, tuple[Callable[..., Any], Callable[..., Any], str]] = {
    "forward raises": (lambda *a: 1 // 0, lambda *a: a[1:], "contract.raises"),
    "forward returns None": (lambda *a: None, lambda *a: a[1:], "contract.returns-none"),
    "forward returns a dict": (lambda *a: {"y": 1}, lambda *a: a[1:], "contract.no-array"),
    "forward returns (y, cache)": (lambda *a: (cnnbp.Dense().forward(*a), {}), lambda *a: a[1:], "contract.returns-tuple"),
    "forward returns a list": (lambda *a: cnnbp.Dense().forward(*a).tolist(), cnnbp.Dense().backward, "contract.returns-list"),
    "forward returns a tensor": (
        lambda *a: torch.tensor(cnnbp.Dense().forward(*a)), cnnbp.Dense().backward, "contract.returns-tensor"),
    "forward returns words": (lambda *a: np.array(["a"]), lambda *a: a[1:], "contract.no-numbers"),
    "backward raises": (cnnbp.Dense().forward, lambda *a: 1 // 0, "contract.raises"),
    "backward returns None": (cnnbp.Dense().forward, lambda *a: None, "contract.gradients-none"),
    "backward returns a dict": (cnnbp.Dense().forward, lambda *a: {}, "contract.gradients-dict"),
    "backward returns too few": (cnnbp.Dense().forward, lambda *a: cnnbp.Dense().backward(*a)[:1], "contract.gradient-missing"),
    "backward returns too many": (cnnbp.Dense().forward, lambda *a: (*cnnbp.Dense().backward(*a), 1.0), "contract.gradients"),
    "backward returns NaN": (
        cnnbp.Dense().forward, lambda *a: (np.nan * a[1], *cnnbp.Dense().backward(*a)[1:]), "contract.not-finite"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("like", [functional.linear, None], ids=["trusted", "alone"])
def test_what_a_layer_does_wrong_is_its_own_fault(what: str, like: Any) -> None:
    """One sentence, no exception, whatever it is held against."""
    forward, backward, said = BAD[what]
    verdict = cnnbp.verify(cnnbp.from_functions(forward, backward), *arguments("Dense"), like=like)
    assert verdict.status == "fail"
    assert said in codes(verdict)
    assert str(verdict)
