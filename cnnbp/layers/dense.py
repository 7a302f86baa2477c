"""The fully-connected layer: the same three contractions, with every output facing every input."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from math import prod

from . import checks
from .checks import Array


@dataclass(frozen=True)
class Dense:
    """y[n,o] = Σ_i w[o,i]·x[n,i] + b[o].    x: (n, in), w: (out, in), b: (out,), y: (n, out).

    backward:  dx[i] = Σ_o w[o,i]·δ[o]    dw[o,i] = Σ_n δ[n,o]·x[n,i]    db[o] = Σ_n δ[n,o]

    `out_features` is needed by `Network.init` alone; where given, `w` must match it.
    Raises ValueError for shapes that do not match, TypeError for wrong types. Source: the derivation's MLP part.
    """

    _: KW_ONLY
    out_features: int | None = None

    def __post_init__(self) -> None:
        if self.out_features is not None:
            checks.integer("out_features", self.out_features, 1)

    def forward(self, x: Array, w: Array, b: Array | None = None) -> Array:
        x, w = self._arguments(x, w, b)
        y: Array = x @ w.T
        return y if b is None else y + b

    def backward(self, delta: Array, x: Array, w: Array, b: Array | None = None) -> tuple[Array, ...]:
        x, w = self._arguments(x, w, b)
        delta = checks.same_shape("delta", delta, (len(x), len(w)))
        dx = delta @ w
        dw = delta.T @ x
        return (dx, dw) if b is None else (dx, dw, delta.sum(0))

    def parameter_shapes(self, input_shape: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
        """Shapes of w and b for inputs (in,). Raises ValueError where out_features was not given."""
        if self.out_features is None:
            raise ValueError("Dense needs out_features before a network can draw its weights")
        return (self.out_features, prod(input_shape)), (self.out_features,)

    def _arguments(self, x: Array, w: Array, b: Array | None) -> tuple[Array, Array]:
        x, w = checks.array("x", x, "n in"), checks.array("w", w, "out in")
        if x.shape[1] != w.shape[1]:
            raise ValueError(f"x must have {w.shape[1]} features for w {w.shape}, got {x.shape[1]}")
        if self.out_features not in (None, len(w)):
            raise ValueError(f"w must have out_features={self.out_features} outputs, got {len(w)}")
        if b is not None:
            checks.same_shape("b", b, (len(w),))
        return x, w
