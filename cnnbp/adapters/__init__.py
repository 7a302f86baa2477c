"""Other people's layers as layers of ours: a way of writing layers a file."""

from .cached import from_cached
from .functions import from_functions
from .jax import from_jax
from .layer import from_layer
from .torch import from_torch

__all__ = ["from_cached", "from_functions", "from_jax", "from_layer", "from_torch"]
