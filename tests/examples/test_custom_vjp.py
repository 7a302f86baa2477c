"""A JAX `custom_vjp` as two functions, where JAX is installed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp

jax = pytest.importorskip("jax", reason="JAX is not installed: pip install jax")


def layer(slip: bool) -> Any:
    """log(1 + eˣ) with a slope of its own; the slip takes it from the wrong side of 0."""
    jax.config.update("jax_enable_x64", True)

    @jax.custom_vjp
    def softplus(x: Any) -> Any:
        return jax.numpy.logaddexp(x, 0.0)

    def backward(x: Any, delta: Any) -> tuple[Any]:
        return (delta * jax.nn.sigmoid(-x if slip else x),)

    softplus.defvjp(lambda x: (softplus(x), x), backward)
    return cnnbp.from_functions(
        lambda x: np.array(softplus(x)),
        lambda delta, x: np.array(jax.vjp(softplus, x)[1](jax.numpy.asarray(delta))[0]),
    )


@pytest.mark.parametrize(("slip", "status"), [(False, "pass"), (True, "fail")])
def test_the_slope_is_judged(slip: bool, status: str) -> None:
    """Against the layer of cnnbp that it must equal."""
    x = np.random.default_rng(0).normal(size=(4, 5))
    assert cnnbp.verify(layer(slip), x, like=cnnbp.Softplus()).status == status
