"""The harness that settles whether a derivation, or an implementation, of CNN backpropagation is right."""

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

__version__ = "0.1.0"

__all__ = [
    "AvgPool2d",
    "Conv2d",
    "Dense",
    "Flatten",
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
    "__version__",
]
