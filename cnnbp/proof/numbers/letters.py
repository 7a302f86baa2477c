"""On which of the unknown numbers an element of a field depends: by all others its derivative is 0, and need not be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .element import Element
    from .field import Field


def letters(field: Field, element: Element) -> frozenset[int]:
    """Their numbers; of a symbol those of its argument."""
    found = set[int]()
    for part in (element.p, element.q):
        degrees = part.degrees() if part is not None else ()
        for place, degree in enumerate(degrees):
            if degree > 0:  # of 0 it is −1
                found |= {place} if place < field.unknown else field.symbols[place - field.unknown].letters
    return frozenset(found)
