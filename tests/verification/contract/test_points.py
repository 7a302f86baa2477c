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
from tests.helpers.layers import Glitch, against, arguments, bent, codes, opaque, reference


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


@pytest.mark.usefixtures("methods_alone")
def test_tests_of_methods_ask_for_none() -> None:
    """What a test of the methods alone passes may break every point, none of which is told."""
    verdict = cnnbp.verify(Glitch(cnnbp.Dense(), 3), *arguments("Dense"), like=cnnbp.Dense())
    assert verdict.passed
    assert not {*ALWAYS, *BATCH} & {e.quantity for e in verdict.evidence}
