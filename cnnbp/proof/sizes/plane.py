"""The relation in two dimensions on the model of NumPy: its axes, its leading sizes, and the taps that its loops run over."""

from __future__ import annotations

from itertools import product
from operator import attrgetter
from typing import Any

from .arrays import Cells, NumPy
from .claims import Goals, Numbers, Whole
from .line import Line
from .source import Source

Kernel = tuple[int, int] | None  # None: unknown

LEADING = ("samples", "groups", "channels")
AT = ("sample", "group", "channel")  # any one of each
STEPS = tuple(f"step_{axis}" for axis in (*AT, "h", "w"))  # how far apart in memory the neighbours on each axis are
ANY_TAP = attrgetter("tap_h"), attrgetter("tap_w")


class Plane:
    """The relation on the model of NumPy: its two axes, the leading sizes, and the taps that its loops run over."""

    def __init__(self, source: Source, u: Numbers, g: Goals, kernel: Kernel, inside: tuple[bool, bool], **fixed: Any) -> None:
        self.numpy, self.g = NumPy(g), g
        source.names |= {"np": self.numpy, "enumerate": self.numpy.enumerate, "len": self.numpy.len}
        self.kernel: tuple[Whole, Whole] = kernel or (u.kernel_h, u.kernel_w)
        down, across = (
            [*range(k)] if isinstance(k, int) else [any_tap(u)] for k, any_tap in zip(self.kernel, ANY_TAP, strict=True)
        )
        self.rows = Line(source, u, "h", self.kernel[0], down, inside[0], g, **fixed)
        self.columns = Line(source, u, "w", self.kernel[1], across, inside[1], g, **fixed)
        self.taps: list[tuple[Whole, Whole]] = [*product(down, across)]
        fewer = 1 if kernel else 0  # one leading axis fewer or more must not matter
        self.leading, self.at = ([getattr(u, name) for name in names[fewer:]] for names in (LEADING, AT))
        self.T = source.Relation(self.rows.axis, self.columns.axis)

    @property
    def x_shape(self) -> tuple[Whole, ...]:
        """(…, c, i)"""
        return *self.leading, self.rows.size, self.columns.size

    @property
    def windows_shape(self) -> tuple[Whole, ...]:
        """(…, c·t, o)"""
        taps, outputs = self.kernel[0] * self.kernel[1], self.rows.outputs * self.columns.outputs
        return *self.leading[:-1], self.leading[-1] * taps, outputs

    def shaped(self, array: Cells, expected: tuple[Whole, ...]) -> None:
        """The array has this shape."""
        self.g.sure("as-many-axes-as-it-should-have", len(array.shape) == len(expected))
        for size, other in zip(array.shape, expected, strict=False):
            self.g.equal("every-axis-has-its-length", [], size, other)
