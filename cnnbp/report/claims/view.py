"""What is claimed of what, by which kind of evidence, and what it does not show: as `evidence.claims` has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnbp.evidence.claims import Claim, chance
from cnnbp.evidence.claims import claims as claimed
from cnnbp.evidence.verdict import Remark

from ..setting import Setting


@dataclass(frozen=True)
class Claims:
    """The rows, and what is left to chance in all of them."""

    rows: Sequence[Claim]
    chance: Remark | None


def claims(setting: Setting) -> Claims | None:
    """None where nothing is claimed of anything."""
    rows = claimed(setting.document)
    return Claims(rows, chance(rows)) if rows else None
