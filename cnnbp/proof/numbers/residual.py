"""The residual δ of an elementwise layer as a rounded number: of one power of two, for all of them and both signs.

Scaling δ by a power of two scales what is multiplied from it, and rounds it alike, as long as all that stands on the way is a
normal float. So δ may be multiplied, divided and negated, and nothing else: a comparison or a sum would tell sizes apart.
"""

from __future__ import annotations

from typing import Any

from .rounded import Rounded
from .unsupported import refuse


class Residual(Rounded):
    """A multiple of δ. `steps` products and quotients led to it; `grew`: one of them may have enlarged it."""

    __slots__ = ("grew", "steps")
    __hash__ = None  # as of every rounded number

    def __init__(self, number: Rounded, steps: int = 0, grew: bool = False) -> None:
        super().__init__(number.functions, number.low, number.high, number.error)
        self.steps, self.grew = steps, grew

    def __mul__(self, other: Any) -> Residual:
        o = self._factor(other)
        return NotImplemented if o is None else self._next(Rounded.__mul__(self, o), bool(o.low >= -1 and o.high <= 1))

    def __truediv__(self, other: Any) -> Residual:
        o = self._factor(other)
        return NotImplemented if o is None else self._next(Rounded.__truediv__(self, o), bool(o.low >= 1 or o.high <= -1))

    def __neg__(self) -> Residual:
        return Residual(Rounded.__neg__(self), self.steps, self.grew)

    __rmul__ = __mul__

    @property
    def stays_normal(self) -> bool:
        """Whether all that stood on the way is a normal float wherever this and δ are: it never grew, or there is no way."""
        return self.steps < 2 or not self.grew

    def __add__(self, other: Any) -> Any:
        return refuse("residual")

    __radd__ = __sub__ = __rsub__ = __rtruediv__ = __add__

    def exp(self) -> Any:
        """Of δ nothing but multiples are known."""
        return refuse("residual")

    tanh = log1p = exp

    def _compare(self, other: Any) -> int:
        return refuse("residual")

    def _factor(self, other: Any) -> Rounded | None:
        return refuse("residual") if isinstance(other, Residual) else self._of(other)

    def _next(self, number: Rounded, shrank: bool) -> Residual:
        return Residual(number, self.steps + 1, self.grew or not shrank)
