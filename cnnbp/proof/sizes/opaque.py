"""What the source may hand on, but not ask: of it nothing is modelled that an answer could be taken from."""

from __future__ import annotations

from typing import Any

from .kernel import Unknown


class Opaque:
    """What may be handed on, but not asked for anything: whether it is true, or equal to something."""

    def __eq__(self, other: object) -> bool:
        raise TypeError("what is not modelled is compared with nothing")

    def __bool__(self) -> bool:
        raise TypeError("what is not modelled is neither true nor false")

    __hash__ = None  # type: ignore[assignment]


class AnyTap(Opaque):
    """Of the taps of an axis, any one. It is no list: nobody can ask how many there are, or for a part of them."""

    def __init__(self, tap: Unknown, slices: Any) -> None:
        self.tap, self.slices = tap, slices


DTYPE = Opaque()  # the one that all arrays have
