"""A course assignment in functions, `out, cache = forward(...)` and `grads = backward(dout, cache)`, and what goes wrong in it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import cnnbp

Array = Any
OPTIONS = {"stride": 2, "pad": 1}


def conv_forward_naive(x: Array, w: Array, b: Array, conv_param: dict[str, int]) -> tuple[Array, Any]:
    """Window by window."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (n, _, h, width), (k, _, r, s) = padded.shape, w.shape
    out = np.zeros((n, k, 1 + (h - r) // stride, 1 + (width - s) // stride))
    for p, q in np.ndindex(out.shape[2:]):
        window = padded[:, :, p * stride : p * stride + r, q * stride : q * stride + s]
        out[:, :, p, q] = np.tensordot(window, w, ((1, 2, 3), (1, 2, 3))) + b
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout: Array, cache: Any, unpad: bool = True) -> tuple[Array, Array, Array]:
    """What each window gave is given back to it."""
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw, db = np.zeros_like(padded), np.zeros_like(w), np.zeros_like(b)
    for p, q in np.ndindex(dout.shape[2:]):
        at = (slice(None), slice(None), slice(p * stride, p * stride + w.shape[2]), slice(q * stride, q * stride + w.shape[3]))
        dw += np.tensordot(dout[:, :, p, q], padded[at], (0, 0))
        dpadded[at] += np.tensordot(dout[:, :, p, q], w, (1, 0))
        db += dout[:, :, p, q].sum(0)
    if unpad:
        return dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, db
    return dpadded[:, :, : x.shape[2], : x.shape[3]], dw, db  # a slip: the padding is cut off at the far ends alone


def layer(stride: int = 2, pad: int = 1, unpad: bool = True) -> Any:
    """The assignment as a layer: its options are fixed, its cache goes from one function to the other."""
    return cnnbp.from_cached(
        lambda x, w, b: conv_forward_naive(x, w, b, {"stride": stride, "pad": pad}),
        lambda dout, cache: conv_backward_naive(dout, cache, unpad),
    )


def arguments() -> tuple[Array, ...]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(2, 3, 7, 6)), rng.normal(size=(4, 3, 3, 2)), rng.normal(size=4)


def test_the_assignment_is_right() -> None:
    """At one point, forward and backward, against all oracles."""
    cnnbp.assert_gradients(layer(), *arguments(), like=cnnbp.Conv2d(stride=2, padding=1))


@settings(deadline=None, max_examples=10)
@given(case=cnnbp.strategies.conv2d(stride=2, padding=1, dilation=1, groups=1))
def test_it_is_right_at_other_shapes(case: Any) -> None:
    """A remainder of the stride, one row, an input no larger than the kernel."""
    x, w, *b = case.args
    args = (x, w, b[0] if b else np.zeros(len(w)))
    cnnbp.assert_gradients(layer(), *args, delta=case.delta, like=cnnbp.Conv2d(**case.options))


def test_the_slip_is_seen_and_told_where() -> None:
    """dx alone is wrong; dw and db do not fail."""
    with pytest.raises(cnnbp.GradientError) as error:
        cnnbp.assert_gradients(layer(unpad=False), *arguments(), like=cnnbp.Conv2d(stride=2, padding=1))
    verdict = error.value.verdict
    assert {item.quantity for item in verdict.evidence if item.status == "fail" and item.kind == "sampled"} == {"x"}
    assert "the residual dx is wrong" in str(error.value)
