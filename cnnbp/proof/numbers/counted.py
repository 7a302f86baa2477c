"""Numbers that know only how many products they would sum: what a layer costs on tags, before it is run on them."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Any

import numpy as np

from ...rounding import Array
from .unknown import Unknown
from .unsupported import Unsupported, refuse

MOST_ASKED = 20_000  # comparisons, which nothing here decides


@dataclass
class Count:
    """Products that have been made so far, and how many may be. Raises Unsupported beyond, and where a comparison has no end.

    deadline: of `time.monotonic`.
    """

    most: int
    deadline: float = inf
    made: int = 0
    asked: int = 0

    def array(self, shape: tuple[int, ...]) -> Array:
        """Unknown numbers, each one product."""
        found = np.empty(shape, object)
        found[...] = Counted(self, 1)
        return found

    def of(self, products: int, new: int) -> Counted:
        """A sum of so many products, so many of which had to be written anew."""
        self.made += new
        if self.made > self.most:
            raise Unsupported("too-many-terms", terms=self.made, most=self.most)
        return Counted(self, products)


class Counted(Unknown):
    """A sum of `products`. Of a + b they are added, of a·b multiplied; every comparison has one and the same answer."""

    __slots__ = ("count", "products")

    def __init__(self, count: Count, products: int) -> None:
        self.count, self.products = count, products

    def __add__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        more = other.products if isinstance(other, Counted) else int(other != 0)
        return self.count.of(self.products + more, min(self.products, more))

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        if not isinstance(other, Counted):
            return self.count.of(self.products, self.products) if other else 0
        return self.count.of(self.products * other.products, self.products * other.products)

    __radd__ = __sub__ = __rsub__ = __add__
    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return refuse("division") if isinstance(other, Counted) else self * other

    def __neg__(self) -> Counted:
        return self

    def _sign(self, other: Any) -> int:
        self.count.asked += 1
        if self.count.asked > MOST_ASKED or monotonic() > self.count.deadline:  # as of a loop until something is small enough
            refuse("comparison")
        return 1
