"""How far apart two right answers may lie, entry by entry: from the number of terms, their magnitude and unit roundoff.

Tier 1: an entry is a sum of n terms that was evaluated by any conventional algorithm, in any order, with or without
fused multiply-add. Each of the two answers is then within γₙ·S of the true one, S = Σ|terms| (Higham, Accuracy and
Stability of Numerical Algorithms, 3.1; γₙ = n·u/(1 − n·u)). The four extra operations in γₙ₊₄ pay for S itself being rounded.

Tier 2: fast algorithms (FFT, Winograd) mix terms of different entries; they are accurate to C·u of the operands' norms.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .precision import FLOAT64, Precision

Array = npt.NDArray[Any]

U = FLOAT64.u
EXACT = FLOAT64.exact  # integers below are held by float64 without rounding
UNDERFLOW = FLOAT64.underflow  # flush-to-zero arithmetic loses this much a term; gradual underflow loses far less
SMALL = UNDERFLOW / U  # what underflows in a smaller factor of a product is more than a rounding of it
C = FLOAT64.fast  # the constant of tier 2: FFT and Winograd F(4×4, 3×3) stay below it, float32 and TF32 exceed it by 10⁵
ELEMENTARY = 8  # roundings of one elementary function: libraries promise a few units in the last place


def gamma(n: Array | float, precision: Precision = FLOAT64) -> Array:
    """γₙ = n·u/(1 − n·u), the relative error of n roundings in a row; ∞, no bound at all, from n·u = 1 on."""
    nu = np.asarray(n, float) * precision.u
    if np.max(nu, initial=0.0) < 1:  # as a rule
        return np.asarray(nu / (1 - nu))
    result: Array = np.where(nu < 1, nu / np.where(nu < 1, 1 - nu, 1), np.inf)
    return result


def promised(bound: Array | float) -> Array:
    """The bound, and no bound at all (∞) where its magnitudes overflowed into NaN, which fmin passes over."""
    found: Array = np.fmin(bound, np.inf)
    return found


def conventional(terms: Array | float, magnitude: Array | float, precision: Precision = FLOAT64) -> Array:
    """Tier 1: 2·γₙ₊₄·S, the distance of two conventional evaluations of an entry of n terms with S = Σ|terms|.

    No bound where a partial sum, also one that is divided by n in the end, may leave the range of a lower precision than float64.
    """
    n = np.asarray(terms, float)
    with np.errstate(over="ignore", invalid="ignore"):
        bound: Array = 2 * gamma(n + 4, precision) * magnitude + n * (2 * precision.underflow)
        if precision is not FLOAT64:
            bound = np.where(n * magnitude < precision.largest, bound, np.inf)
    return promised(bound)


def norm(a: Array) -> float:
    """‖a‖₂, in parts of the largest: squares of large numbers would be ∞, and of small ones 0."""
    largest = float(np.max(np.abs(a), initial=0.0))
    return largest * float(np.linalg.norm((a / largest).ravel())) if largest > 0 else 0.0


def by_norm(scale: Array | float, precision: Precision = FLOAT64) -> Array:
    """Tier 2: C·u·scale, `scale` being the product of the 2-norms of the operands that the entry contracts."""
    bound: Array = precision.fast * (precision.u * np.asarray(scale, float) + precision.underflow)
    return promised(bound)


def central_step(noise: Array | float, third: float) -> Array:
    """The step h = (3·ε/M₃)^⅓ that balances truncation h²M₃/6 against rounding ε/h, to a power of two."""
    step: Array = 2.0 ** np.round(np.log2(np.cbrt(3 * np.asarray(noise, float) / third)))
    return step
