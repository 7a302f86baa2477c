"""The claims about what pooling asks of an axis: the first input of each window, and how many of its cells count.

They are made by NumPy's elementwise functions, and shown at the place of any one output.
"""

from __future__ import annotations

from functools import partial

from .axis import OPTIONS, SIZES, count, faced, half_of_the_kernel, made
from .claims import Claim, Goals, Numbers, Whole, nothing
from .slices import same
from .source import Source


class Elementwise:
    """NumPy, as far as an axis knows it, at the entry of any one output."""

    minimum, maximum = staticmethod(min), staticmethod(max)

    def __init__(self, output: Whole, outputs: Whole) -> None:
        self._output, self._outputs = output, outputs

    def arange(self, outputs: Whole) -> Whole:
        """The number of the output at its own place. Raises TypeError where there are more places, or fewer."""
        if not same(outputs, self._outputs):
            raise TypeError("an array over outputs has a place for each, and no other")
        return self._output

    def where(self, condition: bool, one: Whole, other: Whole) -> Whole:
        """One of both."""
        return one if condition else other

    def any(self, condition: bool) -> bool:
        """Of an error that is raised, the output that has it; where none is, every output."""
        return condition


def first_inputs(mode: str, source: Source, u: Numbers, g: Goals) -> None:
    """`first_inputs` is the first input cell that a window sees, and refuses only a window that sees none."""
    axis = made(source, u, mode, u.dilation)
    outputs = count(axis)
    if outputs is None:
        return
    source.names["np"] = Elementwise(u.output, outputs)
    start, meets = faced(u, u.output, 0), faced(u, u.output, u.tap)
    an_output = [u.output, outputs - 1 - u.output]
    not_before = [*an_output, u.tap, u.kernel - 1 - u.tap, meets]
    try:
        first = axis.first_inputs()
    except ValueError:
        first = None
    skipped = 0 if start >= 0 else -(start // u.dilation)
    not_before = g.show("taps-are-skipped-before-the-input-only", not_before, u.tap - skipped)
    if first is None:
        g.show("refused-what-is-not-before-the-input-is-beyond-it", not_before, meets - u.size)
        return
    g.equal("it-is-met-by-a-tap", an_output, first, faced(u, u.output, skipped))
    g.show("it-is-met-by-a-tap", an_output, skipped, u.kernel - 1 - skipped)
    g.show("it-is-an-input-cell", an_output, first, u.size - 1 - first)
    g.show("no-tap-meets-an-earlier-input-cell", not_before, meets - first)


def window_sizes(mode: str, cells: str, source: Source, u: Numbers, g: Goals) -> None:
    """`window_sizes` is the number of cells of a window that count: they are so many in a row."""
    axis = made(source, u, mode, 1)
    outputs = count(axis)
    if outputs is None:
        return
    source.names["np"] = Elementwise(u.output, outputs)
    size = axis.window_sizes(cells == "padded")
    start = u.stride * u.output - u.padding
    low, high = (-u.padding, u.size + u.padding) if cells == "padded" else (0, u.size)
    an_output, cell, first = [u.output, outputs - 1 - u.output], start + u.place, max(start, low)
    counts, in_a_row = [u.place, u.kernel - 1 - u.place, cell - low, high - 1 - cell], [cell - first, first + size - 1 - cell]
    g.show("a-cell-counts", an_output, size - 1)
    g.show("what-counts-is-in-the-row", [*an_output, *counts], *in_a_row)
    g.show("what-is-in-the-row-counts", [*an_output, *in_a_row], *counts)


POOLED = {name: least for name, least in OPTIONS.items() if name != "dilation"}
CLAIMS = [
    *(Claim(f"first_inputs.{mode}", OPTIONS, ("output", "tap"), partial(first_inputs, mode)) for mode in SIZES),
    *(
        Claim(f"window_sizes.{mode}.{cells}", POOLED, ("output", "place"), partial(window_sizes, mode, cells), further)
        for mode in SIZES
        for cells, further in (("input", half_of_the_kernel), ("padded", nothing))
    ),
]
