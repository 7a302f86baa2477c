"""Layers that are wrong by little, or at few places: what a loose tolerance, or one look at small numbers, lets through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnbp.layers import Conv2d, Dense
from cnnbp.layers.checks import Array

from .catalogue import Fault, distort


def _operands(change: Callable[[Array], Array]) -> dict[str, Any]:
    """Forward and backward as the reference does them, of operands that were changed first."""
    return {
        "y": lambda _, a: a.layer.forward(change(a.x), *map(change, a.params)),
        "dx": lambda _, a: a.backward(delta=change(a.delta), w=change(a.w))[0],
        "dw": lambda _, a: a.backward(delta=change(a.delta), x=change(a.x))[1],
    }


def _single(v: Array) -> Array:
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
    Fault("conv-float32-inside", "Conv2d", "the sums run over operands rounded to float32, though float64 goes in and comes out",
          "numbers that need more than 24 bits; small integers and a tolerance of 1e-6 hide it",
          "classic: single precision in disguise", distort(Conv2d, **_operands(_single))),
    Fault("conv-tf32-inside", "Conv2d", "the sums run over operands of 11 significant bits", "numbers that need more than 11 bits",
          "classic: TF32 switched on by default", distort(Conv2d, **_operands(_ten_bits))),
    Fault("conv-saturated", "Conv2d", "operands beyond ±1000 are clipped, forward and backward alike",
          "an entry beyond ±1000; small inputs hide it", "classic: a fixed-point range", distort(Conv2d, **_operands(_saturated))),
    Fault("conv-dw-large-inputs", "Conv2d", "dw alone sees inputs beyond ±1000 as ±1000",
          "an entry of x beyond ±1000; small inputs hide it", "classic: overflow guarded on one side", distort(Conv2d,
          dw=lambda _, a: a.backward(x=_saturated(a.x))[1])),
    Fault("conv-dw-one-millionth", "Conv2d", "dw is too large by one millionth", "always; a tolerance of 1e-5 hides it",
          "classic: what gradcheck's default tolerances admit", distort(Conv2d, dw=lambda dw, _: dw * (1 + 1e-6))),
    Fault("conv-dw-one-entry", "Conv2d", "one entry of dw is too large by 3e-6",
          "always, most where gradients are small; an absolute tolerance hides it", "classic: allclose and its atol",
          distort(Conv2d, dw=lambda dw, _: _one_entry_raised(dw))),
    Fault("dense-float32-inside", "Dense", "the sums run over operands rounded to float32, though float64 goes in and comes out",
          "numbers that need more than 24 bits; small integers and a tolerance of 1e-6 hide it",
          "classic: single precision in disguise", distort(Dense, **_operands(_single))),
    Fault("dense-dx-stabilised", "Dense", "1e-8 is added to every entry of dx, which is then no longer linear in delta",
          "always; any absolute tolerance hides it", "classic: an eps against division by zero", distort(Dense,
          dx=lambda dx, _: dx + 1e-8)),
)
# fmt: on
