"""The claims about one axis say what the definition says: on small numbers, against plain loops."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from cnnbp.proof.sizes import axis, pooling
from cnnbp.proof.sizes.axis import faced
from cnnbp.proof.sizes.claims import Claim, Goals, number, terms
from cnnbp.proof.sizes.counting import count_up, holding
from cnnbp.proof.sizes.kernel import value
from cnnbp.proof.sizes.source import Source, text

SOURCE = Source(text())
CLAIMS = [*axis.CLAIMS, *pooling.CLAIMS]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_the_path_that_holds_is_the_run(claim: Claim) -> None:
    """At small numbers exactly one path holds; its goals are, number by number, those of the source on integers, and true."""
    walked = [*claim.paths(SOURCE)]
    for numbers in count_up({**claim.sizes, **dict.fromkeys(claim.elements, 0)}, 3):
        if any(number(fact) < 0 for fact in claim.assumed(SimpleNamespace(**numbers))):
            continue
        held = [(holding(path, numbers), goals) for path, goals in walked]
        [(full, goals)] = [(full, goals) for full, goals in held if full is not None]
        on_integers = Goals()
        claim.run(SOURCE, SimpleNamespace(**numbers), on_integers)
        expected = {(goal.label, number(goal.shows), *map(number, goal.given)) for goal in on_integers}
        found = {(goal.label, *(value(terms(fact), full) for fact in (goal.shows, *goal.given))) for goal in goals}
        assert found == expected
        assert claim.false_at(SOURCE, numbers) is None


def test_every_part_of_the_axis_has_a_claim() -> None:
    """In both modes, where there are two."""
    parts = {claim.id.partition(".")[0] for claim in CLAIMS}
    assert parts == {"outputs", "transposed", "tap", "inside", "first_inputs", "window_sizes"}
    for part in parts - {"transposed"}:
        assert {claim.id.split(".")[1] for claim in CLAIMS if claim.id.startswith(f"{part}.")} == {"floor", "ceil"}


def test_the_definition() -> None:
    """input = stride·output + dilation·tap − padding"""
    assert faced(SimpleNamespace(stride=3, dilation=2, padding=4), 5, 1) == 13
