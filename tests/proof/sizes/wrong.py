"""Wrong sources of which no claim may hold by a gap of the model: each with one place changed, and the claim that must see it.

The twins in `falsified` have a smallest counterexample. These would have been taken for right by a number that is true whatever
it is, by a list that stands for one of any length, or by what a model leaves out.
"""

from __future__ import annotations

from typing import NamedTuple


class Wrong(NamedTuple):
    """The source with `old`, which it holds, replaced by `new`, the first time that it stands there."""

    id: str
    claim: str
    old: str
    new: str

    def text(self, of: str) -> str:
        """The wrong text."""
        assert self.old in of
        return of.replace(self.old, self.new, 1)


OUTPUTS = "        return outputs + 1\n"
TAP = "    def tap(self, r: int) -> tuple[slice, slice]:\n"
OFFSET = "        offset = self.dilation * r - self.padding\n"
SIZES = "        sizes: Array = np.minimum(start + self.kernel, high) - np.maximum(start, low)\n"
FIRST = "        first: Array = start + self.dilation * tap\n"
GATHER = "        r, s, p, q = self.window_shape\n        if self.rows.inside"
SCATTER = "        r, s, p, q = self.window_shape\n        windows = windows.reshape"
ROWS = "for t, (o, i) in enumerate(self.rows.taps):\n                rows"
COLUMNS = "for t, (o, i) in enumerate(self.columns.taps):\n                windows"
ADDED_ROWS = "for t, (o, i) in enumerate(self.rows.taps):  # first"
ADDED_COLUMNS = "for t, (o, i) in enumerate(self.columns.taps):\n            into = x"
TRIPLES = "for r, (p, h) in down for s, (q, w) in across"
CONSTANT = "BLOCK_BYTES = 1 << 20"
PAIRS = "(ceil_mode, ceil_mode)"


def _after(line: str, *more: str) -> tuple[str, str]:
    return line, line + "".join(f"        {one}\n" for one in more)


def _before(line: str, *more: str) -> tuple[str, str]:
    return line, "".join(f"        {one}\n" for one in more) + line


def _few(line: str, when: str, answer: str) -> tuple[str, str]:
    """Another answer, at the beginning of a method."""
    return line, line.replace("\n", f"\n        if {when}:\n            return {answer}\n", 1)


def _of_places(then: str, places: str) -> tuple[str, str]:
    """Another number of places, in the method that goes on so."""
    old, new = (f"np.arange({of}) - self.padding\n        {then}" for of in ("self.outputs", places))
    return old, new


TRUTH = [  # what a number that is not known is where Python asks whether it is true, or another kind of number
    Wrong("truth.not-remainder", "outputs.floor", *_before(OUTPUTS, "if not remainder: outputs = outputs - 5")),
    Wrong("truth.remainder", "outputs.floor", *_before(OUTPUTS, "if remainder: outputs = outputs + 0", "else: outputs = 0")),
    Wrong("truth.not-padding", "tap.floor", *_after(OFFSET, "if not self.padding: offset = offset + 1")),
    Wrong("truth.or", "tap.floor", *_after(OFFSET, "offset = offset or 1")),
    Wrong("truth.while", "tap.floor", *_after(OFFSET, "while not r: r = r + self.kernel")),
    Wrong("truth.where", "first_inputs.floor", *_after(FIRST, "first = np.where(start, first, first + 1)")),
    Wrong("truth.sizes", "window_sizes.floor.padded", *_after(SIZES, "if not start: sizes = sizes + 1")),
    Wrong("truth.and", "tap.floor", *_after(OFFSET, "offset = offset if r and self.padding else offset + 1")),
    Wrong("equal.float", "tap.floor", *_after(OFFSET, "if self.padding == 0.0: offset = offset + 1")),
    Wrong("equal.stride", "tap.floor", *_after(OFFSET, "if self.stride == 2.0: offset = offset + 1")),
    Wrong("equal.bool", "tap.floor", *_after(OFFSET, "if self.padding == False: offset = offset + 1")),
    Wrong("equal.complex", "tap.floor", *_after(OFFSET, "if self.padding != 0j: offset = offset + 1")),
    Wrong("equal.in", "tap.floor", *_after(OFFSET, "if self.padding in (0.0, 3.0): offset = offset + 1")),
    Wrong("unequal.float", "tap.floor", *_after(OFFSET, "if self.padding != 2.0: offset = offset + 0", "else: offset = 0")),
]

SECOND_AXIS = [  # options that are looked at on one axis only, or not at all
    Wrong("options.no-ceil", "options", PAIRS, "(False, False)"),
    Wrong("options.ceil-of-rows", "options", PAIRS, "(ceil_mode, False)"),
    Wrong("options.ceil-of-columns", "options", PAIRS, "(False, ceil_mode)"),
    Wrong("options.always-ceil", "options", PAIRS, "(True, True)"),
    Wrong("options.ceil-by-default", "options", "Size, ceil_mode: bool = False", "Size, ceil_mode: bool = True"),
    Wrong("options.surplus", "options", "surplus: int = 0", "surplus: int = 1"),
    Wrong("options.refused-at-0", "options", 'checks.pair("", option, 0)', 'checks.pair("", option, 1)'),
    Wrong("options.below-0", "options", 'checks.pair("", option, 0)', 'checks.pair("", option, -1)'),
    Wrong("transposed.square", "transposed", "    axes = []\n", "    axes = []\n    cells = (cells[0], cells[0])\n"),
    Wrong(
        "transposed.square-kernel", "transposed",
        "(kernel_size, stride, padding, dilation, output_padding)", "(kernel_size[0], stride, padding, dilation, output_padding)",
    ),
    Wrong(
        "transposed.square-padding", "transposed",
        "(kernel_size, stride, padding, dilation, output_padding)", "(kernel_size, stride, padding[1], dilation, output_padding)",
    ),
    Wrong("transposed.crossed", "transposed", "    return Relation(*axes)\n", "    return Relation(axes[1], axes[0])\n"),
    Wrong("transposed.rows-twice", "transposed", "    return Relation(*axes)\n", "    return Relation(axes[0], axes[0])\n"),
    Wrong("transposed.columns-twice", "transposed", "    return Relation(*axes)\n", "    return Relation(axes[1], axes[1])\n"),
    Wrong("transposed.ceil", "transposed", "spread, surplus=surplus)", "spread, True, surplus=surplus)"),
]  # fmt: skip

OF_ROWS, OF_COLUMNS = "enumerate(self.rows.taps)", "enumerate(self.columns.taps)"
_SHORT = "[:9]"
TAPS = [  # what goes wrong beyond kernels of 3×3 taps only, or in a loop that is not the one that was looked at
    Wrong("taps.seven", "triples.3x3", "for r in range(self.kernel)]", "for r in range(min(self.kernel, 7))]"),
    Wrong("taps.slice", "triples.3x3", "for r in range(self.kernel)]", f"for r in range(self.kernel)]{_SHORT}"),
    Wrong("taps.some", "triples.3x3", "for r in range(self.kernel)]", "for r in range(self.kernel) if r < 7]"),
    Wrong("taps.other", "triples.3x3", "[self.tap(r) for", "[self.tap(min(r, 7)) for"),
    Wrong("triples.rows", "triples.3x3", TRIPLES, TRIPLES.replace("across", f"across{_SHORT}")),
    Wrong("triples.some", "triples.3x3", TRIPLES, f"{TRIPLES} if s < 9"),
    Wrong("triples.iter", "triples.3x3", "return iter(self._triples)", "return iter(self._triples[:99])"),
    Wrong("gather.rows-slice", "gather.any", ROWS, ROWS.replace(OF_ROWS, f"list({OF_ROWS}){_SHORT}")),
    Wrong("gather.rows-zip", "gather.any", ROWS, ROWS.replace(OF_ROWS, "zip(range(9), self.rows.taps)")),
    Wrong(
        "gather.columns-slice", "gather.any",
        COLUMNS, COLUMNS.replace(OF_COLUMNS, f"list({OF_COLUMNS}){_SHORT}"),
    ),
    Wrong("gather.columns-part", "gather.any", COLUMNS, COLUMNS.replace("self.columns.taps", "self.columns.taps[:9]")),
    Wrong("gather.few", "gather.any", *_few(GATHER, "len(self.rows.taps) > 3", "x * 0")),
    Wrong("gather.one", "gather.any", *_few(GATHER, "len(self.rows.taps) != 1 and len(self.rows.taps) > 3", "x * 0")),
    Wrong("gather.some", "gather.any", *_few(GATHER, "not self.rows.taps", "x")),
    Wrong("gather.last", "gather.any", *_few(GATHER, "self.rows.taps[-1] is not self.rows.taps[0]", "x")),
    Wrong("gather.twice", "gather.any", *_few(GATHER, "self.rows.taps[1:2] and self.rows.taps[9:]", "x")),
    Wrong("gather.enumerated", "gather.any", *_few(GATHER, "list(enumerate(self.rows.taps))[9:]", "x")),
    Wrong("gather.sum", "gather.any", *_few(GATHER, "sum(1 for t in enumerate(self.rows.taps)) > 9", "x")),
    Wrong("gather.counted", "gather.any", *_few(GATHER, "self.rows.taps.__len__() > 3", "x")),
    Wrong(
        "scatter.rows-slice", "scatter.any",
        ADDED_ROWS, ADDED_ROWS.replace(OF_ROWS, f"list({OF_ROWS}){_SHORT}"),
    ),
    Wrong(
        "scatter.columns-slice", "scatter.any",
        ADDED_COLUMNS, ADDED_COLUMNS.replace(OF_COLUMNS, f"list({OF_COLUMNS}){_SHORT}"),
    ),
    Wrong("scatter.few", "scatter.any", *_few(SCATTER, "len(self.columns.taps) > 3", "windows * 0")),
    Wrong(
        "scatter.helper", "scatter.any", "    def blocks(self",
        "    def _some(self):\n        return list(enumerate(self.rows.taps))[:9]\n\n    def blocks(self",
    ),
]  # fmt: skip

FORMS = [  # what no number tells: how often the source was called, what stands in a text, what a refusal is taken for
    Wrong(
        "form.try",
        "tap.floor",
        *_after(OFFSET, "try: self.size == 9.0", "except TypeError: offset = 0"),
    ),
    Wrong("form.text", "tap.floor", *_after(OFFSET, "if len(str(self.size)) == 1: offset = offset + 1")),
    Wrong("form.format", "tap.floor", *_after(OFFSET, 'if f"{self.size}" == "7": offset = offset + 1')),
    Wrong("form.is", "tap.floor", *_after(OFFSET, "if self.padding is 7: offset = offset + 1")),
    Wrong("form.isinstance", "tap.floor", *_after(OFFSET, "if isinstance(r, int): offset = offset + 1")),
    Wrong("form.type", "tap.floor", *_after(OFFSET, "if type(r) is int: offset = offset + 1")),
    Wrong("form.hasattr", "tap.floor", *_after(OFFSET, 'if not hasattr(r, "terms"): offset = offset + 1')),
    Wrong("form.class", "tap.floor", *_after(OFFSET, 'if r.__class__.__name__ == "int": offset = offset + 1')),
    Wrong("form.global", "tap.floor", CONSTANT, f"SEEN = []\n{CONSTANT}"),
    Wrong("form.default", "tap.floor", "def tap(self, r: int)", "def tap(self, r: int, seen: Any = [])"),
    Wrong("form.memory", "tap.floor", *_after(OFFSET, "Axis.calls = 1")),
    Wrong("form.import", "tap.floor", "from math import prod", "from math import prod\nfrom random import random"),
    Wrong("form.numpy", "tap.floor", "import numpy as np\n", "import numpy as np\nimport numpy.ma as np\n"),
    Wrong("form.checks", "options", "from . import checks\n", "from . import checks\nfrom . import network as checks\n"),
    Wrong("form.enumerate", "gather.any", CONSTANT, f"{CONSTANT}\ndef enumerate(of): return [*zip(range(9), of)]"),
    Wrong("form.decorator", "tap.floor", TAP, f"    @lru_cache(maxsize=1)\n{TAP}"),
    Wrong("form.dunder", "tap.floor", *_before(TAP, "def __eq__(self, o): return True")),
]

ELEMENTWISE = [  # NumPy's functions of arrays, where they are modelled at the place of one output
    Wrong("numpy.fewer-outputs", "first_inputs.floor", *_of_places("tap", "self.outputs - 1")),
    Wrong("numpy.more-outputs", "window_sizes.floor.input", *_of_places("low", "self.outputs + 1")),
    Wrong("numpy.any-for-each", "first_inputs.floor", "np.where(start < 0,", "np.where(np.any(start < 0),"),
    Wrong("numpy.any-if", "first_inputs.floor", *_after(FIRST, "if np.any(tap >= 9): first = first - 0")),
]  # fmt: skip

ARRAYS = [  # NumPy's arrays
    Wrong("numpy.dtype-lost", "gather.any", "r, p, x.shape[-1]), x.dtype)", "r, p, x.shape[-1]), None)"),
    Wrong("numpy.dtype-asked", "gather.any", *_few(GATHER, 'x.dtype == "f"', "x")),
    Wrong("numpy.dtype-true", "gather.any", *_few(GATHER, "not x.dtype", "x")),
    Wrong("numpy.view-dtype-lost", "gather.view", "self.window_shape, x.dtype, x, 0", "self.window_shape, None, x, 0"),
    Wrong("numpy.not-contiguous", "gather.view", "x = np.ascontiguousarray(x)  #", "x = x  #"),
    Wrong("numpy.axes", "gather.any", *_few(GATHER, "len(x.shape) == 3", "x")),
    Wrong("numpy.more-axes", "scatter.any", *_few(SCATTER, "len(windows.shape) > 5", "windows")),
    Wrong("numpy.array-true", "gather.any", *_few(GATHER, "not x", "x")),
    Wrong("numpy.array-equal", "gather.any", *_few(GATHER, "x == 0", "x")),
]
WRONG = (*TRUTH, *SECOND_AXIS, *TAPS, *FORMS, *ELEMENTWISE, *ARRAYS)
