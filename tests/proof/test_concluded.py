"""What a proof holds beside its claims: the certificate of its products, and what was given."""

from __future__ import annotations

import numpy as np

import cnnbp
from cnnbp import Conv2d, Dense, prove

from .given import Given


def test_the_certificate_is_the_hash_of_the_sorted_products() -> None:
    """Recomputed by loops, from the definition alone."""
    import hashlib

    flag, bits, codes = 1 << 20, 21, []
    for k in range(2):
        for p in range(2):
            for r in range(2):
                for s in range(2):
                    o, t, i = 2 * k + p, (k * 2 + r) * 2 + s, r * 3 + p + s
                    codes.append((i | flag) + ((t | flag) << bits) + ((o | flag) << 2 * bits))
    shapes = b"x (1, 1, 2, 3); w (2, 1, 2, 2); y (1, 2, 1, 2)\0"
    digest = hashlib.sha256(shapes + b"".join(code.to_bytes(8, "little") for code in sorted(codes))).hexdigest()
    assert prove(Conv2d(), (1, 1, 2, 3), (2, 1, 2, 2)).certificate == digest
    assert prove(Given(lambda x, w: 2 * Conv2d().forward(x, w), Conv2d().backward), (1, 1, 2, 3), (2, 1, 2, 2)).certificate is None


def test_certificates_hold_the_shapes() -> None:
    """What is the same sum of products in another shape is another layer."""
    proofs = [
        prove(cnnbp.Identity(), (2, 3)), prove(cnnbp.Identity(), (6,)), prove(cnnbp.Flatten(), (2, 3, 1)),
        prove(Dense(), (1, 4), (1, 4)),
        prove(Conv2d(), (1, 1, 2, 2), (1, 1, 2, 2)), prove(Given(lambda x: 0 * x, lambda d, x: 0 * d), (2,)),
    ]  # fmt: skip
    assert all(proofs)
    assert len({proof.certificate for proof in proofs}) == len(proofs)
    mine = prove(Given(lambda x, w: x @ w.T, lambda d, x, w: (d @ w, d.T @ x)), (1, 4), (1, 4))
    assert mine.certificate == proofs[3].certificate


def test_what_is_given_is_told() -> None:
    layer = Given(lambda x, w: x @ w, lambda d, x, w: (d @ w.T, x.T @ d))
    proof = prove(layer, np.ones((2, 3)), (3, 4))
    assert proof
    assert [s.values["names"] for s in proof.scope if s.code == "proof.scope.given"] == ["x"]
    assert "with x given" in str(proof)
    assert not any(s.code == "proof.scope.given" for s in prove(layer, (2, 3), (3, 4)).scope)


def test_a_proof_says_that_it_asks_in_one_memory_layout() -> None:
    """A layer that is wrong on a residual in Fortran's order `verify` sees: to `prove` it is a named assumption."""

    def backward(delta: np.ndarray, x: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        dx, dw = Dense().backward(delta, x, w)
        return dx, dw if delta.flags.c_contiguous else 2 * dw

    layer = Given(Dense().forward, backward)
    proof = prove(layer, (2, 3), (3, 3), like=Dense())
    assert proof
    assert "asked twice at drawn floats, in one memory layout" in str(proof)
    rng = np.random.default_rng(0)
    assert cnnbp.verify(layer, rng.normal(size=(2, 3)), rng.normal(size=(3, 3)), like=Dense()).status == "fail"
