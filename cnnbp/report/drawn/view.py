"""Which shapes and options the cases had, and how often: what was not drawn was not tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnbp.evidence.records import Layer

from ..setting import Setting


@dataclass(frozen=True)
class Drawn:
    """The layers that have options, and the names of those that have none."""

    layers: Sequence[Layer]
    without: Sequence[str]

    @staticmethod
    def share(values: dict[str, int]) -> list[tuple[str, int, int]]:
        """Each value, how often it came up, and that in percent of the most frequent one."""
        most = max(values.values(), default=1)
        return [(value, n, 100 * n // most) for value, n in values.items()]


def drawn(setting: Setting) -> Drawn | None:
    """None where no layer was tried."""
    tried = setting.document.layers
    return Drawn([a for a in tried if a.options], [a.operator for a in tried if not a.options]) if tried else None
