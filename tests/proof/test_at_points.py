"""Floats at integers: what is computed in a shorter type is seen, in whatever operand; what rounds, and ties, accuse nobody."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnnbp import MaxPool2d, Proof, ReLU, prove
from cnnbp.proof.at_points import EXACT, WIDE, _sizes

from .given import Given

SHORT = {np.dtype("float64"): np.dtype("float32")}


def _low(a: Any) -> Any:
    return a.astype(SHORT.get(a.dtype, a.dtype))


def _floats(proof: Proof) -> str:
    return next(claim.kind for claim in proof.claims if claim.name == "floats")


GATE = Given(lambda x, g: np.maximum(x, 0) * g, lambda d, x, g: (d * g * (x > 0), d * np.maximum(x, 0)))
INSIDE = {
    "x": Given(lambda x, g: GATE.forward(_low(x).astype(x.dtype), g), GATE.backward),
    "g": Given(lambda x, g: GATE.forward(x, _low(g).astype(g.dtype)), GATE.backward),
    "δ": Given(GATE.forward, lambda d, x, g: GATE.backward(_low(d).astype(d.dtype), x, g)),
}


@pytest.mark.parametrize("like", [None, GATE])
@pytest.mark.parametrize("operand", INSIDE)
def test_a_shorter_type_inside_is_seen_in_every_operand(operand: str, like: Any) -> None:
    proof = prove(INSIDE[operand], (4,), (4,), like=like)
    assert proof.remark is not None
    assert (proof.status, proof.remark.code) == ("refuted", "proof.wrong-floats")
    assert _floats(prove(GATE, (4,), (4,), like=like)) == "exact at points"


@pytest.mark.parametrize("operands", range(2, 7))
def test_each_operand_is_wide_in_turn_and_no_product_is_rounded(operands: int) -> None:
    sizes = [size for size, _ in _sizes(operands)]
    assert all(any(size[j] == WIDE for size in sizes) for j in range(operands))
    assert all(np.prod([float(s) for s in size]) <= EXACT for size in sizes[2:])


def _weighted(w: Any) -> Given:
    return Given(lambda x: np.maximum(x, 0) @ w, lambda d, x: d * w * (x > 0))


@pytest.mark.parametrize("seed", range(12))
def test_sums_that_cancel_are_compared_with_their_terms(seed: int) -> None:
    """A fixed weighting of what passed: at some point the answer is many times smaller than its terms."""
    w = np.random.default_rng(seed + 30).normal(size=9)
    right = prove(_weighted(w), (9,))
    assert right, str(right)
    assert _floats(right) == "sampled"
    low = Given(lambda x: _low(np.maximum(x, 0)) @ _low(w) * (x.flat[0] * 0 + 1), _weighted(w).backward)
    assert prove(low, (9,)).status == "refuted"


@pytest.mark.parametrize("times", [1000003, 123456789])
def test_integers_whose_sums_round_accuse_nobody(times: int) -> None:
    right = Given(lambda x: (np.maximum(x, 0) * times).sum(), lambda d, x: d * (x > 0) * times)
    assert prove(right, (12,))
    wrong = Given(lambda x: (np.maximum(_low(x).astype(x.dtype), 0) * times).sum(), right.backward)
    assert prove(wrong, (12,)).status == "refuted"


def test_what_is_no_number_is_not_near() -> None:
    def forward(x: Any) -> Any:
        y = np.maximum(x, 0) * 0.1
        return np.where(np.abs(y) > 1e5, y + (np.log(-1.0 - 0 * abs(y)) if y.dtype == float else 0), y)

    assert not prove(Given(forward, lambda d, x: d * 0.1 * (x > 0)), (2,))


def _scattered(order: Any, part: slice = slice(None)) -> Given:
    def backward(delta: Any, x: Any) -> Any:
        dx = np.zeros_like(delta, shape=x.shape)
        dx[order(x)[part]] = delta
        return dx

    return Given(lambda x: np.sort(x)[part], backward)


@pytest.mark.parametrize("part", [slice(None), slice(-2, None)])
def test_of_ties_that_nobody_claims_no_gradient_is_asked(part: slice) -> None:
    """A sort of floats takes equal ones in another order than one of objects; against a reference it is a difference."""
    assert prove(_scattered(np.argsort, part), (4,)), str(prove(_scattered(np.argsort, part), (4,)))
    stable = _scattered(lambda x: np.argsort(x, kind="stable"), part)
    assert prove(stable, (4,), like=stable)
    assert prove(_scattered(lambda x: np.argsort(-x), part), (4,)).status == "refuted"


@pytest.mark.parametrize("layer", [ReLU(), MaxPool2d((1, 2))])
def test_ties_that_are_claimed_are_asked(layer: Any) -> None:
    """Where a reference says what is right at ties, floats that differ there are refuted."""

    def backward(delta: Any, x: Any) -> Any:
        (dx,) = layer.backward(delta, x)
        return dx + (x.dtype != object and x.flat[0] == x.flat[1] == -1.0) * delta.sum()

    assert prove(Given(layer.forward, backward), (1, 1, 1, 2), like=layer).status == "refuted"


class Refuses(ReLU):
    """No layer for integers of Python."""

    def forward(self, x: Any) -> Any:
        if isinstance(x.flat[0], int):
            raise ValueError("integers are not supported")
        return super().forward(x)


def test_what_integers_raise_ends_no_proof() -> None:
    assert prove(Refuses(), (4,), like=ReLU())


def test_a_reference_that_changes_its_inputs_changes_none_of_the_layers() -> None:
    def forward(x: Any) -> Any:
        np.maximum(x, 0, out=x)
        return x

    assert prove(ReLU(), (2,), like=Given(forward, ReLU().backward))
