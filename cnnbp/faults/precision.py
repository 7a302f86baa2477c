"""Layers that are wrong by little, or at few places: what a loose tolerance or small numbers let through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from cnnbp.layers import Conv2d, Dense
from cnnbp.layers.checks import Array

from .catalogue import bent, wrong


def _operands(change: Callable[[Array], Array]) -> dict[str, Any]:
    """Forward and backward of operands that were changed first."""
    return {
        "y": lambda _, a: replace(a, x=change(a.x), params=tuple(map(change, a.params))).y,
        "dx": lambda _, a: a.backward(delta=change(a.delta), w=change(a.w))[0],
        "dw": lambda _, a: a.backward(delta=change(a.delta), x=change(a.x))[1],
    }


def single(v: Array) -> Array:
    """v rounded to float32, in its own dtype."""
    with np.errstate(over="ignore", under="ignore"):
        rounded: Array = v.astype(np.float32).astype(v.dtype)
    return rounded


def _ten_bits(v: Array) -> Array:
    """v rounded to the 10 explicit bits of mantissa that TF32 and half precision keep."""
    mantissa, exponent = np.frexp(v)
    rounded: Array = np.ldexp(np.round(mantissa * 2**11) / 2**11, exponent)
    return rounded


def _saturated(v: Array) -> Array:
    return np.clip(v, -1000, 1000)


def _one_entry_raised(g: Array) -> Array:
    """g with 3·10⁻⁶ added to its last entry."""
    raised = g.copy()
    raised.ravel()[-1:] += 3e-6
    return raised


# fmt: off
FAULTS = (
    *wrong(Conv2d, "conv", {
        "float32-inside":   bent(**_operands(single)),
        "tf32-inside":      bent(**_operands(_ten_bits)),
        "saturated":        bent(**_operands(_saturated)),
        "dw-large-inputs":  bent(dw=lambda _, a: a.backward(x=_saturated(a.x))[1]),
        "dw-one-millionth": bent(dw=lambda dw, _: dw * (1 + 1e-6)),
        "dw-one-entry":     bent(dw=lambda dw, _: _one_entry_raised(dw)),
    }),
    *wrong(Dense, "dense", {
        "float32-inside":   bent(**_operands(single)),
        "dx-stabilised":    bent(dx=lambda dx, _: dx + 1e-8),
    }),
)
# fmt: on
