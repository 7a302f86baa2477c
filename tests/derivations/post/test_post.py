"""The verdicts on the post come out of a run, and are those of an audit that was made by hand."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from cnnbp.derivations import DERIVATION
from cnnbp.derivations.evaluate import tallies, trial, verdict

BY_ID = {statement.id: statement for statement in DERIVATION.statements}

# What the audit found, by label: right; typographic; wrong as printed; ambiguous.
AUDIT = {
    "right": "E1 E2 E3 E4 E5 E17 E18 E19 E20 E23 E27 E28 E29 V1 V4 V5 V7 V8 V9 V10 V11 V12 V15 V19",
    "typographic": "E6 E7 E8 E13 E16 E21",
    "wrong": "E9 E10 E11 E12 E14 E15 E22 E24 E25 E26 V13 V23",
    "ambiguous": "E30 V2 V3 V6 V14 V16 V17 V18 V20 V21 V22",
}
ALLOWED = {
    "right": {"holds", "definition", "not mathematical"},
    "typographic": {"holds under these readings only"},
    "wrong": {"refuted as printed, holds as corrected"},
    "ambiguous": {"holds under these readings only"},
}
EXPECTED = {label: ALLOWED[found] for found, labels in AUDIT.items() for label in labels.split()}


@cache
def record(name: str) -> dict[str, Any]:
    """The full record of a statement, made once."""
    return trial(BY_ID[name], 30, 1)


def test_all_are_on_trial() -> None:
    """30 formulas and 23 verbal claims, each under an id of its own."""
    labels = [statement.label for statement in DERIVATION.statements]
    assert sorted(labels) == sorted([f"E{n}" for n in range(1, 31)] + [f"V{n}" for n in range(1, 24)])
    assert len(BY_ID) == 53
    assert all(statement.claim.endswith(".") and statement.why.endswith(".") for statement in DERIVATION.statements)


@pytest.mark.parametrize("name", BY_ID)
def test_verdict_agrees_with_the_audit(name: str) -> None:
    """53 of 53."""
    assert record(name)["verdict"] in EXPECTED[BY_ID[name].label]


@pytest.mark.parametrize("seed", [2, 3, 4])
@pytest.mark.parametrize("name", [name for name, statement in BY_ID.items() if statement.trial])
def test_verdict_does_not_hang_on_the_seed(name: str, seed: int) -> None:
    """Other instances, the same verdict; and no reading that is right by one seed is wrong by another."""
    asked = BY_ID[name].trial
    assert asked is not None
    holds = [tally.holds for tally in tallies(name, asked, 30, seed)]
    assert verdict([(r.role, h) for r, h in zip(asked.readings, holds, strict=True)]) == record(name)["verdict"]
    assert holds == [r["holds"] for r in record(name)["readings"]]


@pytest.mark.parametrize("name", [name for name, s in BY_ID.items() if EXPECTED[s.label] == ALLOWED["wrong"]])
def test_refutation_can_be_checked_by_hand(name: str) -> None:
    """At most four numbers in any array, and a wrong number rather than none."""
    found = record(name)["counterexample"]
    assert found["says"] != found["truth"]
    assert found["says"] is not None
    for value in (*found["given"].values(), found["says"], found["truth"]):
        assert np.size(np.array(value)) <= 4


@pytest.mark.parametrize("name", BY_ID)
def test_a_fault_is_named_where_there_is_one(name: str) -> None:
    """What is refuted as printed says why in a few words, and nothing else does."""
    assert bool(BY_ID[name].fault) == record(name)["verdict"].startswith("refuted as printed")


@pytest.mark.parametrize("name", BY_ID)
def test_every_refuted_reading_has_its_counterexample(name: str) -> None:
    """And no other reading has one."""
    for reading in record(name)["readings"]:
        assert (reading["counterexample"] is None) == (reading["holds"] is not False)


def test_delta_hidden_by_hand() -> None:
    """One unit a layer: δ = 2 above, w = 2, so 4 below; the print takes 4 for δ and says 8."""
    found = record("delta-hidden")["counterexample"]
    (x,), (y,), ((w1,),), ((w2,),) = (found["given"][name] for name in ("x", "y", "w(1)", "w(2)"))
    assert found["given"]["f"] == "f(z) = z"
    true = (w2 * w1 * x - y) * w2
    assert (found["truth"], found["says"]) == ([true], [true * w2])


def test_step_without_a_size_goes_uphill_by_hand() -> None:
    """J = ½(w·x − y)² of one sample, and w − ∂J/∂w."""
    given = record("sgd-weight-raw")["counterexample"]["given"]
    (x,), (y,), ((w,),), (b,) = (given[name] for name in ("x", "y", "w(1)", "b(1)"))
    assert given["f"] == "f(z) = z"
    after = w - (w * x + b - y) * x
    assert (after * x + b - y) ** 2 >= (w * x + b - y) ** 2 > 0


def test_full_convolution_holds_where_the_flips_are_odd() -> None:
    """The truth table: full, and an odd number of {forward flips, backward flips, kernel rotated}; else a wrong shape or value."""
    readings = record("conv-residual-full")["readings"]
    assert len(readings) == 24
    for reading in readings:
        facets = reading["facets"]
        flips = [facets["forward"] == "true convolution", facets["backward"] == "true convolution", facets["kernel"] == "rot180 w"]
        assert reading["holds"] == (facets["size"] == "full" and sum(flips) % 2 == 1), reading["name"]
        assert (reading["senseless"] > 0) == (facets["size"] != "full"), reading["name"]


def test_a_bias_in_the_sum_is_invisible_to_derivatives() -> None:
    """The audit's warning: its derivative is right and its value wrong."""
    holds = {
        r["name"]: r["holds"]
        for r in record("delta-hidden-expand")["readings"]
        if "w·f(z) + b)" in r["name"] and "mended" in r["name"]
    }
    assert sorted(holds.values()) == [False, True]
