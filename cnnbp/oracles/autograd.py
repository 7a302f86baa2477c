"""The same case in PyTorch, float64: its forward, and its autograd's gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .abstention import Abstention

Array = npt.NDArray[Any]


def answer(operator: str, options: Mapping[str, Any], args: tuple[Array, ...], delta: Array) -> dict[str, Array]:
    """y, and the gradients of ⟨y, delta⟩ by x and the parameters. Raises Abstention without PyTorch, or such a layer in it."""
    try:
        import torch  # here, not above: it takes longer to import than the rest of the package together
    except ImportError as error:
        raise Abstention("PyTorch is not installed") from error
    function = functions(torch).get(operator)
    if function is None:
        raise Abstention(f"PyTorch has no counterpart of {operator}")
    tensors = [torch.from_numpy(np.array(a, order="C")).requires_grad_(a.dtype.kind == "f") for a in args]
    y = function(options, *tensors)
    differentiable = [t for t in tensors if t.requires_grad][
        : 1 if operator in ("HalfSquaredError", "SoftmaxCrossEntropy") else 3
    ]
    gradients = torch.autograd.grad(y, differentiable, torch.from_numpy(np.array(delta, order="C")))
    answers = {"y": y.detach().numpy()}
    answers.update(zip("xwb", (g.numpy() for g in gradients), strict=False))
    return {name: np.asarray(value) for name, value in answers.items()}


def whole(
    layers: Sequence[tuple[str, Mapping[str, Any]]],
    x: Array,
    target: Array,
    params: Sequence[tuple[Array, ...]],
    weight_decay: float = 0.0,
) -> tuple[float, list[tuple[Array, ...]]]:
    """J = mean ½‖h(x) − target‖² + λ/2·Σ‖w‖² of a whole network, and ∂J by every parameter. Raises Abstention without PyTorch."""
    try:
        import torch
    except ImportError as error:
        raise Abstention("PyTorch is not installed") from error
    known = functions(torch)
    thetas = [tuple(torch.tensor(p, requires_grad=True) for p in theta) for theta in params]
    a = torch.tensor(x)
    for (operator, options), theta in zip(layers, thetas, strict=True):
        if operator not in known:
            raise Abstention(f"PyTorch has no counterpart of {operator}")
        a = known[operator](options, a, *theta)
    loss = known["HalfSquaredError"]({}, a, torch.tensor(target))
    for theta in thetas:
        loss = loss + weight_decay / 2 * sum((w**2).sum() for w in theta[:1])
    wanted = [p for theta in thetas for p in theta]
    flat = iter(torch.autograd.grad(loss, wanted) if wanted else ())
    return float(loss.detach()), [tuple(next(flat).numpy() for _ in theta) for theta in thetas]


def functions(torch: Any) -> dict[str, Callable[..., Any]]:
    """PyTorch's counterpart of every operator, called with its options, its input and its parameters."""
    F = torch.nn.functional

    def conv2d(o: Mapping[str, Any], x: Any, w: Any, b: Any = None) -> Any:
        return F.conv2d(x, w, b, o["stride"], o["padding"], o["dilation"], o["groups"])

    def conv_transpose2d(o: Mapping[str, Any], x: Any, w: Any, b: Any = None) -> Any:
        return F.conv_transpose2d(x, w, b, o["stride"], o["padding"], o["output_padding"], o["groups"], o["dilation"])

    def batch_norm2d(o: Mapping[str, Any], x: Any, w: Any, b: Any = None, *statistics: Any) -> Any:
        given = [s.detach() for s in statistics] or (None, None)  # F.batch_norm refuses channels of a single entry
        return torch.batch_norm(x, w, b, *given, o["training"], 0.0, o["eps"], False)

    def half_squared_error(o: Mapping[str, Any], x: Any, target: Any) -> Any:
        return ((x - target) ** 2).sum() / (2 * len(x))

    return {
        "Dense": lambda o, x, w, b=None: F.linear(x, w, b),
        "Conv2d": conv2d,
        "ConvTranspose2d": conv_transpose2d,
        "BatchNorm2d": batch_norm2d,
        "MaxPool2d": lambda o, x: F.max_pool2d(x, **o),
        "AvgPool2d": lambda o, x: F.avg_pool2d(x, **o),
        "Flatten": lambda o, x: x.reshape(len(x), -1),
        "Identity": lambda o, x: x.clone(),
        "Sigmoid": lambda o, x: torch.sigmoid(x),
        "Tanh": lambda o, x: torch.tanh(x),
        "ReLU": lambda o, x: torch.relu(x),
        "LeakyReLU": lambda o, x: F.leaky_relu(x, o["negative_slope"]),
        "Softplus": lambda o, x: -F.logsigmoid(-x),  # F.softplus switches to a straight line at its threshold
        "HalfSquaredError": half_squared_error,
        "SoftmaxCrossEntropy": lambda o, x, target: F.cross_entropy(x, target),
    }
