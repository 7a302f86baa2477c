"""What a whole run is said to have: what the operators' own records say, and no more and no less than runs show."""

from __future__ import annotations

import pytest

from cnnbp.evidence.contradictions.owed import layer as owed
from cnnbp.evidence.contradictions.owed import verdict as lacks
from cnnbp.evidence.kinds import ALWAYS, BATCH, TALLIES
from cnnbp.operators import OPERATORS
from cnnbp.run.layers import merge
from cnnbp.run.slices import case, layer
from cnnbp.run.whole import known, part, trials, whole
from cnnbp.verification.verify import verify

WHOLE = whole(40)


@pytest.mark.parametrize("operator", OPERATORS)
def test_what_is_known_of_an_operator_is_what_verdicts_show(operator: str) -> None:
    """Each oracle speaks of all that it can say anything about, of no more, and each of these at some case."""
    asked = [case(operator, operator, number, 5) for number in range(4)]
    verdicts = [verify(c.layer, *c.args, delta=c.delta) for c in asked]
    assert [told.code for found in verdicts for told in lacks(found, operator, WHOLE)] == []
    said = {name: {e.quantity for v in verdicts for e in v.evidence if (e.oracle, e.kind) == of and e.status != "abstain"}
            for name, of in TALLIES.items()}  # fmt: skip
    points = said.pop("contract")
    assert set(ALWAYS) <= points <= {*ALWAYS, *BATCH}
    assert said == {name: set(able) for name, able in known(OPERATORS[operator]).oracles.items() if name != "contract"}


@pytest.mark.parametrize("operator", ["Conv2d", "BatchNorm2d", "Sigmoid", "ReLU"])
def test_a_drawn_layer_has_what_a_whole_run_has(operator: str) -> None:
    """All its oracles, quantities and points, from one case on."""
    for count in (1, 5):
        assert [told.code for told in owed(merge([layer(operator, 0, count, 2)], 2), WHOLE)] == []


def test_a_part_of_it_keeps_what_belongs_to_its_parts() -> None:
    """The readings of a statement, the operator of a control."""
    found = part(WHOLE, ["delta-output", "Dense", "dense-dw-doubled", "training"])
    assert found.statements == {"post": {"delta-output": WHOLE.statements["post"]["delta-output"]}}
    assert (list(found.layers), found.wrong, found.right, found.parts) == (
        ["Dense"],
        {"dense-dw-doubled": "Dense"},
        {},
        ("training",),
    )
    assert (found.contract, found.steps) == (WHOLE.contract, WHOLE.steps)


def test_right_layers_are_tried_at_least_once() -> None:
    """On a quarter of the cases of a reference layer; in a campaign, which is about the layers, as often as in a thorough run."""
    assert [trials(examples) for examples in (1, 3, 40, 1000, 10**6)] == [1, 1, 10, 250, 250]
