"""The claims about the relation in two dimensions: what `gather`, `_view` and `scatter` do is what the triples say.

Sizes, strides, paddings and dilations are unknown; so are the samples, groups and channels. The loops run over the taps. For
every kernel up to 3×3 they run as they are; for a kernel that is unknown too, their bodies run once, for any one tap. Of an
axis only what the claims `tap` and `inside` show is used.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import mul
from types import SimpleNamespace

from .arrays import Cells, Term
from .claims import Claim, Goals, Numbers, Whole
from .line import Line, completed, sizes, tap_unknowns
from .loops import alike, over_all_taps
from .plane import AT, LEADING, STEPS, Kernel, Plane
from .slices import same
from .source import Source

KERNELS = [(r, s) for r in range(1, 4) for s in range(1, 4)]

# ---- options -------------------------------------------------------------------------------------


def options(source: Source, u: Numbers, g: Goals) -> None:
    """`relation` hands every option to its axis, in its place."""
    names = ("size", "kernel", "stride", "padding", "dilation")
    pairs = [(getattr(u, f"{name}_h"), getattr(u, f"{name}_w")) for name in names]
    for given in ((), (False,), (True,)):
        T = source.relation.__wrapped__(*pairs, *given)
        for name, (down, across) in zip((*names, "surplus"), (*pairs, (0, 0)), strict=True):
            g.equal("every-option-in-its-place", [], getattr(T.rows, name), down)
            g.equal("every-option-in-its-place", [], getattr(T.columns, name), across)
        for axis, name in ((T.rows, "h"), (T.columns, "w")):
            g.sure("every-option-in-its-place", axis.name == name and axis.ceil_mode is any(given))


# ---- triples -------------------------------------------------------------------------------------


def triples(kernel: tuple[int, int], source: Source, u: Numbers, g: Goals) -> None:
    """The triples come tap by tap, in row-major order, with the slices of their row and of their column."""
    g.sure("each-tap-is-treated-alike", over_all_taps(source.text))
    plane = Plane(source, u, g, kernel, (False, False))
    for line in (plane.rows, plane.columns):
        alone = SimpleNamespace(kernel=line.kernel, tap=line.axis.taps.__getitem__)
        g.sure("taps-are-tap-after-tap", source.Axis.taps.func(alone) == line.axis.taps)
    found = [*plane.T]
    g.sure("each-tap-once-in-order", [t for _, t, _ in found] == plane.taps)
    for o, (r, s), i in found:
        for (dots, row, column), part in ((o, 0), (i, 1)):
            own = row is plane.rows.axis.taps[r][part] and column is plane.columns.axis.taps[s][part]
            g.sure("with-the-slices-of-its-row-and-of-its-column", own and dots is ...)


def _every_turn(source: Source, method: str) -> bool:
    """What is shown of a loop for any one tap holds for all of them."""
    return over_all_taps(source.text) and alike(source.text, method)


# ---- gather --------------------------------------------------------------------------------------


def gather(kernel: Kernel, source: Source, u: Numbers, g: Goals) -> None:
    """gather(x)[c·t, o] = x[c, i] for (o, t, i) in T, and 0 where tap and output meet no input."""
    g.sure("each-tap-is-treated-alike", kernel is not None or _every_turn(source, "gather"))
    for inside in ((False, False), (True, False), (False, True)):
        plane = Plane(source, u, g, kernel, inside)
        if plane.rows.axis.inside and plane.columns.axis.inside:
            continue
        windows = plane.T.gather(Cells(plane.numpy, plane.x_shape, "x"))
        plane.shaped(windows, plane.windows_shape)
        for r, s in plane.taps:
            _gathered(plane, windows.read([*plane.at, r, s, u.output_h, u.output_w]), (u.output_h, r), (u.output_w, s))


def _gathered(plane: Plane, terms: list[Term], *pairs: tuple[Whole, Whole]) -> None:
    """The terms are the one entry of x that is to be, of the output and tap on either axis."""
    g = plane.g
    g.sure("one-entry-of-x", len(terms) == 1 and terms[0].array == "x")
    for given, _, entry in terms:
        g.sure("of-its-sample-group-and-channel", all(map(same, entry, plane.at)))
        g.sure("nothing-is-asked-but-of-rows-and-columns", {axis for axis, _ in given} <= {-2, -1})
        for axis, line, (output, tap) in zip((-2, -1), (plane.rows, plane.columns), pairs, strict=True):
            mine = [fact for about, fact in given if about == axis]
            if g.first(axis, tap, entry[axis], *mine):
                line.listed(g, output, tap)
                g.show("what-is-gathered-is-a-triple", mine, *line.triple(output, tap))
                g.equal("it-is-the-entry-of-its-input", mine, entry[axis], line.meets(output, tap))
                g.show("every-triple-is-gathered", line.triple(output, tap), *mine)


def view(source: Source, u: Numbers, g: Goals) -> None:
    """Where every tap of every output meets an input, gather(x) is x seen through other strides: x[c, i] at [c·t, o]."""
    plane = Plane(source, u, g, None, (True, True), padding=0)
    rows, columns, strides = plane.rows, plane.columns, tuple(getattr(u, name) for name in STEPS)
    if not (rows.axis.inside and columns.axis.inside):
        return
    windows = plane.T.gather(Cells(plane.numpy, plane.x_shape, "x", strides=strides))
    plane.shaped(windows, plane.windows_shape)
    [term] = windows.read([*plane.at, u.tap_h, u.tap_w, u.output_h, u.output_w])
    cells = [*plane.at, rows.meets(u.output_h, u.tap_h), columns.meets(u.output_w, u.tap_w)]
    g.sure("one-entry-of-x", term.array == "x" and not term.given)
    g.equal("it-is-the-entry-of-its-input", [], term.entry[0], sum(map(mul, strides, cells)))


# ---- scatter -------------------------------------------------------------------------------------


def scatter(kernel: Kernel, source: Source, u: Numbers, g: Goals) -> None:
    """scatter(X)[c, i] = Σ X[c·t, o] over (o, t, i) in T."""
    g.sure("each-tap-is-treated-alike", kernel is not None or _every_turn(source, "scatter"))
    plane = Plane(source, u, g, kernel, (False, False))
    X = Cells(plane.numpy, [*plane.leading, *plane.kernel, plane.rows.outputs, plane.columns.outputs], "X")
    try:
        x = plane.T.scatter(X.reshape(*plane.windows_shape))
    except ArithmeticError:
        g.sure("no-division-by-0", False)
        return
    plane.shaped(x, plane.x_shape)
    terms = x.read([*plane.at, u.input_h, u.input_w])
    taps = [sum(all(map(same, term.entry[-4:-2], tap)) for term in terms if term.array == "X") for tap in plane.taps]
    g.sure("each-tap-adds-one-entry-of-X", sum(taps) == len(terms) and set(taps) == {1})
    for given, _, entry in terms:
        g.sure("of-its-sample-group-and-channel", all(map(same, entry, plane.at)))
        g.sure("nothing-is-asked-but-of-rows-and-columns", {axis for axis, _ in given} <= {-2, -1})
        mine = ([fact for about, fact in given if about == axis] for axis in (-2, -1))
        _added(g, plane.rows, entry[-4], entry[-2], u.input_h, u.output_h, next(mine))
        _added(g, plane.columns, entry[-3], entry[-1], u.input_w, u.output_w, next(mine))


def _added(g: Goals, line: Line, tap: Whole, read: Whole, cell: Whole, other: Whole, given: list[Whole]) -> None:
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
TAPS = ("tap_h", "tap_w")


def _some(u: Numbers) -> list[Whole]:
    return [u.outputs_h - 1, u.outputs_w - 1]


def _claims(name: str, run: Callable[..., None], elements: tuple[str, ...], kernels: list[Kernel]) -> list[Claim]:
    """A claim for each of the kernels."""
    return [
        Claim(
            f"{name}.{kernel[0]}x{kernel[1]}" if kernel else f"{name}.any",
            sizes() if kernel else sizes("kernel"),
            elements if kernel else (*elements, *TAPS),
            partial(run, kernel),
            _some,
            (*OUTPUTS, *tap_unknowns(kernel), *LEADING, *AT),
            partial(completed, kernel),
        )
        for kernel in kernels
    ]


CLAIMS = [
    Claim("options", sizes("kernel"), (), options),
    Claim(
        "gather.view",
        {name: least for name, least in sizes("kernel").items() if not name.startswith("padding")},
        ("output_h", "output_w", *TAPS),
        view,
        _some,
        (*OUTPUTS, *tap_unknowns(None), *LEADING, *AT, *STEPS),
        partial(completed, None),
    ),
    *_claims("triples", triples, (), [*KERNELS]),
    *_claims("gather", gather, ("output_h", "output_w"), [None, *KERNELS]),
    *_claims("scatter", scatter, ("input_h", "input_w", "output_h", "output_w"), [None, *KERNELS]),
]
