"""What was kept of other gradient checkers against itself: of each layer each of them said one thing."""

from __future__ import annotations

from collections.abc import Iterator

from ..records import Peers
from ..verdict import Remark
from .unless import unless


def peers(found: Peers) -> Iterator[Remark]:
    """None caught or failed more than there are, or said more than it was asked."""
    wrong, asked = found.wrong, found.wrong.total + found.right
    for each in found.checkers:
        said = each.caught.total + each.failed + each.inconclusive + each.unasked
        within = all(count <= getattr(wrong, kind) for kind, count in each.caught) and each.failed <= found.right and said <= asked
        yield from unless(each, {"peer": within}, record=each.name, caught=each.caught.total, wrong=wrong.total, right=found.right)
