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

Array = npt.NDArray[Any]

U = 2.0**-53
EXACT = 2.0**53  # integers below are held by float64 without rounding
UNDERFLOW = 2.0**-1022  # flush-to-zero arithmetic loses this much a term; gradual underflow loses far less
SMALL = UNDERFLOW / U  # what underflows in a smaller factor of a product is more than a rounding of it
C = 128  # the constant of tier 2: FFT and Winograd F(4×4, 3×3) stay below it, float32 and TF32 exceed it by 10⁵
ELEMENTARY = 8  # roundings of one elementary function: libraries promise a few units in the last place


def gamma(n: Array | float) -> Array:
    """γₙ = n·u/(1 − n·u), the relative error of n roundings in a row."""
    nu = np.asarray(n, float) * U
    result: Array = nu / (1 - nu)
    return result


def promised(bound: Array | float) -> Array:
    """The bound, and no bound at all (∞) where its magnitudes overflowed into NaN, which fmin passes over."""
    found: Array = np.fmin(bound, np.inf)
    return found


def conventional(terms: Array | float, magnitude: Array | float) -> Array:
    """Tier 1: 2·γₙ₊₄·S, the distance of two conventional evaluations of an entry of n terms with S = Σ|terms|."""
    n = np.asarray(terms, float)
    with np.errstate(over="ignore", invalid="ignore"):
        bound: Array = 2 * gamma(n + 4) * magnitude + n * (2 * UNDERFLOW)
    return promised(bound)


def by_norm(scale: Array | float) -> Array:
    """Tier 2: C·u·scale, `scale` being the product of the 2-norms of the operands that the entry contracts."""
    bound: Array = C * U * np.asarray(scale, float) + C * UNDERFLOW
    return promised(bound)


def central_step(noise: Array | float, third: float) -> Array:
    """The step h = (3·ε/M₃)^⅓ that balances truncation h²M₃/6 against rounding ε/h, to a power of two."""
    step: Array = 2.0 ** np.round(np.log2(np.cbrt(3 * np.asarray(noise, float) / third)))
    return step
