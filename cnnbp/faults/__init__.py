"""The controls: layers wrong on purpose, which must be caught, and right but unusual ones, which must not fail."""

from . import (
    batch_norm,
    combined,
    contract,
    convolution,
    dense,
    elementwise,
    losses,
    magnitudes,
    memory,
    other_forms,
    other_sums,
    pooling,
    precision,
    registers,
    short_cuts,
    transposed,
)
from .catalogue import Fault, Right

FAMILIES = (convolution, transposed, batch_norm, pooling, dense, elementwise, losses, contract)
RARE = (magnitudes, short_cuts, registers, combined)  # which show at some numbers, sizes, layouts or options alone
EACH = 3  # of these, and of right layers by other means, one in three goes through every run

USUAL: tuple[Fault, ...] = tuple(fault for family in (*FAMILIES, precision, memory) for fault in family.FAULTS)
UNUSUAL: tuple[Fault, ...] = tuple(fault for family in RARE for fault in family.FAULTS)
FAULTS: tuple[Fault, ...] = (*USUAL, *UNUSUAL)
OTHERWISE: tuple[Right, ...] = (*other_sums.RIGHT, *other_forms.RIGHT)
RIGHT: tuple[Right, ...] = (*(layer for family in FAMILIES for layer in family.RIGHT), *OTHERWISE)

WRONG_CONTROLS: tuple[Fault, ...] = (*USUAL, *UNUSUAL[::EACH])
RIGHT_CONTROLS: tuple[Right, ...] = (*RIGHT[: -len(OTHERWISE)], *OTHERWISE[::EACH])

__all__ = ["FAULTS", "RIGHT", "RIGHT_CONTROLS", "WRONG_CONTROLS", "Fault", "Right"]
