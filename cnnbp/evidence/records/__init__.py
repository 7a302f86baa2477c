"""The evidence of a run as classes, from whoever produces it to whoever reads it; the JSON schema is generated from them.

Page and terminal count for themselves, and `status` says what follows. Where a number is there twice, it was counted in two
ways: what an oracle said by case, and by quantity. Then neither can be changed alone.
"""

from __future__ import annotations

from .base import MOST as MOST
from .base import Given as Given
from .base import Record, Told, Words
from .document import FORMAT, MOST_CASES, Contract, Document, Known, Part, Provenance, RunStatus, Whole, rerun, rerun_case
from .layers import Controls, Doubt, Failure, Layer, Met, Quantity, Right, Tally, Wrong
from .parts import DigitsRun, Entry, Ladder, Matrix, Raised, Rung, Training
from .peers import Faults, Measured, Peer, Peers
from .proofs import Proofs, Proved, SizeClaim, Sizes, Theorem, Theorems, Twin
from .statements import AtShape, Counterexample, Derivation, Letters, Misprint, Outcome, Reading, Role, Statement

__all__ = [
    "FORMAT", "MOST_CASES", "AtShape", "Contract", "Controls", "Counterexample", "Derivation", "DigitsRun", "Document",
    "Doubt", "Entry", "Failure", "Faults", "Known", "Ladder", "Layer", "Letters", "Matrix", "Measured", "Met", "Misprint",
    "Outcome", "Part", "Peer", "Peers", "Proofs", "Proved", "Provenance", "Quantity", "Raised", "Reading", "Record", "Right",
    "Role", "Rung", "RunStatus", "SizeClaim", "Sizes", "Statement", "Tally", "Theorem", "Theorems", "Told", "Training",
    "Twin", "Whole", "Words", "Wrong", "rerun", "rerun_case",
]  # fmt: skip
