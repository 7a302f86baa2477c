"""Flatten: every output is one input."""

from __future__ import annotations

from math import prod
from typing import Any

from .. import layers
from ..cases import Case, Choices, assemble
from ..oracles import masked_dense
from .connected import connected, integers
from .record import Operator


def _describe(operator: Operator, choose: Choices, fixed: dict[str, Any]) -> Case:
    """Arrays with a batch axis and up to three more."""
    shape = tuple(choose.integer(1, 4) for _ in range(choose.integer(1, 4)))
    kinds = ("small integers", "gaussian", "wide range")
    return assemble(choose, operator, dict(fixed), [shape], (shape[0], prod(shape[1:])), kinds)


FLATTEN = connected(
    layer=layers.Flatten,
    axes={"y": "", "x": ""},
    unused=(),
    describe=_describe,
    network=masked_dense.flat,
    integers=integers(),
)
