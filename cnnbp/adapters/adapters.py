"""Other people's layers as layers of ours: two functions, a forward with a cache, a differentiable PyTorch function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..rounding import Array


@dataclass(frozen=True)
class FromFunctions:
    """A layer of two plain functions."""

    forward: Callable[..., Any]
    backward: Callable[..., Any]


def from_functions(forward: Callable[..., Any], backward: Callable[..., Any]) -> FromFunctions:
    """`y = forward(x, *params)` and `(dx, *dparams) = backward(delta, x, *params)` as a layer. Raises TypeError."""
    return FromFunctions(_callable("forward", forward), _callable("backward", backward))


@dataclass(frozen=True)
class FromCached:
    """A layer in the style of courses: the forward hands a cache to the backward."""

    cached_forward: Callable[..., Any]
    cached_backward: Callable[..., Any]

    def forward(self, *args: Array) -> Any:
        """y"""
        y, _ = self.cached_forward(*args)
        return y

    def backward(self, delta: Array, *args: Array) -> Any:
        """The gradients, straight after a forward with the same input."""
        _, cache = self.cached_forward(*args)
        return self.cached_backward(delta, cache)

    def backward_after_another_forward(self, delta: Array, args: tuple[Array, ...], others: tuple[Array, ...]) -> Any:
        """The gradients after a second forward came in between: a cache that both calls share gives itself away."""
        _, cache = self.cached_forward(*(a.copy() for a in args))
        self.cached_forward(*(a.copy() for a in others))
        return self.cached_backward(delta, cache)


def from_cached(forward: Callable[..., Any], backward: Callable[..., Any]) -> FromCached:
    """`y, cache = forward(x, *params)` and `grads = backward(delta, cache)` as a layer. Raises TypeError.

    A class that keeps `self.cache` becomes a cache itself, one object for each forward:

        def forward(x, w, b):
            layer = MyConv(w, b)
            return layer.forward(x), layer

        def backward(delta, layer):
            return layer.backward(delta), layer.dw, layer.db

        cnnbp.verify(cnnbp.from_cached(forward, backward), x, w, b)
    """
    return FromCached(_callable("forward", forward), _callable("backward", backward))


@dataclass(frozen=True)
class FromTorch:
    """A differentiable function of tensors, its gradients by its own backward."""

    function: Callable[..., Any]
    module: Any = None

    def forward(self, *args: Array) -> Array:
        """y"""
        return np.asarray(self._run(args)[1].detach().numpy())

    def backward(self, delta: Array, *args: Array) -> tuple[Array, ...]:
        """The gradients of ⟨y, delta⟩ by every floating argument; 0 for one that y does not depend on."""
        import torch

        tensors, y = self._run(args)
        wanted = [t for t in tensors if t.requires_grad]
        found = torch.autograd.grad(y, wanted, torch.tensor(np.array(delta, order="C")), allow_unused=True)
        return tuple((torch.zeros_like(t) if g is None else g).numpy() for t, g in zip(wanted, found, strict=True))

    def _run(self, args: tuple[Array, ...]) -> tuple[list[Any], Any]:
        import torch

        tensors = [torch.tensor(np.array(a, order="C"), requires_grad=a.dtype.kind == "f") for a in args]
        if self.module is None:
            return tensors, self.function(*tensors)
        names = [name for name, _ in self.module.named_parameters()]
        if len(names) != len(tensors) - 1:
            raise ValueError(f"the module has {len(names)} parameters ({', '.join(names)}), got {len(tensors) - 1}")
        return tensors, torch.func.functional_call(self.module, dict(zip(names, tensors[1:], strict=True)), (tensors[0],))


def from_torch(fn: Any) -> FromTorch:
    """A function of tensors, `autograd.Function.apply` or `nn.Module` (parameters in `named_parameters` order) as a layer.

    Raises TypeError for what cannot be called, ImportError without PyTorch.
    """
    import torch

    return FromTorch(_callable("fn", fn), fn if isinstance(fn, torch.nn.Module) else None)


def _callable(name: str, function: Any) -> Callable[..., Any]:
    if not callable(function):
        raise TypeError(f"{name} must be callable, got {function!r}")
    return function  # type: ignore[no-any-return]  # whatever can be called
