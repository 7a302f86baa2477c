"""The controls: layers wrong on purpose, which must be caught, and right but unusual ones, which must not fail."""

from . import batch_norm, contract, convolution, dense, elementwise, losses, pooling, precision, transposed
from .catalogue import Fault, Right

FAMILIES = (convolution, transposed, batch_norm, pooling, dense, elementwise, losses, contract)

FAULTS: tuple[Fault, ...] = tuple(fault for family in (*FAMILIES, precision) for fault in family.FAULTS)
RIGHT: tuple[Right, ...] = tuple(layer for family in FAMILIES for layer in family.RIGHT)

__all__ = ["FAULTS", "RIGHT", "Fault", "Right"]
