"""The harness that settles whether a derivation, or an implementation, of CNN backpropagation is right."""

from importlib import import_module
from types import ModuleType

from .evidence import Evidence, Verdict
from .layers import (
    AvgPool2d,
    Conv2d,
    Dense,
    Flatten,
    HalfSquaredError,
    Identity,
    LeakyReLU,
    MaxPool2d,
    Network,
    ReLU,
    Sigmoid,
    SoftmaxCrossEntropy,
    Softplus,
    Tanh,
)
from .trial.adapters import from_cached, from_functions, from_torch
from .trial.network import verify_network
from .trial.verify import GradientError, assert_gradients, verify
from .version import __version__


def __getattr__(name: str) -> ModuleType:
    """`cnnbp.strategies` and `cnnbp.digits`, loaded when first asked for: Hypothesis and PyTorch take their time."""
    if name in ("digits", "strategies"):
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "AvgPool2d",
    "Conv2d",
    "Dense",
    "Evidence",
    "Flatten",
    "GradientError",
    "HalfSquaredError",
    "Identity",
    "LeakyReLU",
    "MaxPool2d",
    "Network",
    "ReLU",
    "Sigmoid",
    "SoftmaxCrossEntropy",
    "Softplus",
    "Tanh",
    "Verdict",
    "__version__",
    "assert_gradients",
    "from_cached",
    "from_functions",
    "from_torch",
    "verify",
    "verify_network",
]
