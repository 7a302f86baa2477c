"""Wrong backward passes, each with the real bug it re-tells; and unusual right layers, which must never be accused."""

from . import activations, contract, convolution, dense, losses, pooling, precision
from .catalogue import Fault, Unusual
from .unusual import UNUSUAL

FAULTS: tuple[Fault, ...] = (
    *convolution.FAULTS,
    *pooling.FAULTS,
    *dense.FAULTS,
    *activations.FAULTS,
    *losses.FAULTS,
    *precision.FAULTS,
    *contract.FAULTS,
)

__all__ = ["FAULTS", "UNUSUAL", "Fault", "Unusual"]
