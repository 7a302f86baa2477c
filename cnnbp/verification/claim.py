"""One gradient that a layer claims, with all that is needed to doubt it: how to ask the layer at another argument."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..rounding import Array
from .neighbours import largest


@dataclass(frozen=True)
class Claim:
    """gradient = ∂⟨delta, y⟩/∂at, as the layer has it.

    values, gradients: y, and this gradient, where the argument is moved to; NaN where the layer refuses.
    """

    values: Callable[[Array], Array]
    gradients: Callable[[Array], Array]
    at: Array
    y: Array
    gradient: Array
    delta: Array

    @cached_property
    def usual(self) -> float:
        """The root mean square of the entries that are not 0; 1 where there are none."""
        sizes = np.abs(self.at[self.at != 0])
        return float(sizes.max() * np.sqrt(np.mean((sizes / sizes.max()) ** 2))) if sizes.size else 1.0

    @cached_property
    def scale(self) -> Array:
        """How far each entry may be moved: its own size, and not much less than what is usual."""
        found: Array = np.maximum(np.abs(self.at), self.usual / 64)
        return found

    @cached_property
    def largest(self) -> float:
        """The largest |gradient|."""
        return largest(self.gradient)

    @cached_property
    def whole(self) -> float:
        """Σ|delta·y|: no less than ⟨delta, y⟩ can be large."""
        return float(np.abs(self.delta * self.y).sum())
