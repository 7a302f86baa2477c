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
RARE = (memory, magnitudes, short_cuts, registers, combined)  # to be seen at some numbers, sizes, options, or in some order, alone
OTHER = (other_sums, other_forms)
EACH = 4  # of the last two kinds one in so many goes through every run; `cnnbp faults` asks about all

USUAL: tuple[Fault, ...] = tuple(fault for family in (*FAMILIES, precision) for fault in family.FAULTS)
USUAL_RIGHT: tuple[Right, ...] = tuple(layer for family in FAMILIES for layer in family.RIGHT)
FAULTS: tuple[Fault, ...] = (*USUAL, *(fault for family in RARE for fault in family.FAULTS))
RIGHT: tuple[Right, ...] = (*USUAL_RIGHT, *(layer for family in OTHER for layer in family.RIGHT))

WRONG_CONTROLS: tuple[Fault, ...] = (*USUAL, *FAULTS[len(USUAL) :: EACH])
RIGHT_CONTROLS: tuple[Right, ...] = (*USUAL_RIGHT, *RIGHT[len(USUAL_RIGHT) :: EACH])

__all__ = ["FAULTS", "RIGHT", "RIGHT_CONTROLS", "USUAL", "USUAL_RIGHT", "WRONG_CONTROLS", "Fault", "Right"]
