"""The operators of the reference CNN, one record each: to add a layer, write its record and add a line here."""

from __future__ import annotations

from collections.abc import Mapping

from .activations import IDENTITY, LEAKY_RELU, RELU, SIGMOID, SOFTPLUS, TANH
from .batch_norm2d import BATCH_NORM2D
from .conv2d import CONV2D
from .conv_transpose2d import CONV_TRANSPOSE2D
from .dense import DENSE
from .flatten import FLATTEN
from .losses import HALF_SQUARED_ERROR, SOFTMAX_CROSS_ENTROPY
from .pooling import AVG_POOL2D, MAX_POOL2D
from .record import Operator

OPERATORS: Mapping[str, Operator] = {
    record.name: record
    for record in (
        CONV2D, CONV_TRANSPOSE2D, DENSE, MAX_POOL2D, AVG_POOL2D, BATCH_NORM2D, FLATTEN,
        IDENTITY, SIGMOID, TANH, SOFTPLUS, RELU, LEAKY_RELU, HALF_SQUARED_ERROR, SOFTMAX_CROSS_ENTROPY,
    )
}  # fmt: skip
OF_LAYER = {record.layer: record for record in OPERATORS.values()}


__all__ = ["OPERATORS", "Operator", "operator_of"]


def operator_of(layer: object) -> Operator | None:
    """The record of a layer of the reference CNN; None for anybody else's, also for one that is derived from ours."""
    return OF_LAYER.get(type(layer))
