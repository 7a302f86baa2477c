"""Dense: a network in which nothing is masked."""

from __future__ import annotations

from typing import Any

from .. import layers
from ..cases import Case, Choices, assemble
from ..oracles import masked_dense
from .connected import connected, integers
from .record import Operator


def _describe(operator: Operator, choose: Choices, fixed: dict[str, Any]) -> Case:
    """in ≠ out as a rule."""
    n, features, out = (choose.integer(1, 5) for _ in range(3))
    if features == out and choose.integer(0, 3):
        out += 1
    shapes = [(n, features), (out, features), (out,)]
    return assemble(choose, operator, dict(fixed), shapes if choose.integer(0, 4) else shapes[:2], (n, out))


DENSE = connected(
    layer=layers.Dense,
    axes={"y": "no", "x": "ni", "w": "oi", "b": "o"},
    unused=("out_features",),
    describe=_describe,
    network=masked_dense.dense,
    integers=integers(),
)
