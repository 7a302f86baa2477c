"""A layer of two functions, as tests make them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Given:
    """Backward hands the residual on where nothing else is said."""

    def __init__(self, forward: Callable[..., Any], backward: Callable[..., Any] = lambda delta, x: delta * 1) -> None:
        self.forward, self.backward = forward, backward
