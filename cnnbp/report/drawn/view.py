"""Which shapes and options the cases had, and how often: what was not drawn was not tried."""

from __future__ import annotations

from collections.abc import Sequence

from cnnbp.evidence.records import Layer

from ..setting import Setting


def drawn(setting: Setting) -> Sequence[Layer] | None:
    """The layers; None where none was tried. The length of a bar is the share of the most frequent value."""
    return setting.document.layers or None
