"""What all numbers that are not known share: comparisons, which a walk answers, and the ways out of their number system."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Self

from .unsupported import refuse


class Unknown(ABC):
    """A number that can be asked which of two is larger, and that is no float, integer or truth value by itself."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # equality is a question to the walk

    @abstractmethod
    def _sign(self, other: Any) -> int:
        """The sign of self − other on the path that is walked. Raises Unsupported where it cannot be asked."""

    def __lt__(self, other: Any) -> bool:
        return self._sign(other) < 0

    def __gt__(self, other: Any) -> bool:
        return self._sign(other) > 0

    def __le__(self, other: Any) -> bool:
        return self._sign(other) <= 0

    def __ge__(self, other: Any) -> bool:
        return self._sign(other) >= 0

    def __eq__(self, other: object) -> bool:
        return self._sign(other) == 0

    def __ne__(self, other: object) -> bool:
        return self._sign(other) != 0

    def __bool__(self) -> bool:
        return self._sign(0) != 0

    def __abs__(self) -> Self:
        found: Self = self if self >= 0 else -self  # type: ignore[operator]  # every number system has its own −
        return found

    def __pos__(self) -> Self:
        return self

    def conjugate(self) -> Self:
        """Every unknown number is real."""
        return self

    def __float__(self) -> float:
        return refuse("float")

    def __int__(self) -> int:
        return refuse("int")

    __index__ = __int__
