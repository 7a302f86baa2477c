"""What holds would not hold if its formula were another: one defect at a time, put into the formulas and not into the truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnnbp.derivations.evaluate import tallies, verdict
from cnnbp.derivations.exact.images import Convolution, Pooling
from cnnbp.derivations.exact.networks import Perceptron, Polynomial
from cnnbp.derivations.post import DERIVATION, descent, pooling, residuals, step, unrolled

EXAMPLES = 12  # enough for each of these defects to show
BY_ID = {statement.id: statement for statement in DERIVATION.statements}


def _verdict(name: str) -> str:
    asked = BY_ID[name].experiment
    assert asked is not None
    found = tallies(name, asked, EXAMPLES, 5)
    return verdict([(reading.role, tally.holds) for reading, tally in zip(asked.readings, found, strict=True)])


def _no_slope(self: Polynomial, z: Any) -> Any:
    return 0 * z + 1


def _shallow(net: Perceptron, sample: int = 0) -> dict[int, Any]:
    """Every residual from the output layer's, whatever lies between; right for two layers."""
    top = (net.a(net.n, sample) - net.y[sample]) * net.f.slope(net.z(net.n, sample))
    return {layer: np.resize(top, len(net.b[layer - 1])) for layer in range(2, net.n + 1)}


def _of_the_input(net: Perceptron, layer: int, t: int) -> Any:
    """x in the place of a^(l)."""
    return np.multiply.outer(residuals.recursion(net, t)[layer + 1], np.resize(net.x[t], net.w[layer].shape[1]))


def _turned(self: Convolution, w: Any) -> Any:
    (o, t, i), m = self.ties, np.full((self.delta.size, self.a.size), 0, object)
    m[o, i] = w[..., ::-1, ::-1].ravel()[t]
    return m


def _one_copy(case: Convolution) -> Any:
    (_, t, i), found = case.ties, np.full(case.w.size, 0, object)
    found[t] = case.delta.ravel()[case.ties[0]] * case.a.ravel()[i]
    return found.reshape(case.w.shape)


def _sum_of_all(case: Pooling, divided: bool) -> Any:
    return 0 * case.z + np.sum(case.delta)


@pytest.mark.parametrize(
    ("owners", "attribute", "mutant", "names"),
    [
        ([Polynomial], "slope", _no_slope,
         "delta-output delta-hidden-product delta-hidden-restated residual-sentence sgd-weight sgd-bias pool-delta-formula"
         " differences-conv-pooling maxpool-route meanpool-route"),
        ([residuals, descent, step], "recursion", _shallow, "delta-hidden-restated sgd-weight sgd-bias sgd-label residual-partial"),
        ([descent], "by_residual", _of_the_input, "sgd-label"),
        ([Convolution], "matrix", _turned, "mlp-bp-is-base conv-residual-affected"),
        ([unrolled], "tied", _one_copy, "same-as-mlp"),
        ([pooling], "shares", _sum_of_all, "meanpool-route"),
        ([descent.Ridge], "minimiser", lambda self, decay: self.x.T @ self.y / (1 + decay), "weight-decay-purpose"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) and not isinstance(value, type) else None,
)  # fmt: skip
def test_a_defect_in_the_formula_is_refuted(
    owners: list[Any], attribute: str, mutant: Any, names: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each statement keeps its verdict without the defect, and loses it with it."""
    before = {name: _verdict(name) for name in names.split()}
    for owner in owners:
        monkeypatch.setattr(owner, attribute, mutant)
    after = {name: _verdict(name) for name in names.split()}
    assert [name for name in before if after[name] == before[name]] == []


def test_disturbed_residuals_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a network without missing connections drawn as one that has them, disturbing all residuals would change every sum."""

    monkeypatch.setattr(residuals, "_next_layer", lambda net, layer, z: (net.w[layer] + 1) @ net.f(z))
    assert _verdict("residual-locality") == "refuted"
