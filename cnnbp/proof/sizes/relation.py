"""The claims about the relation in two dimensions: what `gather`, `_view` and `scatter` do is what the triples say.

Sizes, strides, paddings and dilations are unknown; so are the samples, groups and channels. The loops run over the taps,
whose number is known in each claim: there is one for every kernel up to 5×5. Where an input is read without a loop, the
kernel is unknown as well. Of an axis only what the claims `tap` and `inside` show is used.
"""

from __future__ import annotations

from functools import partial
from itertools import product
from operator import mul
from typing import Any

from .arrays import Cells, NumPy, Term, same
from .claims import Claim, Goals, Numbers, Whole
from .line import Line, completed, sizes, tap_unknowns
from .source import Source

KERNELS = [(r, s) for r in range(1, 6) for s in range(1, 6)]
LEADING = ("samples", "groups", "channels")
AT = ("sample", "group", "channel")  # any one of each
STEPS = tuple(f"step_{axis}" for axis in (*AT, "h", "w"))  # how far apart in memory the neighbours on each axis are


def both(source: Source, u: Numbers, g: Goals, kernel: tuple[Whole, Whole], inside: tuple[bool, bool], **fixed: Any) -> Any:
    """The relation of these kernels, its two lines, and the leading sizes and places, all on the model of NumPy."""
    rows, columns = (Line(source, u, tag, *k, g, **fixed) for tag, k in zip("hw", zip(kernel, inside, strict=True), strict=True))
    source.names["np"] = NumPy(g)
    leading, at = ([getattr(u, name) for name in names] for names in (LEADING, AT))
    return source.Relation(rows.axis, columns.axis), rows, columns, leading, at


def united(leading: list[Whole], kernel: tuple[Whole, Whole], rows: Line, columns: Line) -> tuple[Whole, ...]:
    """(…, c·t, o)"""
    return *leading[:-1], leading[-1] * kernel[0] * kernel[1], rows.outputs * columns.outputs


def shaped(g: Goals, array: Cells, expected: tuple[Whole, ...]) -> None:
    """The array has this shape."""
    g.sure("as-many-axes-as-it-should-have", len(array.shape) == len(expected))
    for size, other in zip(array.shape, expected, strict=True):
        g.equal("every-axis-has-its-length", [], size, other)


# ---- triples -------------------------------------------------------------------------------------


def triples(kernel: tuple[int, int], source: Source, u: Numbers, g: Goals) -> None:
    """The triples come tap by tap, in row-major order, with the slices of their row and of their column."""
    T, rows, columns, *_ = both(source, u, g, kernel, (False, False))
    found = [*T]
    g.sure("each-tap-once-in-order", [t for _, t, _ in found] == [(r, s) for r in range(kernel[0]) for s in range(kernel[1])])
    for o, (r, s), i in found:
        for triple, part in ((o, 0), (i, 1)):
            dots, row, column = triple
            own = dots is ..., row is rows.axis.taps[r][part], column is columns.axis.taps[s][part]
            g.sure("with-the-slices-of-its-row-and-of-its-column", all(own))


# ---- gather --------------------------------------------------------------------------------------


def gather(kernel: tuple[int, int], source: Source, u: Numbers, g: Goals) -> None:
    """gather(x)[c·t, o] = x[c, i] for (o, t, i) in T, and 0 where tap and output meet no input."""
    for inside in ((False, False), (True, False), (False, True)):
        T, rows, columns, leading, at = both(source, u, g, kernel, inside)
        if rows.axis.inside and columns.axis.inside:
            continue
        windows = T.gather(Cells(g, [*leading, rows.size, columns.size], "x"))
        shaped(g, windows, united(leading, kernel, rows, columns))
        for r, s in product(*map(range, kernel)):
            terms = windows.read([*at, r, s, u.output_h, u.output_w])
            _gathered(g, terms, at, (rows, u.output_h, r), (columns, u.output_w, s))


def _gathered(g: Goals, terms: list[Term], at: list[Whole], *lines: tuple[Line, Whole, int]) -> None:
    g.sure("one-entry-of-x", len(terms) == 1 and terms[0].array == "x")
    for given, _, entry in terms:
        g.sure("of-its-sample-group-and-channel", all(map(same, entry, at)))
        g.sure("nothing-is-asked-but-of-rows-and-columns", {axis for axis, _ in given} <= {-2, -1})
        for axis, (line, output, tap) in zip((-2, -1), lines, strict=True):
            mine = [fact for about, fact in given if about == axis]
            if not g.first(axis, tap, entry[axis], *mine):
                continue
            line.listed(g, output, tap)
            g.show("what-is-gathered-is-a-triple", mine, *line.triple(output, tap))
            g.equal("it-is-the-entry-of-its-input", mine, entry[axis], line.meets(output, tap))
            g.show("every-triple-is-gathered", line.triple(output, tap), *mine)


def view(source: Source, u: Numbers, g: Goals) -> None:
    """Where every tap of every output meets an input, gather(x) is x seen through other strides: x[c, i] at [c·t, o]."""
    kernel = u.kernel_h, u.kernel_w
    T, rows, columns, leading, at = both(source, u, g, kernel, (True, True), padding=0)
    if not (rows.axis.inside and columns.axis.inside):
        return
    strides = tuple(getattr(u, name) for name in STEPS)
    windows = T.gather(Cells(g, [*leading, rows.size, columns.size], "x", strides=strides))
    shaped(g, windows, united(leading, kernel, rows, columns))
    [term] = windows.read([*at, u.tap_h, u.tap_w, u.output_h, u.output_w])
    cells = [*at, rows.meets(u.output_h, u.tap_h), columns.meets(u.output_w, u.tap_w)]
    g.sure("one-entry-of-x", term.array == "x" and not term.given)
    g.equal("it-is-the-entry-of-its-input", [], term.entry[0], sum(map(mul, strides, cells)))


# ---- scatter -------------------------------------------------------------------------------------


def scatter(kernel: tuple[int, int], source: Source, u: Numbers, g: Goals) -> None:
    """scatter(X)[c, i] = Σ X[c·t, o] over (o, t, i) in T."""
    T, rows, columns, leading, at = both(source, u, g, kernel, (False, False))
    X = Cells(g, [*leading, *kernel, rows.outputs, columns.outputs], "X")
    x = T.scatter(X.reshape(*united(leading, kernel, rows, columns)))
    shaped(g, x, (*leading, rows.size, columns.size))
    terms = x.read([*at, u.input_h, u.input_w])
    taps = [[r, s] for r, s in product(*map(range, kernel))]
    g.sure("each-tap-adds-one-entry-of-X", sorted(term.entry[3:5] for term in terms if term.array == "X") == taps)
    for given, _, entry in terms:
        g.sure("of-its-sample-group-and-channel", all(map(same, entry, at)))
        g.sure("nothing-is-asked-but-of-rows-and-columns", {axis for axis, _ in given} <= {-2, -1})
        _added(g, rows, entry[3], entry[5], u.input_h, u.output_h, [fact for axis, fact in given if axis == -2])
        _added(g, columns, entry[4], entry[6], u.input_w, u.output_w, [fact for axis, fact in given if axis == -1])


def _added(g: Goals, line: Line, tap: int, read: Whole, cell: Whole, other: Whole, given: list[Whole]) -> None:
    """What is read meets the cell, and whatever other output meets it is the one that is read."""
    if not g.first(tap, read, cell, *given):
        return
    line.listed(g, read, tap)
    line.listed(g, other, tap)
    g.show("what-is-added-is-a-triple", given, *line.triple(read, tap))
    g.equal("what-is-added-is-of-this-input", given, line.meets(read, tap), cell)
    facing = line.meets(other, tap) - cell
    here = g.equal("every-triple-is-added", [*line.triple(other, tap), facing, -facing], read, other)
    g.show("every-triple-is-added", here, *given)


# ---- the list ------------------------------------------------------------------------------------

OUTPUTS = ("outputs_h", "outputs_w")


def _some(u: Numbers) -> list[Whole]:
    return [u.outputs_h - 1, u.outputs_w - 1]


def _claim(name: str, run: Any, kernel: tuple[int, int], elements: tuple[str, ...]) -> Claim:
    others = (*OUTPUTS, *tap_unknowns(kernel), *LEADING, *AT)
    return Claim(
        f"{name}.{kernel[0]}x{kernel[1]}", sizes(), elements, partial(run, kernel), _some, others, partial(completed, kernel)
    )


CLAIMS = [
    Claim(
        "gather.view",
        {name: least for name, least in sizes("kernel").items() if not name.startswith("padding")},
        ("output_h", "output_w", "tap_h", "tap_w"),
        view,
        _some,
        (*OUTPUTS, *LEADING, *AT, *STEPS),
        partial(completed, None),
    ),
    *(_claim("triples", triples, kernel, ()) for kernel in KERNELS),
    *(_claim("gather", gather, kernel, ("output_h", "output_w")) for kernel in KERNELS),
    *(_claim("scatter", scatter, kernel, ("input_h", "input_w", "output_h", "output_w")) for kernel in KERNELS),
]
