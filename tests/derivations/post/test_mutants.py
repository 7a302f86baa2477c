"""What holds would not hold if its formula were another: one defect at a time, put into the formulas and not into the truth."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from cnnbp.derivations.evaluate import tallies
from cnnbp.derivations.exact import images, networks, stacks, windows
from cnnbp.derivations.exact.images import Convolution
from cnnbp.derivations.exact.networks import Perceptron
from cnnbp.derivations.exact.numbers import Polynomial
from cnnbp.derivations.exact.sizes import Sizes
from cnnbp.derivations.exact.windows import Pooling
from cnnbp.derivations.post import convolution, descent, forward, pooling, residuals, rule, step, unified, unrolled
from cnnbp.oracles.dual_numbers import jacobian
from tests.derivations.post.quickly import BY_ID, anew

HIDDEN = "delta-hidden-def delta-hidden-chain delta-hidden-expand delta-hidden-product delta-hidden delta-hidden-restated"
USERS = [residuals, step, descent, forward, rule]  # of the recursion
FEW = 2  # instances on which a defect must show: the fewer, the more it has to be one
STEPS = "sgd-weight-decay sgd-weight-chain sgd-weight-activation sgd-bias-raw sgd-weight sgd-bias residual-substituted"


def _shallow(net: Perceptron, sample: int = 0) -> dict[int, Any]:
    """Every residual from the output layer's, whatever lies between; right for two layers."""
    top = (net.a(net.n, sample) - net.y[sample]) * net.f.slope(net.z(net.n, sample))
    return {layer: np.resize(top, len(net.b[layer - 1])) for layer in range(2, net.n + 1)}


def _through_missing(net: Perceptron, sample: int = 0) -> dict[int, Any]:
    """The recursion as if no connection were missing: those have weight 1."""
    full = {layer: np.where(w == 0, w + 1, w) for layer, w in net.w.items()}
    found = {net.n: (net.a(net.n, sample) - net.y[sample]) * net.f.slope(net.z(net.n, sample))}
    for layer in range(net.n - 1, 1, -1):
        found[layer] = (full[layer].T @ found[layer + 1]) * net.f.slope(net.z(layer, sample))
    return found


def _of_the_input(net: Perceptron, layer: int, t: int) -> Any:
    """x in the place of a^(l)."""
    return np.multiply.outer(residuals.recursion(net, t)[layer + 1], np.resize(net.x[t], net.w[layer].shape[1]))


def _turned(self: Convolution, w: Any) -> Any:
    (o, t, i), m = self.ties, np.full((self.delta.size, self.z.size), 0, object)
    m[o, i] = w[..., ::-1, ::-1].ravel()[t]
    return m


def _of_one_map(which: Any) -> Any:
    """The gradient of a kernel with one input map in the place of each: a defect that one channel hides."""

    def gradient(case: Convolution) -> Any:
        a = case.a
        return RIGHT_TIED(replace(case.linear, z=np.broadcast_to(which(a), a.shape)))

    return gradient


RIGHT_TIED, RIGHT_EXPANDED, RIGHT_RULES, RIGHT_MATRIX = unrolled.tied, residuals.expanded, unified.by_rules, Pooling.matrix


def _biased(change: Any) -> Any:
    """z_k written out with another bias; no slope tells."""

    def expanded(net: Perceptron, last: int, bias: str) -> Any:
        return RIGHT_EXPANDED(replace(net, b={**net.b, 2: change(net)}), last, bias)

    return expanded


def _without(name: str) -> Any:
    """The gradient of one parameter is left at 0."""

    def rules(net: Any, mean: bool) -> Any:
        above, said = RIGHT_RULES(net, mean)
        return above, {**said, name: 0 * said[name]}

    return rules


@pytest.mark.parametrize(
    ("owners", "attribute", "mutant", "names"),
    [
        (USERS, "recursion", _shallow, "delta-hidden-restated sgd-weight sgd-bias sgd-label"),
        ([rule], "recursion", _through_missing, "residual-locality"),
        ([descent], "by_residual", _of_the_input, "sgd-label residual-suffices gradient-descent-finds-minimum sgd-weight-raw"),
        ([Convolution], "matrix", _turned, "mlp-bp-is-base cnn-is-sparse-dense"),
        ([Pooling], "matrix", lambda self, mean=False: RIGHT_MATRIX(self, not mean), "pool-delta-formula differences-conv-pooling"),
        ([unrolled, unified], "tied", unrolled.one_copy, "same-as-mlp unified-claim consistent-with-mlp"),
        ([pooling], "shares", lambda case, divided=True: 0 * case.z + np.sum(case.delta), "meanpool-route"),
        ([descent.Ridge], "minimiser", lambda self, decay: self.x.T @ self.y / (1 + decay), "weight-decay-purpose"),
        ([unrolled], "spread", lambda case: 0 * np.repeat(case.b, case.delta[0, 0].size), "cnn-is-sparse-dense"),
        ([unrolled], "places_a_side", lambda size: size.n + 2 * size.padding - 2 * size.k + 3, "conv-output-count"),
        ([unrolled], "places_a_side", lambda size: Sizes.places(replace(size, k=3)), "conv-output-count"),
        ([residuals], "expanded", _biased(lambda net: 0 * net.b[2]), "delta-hidden-expand"),
        ([residuals], "expanded", _biased(lambda net: -net.b[2]), "delta-hidden-expand"),
        ([residuals], "expanded", _biased(lambda net: len(net.b[1]) * net.b[2]), "delta-hidden-expand"),
        ([residuals], "expanded", _biased(lambda net: np.resize(net.b[1], len(net.b[2]))), "delta-hidden-expand"),
        ([unified], "tied", _of_one_map(lambda a: a[:, :1]), "unified-claim"),
        ([unified], "tied", _of_one_map(lambda a: a[:, -1:]), "unified-claim"),
        ([unified], "tied", _of_one_map(lambda a: a.sum(1, keepdims=True)), "unified-claim"),
        ([unified], "by_rules", _without("c"), "differences-conv-pooling"),
        ([unified], "by_rules", _without("b"), "differences-conv-pooling"),
        ([unified], "by_rules", _without("v"), "differences-conv-pooling"),
        ([forward], "half_square", lambda e: np.sum(e * e), "loss-batch"),
        ([networks], "half_square", lambda e: np.sum(e * e), "loss-sample delta-hidden-product"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) and not isinstance(value, type) else None,
)  # fmt: skip
def test_a_defect_in_the_formula_is_refuted(
    owners: list[Any], attribute: str, mutant: Any, names: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In each statement something held without the defect and does not hold with it."""
    before = {name: unchanged(name) for name in names.split()}
    for owner in owners:
        monkeypatch.setattr(owner, attribute, mutant)
    assert [name for name in before if before[name] <= held(anew(name, FEW))] == []


@cache
def unchanged(name: str) -> set[str]:
    """What holds of the formulas as they are."""
    return held(anew(name, 5))


def held(found: Any) -> set[str]:
    """The readings that hold."""
    return {reading.id for reading in found.readings if reading.holds}


def on_numbers(name: str) -> set[str]:
    """The same on a few drawn instances, without letters."""
    asked = BY_ID[name].experiment
    assert asked is not None
    found = zip(asked.readings, tallies(name, asked, FEW, 3), strict=True)
    return {reading.id for reading, tally in found if tally.holds}


def test_a_slope_left_out_is_refuted_on_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the drawn polynomials alone: letters have an f of their own."""
    names = "delta-output delta-hidden-product delta-hidden-restated residual-sentence maxpool-route figure-sum".split()
    before = {name: unchanged(name) for name in names}
    monkeypatch.setattr(Polynomial, "slope", lambda self, z: 0 * z + 1)
    assert [name for name in names if before[name] <= on_numbers(name)] == []


JUDGED = """
loss-sample loss-batch sgd-label gradient-descent-finds-minimum sgd-weight-raw residual-suffices delta-output-def
gaussian-init delta-output residual-sentence residual-locality maxpool-route meanpool-route maxpool-weights-01
pool-delta-formula conv-to-pooling conv-residual-full conv-residual-affected conv-residual-multi figure-sum mlp-bp-is-base
same-as-mlp unified-claim weight-sharing
"""


def test_no_statement_is_its_own_oracle(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a truth that is doubled and negated, what was held against it holds no longer: no formula asks the oracle itself."""
    names = [*HIDDEN.split(), *STEPS.split(), *JUDGED.split()]
    before = {name: unchanged(name) for name in names}
    for owner in (networks, images, windows, stacks, residuals, descent, unrolled, convolution):
        monkeypatch.setattr(owner, "jacobian", lambda function, x: -2 * jacobian(function, x))
    assert [name for name in names if before[name] <= on_numbers(name)] == []
