"""Some of the networks of a run, which proves them all."""

from __future__ import annotations

import pytest

from cnnbp.proof.networks import NETWORKS, network_proof

QUICK = [name for name in NETWORKS if name != "conv-relu-max-dense"][::2]  # of the one left out a run walks 477 orders


@pytest.mark.parametrize("name", QUICK)
def test_it_is_proved(name: str) -> None:
    proof = network_proof(name)
    assert proof, proof.reason
    assert [c.name for c in proof.claims] == ["loss", "loss-gradient", "update", "floats"]
    assert all(c.status == "proved" for c in proof.claims)
    assert proof.witness is None
    assert "λ" in str(proof)
