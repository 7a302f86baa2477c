"""Each planted defect is seen by a kind that can see it, and not by one that cannot."""

from __future__ import annotations

import pytest

from cnnbp.proof.defects import DEFECTS, USUAL, Planted, sight
from cnnbp.proof.prove import prove
from cnnbp.text import sentences

AT_THE_USUAL_SHAPE = {"one-entry", "large-x", "float32-sums", "float32-x", "tie"}
FLOATS_ALONE = {"float32-sums", "float32-x"}


@pytest.mark.parametrize("name", DEFECTS)
def test_every_defect_is_caught(name: str) -> None:
    found = sight(name)
    assert found.caught
    assert (found.symbolic or found.floats) == (name in AT_THE_USUAL_SHAPE)
    assert (found.symbolic or found.symbolic_on_grid is not None) == (name not in FLOATS_ALONE)


def test_the_layer_that_nothing_is_planted_in_is_proved() -> None:
    layer, *shapes = USUAL
    assert prove(Planted(layer, lambda layer, right, *_: right), *shapes, like=layer).status == "proved"


def test_each_is_told_in_words() -> None:
    assert all(f"proof.defect.{name}" in sentences("en") for name in DEFECTS)
