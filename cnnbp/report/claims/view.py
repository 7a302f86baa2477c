"""What is claimed of what, by which kind of evidence, and what it does not show: as `evidence.claims` has it."""

from __future__ import annotations

from cnnbp.evidence.claims import Claim
from cnnbp.evidence.claims import claims as claimed

from ..setting import Setting


def claims(setting: Setting) -> list[Claim] | None:
    """The rows; None where nothing is claimed of anything."""
    return claimed(setting.document) or None
