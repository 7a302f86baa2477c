"""A map and its activation function: what a convolution and a pooling meet alike."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ...rounding import Array
from .numbers import Activation


class Activated:
    """Something with a map z and a function f: its activations, and their slopes."""

    z: Array
    f: Activation

    @cached_property
    def a(self) -> Array:
        """f(z), which the layer meets."""
        return np.asarray(self.f(self.z))

    @cached_property
    def slope(self) -> Array:
        """f′(z)"""
        return np.asarray(self.f.slope(self.z))
