"""The verdicts on the post come out of a run, and are those of an audit by hand."""

from __future__ import annotations

import numpy as np
import pytest

from cnnbp.derivations.post import STATEMENTS
from cnnbp.derivations.statement import trial

BY_ID = {statement.id: statement for statement in STATEMENTS}
AUDIT = {
    "delta-output": "holds",
    "delta-hidden": "refuted as printed, holds as corrected",
    "conv-residual-full": "holds under these readings only",
}


@pytest.mark.parametrize("name", BY_ID)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_verdict_agrees_with_the_audit(name: str, seed: int) -> None:
    """Whatever the seed, the machine comes to the verdict of the audit."""
    assert trial(BY_ID[name], 40, seed)["verdict"] == AUDIT[name]


def test_counterexample_can_be_worked_by_hand() -> None:
    """delta-hidden is refuted by a network of one unit a layer, off by the factor w·f′ applied twice."""
    numbers = trial(BY_ID["delta-hidden"], 60, 1)["counterexample"]["numbers"]
    assert all(np.size(numbers[name]) == 1 for name in ("z", "w", "b", "y"))
    z, w, b, y = (float(np.ravel(numbers[name])[0]) for name in ("z", "w", "b", "y"))
    true = (w * z + b - y) * w
    assert numbers["true"] == [true]
    assert numbers["as printed"] == [true * w]


def test_full_convolution_holds_where_the_flips_are_odd() -> None:
    """The parity rule: full mode holds exactly if an odd number of {forward flips, backward flips, kernel rotated} is true."""
    readings = trial(BY_ID["conv-residual-full"], 40, 1)["readings"]
    assert len(readings) == 16
    for reading in readings:
        forward, backward, kernel, mode = reading["name"].split(", ")
        flips = ("true" in forward) + ("true" in backward) + ("rotated" in kernel)
        assert reading["holds"] == (mode == "full" and flips % 2 == 1), reading["name"]


def test_ids_are_unique_and_labelled() -> None:
    """A statement can be cited: its id stands for it alone."""
    assert len(BY_ID) == len(STATEMENTS)
    assert all(statement.label and statement.claim.endswith(".") for statement in STATEMENTS)
