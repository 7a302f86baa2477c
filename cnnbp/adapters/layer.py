"""An object that keeps its parameters and its gradients in attributes, as a layer."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..attributes import optional
from ..rounding import Array
from .adapted import Adapted
from .paths import get, held_by, names_of, put


@dataclass(frozen=True)
class FromLayer(Adapted):
    """A copy of somebody's object; `params` and `grads` are paths to its attributes, such as "w" or "params.w1"."""

    made: Any
    params: tuple[str, ...]
    grads: tuple[str, ...]
    accumulates: bool = False

    @property
    def wrapped(self) -> Any:
        """The object."""
        return self.made

    def made_from(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """The object, and the names of its attributes."""
        return "from_layer", (self.made,), {"params": self.params, "grads": self.grads, "accumulates": self.accumulates}

    def argument_names(self, count: int) -> tuple[str, ...] | None:
        """x, and the parameters by the last part of their paths."""
        found = ("x", *(path.rpartition(".")[2] for path in self.params))
        return found if len(found) == count else None

    def own_parameters(self) -> tuple[Array, ...]:
        """Those that the object was made with."""
        return tuple(np.array(get(self.made, path)) for path in self.params)

    def forward(self, x: Array, *params: Array) -> Any:
        """y"""
        taken = self._take(params)
        y = self.made.forward(x)
        self._hand_back(taken, params)
        return y

    def backward(self, delta: Any, x: Array, *params: Array) -> tuple[Any, ...]:
        """What the object's backward returns, and the gradients that it leaves, straight after a forward."""
        taken = self._take(params)
        if self.accumulates:
            self._clear()
        self.made.forward(x)
        returned = self.made.backward(delta)
        self._hand_back(taken, params)
        return self._gradients(returned)

    def backward_twice(self, delta: Any, x: Array, *params: Array) -> tuple[Any, ...]:
        """Half of what two passes leave in the same buffers: where an object accumulates, the gradients of one."""
        self._take(params)
        self._clear()
        for _ in range(2):
            self.made.forward(x)
            returned = self.made.backward(delta)
        own = len(self.params) + 1 - len(self.grads)
        found = self._gradients(returned)
        return (*found[:own], *(np.asarray(g) / 2 for g in found[own:]))

    def adds_up(self, delta: Any, x: Array, *params: Array) -> bool:
        """Whether a second backward adds to what the first left."""
        self._take(params)
        self._clear()
        left = []
        for _ in range(2):
            self.made.forward(x)
            self.made.backward(delta)
            left.append([np.array(get(self.made, path)) for path in self.grads])
        return any(a.any() and a.shape == b.shape and np.allclose(b, 2 * a, rtol=1e-6, atol=0) for a, b in zip(*left, strict=True))

    def _take(self, params: tuple[Array, ...]) -> list[Array]:
        """The parameters as the object then holds them. Raises ValueError for more or fewer than it has."""
        if len(params) != len(self.params):
            names = ", ".join(self.params) or "none"
            raise ValueError(f"from_layer was told of {len(self.params)} parameters ({names}), got {len(params)}")
        for path, value in zip(self.params, params, strict=True):
            put(self.made, path, value)
        return [np.array(get(self.made, path)) for path in self.params]

    def _hand_back(self, taken: list[Array], params: tuple[Array, ...]) -> None:
        """What the object has made of its parameters in a call is written into the arrays that it was handed for them.

        So it is seen as in a layer that writes into its arguments. Raises ValueError where these cannot be written to.
        """
        for path, before, value in zip(self.params, taken, params, strict=True):
            after = np.asarray(get(self.made, path))
            if after.shape != before.shape:
                raise ValueError(f"{path} has shape {after.shape} after the call, and had {before.shape}")
            if not np.array_equal(before, after, equal_nan=after.dtype.kind == "f"):
                value[...] = after

    def _gradients(self, returned: Any) -> tuple[Any, ...]:
        left = tuple(np.array(self._left(path)) for path in self.grads)
        if len(self.grads) > len(self.params):
            return left
        return (*(returned if isinstance(returned, (tuple, list)) else (returned,)), *left)

    def _left(self, path: str) -> Any:
        """A gradient that backward left. Raises AttributeError where it left none of that name."""
        try:
            return get(self.made, path)
        except (AttributeError, KeyError) as error:
            raise AttributeError(f"grads must name what backward leaves in {held_by(self.made)}, got {path!r}") from error

    def _clear(self) -> None:
        """Every buffer that is there is filled with 0, in place: others may hold it too."""
        for path in self.grads:
            try:
                held = get(self.made, path)
            except (AttributeError, KeyError):
                continue
            if isinstance(held, np.ndarray) and held.flags.writeable:
                held[...] = 0


def from_layer(obj: Any, params: Sequence[str] = (), grads: Sequence[str] = (), accumulates: bool = False) -> FromLayer:
    """An object with `forward(x)` and `backward(delta)`, whose parameters and gradients are attributes, as a layer.

        layer = cnnbp.from_layer(MyConv(w, b), params=("w", "b"), grads=("dw", "db"))
        cnnbp.verify(layer, x)            # at its own parameters, or verify(layer, x, w, b)

    params, grads: the attributes, in the same order; a path with dots leads into attributes and dicts ("params.w1"). One name more
    in `grads` is that of dx, first, where backward leaves that too. accumulates: whether backward adds to the gradients that are
    there; then two passes must leave the sum. What is judged is a copy: the object stays as it is. An object that
    changes its parameters in a call fails, as a layer that writes into its arguments does.

    Raises TypeError for an object without the two methods, ValueError for names that do not pair, AttributeError for a parameter
    that is not there.

    >>> class Scale:
    ...     def __init__(self, w):
    ...         self.w = w
    ...
    ...     def forward(self, x):
    ...         self.x = x
    ...         return self.w * x
    ...
    ...     def backward(self, delta):
    ...         self.dw = delta * self.x
    ...         return self.w * delta
    >>> layer = cnnbp.from_layer(Scale(np.array([2.0, 3.0])), params=("w",), grads=("dw",))
    >>> cnnbp.verify(layer, np.array([0.5, -1.0])).status
    'pass'
    """
    if isinstance(obj, type):
        raise TypeError(f"obj must be an object, got the class {obj.__name__}: hand over {obj.__name__}(...)")
    for method in ("forward", "backward"):
        if not callable(optional(obj, method)):
            raise TypeError(f"obj must have the methods forward and backward, got {obj!r}")
    names = names_of("params", params), names_of("grads", grads)
    if grads and len(names[1]) not in (len(names[0]), len(names[0]) + 1):
        raise ValueError(f"grads must name one attribute for each of params {list(names[0])}, got {list(names[1])}")
    for path in names[0]:
        try:
            get(obj, path)
        except (AttributeError, KeyError) as error:
            raise AttributeError(f"params must name attributes of {held_by(obj)}, got {path!r}") from error
    with suppress(Exception):  # one that holds a lock or a file is asked itself, and keeps the last parameters that it was given
        obj = copy.deepcopy(obj)
    return FromLayer(obj, *names, accumulates)
