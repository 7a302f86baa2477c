"""Arguments of which every entry can be asked about: each costs forwards."""

from __future__ import annotations

from cnnbp.layers.checks import Array
from tests.helpers.layers import arguments


def small(operator: str) -> list[Array]:
    """x and the parameters, with two samples at most."""
    x, *params = arguments(operator)
    return [x[:2], *(p[:2] if p.dtype.kind == "i" or operator == "HalfSquaredError" else p for p in params)]
