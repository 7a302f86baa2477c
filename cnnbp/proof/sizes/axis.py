"""The claims about one axis: how many outputs there are, and which inputs a tap reads for which of them.

Each holds for every size, kernel, stride, padding and dilation, which the code takes as numbers that are not known.
`mode` is "floor", where the last `surplus` cells may make room for no output, or "ceil".
"""

from __future__ import annotations

from functools import partial
from typing import Any

from .claims import Claim, Goals, Numbers, Whole
from .source import Source

OPTIONS = {"size": 1, "kernel": 1, "stride": 1, "padding": 0, "dilation": 1}
TRANSPOSED = {"outputs": 1, "kernel": 1, "stride": 1, "padding": 0, "dilation": 1, "output_padding": 0}
SIZES = {"floor": {**OPTIONS, "surplus": 0}, "ceil": OPTIONS}


def made(source: Source, u: Numbers, mode: str, dilation: Whole, surplus: Whole = 0) -> Any:
    """The axis of these sizes, by the source's own class."""
    return source.Axis("h", u.size, u.kernel, u.stride, u.padding, dilation, mode == "ceil", surplus)


def count(axis: Any) -> Any:
    """How many outputs the axis has, None where it refuses its sizes."""
    try:
        return axis.outputs
    except ValueError:
        return None


def faced(u: Numbers, output: Whole, tap: Whole) -> Whole:
    """The input cell that an output faces through a tap: the definition."""
    cell: Whole = u.stride * output + u.dilation * tap - u.padding
    return cell


def half_of_the_kernel(u: Numbers) -> list[Whole]:
    """Pooling's condition: 2·padding ≤ kernel."""
    return [u.kernel - 2 * u.padding]


# ---- outputs -------------------------------------------------------------------------------------


def outputs_floor(source: Source, u: Numbers, g: Goals) -> None:
    """There are as many outputs as windows fit into the padded input, and none is refused where one fits."""
    reach, padded = u.dilation * (u.kernel - 1) + 1, u.size - u.surplus + 2 * u.padding
    outputs = count(made(source, u, "floor", u.dilation, u.surplus))
    if outputs is None:
        g.show("refused-no-window-fits", [], reach - padded - 1)
        return
    g.show("there-is-an-output", [], outputs - 1)
    g.show("the-last-window-fits", [], padded - (u.stride * (outputs - 1) + reach))
    g.show("one-more-does-not-fit", [], u.stride * outputs + reach - padded - 1)


def outputs_ceil(source: Source, u: Numbers, g: Goals) -> None:
    """There are as many outputs as PyTorch has: rounded up, less one whose window would start in the right padding."""
    reach, padded = u.dilation * (u.kernel - 1) + 1, u.size + 2 * u.padding
    outputs = count(made(source, u, "ceil", u.dilation))
    if outputs is None:
        g.show("refused-no-window-fits", [], reach - padded - 1)
        return
    expected = (padded - reach + u.stride - 1) // u.stride + 1
    if (expected - 1) * u.stride >= u.size + u.padding:
        expected -= 1
    g.equal("as-many-as-PyTorch-has", [], outputs, expected)
    g.show("there-is-an-output", [], outputs - 1)
    g.show("the-last-window-starts-before-the-right-padding", [], u.size - 1 - faced(u, outputs - 1, 0))


def transposed(source: Source, u: Numbers, g: Goals) -> None:
    """On either axis `transposed` has as many cells as PyTorch has, and the convolution on them the outputs it started from."""
    rows, columns = ({name: getattr(u, f"{name}_{tag}") for name in TRANSPOSED} for tag in "hw")
    try:
        T = source.transposed.__wrapped__(*zip(rows.values(), columns.values(), strict=True))
    except ValueError:
        left_out = rows if cells_of_transposed(rows) < 1 else columns
        g.show("refused-no-cell-is-left", [], -cells_of_transposed(left_out))
        return
    for name, axis, options in (("h", T.rows, rows), ("w", T.columns, columns)):
        g.equal("as-many-cells-as-PyTorch-has", [], axis.size, cells_of_transposed(options))
        outputs = count(axis)
        if outputs is None:
            g.sure("the-outputs-come-back", False)
            return
        g.equal("the-outputs-come-back", [], outputs, options["outputs"])
        for option in ("kernel", "stride", "padding", "dilation"):
            g.equal("every-option-in-its-place", [], getattr(axis, option), options[option])
        g.sure("every-option-in-its-place", axis.name == name and axis.ceil_mode is False)


def cells_of_transposed(of: dict[str, Whole]) -> Whole:
    """How many cells PyTorch has on the axis of these options."""
    reach = of["dilation"] * (of["kernel"] - 1) + 1
    return of["stride"] * (of["outputs"] - 1) - 2 * of["padding"] + reach + of["output_padding"]


# ---- taps ----------------------------------------------------------------------------------------


def tap(mode: str, source: Source, u: Numbers, g: Goals) -> None:
    """`tap` lists the outputs that meet an input through this tap, all and no others, and faces each with that input."""
    axis = made(source, u, mode, u.dilation, u.surplus if mode == "floor" else 0)
    outputs = count(axis)
    if outputs is None:
        return
    o, i = axis.tap(u.tap)
    a_tap, meets = [u.tap, u.kernel - 1 - u.tap], faced(u, u.output, u.tap)
    in_range = [u.output, outputs - 1 - u.output, meets, u.size - 1 - meets]
    listed = [u.output - o.start, o.stop - 1 - u.output]
    g.show("what-is-listed-is-a-triple", [*a_tap, *listed], *in_range)
    g.show("every-triple-is-listed", [*a_tap, *in_range], *listed)
    g.equal("it-faces-its-input", a_tap, i.start + i.step * (u.output - o.start), meets)
    g.show("no-slice-counts-from-the-end", a_tap, o.start, o.stop - o.start, i.start, i.step - 1)
    g.equal("as-many-inputs-as-outputs", a_tap, i.stop, i.start + i.step * (o.stop - o.start))
    g.equal("inputs-a-stride-apart", a_tap, i.step, u.stride)
    some = [*a_tap, o.stop - o.start - 1]
    g.show("the-slices-stay-in-their-arrays", some, outputs - o.stop, u.size - 1 - i.start - i.step * (o.stop - o.start - 1))


def inside(mode: str, source: Source, u: Numbers, g: Goals) -> None:
    """`inside` is true exactly where every tap of every output meets an input."""
    axis = made(source, u, mode, u.dilation, u.surplus if mode == "floor" else 0)
    outputs = count(axis)
    if outputs is None:
        return
    if axis.inside:
        meets, any_pair = faced(u, u.output, u.tap), [u.output, outputs - 1 - u.output, u.tap, u.kernel - 1 - u.tap]
        g.show("every-pair-meets-an-input", any_pair, meets, u.size - 1 - meets)
        g.show("there-is-no-padding", [], -u.padding)
    elif u.padding >= 1:
        g.show("some-pair-meets-none", [], -1 - faced(u, 0, 0))
    else:
        g.show("some-pair-meets-none", [], faced(u, outputs - 1, u.kernel - 1) - u.size)


CLAIMS = [
    Claim("outputs.floor", {**OPTIONS, "surplus": 0}, (), outputs_floor),
    Claim("outputs.ceil", OPTIONS, (), outputs_ceil, half_of_the_kernel),
    Claim("transposed", {f"{name}_{tag}": least for name, least in TRANSPOSED.items() for tag in "hw"}, (), transposed),
    *(Claim(f"tap.{mode}", SIZES[mode], ("output", "tap"), partial(tap, mode)) for mode in SIZES),
    *(Claim(f"inside.{mode}", SIZES[mode], ("output", "tap"), partial(inside, mode)) for mode in SIZES),
]
