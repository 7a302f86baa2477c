"""Dense: a network in which nothing is masked."""

from __future__ import annotations

from typing import Any

from .. import layers
from ..cases import Case, Choices, assemble, given
from ..cases.sizes import sizes
from ..oracles import masked_dense
from .connected import connected, integers
from .conv2d import BIAS
from .record import Operator


def _describe(operator: Operator, choose: Choices, fixed: dict[str, Any]) -> Case:
    """in ≠ out as a rule."""
    large = sizes(choose, ("samples", "features", "outputs"))
    n, features, out = (large.draw(choose, name, 5) for name in ("samples", "features", "outputs"))
    if features == out and choose.integer(0, 3):
        out += 1
    out = fixed.get("out_features") or out
    shapes = [(n, features), (out, features), (out,)]
    shown = shapes if given(choose, fixed, "bias", BIAS) else shapes[:2]
    return assemble(choose, operator, {}, shown, (n, out), scale=large.scale)


DENSE = connected(
    layer=layers.Dense,
    axes={"y": "no", "x": "ni", "w": "oi", "b": "o"},
    unused=("out_features",),
    describe=_describe,
    network=masked_dense.dense,
    integers=integers(),
)
