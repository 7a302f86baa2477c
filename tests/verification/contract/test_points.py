"""For every point of the contract there is a layer that only this point catches; what is waived, and what is left alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import cnnbp
from cnnbp.evidence.kinds import ALWAYS, BATCH
from cnnbp.faults import FAULTS
from cnnbp.layers.checks import Array
from cnnbp.operators import OPERATORS
from tests.helpers.layers import Glitch, against, arguments, bent, code, codes, gaussian, opaque, reference


def _spoil(answer: Array, given: Array) -> Array:
    """The right answer, after what was given has been overwritten where that is allowed."""
    if given.flags.writeable:
        given[...] = 7
    return answer


def _as_in_memory(w: Array) -> Array:
    return w.ravel(order="A").reshape(w.shape)


def _fault(name: str) -> Any:
    return next(fault for fault in FAULTS if fault.id == name).make()


KNOWN = {  # a layer for like=Dense(), right in all its numbers
    "answers-stand": _fault("dense-one-buffer"),
    "reads-only-inputs": bent("Dense", dx=lambda dx, a: _spoil(dx, a.delta)),
    "no-memory": _fault("dense-cached-input"),
    "fortran-order": bent("Dense", dx=lambda _, a: a.delta @ _as_in_memory(a.w)),
    "negative-strides": bent("Dense", dx=lambda dx, a: abs(dx) if min(a.w.strides) < 0 else dx),
    "broadcast": bent("Dense", dx=lambda dx, a: dx if all(a.delta.strides) else 0 * dx),
    "non-contiguous": bent("Dense", dx=lambda dx, a: dx if a.w.flags.forc or min(a.w.strides) < 0 else 0 * dx),
    "batch-as-samples": bent("Dense", dw=lambda dw, a: dw if len(a.x) > 1 else 0 * dw),
    "length": bent("Dense", gradients=lambda g, _: (*g, g[0])),
    "missing": bent("Dense", gradients=lambda g, _: g[:2]),
    "shape": bent("Dense", db=lambda db, _: db[None]),
    "type": bent("Dense", gradients=lambda g, _: (torch.tensor(g[0], requires_grad=True), *g[1:])),
    "raises": bent("Dense", dx=lambda _, a: np.linalg.inv(a.x)),
}
UNKNOWN = {  # a layer without like=, whose gradients at this residual are right
    "linear-multiples": bent("Dense", gradients=lambda _, a: a.backward(delta=np.clip(a.delta, -1.5, 1.5))),
    "linear-sums": bent("Dense", dw=lambda dw, a: dw if a.delta.all() else 1.01 * dw),
}


@pytest.mark.parametrize("check", KNOWN)
def test_only_this_check_catches(check: str) -> None:
    """A layer whose numbers at the case and on integers are right fails this check alone."""
    verdict = cnnbp.verify(KNOWN[check], *arguments("Dense"), like=cnnbp.Dense())
    assert verdict.status == "fail"
    assert against(verdict) == {check}


@pytest.mark.parametrize("check", UNKNOWN)
def test_only_this_check_catches_what_is_not_linear(check: str) -> None:
    """Differences at one residual cannot see that backward bends elsewhere; linearity can, even of an unknown layer."""
    delta = np.array([[0.9, -0.8], [0.7, 1.0], [-1.0, 0.6]])
    verdict = cnnbp.verify(opaque(UNKNOWN[check]), *arguments("Dense"), delta=delta)
    assert verdict.status == "fail"
    assert against(verdict) == {check}


def test_only_this_check_catches_a_single_glitch() -> None:
    """One call that is off by one unit in the last place is within every bound, but not the same answer; and no memory."""
    found = [against(cnnbp.verify(Glitch(cnnbp.Dense(), call), *arguments("Dense"), like=cnnbp.Dense())) for call in range(1, 8)]
    assert {"repeats"} in found
    assert not any("no-memory" in checks for checks in found)


@pytest.mark.parametrize("check", KNOWN)
def test_sentence_says_what_is_wrong_with_the_layer(check: str) -> None:
    """The verdict's reason is a sentence about the layer, and assert_gradients raises it."""
    args = arguments("Dense")
    verdict = cnnbp.verify(KNOWN[check], *args, like=cnnbp.Dense())
    assert [said.partition(".")[0] for said in codes(verdict)] == ["contract"]
    assert verdict.reasons[0].startswith("the layer ")
    with pytest.raises(cnnbp.GradientError) as raised:
        cnnbp.assert_gradients(KNOWN[check], *args, like=cnnbp.Dense())
    assert verdict.reasons[0] in str(raised.value)


@pytest.mark.parametrize(
    ("bend", "cause"),
    [
        ({"dx": lambda _, a: np.linalg.inv(a.x)}, np.linalg.LinAlgError),
        ({"y": lambda y, a: (np.negative(np.negative(a.x, out=a.x), out=a.x), y)[1]}, ValueError),  # there and back, on read-only x
    ],
)
def test_a_layer_that_raises_is_the_cause(bend: dict[str, Any], cause: type[Exception]) -> None:
    """The layer's own exception is chained to the GradientError."""
    with pytest.raises(cnnbp.GradientError) as raised:
        cnnbp.assert_gradients(bent("Dense", **bend), *arguments("Dense"), like=cnnbp.Dense())
    assert isinstance(raised.value.__cause__, cause)


@pytest.mark.parametrize("operator", OPERATORS)
def test_right_layers_keep_the_contract(operator: str) -> None:
    """Every check passes on our own layers, none is left out; samples that are joined are not asked one by one."""
    layer, args = reference(operator), arguments(operator)
    checks = {item.quantity: item.status for item in cnnbp.verify(layer, *args).evidence if item.oracle == "contract"}
    assert set(checks.values()) == {"pass"}
    assert set(checks) == {*ALWAYS, *(BATCH if OPERATORS[operator].samples_apart(vars(layer)) else ())}


def test_another_order_of_summation_is_no_breach() -> None:
    """BLAS may sum a Fortran-ordered product in another order: not bitwise the same, and right."""

    def reordered(delta: Array, x: Array, w: Array) -> tuple[Array, Array]:
        order = slice(None, None, -1) if w.flags.f_contiguous else slice(None)
        return sum(np.multiply.outer(d, v) for d, v in list(zip(delta.T, w, strict=True))[order]), delta.T @ x

    x, w, delta = gaussian((4, 9), (50, 9), (4, 50))
    layer = cnnbp.from_functions(cnnbp.Dense().forward, reordered)
    assert cnnbp.verify(layer, x, w, delta=delta, like=cnnbp.Dense()).passed
    assert not np.array_equal(reordered(delta, x, w)[0], reordered(delta, x, np.asfortranarray(w))[0])


def test_residuals_too_large_to_double_are_left_alone() -> None:
    """2·delta would overflow: the check abstains, and says so."""
    x, w, delta = gaussian((2, 3), (2, 3), (2, 2))
    items = cnnbp.verify(cnnbp.Dense(), x, w, delta=delta * 2.0**1001).evidence
    doubled = next(item for item in items if item.quantity == "linear-multiples")
    assert (doubled.status, code(doubled)) == ("abstain", "contract.would-overflow")


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
