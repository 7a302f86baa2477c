"""The verdicts on the post come out of a run, and are those of an audit that was made by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from unittest.mock import patch

import numpy as np
import pytest

from cnnbp.derivations import smallest
from cnnbp.derivations.evaluate import LEAST, UNTESTED, Tally, evaluate, tallies, verdict
from cnnbp.derivations.post import DERIVATION
from cnnbp.derivations.proofread import defects
from cnnbp.derivations.statement import Experiment
from cnnbp.evidence import records

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
WRONG = [name for name, statement in BY_ID.items() if EXPECTED[statement.label] == ALLOWED["wrong"]]


@cache
def fared(name: str, seed: int = 1) -> dict[str, Tally]:
    """How each reading of a statement fared, counted once."""
    asked = BY_ID[name].experiment or UNTESTED
    found = tallies(name, asked, LEAST, seed)
    return {reading.id: tally for reading, tally in zip(asked.readings, found, strict=True)}


@cache
def refutation(name: str) -> records.Counterexample:
    """The counterexample of the printed reading that most often has a wrong value, found by a single search."""
    asked, found = BY_ID[name].experiment or UNTESTED, fared(name)
    printed = [reading for reading in asked.readings if reading.role == "printed"]
    worst = max(printed, key=lambda reading: found[reading.id].wrong - found[reading.id].senseless)
    with patch.object(smallest, "SEARCHES", 1):
        shown = evaluate(replace(BY_ID[name], experiment=Experiment(asked.draw, worst)), LEAST, 1).readings[0].counterexample
    assert shown is not None
    return shown


def test_all_are_there() -> None:
    """30 formulas and 23 verbal claims, each under an id of its own."""
    labels = [statement.label for statement in DERIVATION.statements]
    assert sorted(labels) == sorted([f"E{n}" for n in range(1, 31)] + [f"V{n}" for n in range(1, 24)])
    assert len(BY_ID) == 53
    for part in ("claim", "why"):
        assert all(words.endswith(".") for name in BY_ID for words in DERIVATION.text[f"statements.{name}.{part}"].values())


@pytest.mark.parametrize("name", BY_ID)
def test_verdict_is_that_of_the_audit(name: str) -> None:
    """53 of 53, whatever instances are drawn; and no reading that is right by one seed is wrong by another."""
    statement, fates = BY_ID[name], [fared(name, seed) for seed in (1, 2)]
    readings = (statement.experiment or UNTESTED).readings
    for found in fates:
        ended = statement.untestable or verdict([(reading.role, found[reading.id].holds) for reading in readings])
        assert ended in EXPECTED[statement.label]
        assert [tally.holds for tally in found.values()] == [tally.holds for tally in fates[0].values()]


@pytest.mark.parametrize("name", WRONG)
def test_refutation_can_be_checked_by_hand(name: str) -> None:
    """At most four numbers in any array, and a wrong number rather than none."""
    found = refutation(name)
    assert found.says is not None
    assert found.says != found.truth
    assert found.working["en"]
    for value in (*found.given.values(), found.says, found.truth):
        assert np.size(np.array(value)) <= 4


def test_a_fault_is_named_where_there_is_one() -> None:
    """What is refuted as printed says why in a few words, and nothing else does."""
    assert [name for name, statement in BY_ID.items() if statement.fault] == WRONG


def test_delta_hidden_by_hand() -> None:
    """One unit a layer: δ = 2 above, w = 2, so 4 below; the print takes 4 for δ and says 8."""
    found = refutation("delta-hidden")
    (x,), (y,), ((w1,),), ((w2,),) = (found.given[name] for name in ("x", "y", "w(1)", "w(2)"))
    assert found.given["f"] == "f(z) = z"
    true = (w2 * w1 * x - y) * w2
    assert (found.truth, found.says) == ((true,), (true * w2,))


def test_step_without_a_size_goes_uphill_by_hand() -> None:
    """J = ½(w·x − y)² of one sample, and w − ∂J/∂w."""
    given = refutation("sgd-weight-raw").given
    (x,), (y,), ((w,),), (b,) = (given[name] for name in ("x", "y", "w(1)", "b(1)"))
    assert given["f"] == "f(z) = z"
    after = w - (w * x + b - y) * x
    assert (after * x + b - y) ** 2 >= (w * x + b - y) ** 2 > 0


def test_full_convolution_holds_where_the_flips_are_odd() -> None:
    """The truth table: full, and an odd number of {forward flips, backward flips, kernel rotated}; else a wrong shape or value."""
    asked, found = BY_ID["conv-residual-full"].experiment, fared("conv-residual-full")
    assert asked is not None
    assert len(found) == 24
    for reading in asked.readings:
        forward, backward, kernel, size = reading.facets.values()
        flips = [forward == "convolution", backward == "convolution", kernel == "rotated"]
        assert found[reading.id].holds == (size == "full" and sum(flips) % 2 == 1), reading.id
        assert (found[reading.id].senseless > 0) == (size != "full"), reading.id


def test_a_bias_in_the_sum_is_invisible_to_derivatives() -> None:
    """The audit's warning: its derivative is right and its value wrong."""
    found = fared("delta-hidden-expand")
    assert (found["bias-in-sum-derivative"].holds, found["bias-in-sum-value"].holds) == (True, False)


def test_defects_that_reading_alone_finds() -> None:
    """Brackets, lost scripts and bound indices, by the formulas that have them."""
    printed = {statement.label: defects(statement.printed) for statement in DERIVATION.statements}
    found = {label: {what.code.removeprefix("derivations.") for *_, what in those} for label, those in printed.items() if those}
    assert set(found) == {"E7", "E8", "E10", "E11", "E12", "E14", "E15", "E21", "E22"}
    assert found["E7"] == found["E8"] == found["E22"] == {"unclosed"}
    assert found["E10"] == {"lost-underscore"}
    assert "captured" in found["E11"] & found["E12"] & found["E14"] & found["E15"]
    assert "lost-caret" in found["E15"] & found["E21"]
