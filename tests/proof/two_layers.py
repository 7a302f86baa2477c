"""A network of two dense layers, the smallest that has a residual to hand down."""

from __future__ import annotations

from typing import Any

from cnnbp import Dense, Network
from cnnbp.evidence.proof import Proof
from cnnbp.proof.network import prove_network

DENSE = ((1, 2), ((1, 2), (1,)), ((2, 1), (2,)))


def two_layers(kind: type[Network], middle: Any = None) -> Proof:
    """A dense layer, another one, and between them what is given."""
    x, first, second = DENSE
    layers = [Dense(), *([middle] if middle else []), Dense()]
    return prove_network(kind(layers), x, [first, *([()] if middle else []), second])
