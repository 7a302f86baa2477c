"""The same case in PyTorch, float64: its forward, and its autograd's gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from .testimony import Abstention

Array = npt.NDArray[Any]


def answer(operator: str, options: Mapping[str, Any], args: tuple[Array, ...], delta: Array) -> dict[str, Array]:
    """y, and the gradients of ⟨y, delta⟩ by x and the parameters. Raises Abstention where PyTorch is missing or has no such layer."""
    try:
        import torch  # here, not above: it takes longer to import than the rest of the package together
    except ImportError as error:
        raise Abstention("PyTorch is not installed") from error
    function = _functions(torch).get(operator)
    if function is None:
        raise Abstention(f"PyTorch has no counterpart of {operator}")
    tensors = [torch.tensor(a, requires_grad=a.dtype.kind == "f") for a in args]
    y = function(options, *tensors)
    differentiable = [t for t in tensors if t.requires_grad][: 1 if operator in ("HalfSquaredError", "SoftmaxCrossEntropy") else None]
    gradients = torch.autograd.grad(y, differentiable, torch.tensor(delta))
    answers = {"y": y.detach().numpy()}
    answers.update(zip("xwb", (g.numpy() for g in gradients), strict=False))
    return {name: np.asarray(value) for name, value in answers.items()}


def _functions(torch: Any) -> dict[str, Callable[..., Any]]:
    F = torch.nn.functional

    def conv2d(o: Mapping[str, Any], x: Any, w: Any, b: Any = None) -> Any:
        return F.conv2d(x, w, b, o["stride"], o["padding"], o["dilation"], o["groups"])

    def half_squared_error(o: Mapping[str, Any], x: Any, target: Any) -> Any:
        return ((x - target) ** 2).sum() / (2 * len(x))

    return {
        "Dense": lambda o, x, w, b=None: F.linear(x, w, b),
        "Conv2d": conv2d,
        "MaxPool2d": lambda o, x: F.max_pool2d(x, **o),
        "AvgPool2d": lambda o, x: F.avg_pool2d(x, **o),
        "Flatten": lambda o, x: x.flatten(1),
        "Identity": lambda o, x: x.clone(),
        "Sigmoid": lambda o, x: torch.sigmoid(x),
        "Tanh": lambda o, x: torch.tanh(x),
        "ReLU": lambda o, x: torch.relu(x),
        "LeakyReLU": lambda o, x: F.leaky_relu(x, o["negative_slope"]),
        "Softplus": lambda o, x: -F.logsigmoid(-x),  # F.softplus switches to a straight line at its threshold
        "HalfSquaredError": half_squared_error,
        "SoftmaxCrossEntropy": lambda o, x, target: F.cross_entropy(x, target),
    }
