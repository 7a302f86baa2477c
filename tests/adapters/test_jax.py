"""Functions of JAX arrays, as layers and as references."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import cnnbp
from tests.helpers.layers import bent, gaussian, opaque

jax = pytest.importorskip("jax")
jnp = jax.numpy

X, W, B = gaussian((3, 4), (2, 4), (2,))
IMAGE, KERNEL = gaussian((2, 2, 5, 4), (3, 2, 2, 3))


@pytest.fixture(autouse=True)
def _in_float64() -> Iterator[None]:
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", before)


def dense(x: Any, w: Any, b: Any) -> Any:
    """As JAX has it."""
    return x @ w.T + b


def convolution(x: Any, w: Any) -> Any:
    """Stride 2."""
    return jax.lax.conv_general_dilated(x, w, (2, 2), "VALID")


def test_a_function_is_judged_as_a_layer() -> None:
    """Plain or jitted, with and without a reference; its name stands in the heading."""
    for fn in (dense, jax.jit(dense)):
        layer = cnnbp.from_jax(fn)
        verdict = cnnbp.verify(layer, X, W, B, like=cnnbp.Dense())
        assert verdict.passed, str(verdict)
        assert verdict.layer == "dense"
        assert list(cnnbp.verify(layer, X, W, B).shapes) == ["x", "w", "b"]
    assert cnnbp.verify(cnnbp.from_jax(lambda x, w, b: x @ w.T + 2 * b), X, W, B, like=cnnbp.Dense()).status == "fail"


@jax.custom_vjp
def square(x: Any) -> Any:
    """Its slope is wrong by 0.1 %."""
    return x * x


square.defvjp(lambda x: (x * x, x), lambda x, delta: (2.002 * x * delta,))


def test_a_wrong_custom_vjp_fails() -> None:
    """By differences of its own forward, and by a reference."""
    for like in (None, lambda x: x * x, lambda x: jnp.square(x)):
        assert cnnbp.verify(cnnbp.from_jax(square), X, like=like).status == "fail"


@pytest.mark.parametrize("like", [convolution, jax.jit(convolution), "from_jax"])
def test_a_function_is_a_reference(like: Any) -> None:
    """A right layer passes, entry by entry; one that is wrong in the eleventh digit fails."""
    reference = cnnbp.from_jax(convolution) if like == "from_jax" else like
    verdict = cnnbp.verify(opaque(cnnbp.Conv2d(stride=2)), IMAGE, KERNEL, like=reference)
    assert verdict.passed, str(verdict)
    assert {e.oracle for e in verdict.evidence} == {"reference", "contract"}
    wrong = opaque(bent("Conv2d", dw=lambda dw, _: dw * (1 + 1e-10)))
    assert cnnbp.verify(wrong, IMAGE, KERNEL, like=lambda x, w: jax.lax.conv(x, w, (1, 1), "VALID")).status == "fail"


def test_indices_have_no_gradient() -> None:
    """An embedding, and outputs that are a tuple."""
    index, table = np.array([0, 2, 2, 1]), gaussian((3, 5))[0]
    assert cnnbp.verify(cnnbp.from_jax(lambda i, w: w[i]), index, table).passed


def test_float32_is_told_how_to_change() -> None:
    """The set-up is wrong, and no layer: as a layer and as a reference it is refused with the sentence, which stands alone."""
    jax.config.update("jax_enable_x64", False)
    said = r'^JAX computes in float32 here: call jax.config.update\("jax_enable_x64", True\)'
    for like in (cnnbp.from_jax(dense), jax.nn.silu):
        args = (X, W, B) if like is not jax.nn.silu else (X,)
        with pytest.raises(ValueError, match=said):
            cnnbp.verify(opaque(cnnbp.Dense()), *args, like=like)
    for like in (None, cnnbp.Dense()):
        with pytest.raises(ValueError, match=said):
            cnnbp.verify(cnnbp.from_jax(dense), X, W, B, like=like)


def test_what_is_no_function_of_jax_arrays() -> None:
    """Is told at once, or at the first call."""
    with pytest.raises(TypeError, match=r"^fn must be callable"):
        cnnbp.from_jax(3)
    with pytest.raises(ValueError, match=r"^like .*must answer arrays of JAX"):
        cnnbp.verify(opaque(cnnbp.Tanh()), X, like=cnnbp.from_jax(lambda x: np.tanh(np.asarray(x))))
    with pytest.raises(ValueError, match=r"^like .*of tensors it raised .*, of JAX arrays ZeroDivisionError"):
        cnnbp.verify(opaque(cnnbp.Tanh()), X, like=lambda x: x / (1 // 0))
