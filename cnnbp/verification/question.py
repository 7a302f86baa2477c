"""One case put to the witnesses who know the operator: what they answer, and how far right answers may lie apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from .. import layers, rounding
from ..oracles import autograd, finite_difference, masked_dense
from ..oracles.abstention import Abstention
from ..rounding import Array

LOSSES = frozenset({"HalfSquaredError", "SoftmaxCrossEntropy"})
OPERATORS = frozenset({"Conv2d", "Dense", "MaxPool2d", "AvgPool2d", "Flatten"}) | rounding.ELEMENTWISE | LOSSES
SMOOTH = frozenset(rounding.SUP_THIRD)
POOLS = frozenset({"MaxPool2d", "AvgPool2d", "Flatten", "Identity"})


def operator_of(layer: object) -> str | None:
    """The name of the operator if `layer` is one of the reference layers, else None."""
    name = type(layer).__name__
    return name if name in OPERATORS and type(layer) is getattr(layers, name, None) else None


class Question:
    """`operator(**options)` at `args` with residual `delta`: the expected answers and their bounds."""

    def __init__(self, reference: Any, args: tuple[Array, ...], delta: Array) -> None:
        operator = operator_of(reference)
        if operator is None:
            raise TypeError(f"like must be one of cnnbp's layers, got {reference!r}")
        self.reference: Any = reference
        self.operator, self.args, self.delta = operator, args, delta
        unused = ("out_channels", "kernel_size", "out_features") if operator in ("Conv2d", "Dense") else ()
        self._bounds: dict[object, Array] = {}
        self.options: Mapping[str, Any] = {k: v for k, v in vars(reference).items() if k not in unused}

    @property
    def quantities(self) -> tuple[str, ...]:
        """What there is to judge: y, and the gradients by x, w, b as far as the operator has them."""
        return ("y", "x") if self.operator in LOSSES else ("y", "x", "w", "b")[: len(self.args) + 1]

    @property
    def operands(self) -> dict[str, Array]:
        """The arguments by the name of their gradient."""
        return dict(zip(self.quantities[1:], self.args, strict=False))

    @cached_property
    def network(self) -> masked_dense.MaskedDense:
        """The masked fully-connected network. Raises Abstention."""
        return masked_dense.build(self.operator, self.options, self.args)

    @cached_property
    def magnitudes(self) -> dict[str, Array]:
        """Σ|terms| of every entry, from the masked network with absolute values. Raises Abstention."""
        return masked_dense.answer(self.network.absolute, tuple(np.abs(a) for a in self.args), np.abs(self.delta))

    @cached_property
    def terms(self) -> dict[str, Array]:
        """The number of terms of every entry, from the masked network. Raises Abstention."""
        return masked_dense.terms(self.network, self.args, self.delta)

    @cached_property
    def witnesses(self) -> dict[str, dict[str, Array] | str]:
        """For each oracle its answers, or its reason to abstain."""
        found: dict[str, dict[str, Array] | str] = {}
        asked = [("masked_dense", self._ask_masked), ("autograd", self._ask_autograd)]
        if self.operator in SMOOTH:
            asked.append(("complex_step", self._ask_complex_step))
        for name, ask in asked:
            try:
                found[name] = ask()
            except Abstention as abstention:
                found[name] = str(abstention)
        return found

    def _ask_masked(self) -> dict[str, Array]:
        return masked_dense.answer(self.network, self.args, self.delta)

    def _ask_autograd(self) -> dict[str, Array]:
        return autograd.answer(self.operator, self.options, self.args, self.delta)

    def _ask_complex_step(self) -> dict[str, Array]:
        """Every entry of an elementwise layer in one call of the reference's forward."""
        x = self.args[0]
        return {"x": self.delta * finite_difference.complex_step(self.reference.forward, x, np.ones(x.shape))}

    def conventional(self, oracle: str, quantity: str) -> Array:
        """Tier 1: the bound for any conventional algorithm on this quantity against this oracle, entry by entry."""
        return self._once((oracle == "complex_step", quantity), lambda: self._conventional(oracle, quantity))

    def by_norm(self, quantity: str) -> Array:
        """Tier 2: the bound in terms of norms, for layers computed another way."""
        return self._once(quantity, lambda: self._by_norm(quantity))

    def _once(self, key: object, compute: Callable[[], Array]) -> Array:
        if key not in self._bounds:
            self._bounds[key] = compute()
        return self._bounds[key]

    def _conventional(self, oracle: str, quantity: str) -> Array:
        if self.operator in rounding.ELEMENTWISE:
            return rounding.conventional(rounding.ELEMENTARY, self._elementwise_magnitude(oracle, quantity))
        if self.operator in LOSSES:
            of_loss, of_gradient = rounding.loss_scales(self.operator, self.delta, *self.args)
            return rounding.conventional(rounding.ELEMENTARY + self.args[0].size, of_loss if quantity == "y" else of_gradient)
        return rounding.conventional(self.terms[quantity], self.magnitudes[quantity])

    def _by_norm(self, quantity: str) -> Array:
        if self.operator in rounding.ELEMENTWISE:
            return rounding.by_norm(self._elementwise_magnitude("autograd", quantity))
        if self.operator in LOSSES:
            of_loss, of_gradient = rounding.loss_scales(self.operator, self.delta, *self.args)
            return rounding.by_norm(of_loss if quantity == "y" else of_gradient * self._log_sum)
        return rounding.by_norm(self._norms[quantity])

    @property
    def _log_sum(self) -> Array | float:
        """exp(x − log Σ exp x) inherits the rounding of log Σ exp x, which is as large as x itself."""
        return 1 + np.abs(self.args[0]).max(1, keepdims=True) if self.operator == "SoftmaxCrossEntropy" else 1.0

    @cached_property
    def _norms(self) -> dict[str, Array]:
        """The product of the norms of the operands that each quantity contracts."""
        x, w = self.args[0], 1.0 if self.operator in POOLS else _norm(self.args[1])
        scales = {"y": _per_sample(x, self.delta.shape) * w, "x": _per_sample(self.delta, x.shape) * w}
        if len(self.args) > 1:
            scales["w"] = np.full(self.args[1].shape, _norm(self.delta) * _norm(x))
        if len(self.args) > 2:
            b = self.args[2]
            scales["y"] = scales["y"] + np.abs(b).reshape(b.shape + (1,) * (self.delta.ndim - 2))
            scales["b"] = np.full(b.shape, _norm(self.delta) * np.sqrt(self.delta.size / max(1, b.size)))
        return scales

    def _elementwise_magnitude(self, oracle: str, quantity: str) -> Array:
        """PyTorch's slopes, 1 − y² and y·(1 − y), cancel in the tails, so against it only sup|f′| can be asked for."""
        if quantity == "y":
            return rounding.value_scale(self.operator, self.options, self.args[0])
        answers = self.witnesses[oracle]
        if oracle == "complex_step" and isinstance(answers, dict):
            return np.abs(answers["x"])
        return np.abs(self.delta) * rounding.sup_slope(self.operator, self.options)


def _norm(a: Array) -> float:
    """‖a‖₂, scaled against overflow."""
    largest = float(np.max(np.abs(a), initial=0.0))
    return largest * float(np.linalg.norm((a / largest).ravel())) if largest > 0 else 0.0


def _per_sample(a: Array, shape: tuple[int, ...]) -> Array:
    """‖a[n]‖₂ for each sample n, spread over an array of this shape."""
    norms = np.array([_norm(sample) for sample in a.reshape(shape[0], a.size // max(1, shape[0]))])
    return np.broadcast_to(norms.reshape(-1, *(1,) * (len(shape) - 1)), shape).copy()
