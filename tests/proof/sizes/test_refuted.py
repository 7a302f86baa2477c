"""Every twin is refuted by numbers that can be followed by hand, and no search finds a certificate for what is false there."""

from __future__ import annotations

import pytest

from cnnbp.proof.sizes import Refuted, twins
from cnnbp.proof.sizes.checked import CLAIMS
from cnnbp.proof.sizes.counting import holding
from cnnbp.proof.sizes.falsified import TWINS, Twin
from cnnbp.proof.sizes.find import Search
from cnnbp.proof.sizes.refuted import is_false, refuted
from cnnbp.proof.sizes.source import Source, text


@pytest.fixture(scope="module")
def found() -> dict[str, Refuted]:
    """All twins, by their ids."""
    return {one.id: one for one in twins()}


def test_every_twin_is_refuted(found: dict[str, Refuted]) -> None:
    """And every claim without what it assumes beside its sizes."""
    assert [*found][: len(TWINS)] == [twin.id for twin in TWINS]
    assert [*found][len(TWINS) :] == [
        f"{name}.unconditional" for name in ("outputs.ceil", "window_sizes.floor.input", "window_sizes.ceil.input")
    ]
    assert all(0 < one.false <= one.conditions and one.short > 0 for one in found.values())


def test_a_counterexample_by_hand(found: dict[str, Refuted]) -> None:
    """Stride 2 and a cell of padding: the one input stands at −1 + 2·0 + 1·0 = −1, before the array; output 0 is listed."""
    one = found["tap.floor-for-ceiling"]
    assert one.goal == "what-is-listed-is-a-triple"
    numbers = {"size": 1, "kernel": 1, "stride": 2, "padding": 1, "dilation": 1, "surplus": 0, "output": 0, "tap": 0}
    assert dict(one.numbers) == numbers


def test_without_its_condition_a_claim_is_wrong(found: dict[str, Refuted]) -> None:
    """One cell with one of padding on either side: the layer counts 3 windows, PyTorch leaves the last one out."""
    one = found["outputs.ceil.unconditional"]
    assert (one.old, one.new, one.goal) == ("kernel ≥ 2·padding", "", "as-many-as-PyTorch-has")
    assert dict(one.numbers) == {"size": 1, "kernel": 1, "stride": 1, "padding": 1, "dilation": 1}


@pytest.mark.parametrize("twin", TWINS[::3], ids=lambda twin: twin.id)
def test_no_certificate_is_found_for_what_is_false(twin: Twin, found: dict[str, Refuted]) -> None:
    """The search is tried on a condition that is false at the counterexample."""
    source, claim = Source(twin.text(text())), CLAIMS[twin.claim]
    full = claim.completed(source, dict(found[twin.id].numbers))
    assert full is not None
    false = [
        (path, goal)
        for path, goals in claim.paths(source)
        for goal in goals
        if (at := holding(path, full)) is not None and is_false(goal, at)
    ]
    assert len(false) == found[twin.id].false
    assert Search().certificate(*false[0]) is None


def test_a_change_that_changes_nothing_is_not_refuted() -> None:
    """No small numbers are found."""
    harmless = Twin("harmless", "outputs.floor", "return outputs + 1", "return 1 + outputs")
    with pytest.raises(LookupError, match=r"outputs\.floor: no numbers up to 9 above the least ones refute it"):
        refuted(harmless)
