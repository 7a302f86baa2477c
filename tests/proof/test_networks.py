"""The networks of a run: each is proved, in few seconds together."""

from __future__ import annotations

import pytest

from cnnbp.proof.networks import NETWORKS, network_proof

QUICK = [name for name in NETWORKS if name != "conv-relu-max-dense"]  # of which a run walks 477 orders


@pytest.mark.parametrize("name", QUICK)
def test_it_is_proved(name: str) -> None:
    proof = network_proof(name)
    assert proof, proof.reason
    assert [c.name for c in proof.claims] == ["loss", "loss-gradient", "update", "floats"]
    assert all(c.status == "proved" for c in proof.claims)
    assert proof.witness is None
    assert "λ" in str(proof)
