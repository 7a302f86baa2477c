"""The theorems: what Rocq's kernel has checked about the text of `cnnbp/layers/relation.py`, for all sizes, over any ring.

`theorem_status()` says whether they are about the source as it stands; `make theorem` checks them again. Believed are Rocq's
kernel, the translator, which refuses whatever it does not spell out, and that the layers do with NumPy what `Line.v`,
`Plane.v`, `Convolution.v`, `TransposedConvolution.v`, `Loops.v`, `MeanPooling.v` and `MaxPooling.v` say; of this `model` has
samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from . import record
from .record import Record, Theorem
from .rocq import ProofRefused, RocqMissing

__all__ = ["ProofRefused", "Record", "RocqMissing", "Theorem", "TheoremStatus", "theorem_status"]


@dataclass(frozen=True)
class TheoremStatus:
    """Whether the theorems hold for this source, by which version of Rocq, and what they say."""

    status: Literal["checked in this run", "checked for this source", "not for this source"]
    version: str
    theorems: tuple[Theorem, ...]
    reasons: tuple[str, ...] = ()  # in sentences, why the record is not for this source

    def __str__(self) -> str:
        return f"{self.status} by Rocq {self.version}" if not self.reasons else f"{self.status}: {' '.join(self.reasons)}"


def theorem_status(check: bool = False) -> TheoremStatus:
    """From the record of the last run, or with `check` from a run now, which takes a minute.

    A run raises RocqMissing where there is no Rocq, ProofRefused where a theorem does not hold for this source.
    """
    if check:
        from .check import check as run

        found = run()
        return TheoremStatus("checked in this run", found.version, found.theorems)
    found = record.read()
    reasons = tuple(record.stale(found))
    return TheoremStatus("not for this source" if reasons else "checked for this source", found.version, found.theorems, reasons)
