"""What a layer remembers, what it writes into its inputs, and what is neither, told each by its own sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import against


class Moody:
    """Identity, but for what a test makes of its calls."""

    def __init__(self, **wrong: Any) -> None:
        self.wrong, self.calls = wrong, 0

    def forward(self, x: Array) -> Array:
        self.calls += 1
        if self.calls == self.wrong.get("raises_at"):
            raise RuntimeError("out of memory")
        return x.copy()

    def backward(self, delta: Array, x: Array) -> Any:
        if np.max(np.abs(delta)) > self.wrong.get("nan_beyond", np.inf):
            return delta * np.nan
        return (delta.copy(),) * self.wrong.get("gradients", lambda calls: 1)(self.calls)


@pytest.mark.parametrize(
    ("wrong", "said", "values"),
    [
        ({"raises_at": 2}, "contract.raises", {"message": "out of memory"}),
        ({"gradients": lambda calls: 1 + (calls > 1)}, "contract.gradients", {"expected": 1, "got": 2}),
        ({"nan_beyond": 1.5}, "contract.not-multiplied-entry", {}),
    ],
)
def test_wrong_only_when_asked_again(wrong: dict[str, Any], said: str, values: dict[str, Any]) -> None:
    """What goes wrong at the second call, or at twice the residual, is a verdict, and no exception out of verify."""
    x, delta = np.linspace(-2, 2, 6).reshape(2, 3), np.array([[0.5, -1.0, 0.25], [1.0, -0.5, 0.75]])
    verdict = cnnbp.verify(Moody(**wrong), x, delta=delta, like=cnnbp.Identity())
    assert verdict.status == "fail"
    found = next(remark for remark in verdict.wrong if remark.code == said)
    assert found.values.items() >= values.items()


class Zeroed:
    """Right, but each forward zeroes the weight gradient that was handed out before."""

    dw: Any = None

    def forward(self, x: Array, w: Array) -> Array:
        if self.dw is not None:
            self.dw[...] = 0
        return x @ w.T

    def backward(self, delta: Array, x: Array, w: Array) -> tuple[Array, Array]:
        self.dw = delta.T @ x
        return delta @ w, self.dw


class Squeezed:
    """Right, but an axis of one entry is dropped from y."""

    def forward(self, x: Array, w: Array) -> Array:
        return (x @ w.T).squeeze()

    def backward(self, delta: Array, x: Array, w: Array) -> tuple[Array, Array]:
        delta = delta.reshape(len(x), len(w))
        return delta @ w, delta.T @ x


class Cut(Squeezed):
    """y has one sample alone where x is large."""

    def forward(self, x: Array, w: Array) -> Array:
        return (x @ w.T)[: 1 if np.abs(x).max() > 1.5 else None]


@pytest.mark.parametrize(
    ("layer", "code"),
    [
        (Zeroed(), "contract.overwrites-answers"),
        (Squeezed(), "contract.samples-mixed-shape"),
        (Cut(), "contract.y-shape"),
    ],
)
def test_other_calls_show_what_one_hides(layer: Any, code: str) -> None:
    """An answer that a later forward changes, and shapes that depend on the batch or on the numbers: said, and nothing raised."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-1.4, 1.4, (3, 4))
    verdict = cnnbp.verify(layer, x, rng.normal(size=(5, 4)), like=cnnbp.Dense())
    assert verdict.status == "fail"
    assert code in {said.code for said in verdict.wrong}


class Writes:
    """Right, but for what it writes: into x in forward, after it was read, and into delta in backward."""

    def __init__(self, in_forward: bool, in_backward: bool) -> None:
        self.in_forward, self.in_backward = in_forward, in_backward

    def forward(self, x: Array) -> Array:
        y = np.sin(x, out=x) if self.in_forward else np.sin(x)
        return np.asarray(y)

    def backward(self, delta: Array, x: Array) -> Array:
        dx = delta * np.cos(x)
        if self.in_backward:
            delta[...] = 7
        return np.asarray(dx)


@pytest.mark.parametrize("like", [None, torch.sin])
@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (Writes(True, False), "forward writes into x;"),
        (Writes(False, True), "backward writes into delta;"),
        (Writes(True, True), "forward writes into x, and backward into delta;"),
    ],
)
def test_what_writes_into_its_inputs_is_told_that_alone(layer: Any, said: str, like: Any) -> None:
    """One sentence, with the method that wrote; memory, layouts and linearity are asked with what was written undone."""
    x = np.random.default_rng(0).normal(size=(6, 4))
    verdict = cnnbp.verify(layer, x[::2, ::-1], like=like)
    (sentence,) = verdict.reasons
    assert said in sentence
    assert against(verdict) == {"reads-only-inputs"}


KEPT: dict[bytes, Array] = {}


class Cube:
    """Right, but for what a test makes of its backward."""

    def __init__(self, backward: Any) -> None:
        self.wrong, self.x = backward, np.empty(0)

    def forward(self, x: Array) -> Array:
        return np.asarray(x**3)

    def backward(self, delta: Array, x: Array) -> Array:
        return np.asarray(self.wrong(self, 3 * x * x, delta))


def _of_first(layer: Cube, slope: Array, delta: Array) -> Array:
    layer.x = slope if layer.x.shape != slope.shape else layer.x
    return layer.x * delta


@pytest.mark.parametrize(
    "backward",
    [
        lambda _, slope, delta: slope,
        lambda _, slope, delta: np.clip(slope * delta, -1, 1),
        lambda _, slope, delta: slope * np.sign(delta),
        lambda _, slope, delta: slope * delta**2,
    ],
)
def test_what_is_not_linear_remembers_nothing(backward: Any) -> None:
    """Without a reference, a residual that is ignored, clipped or squared is told as that."""
    verdict = cnnbp.verify(Cube(backward), np.random.default_rng(0).normal(size=(3, 4)))
    assert "linear-multiples" in against(verdict)
    assert not any("remembered" in said for said in verdict.reasons)


@pytest.mark.parametrize("backward", [_of_first, lambda _, slope, delta: KEPT.setdefault(delta.tobytes(), slope * delta)])
def test_memory_is_told_without_a_reference(backward: Any) -> None:
    """Of the layer, and of all layers together, which a copy shares."""
    KEPT.clear()
    verdict = cnnbp.verify(Cube(backward), np.random.default_rng(0).normal(size=(3, 4)))
    assert "contract.other-input-entry" in {said.code for said in verdict.wrong}


def test_what_is_linear_here_alone() -> None:
    """Elsewhere it squares the residual, and is told so."""
    x = np.random.default_rng(0).normal(size=(3, 4))
    at = 3 * x[0, 0] ** 2
    layer = Cube(lambda _, slope, delta: slope * delta * (1 if abs(slope[0, 0] - at) < 1e-3 else abs(delta)))
    verdict = cnnbp.verify(layer, x)
    assert [said.code for said in verdict.wrong] == ["contract.bends-elsewhere-entry"]


def test_symmetric_matrices_stay_symmetric() -> None:
    """log det a of a positive definite matrix: what PyTorch's decomposition makes of another is nobody's business."""
    root = np.random.default_rng(0).normal(size=(4, 4))
    a = root @ root.T + 4 * np.eye(4)
    like, forward = lambda a: 2 * torch.linalg.cholesky(a).diagonal().log().sum(), lambda a: np.asarray(np.linalg.slogdet(a)[1])
    assert cnnbp.verify(cnnbp.from_functions(forward, lambda d, a: d * np.linalg.inv(a)), a, like=like).passed
    assert cnnbp.verify(cnnbp.from_functions(forward, lambda d, a: 1.01 * d * np.linalg.inv(a)), a, like=like).status == "fail"
