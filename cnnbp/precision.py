"""The number formats in which a layer can be asked: how they round, how far integers are exact, where they overflow.

A layer that is asked in one of them is taken to add up its sums in it: an entry of n terms is then off by γₙ·S with the
unit roundoff of the format (`rounding`). A format whose `inner` is set is as a rule computed in that, and rounded once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Precision:
    """A binary floating-point format with a significand of `bits` bits and normal numbers from 2**least."""

    name: str
    bits: int
    least: int
    largest: float
    underflow: float
    """What an operation loses at most where its result is no normal number."""
    fast: float
    """The constant C of tier 2 (`rounding`): by what fast algorithms need, and, where u is large, so that a hundredth is seen."""
    inner: Precision | None = None
    """The format in which hardware and libraries compute before they round once to this one."""

    @property
    def u(self) -> float:
        """The unit roundoff 2⁻ᵇⁱᵗˢ."""
        return float(2.0**-self.bits)

    @property
    def exact(self) -> float:
        """2ᵇⁱᵗˢ: integers below are held without rounding."""
        return float(2.0**self.bits)

    def round(self, a: Array) -> Array:
        """float64 numbers rounded to the nearest of this format, ties to even; ∞ beyond the largest."""
        a = np.asarray(a, float)
        if self.bits == 53:
            return a
        exponent = np.maximum(np.frexp(a)[1], self.least + 1) - self.bits  # of the last bit; subnormal numbers have fewer
        with np.errstate(over="ignore", invalid="ignore"):
            found = np.ldexp(np.round(np.ldexp(a, -exponent)), exponent)
            return np.asarray(np.where(np.abs(found) > self.largest, np.copysign(np.inf, a), found))


FLOAT64 = Precision("float64", 53, -1022, float(np.finfo(np.float64).max), 2.0**-1022, 128)
FLOAT32 = Precision("float32", 24, -126, float(np.finfo(np.float32).max), 2.0**-126, 128)
FLOAT16 = Precision("float16", 11, -14, 65504.0, 2.0**-24, 2, FLOAT32)  # its subnormal numbers are kept by all hardware
BFLOAT16 = Precision("bfloat16", 8, -126, float(2.0**128 - 2.0**120), 2.0**-126, 1, FLOAT32)
TF32 = Precision("TF32", 11, -126, float(2.0**128 - 2.0**117), 2.0**-126, 2)  # arguments alone are rounded to it: no array has it

PRECISIONS: Mapping[str, Precision] = {p.name: p for p in (FLOAT64, FLOAT32, FLOAT16, BFLOAT16)}
"""Those in which a layer can be asked."""


def precision_of(dtype: Any) -> Precision:
    """By its name, by NumPy's dtype or by PyTorch's; None is float64. Raises TypeError, ValueError."""
    if dtype is None:
        return FLOAT64
    if isinstance(dtype, str):
        name = dtype
    elif str(dtype).startswith("torch."):
        name = str(dtype).removeprefix("torch.")
    else:
        try:
            name = np.dtype(dtype).name
        except TypeError:
            raise TypeError(f"dtype must be the name of a floating-point format, for example 'float32', got {dtype!r}") from None
    if name not in PRECISIONS:
        raise ValueError(f"dtype must be one of {', '.join(PRECISIONS)}, got {name!r}")
    return PRECISIONS[name]
