"""A proof that is made fits itself, whatever it shows; one that was changed does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cnnbp import Conv2d
from cnnbp.evidence import records, remark
from cnnbp.evidence.contradictions import proved
from cnnbp.evidence.proof import Hypothesis
from cnnbp.proof.prove import prove
from tests.evidence.sample import document


def bent(change: Callable[[Any], Any]) -> Any:
    """Conv2d with other gradients."""

    def backward(self: Any, delta: Any, x: Any, *params: Any) -> Any:
        return change(Conv2d.backward(self, delta, x, *params))

    return type("Bent", (Conv2d,), {"backward": backward})()


ANSWERS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "right": (lambda found: found, "proved"),
    "doubled": (lambda found: tuple(2 * a for a in found), "refuted"),
    "one missing": (lambda found: found[:1], "refuted"),
    "misshapen": (lambda found: tuple(np.concatenate([a, a]) for a in found), "refuted"),
    "wrong on floats alone": (lambda found: tuple(a if a.dtype == object else 2 * a for a in found), "refuted"),
    "only floats": (lambda found: tuple(np.asarray(a, float) for a in found), "abstains"),
    "nothing": (lambda _: 1 / 0, "abstains"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_no_proof_contradicts_itself_for_what_it_shows(name: str) -> None:
    """Whatever a layer answers, its proof is a record that fits itself: only a changed one does not."""
    change, shown = ANSWERS[name]
    made = replace(prove(bent(change), (2, 1, 3, 3), (1, 1, 2, 2), like=Conv2d()), layer="Conv2d()", like="Conv2d()")
    found = records.Proved(id="Conv2d", of="Conv2d", proof=made)
    assert made.status == shown
    assert list(proved(found, ("x", "w"))) == []
    better = replace(made, status="proved", remark=None, witness=None)
    assert shown == "proved" or list(proved(found.model_copy(update={"proof": better}), ("x", "w"))) != []


def test_a_proof_by_chance_claims_no_more_and_is_held_to_it() -> None:
    """Of a shape too large for unknown numbers: the gradient and forward, with a probability, if the layer is linear."""
    right = document().proofs.layers[0].proof
    chance = replace(
        right, kind="probabilistic", claims=tuple(replace(claim, kind="probabilistic") for claim in right.claims[:2]),
        hypotheses=(
            Hypothesis(remark("proof.assumes.linear"), remark("proof.checked.smaller", shape="(1, 1, 2, 2)")),
            Hypothesis(remark("proof.assumes.same-lines"), remark("proof.checked.lines-smaller", shape="(1, 1, 2, 2)")),
            right.hypotheses[-1],
        ),
        certificate=None, products=0, paths=0,
    )  # fmt: skip
    found = document().proofs.layers[0].model_copy(update={"proof": chance})
    assert list(proved(found, ("x", "w"))) == []
    stronger = found.model_copy(update={"proof": replace(chance, kind="symbolic")})
    assert {told.code for told in proved(stronger, ("x", "w"))} >= {"status.proof-kind", "status.proof-floats"}
    certain = found.model_copy(update={"proof": replace(chance, error=None)})
    assert {told.code for told in proved(certain, ("x", "w"))} == {"status.proof-error"}
