"""What is special about the numbers of a case, whatever their kind: what code takes a short cut for, or forgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ..rounding import Array
from .choices import Choices

DENORMAL = 2.0**-1060
Arrays = list[Array]  # x, the parameters, the residual


def _equal_samples(choose: Choices, arrays: Arrays) -> Arrays:
    """Every sample is the first, in memory too."""
    x, *others = arrays
    return [np.broadcast_to(x[:1], x.shape) if x.ndim else x, *others]


def _equal_residuals(choose: Choices, arrays: Arrays) -> Arrays:
    """One number all over, in memory too: neither 0 nor 1, so that a layer that ignores its residual still shows."""
    *others, delta = arrays
    return [*others, np.broadcast_to(np.float64(choose.pick((2.0, -3.0, 0.75))), delta.shape)]


def _zero_weights(choose: Choices, arrays: Arrays) -> Arrays:
    """The first parameter is 0."""
    x, w, *others = arrays
    return [x, np.zeros(w.shape), *others]


def _negative_zeros(choose: Choices, arrays: Arrays) -> Arrays:
    """Every third number is −0.0."""
    return [_thirds(choose, a, lambda v: np.full(v.shape, -0.0)) for a in arrays]


def _denormals(choose: Choices, arrays: Arrays) -> Arrays:
    """Every third number has lost bits to the end of the exponents."""
    return [_thirds(choose, a, lambda v: v * DENORMAL) for a in arrays]


SPECIAL: Mapping[str, Callable[[Choices, Arrays], Arrays]] = {
    "nothing": lambda choose, arrays: arrays,
    "equal samples": _equal_samples,
    "equal residuals": _equal_residuals,
    "zero weights": _zero_weights,
    "negative zeros": _negative_zeros,
    "denormals": _denormals,
}
NAMES = tuple(SPECIAL)
USUAL = NAMES[:1] * 14


def special(choose: Choices, arrays: Arrays, names: Sequence[str] = NAMES) -> tuple[str, Arrays]:
    """One case in four has something special out of `names`, by name, and the arrays with it; weights only where there are any."""
    what = choose.pick((*USUAL, *(name for name in names if len(arrays) > 2 or name != "zero weights")))
    return what, SPECIAL[what](choose, arrays)


def _thirds(choose: Choices, a: Array, change: Callable[[Array], Array]) -> Array:
    if a.size < 3:
        return a
    changed = a.copy()
    third = changed.reshape(-1)[choose.integer(0, 2) :: 3]
    third[...] = change(third)
    return changed
