"""Tensors in a precision and on a device, from arrays and back: bfloat16, which NumPy lacks, travels in float32."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..rounding import Array


def tensor(a: Array, precision: str | None, device: str | None) -> Any:
    """A tensor of its own memory. Only floating numbers are put into the precision, and want a gradient."""
    import torch

    real = a.dtype.kind == "f"
    dtype = getattr(torch, precision) if precision and real else None
    return torch.from_numpy(np.array(a, order="C")).to(dtype=dtype, device=device).requires_grad_(real)


def array(t: Any) -> Array:
    """The numbers of a tensor, wherever it lives."""
    import torch

    found = t.detach().cpu()
    return np.asarray((found.float() if found.dtype == torch.bfloat16 else found).numpy())


def checked(device: Any) -> str:
    """The name of a device that PyTorch has here. Raises TypeError; ValueError that names those that it has."""
    import torch

    if not isinstance(device, (str, torch.device)):
        raise TypeError(f"device must be the name of a device of PyTorch, for example 'cuda', got {device!r}")
    try:
        torch.empty(1, device=device).cpu()
    except Exception as error:  # every backend has its own
        why = str(error).splitlines()[0]
        raise ValueError(f"device must be one that PyTorch has here ({', '.join(present())}), got {str(device)!r}: {why}") from None
    return str(device)


def present() -> list[str]:
    """The devices that PyTorch has here."""
    import torch

    found = ["cpu", *(f"cuda:{number}" for number in range(torch.cuda.device_count()))]
    return [*found, "mps"] if torch.backends.mps.is_available() else found
