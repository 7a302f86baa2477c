"""A small evidence document of a run in which everything happened once: every verdict, every kind of record."""

from __future__ import annotations

from .derivation import post, reading, statement
from .judged import KNOWN, digits, failing_verdict, piece, verdict
from .layer import conv2d, failing_layer, tally, tanh
from .names import EXAMPLES, NETWORK, REMARK, SEED, en
from .parts import doubled, ladder, matrix, provenance, right, training
from .peers import peer, peers
from .proved import network_proof, proof, proof_in_orders, proofs, sizes, theorems, twin
from .run import document, named, wanted, whole

__all__ = [
    "EXAMPLES", "KNOWN", "NETWORK", "REMARK", "SEED", "conv2d", "digits", "document", "doubled", "en", "failing_layer",
    "failing_verdict", "ladder", "matrix", "named", "network_proof", "peer", "peers", "piece", "post", "proof", "proof_in_orders",
    "proofs", "provenance", "reading", "right", "sizes", "statement", "tally", "tanh", "theorems", "training", "twin", "verdict",
    "wanted", "whole",
]  # fmt: skip
