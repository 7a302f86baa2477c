"""The same case in PyTorch, float64: its forward, and its autograd's gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..rounding import Array
from .abstention import Abstention

Options = Mapping[str, Any]


def answer(operator: str, options: Options, args: tuple[Array, ...], delta: Array, gradients: Sequence[str]) -> dict[str, Array]:
    """y, and the gradients of ⟨y, delta⟩ by the first arguments, named `gradients`, as far as they were given.

    Raises Abstention without PyTorch, or such a layer in it.
    """
    torch, functions = loaded([operator])
    tensors = [torch.from_numpy(np.array(a, order="C")) for a in args]
    wanted = dict(zip(gradients, tensors, strict=False))
    for tensor in wanted.values():
        tensor.requires_grad_()
    with _one_thread(torch):
        y = functions[operator](options, *tensors)
        # ⟨y, delta⟩ as a number: given delta apart, PyTorch would load all of SymPy first, to compare two shapes.
        found = torch.autograd.grad((y * torch.from_numpy(np.array(delta, order="C"))).sum(), list(wanted.values()))
    answers = {"y": y.detach().numpy(), **dict(zip(wanted, (g.numpy() for g in found), strict=True))}
    return {name: np.asarray(value) for name, value in answers.items()}


@contextmanager
def _one_thread(torch: Any) -> Iterator[None]:
    """Arrays of this size are answered sooner by one thread than by several that wait for each other, and the same everywhere."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def whole(
    layers: Sequence[tuple[str, Options]],
    x: Array,
    target: Array,
    params: Sequence[tuple[Array, ...]],
    weight_decay: float = 0.0,
) -> tuple[float, list[tuple[Array, ...]]]:
    """J = mean ½‖h(x) − target‖² + λ/2·Σ‖w‖² of a whole network, and ∂J by every parameter. Raises Abstention without PyTorch."""
    torch, functions = loaded(operator for operator, _ in layers)
    thetas = [tuple(torch.tensor(p, requires_grad=True) for p in theta) for theta in params]
    a = torch.tensor(x)
    for (operator, options), theta in zip(layers, thetas, strict=True):
        a = functions[operator](options, a, *theta)
    loss = functions["HalfSquaredError"]({}, a, torch.tensor(target))
    for theta in thetas:
        loss = loss + weight_decay / 2 * sum((w**2).sum() for w in theta[:1])
    wanted = [p for theta in thetas for p in theta]
    flat = iter(torch.autograd.grad(loss, wanted) if wanted else ())
    return float(loss.detach()), [tuple(next(flat).numpy() for _ in theta) for theta in thetas]


def loaded(operators: Iterable[str]) -> tuple[Any, dict[str, Callable[..., Any]]]:
    """PyTorch, and its counterpart of every operator. Raises Abstention without it, or one of these in it."""
    try:
        import torch  # here, not above: it takes longer to import than the rest of the package together
    except ImportError as error:
        raise Abstention("oracles.no-torch") from error
    known = functions(torch)
    for operator in operators:
        if operator not in known:
            raise Abstention("oracles.unknown-to-torch", operator=operator)
    return torch, known


def functions(torch: Any) -> dict[str, Callable[..., Any]]:
    """PyTorch's counterpart of every operator, called with its options, its input and its parameters."""
    F = torch.nn.functional

    def conv2d(o: Options, x: Any, w: Any, b: Any = None) -> Any:
        return F.conv2d(x, w, b, o["stride"], o["padding"], o["dilation"], o["groups"])

    def conv_transpose2d(o: Options, x: Any, w: Any, b: Any = None) -> Any:
        return F.conv_transpose2d(x, w, b, o["stride"], o["padding"], o["output_padding"], o["groups"], o["dilation"])

    def batch_norm2d(o: Options, x: Any, w: Any, b: Any = None, *statistics: Any) -> Any:
        given = statistics or (None, None)  # not F.batch_norm, which refuses channels of a single entry
        return torch.batch_norm(x, w, b, *given, o["training"], 0.0, o["eps"], False)

    def half_squared_error(o: Options, x: Any, target: Any) -> Any:
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
