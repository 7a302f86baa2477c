"""The model of the layers, computed by Rocq on small integers and held against the layers: number by number.

The theorems are about the layers as `Convolution.v` and its neighbours write them. That the Python code does the same is not
proved there; here both compute the same cases, among them strides, paddings, dilations, groups, overhanging windows and ties.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from ...layers import AvgPool2d, Conv2d, ConvTranspose2d, MaxPool2d
from ...layers.relation import Axis, Relation, relation, transposed

Array = np.ndarray[Any, np.dtype[Any]]
HEAD = """\
From Coq Require Import ZArith List.
From cnnbp Require Import Axis Outputs Sums Plane Contraction Convolution TransposedConvolution.
From cnnbp Require Import Loops MeanPooling MaxPooling Instances.
Import ListNotations.
Open Scope Z_scope.
Definition array (c h w : Z) (numbers : list Z) : Z * Z * Z * Z -> integers :=
  fun '(n, k, i, j) => nth (Z.to_nat (((n * c + k) * h + i) * w + j)) numbers 0.
Definition vector (numbers : list Z) : Z -> integers := fun k => nth (Z.to_nat k) numbers 0.
Definition less_or_equal : integers -> integers -> bool := Z.leb.
Definition equal : integers -> integers -> bool := Z.eqb.
Definition share : Z * Z -> integers := fun _ => 1.
Definition map_of (w : Z) (numbers : list Z) : Z * Z -> integers := fun '(i, j) => nth (Z.to_nat (i * w + j)) numbers 0.
"""


@dataclass(frozen=True)
class Case:
    """A layer at given shapes, and what it computes there, as equations for Rocq."""

    title: str
    equations: tuple[str, ...]


def cases() -> Iterator[Case]:
    """All cases, always the same."""
    rng = np.random.default_rng(1)
    for conv, x, w in (
        (Conv2d(), (2, 2, 4, 3), (2, 2, 2, 3)),  # no window leaves the input: it is looked at with other strides
        (Conv2d(stride=(2, 1), padding=1, groups=2), (2, 4, 4, 3), (4, 2, 3, 2)),
        (Conv2d(stride=3, padding=(2, 1), dilation=(1, 2)), (1, 2, 5, 6), (3, 2, 3, 2)),
    ):
        yield _convolution(conv, _draw(rng, x), _draw(rng, w), _draw(rng, w[:1]), rng)
    for trans, x, w in (
        (ConvTranspose2d(stride=2, padding=1, output_padding=1), (2, 2, 2, 3), (2, 2, 3, 2)),
        (ConvTranspose2d(stride=(1, 2), groups=2, dilation=2), (1, 4, 2, 2), (4, 1, 2, 2)),
    ):
        yield _transposed(trans, _draw(rng, x), _draw(rng, w), _draw(rng, (w[1] * trans.groups,)), rng)
    for pool in (MaxPool2d(2), MaxPool2d((3, 2), stride=2, padding=1, dilation=(1, 2), ceil_mode=True)):
        yield _max(pool, _draw(rng, (1, 1, 5, 6)) // 4, rng)  # few different numbers, so that there are ties
    for mean in (AvgPool2d(2), AvgPool2d((3, 2), stride=2, padding=1, ceil_mode=True, count_include_pad=False)):
        yield _mean(mean, _draw(rng, (1, 1, 5, 6)), rng)


def text() -> str:
    """The Rocq file: an equation for each quantity of each case, and that one does not hold with another number in it."""
    goals = [HEAD]
    for case in cases():
        goals += [f"Goal {equation}.\nProof. vm_compute. reflexivity. Qed." for equation in case.equations]
        goals += [f"Goal ~ {falsified(case)}.\nProof. vm_compute. discriminate. Qed."]
    return "\n".join(goals) + "\n"


def falsified(case: Case) -> str:
    """The first equation of a case, with its last number one too large."""
    left, last = case.equations[0].rsplit("; ", 1)
    return f"{left}; {int(last.removesuffix(']')) + 1}]"


def _draw(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.integers(-9, 10, shape)


def _numbers(values: Array) -> str:
    whole = np.rint(values).astype(int)
    assert np.array_equal(whole, values)  # small integers, which no floating-point number rounds
    return f"[{'; '.join(map(str, whole.ravel().tolist()))}]"


def _array(values: Array) -> str:
    return f"(array {' '.join(map(str, values.shape[1:]))} {_numbers(values)})"


def _axes(T: Relation) -> str:
    return f"{_axis(T.rows)} {_axis(T.columns)}"


def _axis(a: Axis) -> str:
    return f"(Axis {a.size} {a.kernel} {a.stride} {a.padding} {a.dilation} {str(a.ceil_mode).lower()} {a.surplus})"


def _title(layer: Any, x: Array, *w: Array) -> str:
    given = [(field.name, getattr(layer, field.name)) for field in fields(layer) if getattr(layer, field.name) != field.default]
    options = ", ".join(f"{name}={value}" for name, value in given)
    return f"{type(layer).__name__}({options}) at x {x.shape}" + "".join(f", w {each.shape}" for each in w)


def _convolution(layer: Conv2d, x: Array, w: Array, b: Array, rng: np.random.Generator) -> Case:
    T = relation(x.shape[2:], w.shape[2:], layer.stride, layer.padding, layer.dilation)
    hv, n, g, k, c, X, W, B, D, (y, dx, dw, db) = _of(layer, T, (x, w, b), rng)
    return Case(_title(layer, x, w), (
        f"map (forward {hv} {k} {c} {X} {W} {B}) (conv_outputs {hv} {n} {g} {k}) = {y}",
        f"map (dx {hv} {k} {c} {D} {W}) (conv_inputs {hv} {n} {g} {c}) = {dx}",
        f"map (dw {hv} {n} {k} {c} {D} {X}) (conv_taps {hv} {g} {k} {c}) = {dw}",
        f"map (db {hv} {n} {D}) (range {g * k}) = {db}",
    ))  # fmt: skip


def _transposed(layer: ConvTranspose2d, x: Array, w: Array, b: Array, rng: np.random.Generator) -> Case:
    T = transposed(x.shape[2:], w.shape[2:], layer.stride, layer.padding, layer.dilation, layer.output_padding)
    hv, n, g, k, c, X, W, B, D, (y, dx, dw, db) = _of(layer, T, (x, w, b), rng)
    return Case(_title(layer, x, w), (
        f"map (transposed_forward {hv} {k} {c} {X} {W} {B}) (conv_inputs {hv} {n} {g} {c}) = {y}",
        f"map (transposed_dx {hv} {k} {c} {D} {W}) (conv_outputs {hv} {n} {g} {k}) = {dx}",
        f"map (transposed_dw {hv} {n} {k} {c} {D} {X}) (conv_taps {hv} {g} {k} {c}) = {dw}",
        f"map (transposed_db {hv} {n} {D}) (range {g * c}) = {db}",
    ))  # fmt: skip


def _of(layer: Conv2d | ConvTranspose2d, T: Relation, args: tuple[Array, Array, Array], rng: np.random.Generator) -> Any:
    """In Rocq's words: both axes, samples, groups, channels of one group, x, w, b, δ, and what the layer answers, y to db."""
    x, w, b = args
    y = layer.forward(x, w, b)
    delta = _draw(rng, y.shape)
    answers = [_numbers(each) for each in (y, *layer.backward(delta, x, w, b))]
    k, c = len(w) // layer.groups, w.shape[1]
    return _axes(T), len(x), layer.groups, k, c, _array(x), _array(w), f"(vector {_numbers(b)})", _array(delta), answers


def _window(layer: MaxPool2d | AvgPool2d, x: Array) -> Relation:
    stride, dilation = layer.stride or layer.kernel_size, getattr(layer, "dilation", 1)
    return relation(x.shape[2:], layer.kernel_size, stride, layer.padding, dilation, layer.ceil_mode)


def _map(values: Array) -> str:
    return f"(map_of {values.shape[-1]} {_numbers(values)})"


def _max(layer: MaxPool2d, x: Array, rng: np.random.Generator) -> Case:
    y, hv = layer.forward(x), _axes(_window(layer, x))
    delta = _draw(rng, y.shape)
    (dx,) = layer.backward(delta, x)
    return Case(_title(layer, x), (
        f"map (max_forward {hv} less_or_equal {_map(x)}) (outputs_of_plane {hv}) = {_numbers(y)}",
        f"map (max_dx {hv} less_or_equal equal {_map(x)} {_map(delta)}) (cells {hv}) = {_numbers(dx)}",
    ))  # fmt: skip


def _mean(layer: AvgPool2d, x: Array, rng: np.random.Generator) -> Case:
    """Integers have no fractions: y is multiplied by the size of each window, and so is what backward divides."""
    T, padded = _window(layer, x), layer.count_include_pad
    hv, sizes = _axes(T), np.multiply.outer(T.rows.window_sizes(padded), T.columns.window_sizes(padded))
    y = layer.forward(x) * sizes
    delta = _draw(rng, y.shape)
    (dx,) = layer.backward(delta * sizes, x)
    return Case(_title(layer, x), (
        f"map (mean_forward {hv} share {_map(x)}) (outputs_of_plane {hv}) = {_numbers(y)}",
        f"map (mean_dx {hv} share {_map(delta)}) (cells {hv}) = {_numbers(dx)}",
    ))  # fmt: skip
