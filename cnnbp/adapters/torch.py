"""A differentiable function or module of PyTorch as a layer."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..rounding import Array
from . import placed
from .adapted import Adapted, leaves, positional
from .exact import in_full
from .functions import checked_callable

WAYS_OUT = "its answer does not come from its arguments by operations of PyTorch alone (detach, .data, no_grad, NumPy, rounding)"


@dataclass(frozen=True)
class FromTorch(Adapted):
    """A differentiable function of tensors, its gradients by PyTorch's autograd.

    module: where it is one, in double precision; doubled: whether that is a copy, of one that was not.
    """

    function: Callable[..., Any]
    module: Any = None
    doubled: bool = False
    precision: str | None = None
    """In which it is asked; None: in that of the arrays."""
    device: str | None = None
    """On which it is asked; None: where tensors are made."""
    full: bool = False
    """Whether it is asked without the short cuts of PyTorch's own functions."""

    def asked_in(self, precision: str | None = None, device: Any = None) -> FromTorch:
        """The same in another precision, or on another device. Raises TypeError and ValueError for a device that is not here."""
        where = self.device if device is None else placed.checked(device)
        return replace(self, precision=precision or self.precision, device=where)

    @property
    def wrapped(self) -> Any:
        """The function, or the module."""
        return self.function

    def made_from(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """The function, or the module, and where it is asked."""
        return "from_torch", (self.function,), {"device": self.device}

    def argument_names(self, count: int) -> tuple[str, ...] | None:
        """Those of the function; of a module, what it takes and then its parameters."""
        if self.module is None:
            return super().argument_names(count)
        parameters = [name for name, _ in self.module.named_parameters()]
        taken = positional(self.module.forward) or ()
        inputs = [*taken, *(f"input {j}" for j in range(len(taken), count))]
        return (*(["x", *inputs[1:]] if taken[:1] == ("input",) else inputs)[: count - len(parameters)], *parameters)

    def own_parameters(self) -> tuple[Array, ...]:
        """Those of the module, in the order of `named_parameters`."""
        return () if self.module is None else tuple(p.detach().cpu().numpy().copy() for p in self.module.parameters())

    def changes(self) -> tuple[str, ...]:
        """A copy in double precision."""
        return ("contract.double-copy",) if self.doubled and self.precision in (None, "float64") else ()

    def forward(self, *args: Array) -> Any:
        """y, or all floating outputs as a tuple."""
        return _arrays(self._run(args)[1])

    def backward(self, delta: Any, *args: Array) -> tuple[Array, ...]:
        """The gradients of ⟨y, delta⟩ by every floating argument; 0 for one that y does not depend on."""
        return self._gradients(delta, *self._run(args))

    def at_once(self, delta: Any, *args: Array) -> tuple[Any, tuple[Array, ...]]:
        """What forward and backward answer, the function called once."""
        tensors, outputs = self._run(args)
        return _arrays(outputs), self._gradients(delta, tensors, outputs)

    def _gradients(self, delta: Any, tensors: list[Any], outputs: list[Any]) -> tuple[Array, ...]:
        import torch

        deltas = delta if isinstance(delta, (tuple, list)) else (delta,)
        residuals = [placed.tensor(d, self.precision, self.device).detach() for d in deltas]
        if [d.shape for d in residuals] != [y.shape for y in outputs]:
            shapes = ", ".join(str(tuple(y.shape)) for y in outputs)
            raise ValueError(f"delta must have the shape of y, {shapes}, got {', '.join(str(tuple(d.shape)) for d in residuals)}")
        pairs = [(y, d) for y, d in zip(outputs, residuals, strict=True) if y.requires_grad]
        wanted = [t for t in tensors if t.requires_grad]
        if not pairs:
            raise TypeError(f"{self.__name__} is not differentiable: {WAYS_OUT}")
        # ⟨y, delta⟩ as a number: given delta apart, PyTorch would load all of SymPy first, to compare two shapes.
        whole = sum((y * d).sum() for y, d in pairs)
        found = torch.autograd.grad(whole, wanted, allow_unused=True)
        return tuple(placed.array(torch.zeros_like(t) if g is None else g) for t, g in zip(wanted, found, strict=True))

    def _run(self, args: tuple[Array, ...]) -> tuple[list[Any], list[Any]]:
        """The arguments as tensors, and the floating outputs. Raises TypeError for answers that are no tensors."""
        import torch

        tensors = [placed.tensor(a, self.precision, self.device) for a in args]
        found = leaves(in_full(lambda: self._called(tensors)) if self.full else self._called(tensors))
        for y in found:
            if not isinstance(y, torch.Tensor):
                raise TypeError(f"{self.__name__} must answer tensors with tensors, got {type(y).__name__}: {WAYS_OUT}")
        return tensors, [y for y in found if y.is_floating_point() or y.is_complex()]

    def _called(self, tensors: list[Any]) -> Any:
        import torch

        if self.module is None:
            return self.function(*tensors)
        names = [name for name, _ in self.module.named_parameters()]
        inputs = len(tensors) - len(names)
        if inputs < 1:
            raise ValueError(f"the module has {len(names)} parameters ({', '.join(names)}), got {len(tensors) - 1}")
        module = self.module
        if self.precision is not None or self.device is not None:  # its buffers too
            dtype = None if self.precision is None else getattr(torch, self.precision)
            module = copy.deepcopy(module).to(device=self.device, dtype=dtype)
        state = dict(zip(names, tensors[inputs:], strict=True))
        state |= {name: buffer.clone() for name, buffer in module.named_buffers()}  # running statistics stay as they are
        return torch.func.functional_call(module, state, tuple(tensors[:inputs]))


def _arrays(outputs: list[Any]) -> Any:
    """y, or, of several, a tuple of them."""
    found = tuple(map(placed.array, outputs))
    return found[0] if len(found) == 1 else found


def from_torch(fn: Any, device: Any = None) -> FromTorch:
    """A function of tensors, `autograd.Function.apply` or `nn.Module` (parameters in `named_parameters` order) as a layer.

    A module that is not in double precision is copied into it, and the verdict says so; its running statistics are those that it
    was made with, at every call. A call with x alone takes the parameters that the module has. Several outputs, nested as they may
    be, are a tuple and take a tuple of residuals; those of integers are left out. device: where it is asked, for example "cuda":
    arguments, residual and parameters are moved there, answers come back as arrays.

    Raises TypeError for what cannot be called, ImportError without PyTorch, ValueError for a device that PyTorch does not have.

    >>> cnnbp.verify(cnnbp.from_torch(torch.nn.functional.silu), np.array([0.5, -1.0])).status
    'pass'
    """
    layer = _wrapped(fn)
    return layer if device is None else layer.asked_in(device=device)


def _wrapped(fn: Any) -> FromTorch:
    import torch

    if not isinstance(fn, torch.nn.Module):
        return FromTorch(checked_callable("fn", fn))
    tensors = (*fn.parameters(), *fn.buffers())
    if all(t.dtype == torch.float64 for t in tensors if t.is_floating_point()):
        return FromTorch(fn, fn)
    double = copy.deepcopy(fn).double()
    return FromTorch(double, double, doubled=True)
