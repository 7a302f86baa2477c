"""What `like=` may be: a layer of cnnbp, or anything whose numbers are trusted, made a layer and asked with care."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from ..adapters import from_jax, from_torch
from ..adapters.adapted import Unready, called, instead_of_class
from ..adapters.jax import FromJax
from ..adapters.outputs import joined
from ..adapters.torch import FromTorch
from ..attributes import name_of, optional
from ..operators import operator_of
from ..rounding import Array
from . import arguments
from .arguments import Given
from .subject import Breach

KINDS = (
    "one of cnnbp's layers, for example cnnbp.Conv2d(stride=2), a differentiable function or module of PyTorch, "
    "a function of JAX arrays, or a layer with forward and backward that is trusted"
)


def layer_of(like: Any) -> Any:
    """`like` as a layer, or as a function that waits for its arguments. Raises TypeError for what is neither."""
    if isinstance(like, type):
        raise TypeError(f"like must be an object, got the class {like.__name__}: hand over {instead_of_class(like)}")
    if is_module(like):
        return from_torch(like)
    if like is None or operator_of(like) or all(callable(optional(like, name)) for name in ("forward", "backward")):
        return like
    if not callable(like):
        raise TypeError(f"like must be {KINDS}, got {like!r}")
    return like


def is_module(layer: Any) -> bool:
    """Whether it is a module of PyTorch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(layer, torch.nn.Module)


class Trusted:
    """A reference whose numbers are believed: what it answers, or one sentence about why it is none here.

    Raises ValueError where it refuses the input or its answers are no reference.
    """

    def __init__(self, like: Any, given: Given) -> None:
        layered = optional(like, "forward") is not None
        self.name = name_of(like) if layered else called(like)
        layer = like if layered else self._of_function(like, given)
        self.written = layer is like and not isinstance(like, (FromTorch, FromJax))
        """Whether it is a layer that somebody wrote, which may not come to an end at numbers that it was not made for."""
        self.layer = joined(layer, given.args)
        self._subject = arguments.subject(self.layer, given)

    @property
    def quantities(self) -> tuple[str, ...]:
        """y, and the arguments whose gradients are wanted."""
        return ("y", *(self._subject.names[position] for position in self._subject.wanted))

    @property
    def first(self) -> str:
        """What the first argument is called."""
        return self._subject.names[0]

    def forward(self, args: tuple[Array, ...]) -> Array:
        """y"""
        y: Array = self._asked(lambda: self._subject.forward(*args))
        return y

    def answers(self, args: tuple[Array, ...], delta: Array) -> dict[str, Array]:
        """y and the gradients, by quantity."""
        if isinstance(self.layer, FromTorch):
            y, gradients = self._asked(lambda: self._subject.at_once(delta, *args))
        else:
            y = self.forward(args)
            if y.shape != delta.shape:
                raise ValueError(f"delta must have the shape of y, {y.shape}, got {delta.shape}")
            gradients = self._asked(lambda: self._subject.backward(delta, *args))
        return dict(zip(self.quantities, (y, *gradients), strict=True))

    def in_full(self, args: tuple[Array, ...], delta: Array) -> dict[str, Array] | None:
        """Likewise, without the short cuts that PyTorch takes in its own functions; None of what is no function of tensors."""
        if not isinstance(self.layer, FromTorch):
            return None
        found = copy.copy(self)
        found.layer = replace(self.layer, full=True)
        found._subject = copy.copy(self._subject)
        found._subject.layer = found.layer
        return found.answers(args, delta)

    def _asked(self, ask: Callable[[], Any]) -> Any:
        """The answer, which must be whole. The layer under test may have flaws of form; what it is judged by may not."""
        try:
            found = ask()
        except Breach as breach:
            raise ValueError(self._why(breach)) from breach
        if self._subject.broken:
            (check, quantity), said = next(iter(self._subject.broken.items()))
            raise ValueError(self._flaw(check, quantity, dict(said.values)))
        return found

    def _why(self, breach: Breach) -> str:
        if breach.__cause__ is not None:
            said = breach.remark.values
            return f"like must answer this input, but {said.get('method', 'it')} of {self.name} raised {_told(breach.__cause__)}"
        return self._flaw(breach.check, str(breach.remark.values.get("quantity", "y")), dict(breach.remark.values))

    def _flaw(self, check: str, quantity: str, said: dict[str, Any]) -> str:
        got = said.get("got", "something else")
        if check == "dtype":
            return (
                f"like must answer float64 arrays in float64, got {got} as {quantity} from {self.name}: make its own arrays float64"
            )
        if check in ("missing", "length"):
            return f"like must return a gradient of every argument, got none of {quantity} from {self.name}: name it in skip="
        if check == "shape":
            return f"like must answer {quantity} in shape {said.get('expected')}, got {got} from {self.name}"
        return f"like must answer with arrays, got {got} as {quantity} from {self.name}"

    def _of_function(self, function: Callable[..., Any], given: Given) -> Any:
        """A function of tensors, or, where it refuses them, of JAX arrays."""
        layer = from_torch(function)
        try:
            layer.forward(*map(np.array, given.args))
        except Exception as refused:
            alone = f"like must answer tensors of this input, but {self.name} raised {_told(refused)}"
            if "jax" not in sys.modules:
                raise ValueError(alone) from refused
            other = from_jax(function)
            try:
                other.forward(*map(np.array, given.args))
            except Unready:
                if str(getattr(function, "__module__", "")).startswith("jax"):
                    raise
                raise ValueError(alone) from refused
            except Exception as error:
                both = f"tensors it raised {_told(refused)}, of JAX arrays {_told(error)}"
                raise ValueError(f"like must answer this input, but {self.name} refused it: of {both}") from error
            return other
        return layer


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
