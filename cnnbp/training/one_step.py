"""One step of training, taken twice from the same parameters: how far apart two right programs may land."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..judge import Judgement, compare
from ..layers.network import Parameters
from ..oracles import masked_network, sgd
from ..oracles.masked_network import Described
from ..rounding import UNDERFLOW, Array, gamma, promised


def named(layers: Sequence[Described]) -> list[tuple[str, Mapping[str, Any]]]:
    """The layers as PyTorch's functions are found: by name and options."""
    return [(layer.name, layer.options) for layer in layers]


def compare_step(
    layers: Sequence[Described],
    x: Array,
    y: Array,
    before: Parameters,
    after: Parameters,
    learning_rate: float,
    weight_decay: float,
) -> dict[str, Judgement | None] | None:
    """Judges the step `before` → `after` against PyTorch's from the same `before`: each parameter, w1, b1, … by its layer.

    None if a sign or a winner is nearer to a kink than rounding: two right programs may then go different ways. A parameter
    is None if nothing finite is left of it. Raises Abstention without PyTorch.
    """
    expected = sgd.step(named(layers), x, y, before, learning_rate, weight_decay)
    whole = masked_network.answer(layers, x, y, before)
    if whole.uncertified:
        return None
    found: dict[str, Judgement | None] = {}
    for number, (mine, theirs, starts) in enumerate(zip(after, expected, before, strict=True)):
        gradients, errors = whole.gradients[number], whole.errors[number]
        for name, *values in zip("wb", mine, theirs, starts, gradients, errors, strict=False):
            actual, value, start, gradient, error = values
            decay = weight_decay if name == "w" else 0.0
            bound = one_step_bound(start, gradient, error, learning_rate, decay)
            found[f"{name}{number + 1}"] = compare(actual, value, bound)
    return found


def one_step_bound(w: Array, gradient: Array, error: Array, learning_rate: float, weight_decay: float) -> Array:
    """2αE + 2γ₁|w| + 2γ₄α(|g| + 2E + λ|w|), the distance of two programs that both compute w − α(∂J/∂w + λw) from this w.

    A program has ∂J/∂w as gᵢ, off by E at most; the masked network's g is such a program, so that |gᵢ| ≤ |g| + 2E, and
    two of them differ by 2E at most. Then it rounds λw, the sum gᵢ + λw, its product with α and the difference from w:

        wᵢ = w(1 + θ₁) − αgᵢ(1 + θ₃) − αλw(1 + θ₄),   |θₙ| ≤ γₙ

    since w meets only the last rounding, gᵢ three, λw four. Subtract the two programs, and bound each θ. Where a program
    fuses a product with a sum (as PyTorch's vector code does) or has no λ, a rounding is absent. γ₁₆ pays for the bound's
    own rounding.
    """
    magnitude = abs(gradient) + 2 * error + weight_decay * abs(w)
    distance = 2 * learning_rate * error + 2 * gamma(1) * abs(w) + 2 * gamma(4) * learning_rate * magnitude
    return promised((1 + gamma(16)) * distance + 8 * UNDERFLOW)
