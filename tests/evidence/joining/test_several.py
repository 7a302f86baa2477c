"""Runs of several seeds added up record by record: which belong together is known by their names."""

from __future__ import annotations

from random import Random
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.evidence.joining.several import several
from cnnbp.evidence.records import Document
from tests.evidence import sample

T = TypeVar("T")
WHOLE = sample.document()


def shuffled(found: Document, chance: Random) -> Document:
    """The same records in another order, wherever there are several."""

    def mixed(those: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(chance.sample(those, len(those)))

    books = [
        book.model_copy(
            update={"statements": mixed(tuple(s.model_copy(update={"readings": mixed(s.readings)}) for s in book.statements))}
        )
        for book in found.derivations
    ]
    layers = mixed(tuple(each.model_copy(update={"pairs": mixed(each.pairs)}) for each in found.layers))
    controls = found.controls.model_copy(update={"wrong": mixed(found.controls.wrong), "right": mixed(found.controls.right)})
    kinds = ("layers", "networks", "grids", "sights", "rounding")
    proofs = found.proofs.model_copy(update={kind: mixed(getattr(found.proofs, kind)) for kind in kinds})
    return found.model_copy(update={"derivations": tuple(books), "layers": layers, "controls": controls, "proofs": proofs})


@settings(max_examples=10)
@given(st.randoms(use_true_random=False))
def test_the_order_of_records_decides_nothing(chance: Random) -> None:
    """The sum has the order of the first, and of the second only what it says."""
    assert several([WHOLE, shuffled(WHOLE, chance)]) == several([WHOLE, WHOLE])


def test_what_only_one_has_cannot_be_added_up() -> None:
    """It is named, and nothing is left out in silence."""
    fewer = WHOLE.model_copy(update={"layers": WHOLE.layers[1:]})
    for pair in ([WHOLE, fewer], [fewer, WHOLE]):
        with pytest.raises(ValueError, match=f"records of {WHOLE.layers[0].operator} are in some of the runs only"):
            several(pair)
