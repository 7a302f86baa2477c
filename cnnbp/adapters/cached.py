"""A forward that hands a cache to the backward, as courses write it, as a layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..rounding import Array
from .adapted import Adapted
from .functions import checked_callable


@dataclass(frozen=True)
class FromCached(Adapted):
    """A layer in the style of courses: the forward hands a cache to the backward."""

    cached_forward: Callable[..., Any]
    cached_backward: Callable[..., Any]

    @property
    def wrapped(self) -> Any:
        """The forward."""
        return self.cached_forward

    def made_from(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Both functions."""
        return "from_cached", (self.cached_forward, self.cached_backward), {}

    def forward(self, *args: Array) -> Any:
        """y"""
        return self._pair(args)[0]

    def backward(self, delta: Array, *args: Array) -> Any:
        """The gradients, straight after a forward with the same input."""
        return self.cached_backward(delta, self._pair(args)[1])

    def backward_after_another_forward(self, delta: Array, args: tuple[Array, ...], others: tuple[Array, ...]) -> Any:
        """The gradients after a second forward came in between: a cache that both calls share gives itself away."""
        _, cache = self._pair(tuple(a.copy() for a in args))
        self.cached_forward(*(a.copy() for a in others))
        return self.cached_backward(delta, cache)

    def _pair(self, args: tuple[Array, ...]) -> tuple[Any, Any]:
        """(y, cache). Raises TypeError for anything else: an array of two rows would be taken apart without a word."""
        found = self.cached_forward(*args)
        if not isinstance(found, (tuple, list)) or len(found) != 2:
            several = isinstance(found, (tuple, list))
            got = f"a {type(found).__name__} of {len(found)}" if several else f"{type(found).__name__}, without a cache"
            raise TypeError(f"forward must return a pair, y and its cache, got {got}")
        return found[0], found[1]


def from_cached(forward: Callable[..., Any], backward: Callable[..., Any]) -> FromCached:
    """`y, cache = forward(x, *params)` and `grads = backward(delta, cache)` as a layer. Raises TypeError.

    A class that keeps `self.cache` becomes a cache itself, one object for each forward:

        def forward(x, w, b):
            layer = MyConv(w, b)
            return layer.forward(x), layer

        def backward(delta, layer):
            return layer.backward(delta), layer.dw, layer.db

        cnnbp.verify(cnnbp.from_cached(forward, backward), x, w, b)

    >>> square = cnnbp.from_cached(lambda x: (x * x, x), lambda delta, cache: (2 * cache * delta,))
    >>> cnnbp.verify(square, np.array([3.0, -2.0])).status
    'pass'
    """
    return FromCached(checked_callable("forward", forward), checked_callable("backward", backward))
