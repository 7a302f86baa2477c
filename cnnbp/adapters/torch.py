"""A differentiable function or module of PyTorch as a layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..rounding import Array
from .functions import checked_callable


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

    return FromTorch(checked_callable("fn", fn), fn if isinstance(fn, torch.nn.Module) else None)
