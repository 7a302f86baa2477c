"""A differentiable function or module of PyTorch as a layer."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..rounding import Array
from . import placed
from .functions import checked_callable


@dataclass(frozen=True)
class FromTorch:
    """A differentiable function of tensors, its gradients by its own backward."""

    function: Callable[..., Any]
    module: Any = None
    precision: str | None = None
    """In which it is asked; None: in that of the arrays."""
    device: str | None = None
    """On which it is asked; None: where tensors are made."""

    def asked_in(self, precision: str | None = None, device: Any = None) -> FromTorch:
        """The same in another precision, or on another device. Raises TypeError and ValueError for a device that is not here."""
        where = self.device if device is None else placed.checked(device)
        return replace(self, precision=precision or self.precision, device=where)

    def forward(self, *args: Array) -> Array:
        """y"""
        return placed.array(self._run(args)[1])

    def backward(self, delta: Array, *args: Array) -> tuple[Array, ...]:
        """The gradients of ⟨y, delta⟩ by every floating argument; 0 for one that y does not depend on."""
        import torch

        tensors, y = self._run(args)
        wanted = [t for t in tensors if t.requires_grad]
        residual = placed.tensor(delta, self.precision, self.device).detach()
        found = torch.autograd.grad(y, wanted, residual, allow_unused=True)
        return tuple(placed.array(torch.zeros_like(t) if g is None else g) for t, g in zip(wanted, found, strict=True))

    def _run(self, args: tuple[Array, ...]) -> tuple[list[Any], Any]:
        import torch

        tensors = [placed.tensor(a, self.precision, self.device) for a in args]
        if self.module is None:
            return tensors, self.function(*tensors)
        names = [name for name, _ in self.module.named_parameters()]
        if len(names) != len(tensors) - 1:
            raise ValueError(f"the module has {len(names)} parameters ({', '.join(names)}), got {len(tensors) - 1}")
        module = copy.deepcopy(self.module).to(device=self.device)
        if self.precision is not None:
            module = module.to(dtype=getattr(torch, self.precision))  # its buffers too
        return tensors, torch.func.functional_call(module, dict(zip(names, tensors[1:], strict=True)), (tensors[0],))


def from_torch(fn: Any, device: Any = None) -> FromTorch:
    """A function of tensors, `autograd.Function.apply` or `nn.Module` (parameters in `named_parameters` order) as a layer.

    device: where it is asked, for example "cuda": arguments, residual and parameters are moved there, answers come back as arrays.

    Raises TypeError for what cannot be called, ImportError without PyTorch, ValueError for a device that PyTorch does not have.
    """
    import torch

    layer = FromTorch(checked_callable("fn", fn), fn if isinstance(fn, torch.nn.Module) else None)
    return layer if device is None else layer.asked_in(device=device)
