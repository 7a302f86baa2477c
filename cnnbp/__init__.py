"""The harness that settles whether a derivation, or an implementation, of CNN backpropagation is right."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .version import __version__

if TYPE_CHECKING:
    from .adapters import from_cached, from_functions, from_jax, from_layer, from_torch
    from .evidence import Evidence, Proof, Verdict
    from .layers import (
        AvgPool2d,
        BatchNorm2d,
        Conv2d,
        ConvTranspose2d,
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
    from .proof.prove import prove
    from .verification.network import verify_network
    from .verification.step import verify_step
    from .verification.verify import GradientError, assert_gradients, verify

_ROOMS = ("digits", "layers", "oracles", "strategies")
_HOME = {
    **dict.fromkeys(("Evidence", "Proof", "Verdict"), "evidence"),
    **dict.fromkeys(("from_cached", "from_functions", "from_jax", "from_layer", "from_torch"), "adapters"),
    **dict.fromkeys(("GradientError", "assert_gradients", "verify"), "verification.verify"),
    "prove": "proof.prove",
    "verify_network": "verification.network",
    "verify_step": "verification.step",
}


def __getattr__(name: str) -> Any:
    """Every public name, loaded when first asked for: a page is set again without NumPy, and a test waits for no PyTorch."""
    if name in _ROOMS:
        return import_module(f".{name}", __name__)
    if name in __all__:
        return getattr(import_module(f".{_HOME.get(name, 'layers')}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, *_ROOMS]


__all__ = [
    "AvgPool2d",
    "BatchNorm2d",
    "Conv2d",
    "ConvTranspose2d",
    "Dense",
    "Evidence",
    "Flatten",
    "GradientError",
    "HalfSquaredError",
    "Identity",
    "LeakyReLU",
    "MaxPool2d",
    "Network",
    "Proof",
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
    "from_jax",
    "from_layer",
    "from_torch",
    "prove",
    "verify",
    "verify_network",
    "verify_step",
]
