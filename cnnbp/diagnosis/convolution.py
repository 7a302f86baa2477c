"""What is usually wrong with a convolution: another relation T, another kernel, another residual, or a part of the sum."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ..faults import relation
from ..faults.catalogue import Bend, Call
from ..faults.relation import Change, contraction
from ..rounding import Array
from .candidate import Candidate, by_bends, by_faults

Operand = Callable[[Array, Call], Array]
CELLS = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0)]


def _bends(change: Change, transposed: bool, adapt: Callable[[Call], Call] = lambda a: a) -> dict[str, Bend]:
    """y, dx and dw over a changed relation, of changed operands. A transposed convolution has y and dx exchanged."""
    other = {"y": "dx", "dx": "y", "dw": "dw"} if transposed else {"y": "y", "dx": "dx", "dw": "dw"}

    def bend(name: str) -> Bend:
        by, bias = contraction(other[name], change), name == "y"

        def of(right: Array, a: Call) -> Array:
            changed = adapt(a)
            found = by(right, changed.exchanged if transposed else changed)
            return found + changed.b[:, None, None] if bias else found

        return of

    return {name: bend(name) for name in other}


def _over(code: str, change: Change, transposed: bool) -> Candidate:
    """All three answers over a changed relation."""
    return by_bends(code, **_bends(change, transposed))


def _of_whole_windows(code: str, change: Change) -> Candidate:
    """Both gradients over a changed relation, without the residuals whose windows then overrun the padded input."""

    def fitting(a: Call) -> Call:
        g, delta = change(relation.geometry(a), a), a.delta
        for j in (0, 1):
            last = g.stride[j] * np.arange(delta.shape[j - 2]) + g.dilation[j] * (g.kernel[j] - 1)
            fits = last < a.x.shape[j - 2] + 2 * g.padding[j]
            delta = delta * (fits[:, None] if j == 0 else fits)
        return replace(a, delta=delta)

    found = _bends(change, False, fitting)
    return by_bends(code, dx=found["dx"], dw=found["dw"])


def _kernel(code: str, change: Operand, transposed: bool) -> Candidate:
    """w read in another order in y and dx, and dw written so."""
    read = _bends(relation.right_geometry, transposed, lambda a: replace(a, params=(change(a.w, a), *a.params[1:])))
    return by_bends(code, y=read["y"], dx=read["dx"], dw=lambda dw, a: change(dw, a))


def _rotated(transposed: bool) -> Iterator[Candidate]:
    """Told in other words of each answer."""
    found = _bends(relation.right_geometry, transposed, lambda a: replace(a, params=(relation.rotated(a.w), *a.params[1:])))
    yield by_bends("kernel-rotated", y=found["y"], **({"dx": found["dx"]} if transposed else {}))
    yield by_bends("gradient-rotated", dw=lambda dw, _: relation.rotated(dw))
    if not transposed:
        yield by_bends("kernel-not-rotated", dx=found["dx"])


def _residual(code: str, change: Operand, transposed: bool) -> Candidate:
    """The gradients of another residual."""
    found = _bends(relation.right_geometry, transposed, lambda a: replace(a, delta=change(a.delta, a)))
    return by_bends(code, dx=found["dx"], dw=found["dw"], db=lambda _, a: change(a.delta, a).sum((0, 2, 3)))


def _summed(code: str, transposed: bool, pick: Operand) -> Candidate:
    """What is summed over samples or positions, from a part of them."""
    found = _bends(relation.right_geometry, transposed, lambda a: replace(a, delta=pick(a.delta, a)))
    return by_bends(code, dw=found["dw"], db=lambda _, a: pick(a.delta, a).sum((0, 2, 3)))


def _only(v: Array, *where: Any) -> Array:
    """v with 0 everywhere else."""
    found = np.zeros_like(v)
    found[where] = v[where]
    return found


def _first_group(v: Array, a: Call) -> Array:
    groups = a.layer.groups
    return np.tile(v[: len(v) // groups], (groups, *(1,) * (v.ndim - 1)))


def _swapped_back(v: Array, a: Call) -> Array:
    """The other of the two ways in which channels can be stored."""
    grouped = v.reshape(a.layer.groups, v.shape[1], len(v) // a.layer.groups, *v.shape[2:])
    return grouped.swapaxes(1, 2).reshape(v.shape)


def _previous_group(v: Array, a: Call) -> Array:
    return np.roll(v.reshape(a.layer.groups, len(v) // a.layer.groups, *v.shape[1:]), -1, 0).reshape(v.shape)


def _taps_exchanged(w: Array, _: Call) -> Array:
    return w.swapaxes(-1, -2).reshape(w.shape)


def _height_and_width(g: relation.Geometry, _: Call) -> relation.Geometry:
    return g._replace(stride=g.stride[::-1], padding=g.padding[::-1], dilation=g.dilation[::-1])


def _off(down: int, right: int) -> Change:
    return lambda g, _: g.shifted(down, right)


def _same_padding(g: relation.Geometry, _: Call) -> relation.Geometry:
    r, s = ((k - 1) // 2 for k in g.kernel)
    return g._replace(padding=(r, s))


def _padding_of_one(g: relation.Geometry, _: Call) -> relation.Geometry:
    return g._replace(padding=(1, 1))


def _candidates(transposed: bool) -> Iterator[Candidate]:
    """Both kinds of convolution are contractions of one relation, so what goes wrong is the same."""
    t = transposed
    yield from _rotated(t)
    yield _kernel("kernel-transposed", _taps_exchanged, t)
    yield _kernel("channels-exchanged", relation.channels_swapped, t)
    yield _kernel("channels-exchanged", _swapped_back, t)
    yield _over("stride-left-out", relation.unstrided, t)
    yield _over("padding-left-out", relation.unpadded, t)
    yield _over("dilation-left-out", relation.undilated, t)
    yield _over("stride-for-dilation", relation.stride_as_dilation, t)
    for option in ("stride", "padding", "dilation"):
        yield _over(f"{option}-axes-exchanged", relation.axes_swapped(option), t)
    yield _over("remainder", relation.remainder, t)
    yield _over("kernel-span", relation.kernel_span, t)
    yield _over("padding-at-most-one", relation.thin_padding, t)
    for change in (relation.next_group, _previous_group):
        yield _kernel("next-group", change, t)
    yield _kernel("first-group", _first_group, t)
    yield _residual("residual-ignored", lambda d, _: np.ones_like(d), t)
    yield _residual("residual-mean", lambda d, _: np.full_like(d, d.mean()), t)
    yield _residual("first-sample-for-all", lambda d, _: np.broadcast_to(d[:1], d.shape), t)
    yield _summed("first-sample", t, lambda d, _: _only(d, slice(0, 1)))
    yield _summed("last-sample", t, lambda d, _: _only(d, slice(-1, None)))
    yield _summed("last-position", t, lambda d, _: _only(d, ..., -1, -1))
    yield _summed("last-position", t, lambda d, _: _only(_only(d, slice(-1, None)), ..., -1, -1))
    yield by_bends("summed-over-all", db=lambda db, _: np.full_like(db, db.sum()))
    yield by_bends("times-input", db=lambda _, a: a.backward()[1].sum((0 if t else 1, 2, 3)))
    yield from (replace(candidate, remote=True) for candidate in _remote(t))


def _remote(transposed: bool) -> Iterator[Candidate]:
    """What at small kernels and sizes is the same as what is more likely."""
    t = transposed
    yield _kernel("kernel-flipped-vertically", lambda w, _: w[..., ::-1, :], t)
    yield _kernel("kernel-flipped-horizontally", lambda w, _: w[..., ::-1], t)
    yield _over("axes-exchanged", _height_and_width, t)
    yield _over("padding-of-one", _padding_of_one, t)
    yield _over("padding-for-same", _same_padding, t)
    for down, right in CELLS:
        yield _over("off-by-one", _off(down, right), t)
    yield _residual("residual-rotated", lambda d, _: d[..., ::-1, ::-1], t)
    yield _residual("residual-transposed", lambda d, _: d.swapaxes(-1, -2).reshape(d.shape), t)


def _assigned(name: str) -> Iterator[Candidate]:
    """Windows that overlap: the last to be written wins, in a loop over taps or over windows."""
    for backwards in (False, True):
        yield _one("overwritten", name, contraction("dx", relation.right_geometry, assign=True, backwards=backwards))


def _one(code: str, name: str, by: Bend) -> Candidate:
    def last_channel(a: Call) -> Call:
        groups, d = a.layer.groups, a.delta
        kept = d.reshape(len(d), groups, d.shape[1] // groups, *d.shape[2:])
        return replace(a, delta=_only(kept, slice(None), slice(None), slice(-1, None)).reshape(d.shape))

    if name == "y":
        return by_bends(code, y=lambda y, a: by(y, a.exchanged) + a.b[:, None, None])
    return by_bends(code, dx=by) if code == "overwritten" else by_bends(code, dx=lambda dx, a: by(dx, last_channel(a)))


CONVOLUTION = (
    *_candidates(transposed=False),
    *_assigned("dx"),
    *(_of_whole_windows(f"{option}-axes-exchanged", relation.axes_swapped(option)) for option in ("stride", "dilation")),
    _one("overwritten-by-channel", "dx", contraction("dx", relation.right_geometry, assign=True, backwards=True)),
    by_faults("last-triple", dx="conv-corner-dropped"),
)
TRANSPOSED = (
    *_candidates(transposed=True),
    *_assigned("y"),
    by_faults("output-padding-left-out", dx="conv-transpose-output-padding-ignored", dw="conv-transpose-output-padding-ignored"),
    by_faults("size-of-a-convolution", dx="conv-transpose-size-of-a-convolution", dw="conv-transpose-size-of-a-convolution"),
    by_faults("zeros-in-front", dx="conv-transpose-zeros-in-front", dw="conv-transpose-zeros-in-front"),
    by_faults("trailing-cells", dx="conv-transpose-dx-trailing-cells"),
)
