"""What PyTorch computes roughly on purpose, in full: softplus, which is the identity beyond its threshold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def in_full(function: Callable[[], Any]) -> Any:
    """What it answers where every such function of PyTorch inside it is asked without its short cut."""
    import torch
    from torch.overrides import TorchFunctionMode

    def softplus(x: Any, beta: float = 1.0, threshold: float = 20.0) -> Any:
        return torch.logaddexp(beta * x, torch.zeros_like(x)) / beta

    class InFull(TorchFunctionMode):
        """Calls the function in the place of the one with the short cut."""

        def __torch_function__(self, called: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            return (softplus if called is torch.nn.functional.softplus else called)(*args, **(kwargs or {}))

    with InFull():
        return function()
