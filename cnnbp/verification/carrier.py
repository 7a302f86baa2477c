"""In what arrays a layer is asked: of its precision, in a dtype of NumPy that holds it, and back in float64 for the oracles."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..attributes import optional
from ..operators import operator_of
from ..precision import Precision
from ..rounding import Array
from .layouts import copied


class Carrier:
    """The dtype of the arrays that one layer is handed in one precision. Raises ValueError where there is none."""

    def __init__(self, layer: Any, precision: Precision) -> None:
        self.precision, self.dtype = precision, _dtype(layer, precision)
        self.wider = self.dtype.name != precision.name
        """Whether it holds more numbers than the precision has."""

    def handed(self, a: Array) -> Array:
        """A copy in the precision of the layer, as it is handed over; indices as they are."""
        return np.array(a) if a.dtype.kind in "iu" or a.dtype == self.dtype else self._rounded(a).astype(self.dtype)

    def laid(self, a: Array) -> Array:
        """Likewise, laid out as it is."""
        return copied(a, a.dtype if a.dtype.kind in "iu" else self.dtype)

    def wide(self, *arrays: Array) -> tuple[Array, ...]:
        """What was handed over, in float64 for the oracles."""
        return tuple(a if a.dtype.kind in "iu" else self._rounded(a) for a in arrays)

    def flaw(self, answer: Array) -> str:
        """What an answer is, where it is not in the precision; empty where it is."""
        if answer.dtype != self.dtype:
            return str(answer.dtype)
        found = np.asarray(answer, float)
        held = not self.wider or np.array_equal(self.precision.round(found), found, equal_nan=True)
        return "" if held else f"numbers of more than {self.precision.bits} bits"

    def _rounded(self, a: Array) -> Array:
        return self.precision.round(a) if a.dtype != self.dtype or self.wider else np.asarray(a, float)


def _dtype(layer: Any, precision: Precision) -> np.dtype[Any]:
    """The dtype of the arrays in which a layer is asked. Raises ValueError where there is none.

    bfloat16, of which NumPy knows nothing, travels in float32 to an adapter that rounds to it, as its `precision` says.
    """
    if precision.name != "bfloat16":
        return np.dtype(precision.name)
    if optional(layer, "precision") == precision.name:
        return np.dtype(np.float32)
    if operator_of(layer) is not None:
        raise ValueError(
            f"dtype='bfloat16' is for layers of others: {type(layer).__name__} of cnnbp takes NumPy's own dtypes alone"
        )
    try:
        from ml_dtypes import bfloat16
    except ImportError:
        raise ValueError(
            "dtype='bfloat16' is no dtype of NumPy: install the package ml_dtypes, which adds it, or wrap a function of tensors"
            " with cnnbp.from_torch"
        ) from None
    found: np.dtype[Any] = np.dtype(bfloat16)
    return found
