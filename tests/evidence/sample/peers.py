"""What three checkers saw of six wrong layers and two right ones."""

from __future__ import annotations

from cnnbp.evidence import records as r

SOURCES = "4d" * 32


def peers() -> r.Peers:
    """Ours with a reference, one of a framework, and one that does not take every layer; of the sources of the run."""
    return r.Peers(
        cnnbp="0.1.0", sources=SOURCES, installed=SOURCES, seed=1, wrong=r.Faults(formula=3, contract=2, precision=1), right=2,
        versions={"Python": "3.11.7", "PyTorch": "2.13.0"},
        checkers=(
            peer("cnnbp.verify, like=", 2, 2, 1), peer("torch gradcheck", 2, 1, 0, failed=1), peer("dot test", 1, 0, 0, unasked=4),
        ),
    )  # fmt: skip


def peer(name: str, formula: int, contract: int, precision: int, failed: int = 0, unasked: int = 0) -> r.Peer:
    """One of them."""
    caught = r.Faults(formula=formula, contract=contract, precision=precision)
    return r.Peer(name=name, caught=caught, failed=failed, inconclusive=0, unasked=unasked, seconds=0.5)
