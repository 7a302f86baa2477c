"""The verdicts on the post come out of a run, and are those of an audit that was made by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
import pytest

from cnnbp.derivations import decide
from cnnbp.derivations.evaluate import LEAST, UNTESTED, evaluate, tallies
from cnnbp.derivations.exact.layouts import Layout
from cnnbp.derivations.exact.letters import Letters
from cnnbp.derivations.post import DERIVATION
from cnnbp.derivations.post.forward import every_gradient_of_a_unit, like_the_first
from cnnbp.derivations.proofread import defects
from cnnbp.derivations.statement import Experiment
from cnnbp.evidence import records
from tests.derivations.post.quickly import BY_ID, record

# What an audit by hand found, label by label.
EXPECTED = {
    "definition": "E1 E2 E3 E4 E5 E19",
    "not mathematical": "V1",
    "holds": "E17 E18 E20 E23 E27 E28 E29 V4 V7 V8 V9 V10 V11 V12 V15 V19 V24 V26 V27",
    "misprinted, meaning clear": "E6 E7 E8 E13 E16 E21",
    "refuted as printed, holds as corrected": "E9 E11 E12 E14 E22 E24",
    "incomplete, completed here": "V13 V23",
    "half of it judged": "V5",
    "holds under a named condition": "E10 E15 E25 E26 E30 V2 V3 V6 V14 V16 V17 V18 V20 V21 V22 V25 V28 V29 V30",
}
VERDICTS = {label: verdict for verdict, labels in EXPECTED.items() for label in labels.split()}
MENDED = [s.id for s in DERIVATION.statements if VERDICTS[s.label] == "refuted as printed, holds as corrected"]
COMPLETED = ["same-as-mlp", "unified-claim"]

# Readings that no letters decide, by statement.
SILENT = {
    "gaussian-init": {"gaussian", "uniform", "all-one", "all-zero"},
    "weight-decay-purpose": {"small-weights"},
    "gradient-descent-finds-minimum": {"unit-steps-descend", "reaches-minimum"},
    "sgd-weight-raw": {"unit-step", "every-step"},
    "maxpool-route": {"tie"},
    "conv-depends-on-nine": {"one-channel", "several-channels"},
    "conv-input-length": {"one-channel", "several-channels"},
    "conv-output-count": {"plain", "other-kernels", "as-printed", "corrected"},
    "conv-nine-positions": {"inner", "any"},
}


@cache
def refutation(name: str, reading: str = "") -> records.Counterexample:
    """The smallest counterexample to a reading; to the first that has a wrong value, if none is named."""
    sought = reading or next(each.id for each in record(name).readings if each.wrong > each.senseless)
    asked = BY_ID[name].experiment
    assert asked is not None
    alone = Experiment(asked.instances, *(each for each in asked.readings if each.id == sought))
    (found,) = evaluate(replace(BY_ID[name], experiment=alone), LEAST, 1).readings
    assert found.counterexample is not None
    return found.counterexample


def test_all_are_there() -> None:
    """30 formulas and 30 verbal claims, each under an id of its own."""
    labels = [statement.label for statement in DERIVATION.statements]
    assert sorted(labels) == sorted([f"E{n}" for n in range(1, 31)] + [f"V{n}" for n in range(1, 31)])
    assert len(BY_ID) == 60
    for part in ("claim", "why"):
        assert all(words.endswith((".", "。")) for name in BY_ID for words in DERIVATION.text[f"statements.{name}.{part}"].values())


@pytest.mark.parametrize("name", BY_ID)
def test_verdict_is_that_of_the_audit(name: str) -> None:
    """And names its condition if it has one."""
    found = record(name)
    assert found.verdict == VERDICTS[BY_ID[name].label]
    assert bool(found.condition["en"]) == (found.verdict == "holds under a named condition")


@pytest.mark.parametrize("name", [name for name, statement in BY_ID.items() if statement.experiment])
def test_numbers_and_letters_agree(name: str) -> None:
    """A reading that holds on letters is never wrong on numbers, and letters are silent by name alone."""
    for reading in record(name).readings:
        silent = reading.id in SILENT.get(name, ())
        assert (reading.letters.instances == 0) == bool(reading.letters.abstains["en"]) == silent, reading.id
        if not silent:
            found = set(reading.letters.shapes)
            assert bool(found & {"differs", "no value"}) == (reading.wrong > 0), reading.id
            assert "holds" in found or reading.holds is False, reading.id


@pytest.mark.parametrize("name", SILENT)
def test_another_seed_tells_the_same(name: str) -> None:
    """Of statements in which numbers alone decide."""
    others = tallies(name, BY_ID[name].experiment or UNTESTED, LEAST, 2)
    assert [other.holds for other in others] == [reading.holds for reading in record(name).readings]


@pytest.mark.parametrize("name", MENDED)
def test_refutation_can_be_checked_by_hand(name: str) -> None:
    """At most nine numbers in any array, and a wrong number rather than none."""
    found = refutation(name)
    assert found.says != found.truth
    assert found.working["en"]
    for value in (*found.given.values(), found.says, found.truth):
        assert np.size(np.array(value)) <= 6


def test_a_fault_is_named_where_there_is_one() -> None:
    """What is refuted as printed, or incomplete, says why in a few words, and nothing else does."""
    assert {name for name, statement in BY_ID.items() if statement.fault} == {*MENDED, *COMPLETED}


def test_delta_hidden_by_hand() -> None:
    """One unit a layer, f(z) = z: δ(2) = δ(3)·w; the print takes δ(2) for δ(3)."""
    found = refutation("delta-hidden")
    (x,), (y,), ((w1,),), ((w2,),) = (found.given[name] for name in ("x", "y", "w(1)", "w(2)"))
    assert found.given["f"] == "f(z) = z"
    true = (w2 * w1 * x - y) * w2
    assert (found.truth, found.says) == ((true,), (true * w2,))


def test_step_without_a_size_goes_uphill_by_hand() -> None:
    """J = ½(w·x − y)² of one sample, and w − ∂J/∂w."""
    given = refutation("sgd-weight-raw", "unit-step").given
    (x,), (y,), ((w,),), (b,) = (given[name] for name in ("x", "y", "w(1)", "b(1)"))
    assert given["f"] == "f(z) = z"
    after = w - (w * x + b - y) * x
    assert (after * x + b - y) ** 2 >= (w * x + b - y) ** 2 > 0


@pytest.mark.parametrize(
    ("name", "reading", "given"),
    [
        ("loss-batch", "rows-as-printed", {"w(1)": ((1,), (1,), (1,))}),
        ("sgd-weight-decay", "transposed", {"w(1)": ((1, 1), (2, 1))}),
        ("maxpool-route", "by-z", {"f": "f(z) = z²", "z": (1, 2), "δ": (1,)}),
        ("conv-residual-multi", "every", {"w": ((1,), (1,)), "δ": (1, 1)}),
        ("conv-residual-full", "correlation-correlation-plain-full-a", {"w": (1, 2), "δ": (1,)}),
        ("conv-nine-positions", "any", {"n": 5, "row": 1, "column": 1}),
    ],
)
def test_smallest_counterexamples(name: str, reading: str, given: dict[str, records.Given]) -> None:
    """Those that a person would choose, or as large as those."""
    found = refutation(name, reading).given
    for letter, value in given.items():
        assert np.shape(np.array(found[letter])) == np.shape(np.array(value))
        if not isinstance(value, str):
            assert np.sum(np.abs(np.array(found[letter]))) <= np.sum(np.abs(np.array(value)))


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("sgd-bias", "decayed"), ("sgd-bias-raw", "decayed"), ("conv-output-count", "other-kernels"),
        ("forward-affine", "transposed"),
        ("pool-delta-formula", "copied-max"), ("pool-delta-formula", "copied-mean"), ("conv-to-pooling", "sloped-max"),
        ("unified-claim", "sum-and-mean"), ("delta-hidden-chain", "factor"), ("loss-sample", "closed-after-y"),
    ],
)  # fmt: skip
def test_wrong_forms_beside_the_print_are_refuted(name: str, reading: str) -> None:
    """Those that an earlier set of trials let pass, and their like."""
    found = {item.id: item for item in record(name).readings}[reading]
    assert (found.role, found.holds) == ("beyond", False)
    assert found.wrong > 0


def test_full_convolution_holds_where_the_flips_are_odd() -> None:
    """The truth table: full or padded, and an odd number of {forward flips, backward flips, kernel rotated}; f′ for ∂J/∂z."""
    found = {reading.id: reading for reading in record("conv-residual-full").readings}
    assert len(found) == 40
    for name, reading in found.items():
        forward, backward, kernel, size, *column = name.split("-")
        odd = sum((forward == "convolution", backward == "convolution", kernel == "rotated")) % 2 == 1
        whole_map = size in ("full", "padded")
        assert reading.holds == (whole_map and odd and column != ["z"]), name
        assert (reading.senseless > 0) == (not whole_map), name


def test_a_bias_in_the_sum_is_invisible_to_derivatives() -> None:
    """The audit's warning: its derivative is right and its value wrong."""
    found = {reading.id: reading.holds for reading in record("delta-hidden-expand").readings}
    assert (found["bias-in-sum-derivative"], found["bias-in-sum-value"]) == (True, False)


def test_the_two_columns() -> None:
    """Wherever a rule hands something down without f′ it is ∂J/∂a; the residual has f′ as a factor."""
    for name, ids in {
        "maxpool-route": ("by-a", "by-z", "by-z-slope"),
        "meanpool-route": ("share-by-a", "share-by-z", "share-by-z-slope"),
        "figure-sum": ("by-a", "by-z", "by-z-slope"),
        "conv-residual-affected": ("influenced-by-a", "influenced-by-z", "influenced-by-z-slope"),
        "conv-residual-multi": ("own", "own-by-z", "own-by-z-slope"),
        "conv-residual-equal": tuple(f"correlation-rotated-{column}" for column in ("a", "z", "z-slope")),
    }.items():
        found = {reading.id: reading.holds for reading in record(name).readings}
        assert [found[each] for each in ids] == [True, False, True], name


def test_units_stay_alike_only_where_they_are_alike_in_all() -> None:
    """For any f: with the first unit's bias and weights on either side, and not with weights to above of their own."""
    net = next(BY_ID["gaussian-init"].experiment.instances.letters(Layout((1, 2, 1))))  # type: ignore[union-attr, misc]
    alike = like_the_first(net)
    assert decide.outcome(every_gradient_of_a_unit(alike)) == "holds"
    for other in (net, replace(alike, w={**alike.w, 2: net.w[2]}), replace(alike, b=net.b)):
        assert decide.outcome(every_gradient_of_a_unit(other)) == "differs"


def test_defects_that_reading_alone_finds() -> None:
    """Brackets, lost scripts and bound indices, by the formulas that have them."""
    printed = {statement.label: defects(statement.printed) for statement in DERIVATION.statements}
    found = {label: {what.code.removeprefix("derivations.") for *_, what in those} for label, those in printed.items() if those}
    assert set(found) == {"E7", "E8", "E10", "E11", "E12", "E14", "E15", "E21", "E22"}
    assert found["E7"] == found["E8"] == found["E22"] == {"unclosed"}
    assert found["E10"] == {"lost-underscore"}
    assert "captured" in found["E11"] & found["E12"] & found["E14"] & found["E15"]
    assert "lost-caret" in found["E15"] & found["E21"]


def test_where_orders_are_walked_nothing_is_said_of_ties(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several instances of letters at a shape are as many orders of its cells, and no others: and the record tells how many."""
    walked: list[Any] = []
    monkeypatch.setattr(Letters, "order", lambda stock, *_: walked.append(stock))
    seen = set()
    for statement in DERIVATION.statements:
        asked = statement.experiment
        if asked is not None and asked.instances.letters is not None:
            for shape in asked.instances.shapes:
                walked.clear()
                several = len(list(islice(asked.instances.letters(shape), 2))) > 1
                assert several == bool(walked), (statement.id, str(shape))
                seen.add(several)
    assert seen == {True, False}
