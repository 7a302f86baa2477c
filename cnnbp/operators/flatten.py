"""Flatten: every output is one input."""

from __future__ import annotations

from math import prod
from typing import Any

from .. import layers
from ..cases import Case, Choices, assemble
from ..cases.sizes import sizes
from ..oracles import masked_dense
from .connected import connected, integers
from .record import Operator


def _describe(operator: Operator, choose: Choices, fixed: dict[str, Any]) -> Case:
    """Arrays with a batch axis and up to three more."""
    axes = ("samples", "channels", "rows", "columns")[: choose.integer(1, 4)]
    large = sizes(choose, axes)
    shape = tuple(large.draw(choose, name, 4) for name in axes)
    kinds = ("small integers", "gaussian", "wide range")
    return assemble(choose, operator, {}, [shape], (shape[0], prod(shape[1:])), kinds, large.scale)


FLATTEN = connected(
    layer=layers.Flatten,
    axes={"y": "", "x": ""},
    unused=(),
    describe=_describe,
    network=masked_dense.flat,
    integers=integers(),
)
