"""Many drawn cases: a few of them here, and a wrong layer among the right ones is told."""

from __future__ import annotations

import pytest

from cnnbp.faults import FAULTS, Right
from tests.faults import many


def test_right_layers_are_not_accused() -> None:
    found, failed = many.judged(3, 60, (next(n for n, entry in enumerate(many.ENTRIES) if entry.operator == "ReLU"), 0))
    assert failed == []
    assert found.total() == many.AT_ONCE
    assert found["pass"] > 0


def test_a_wrong_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = next(fault for fault in FAULTS if fault.id == "dense-db-mean")
    monkeypatch.setattr(many, "ENTRIES", (Right("wrong-inside", "Dense", "wrong all the same", wrong.make),))
    found, failed = many.judged(3, 60, (0, 0))
    assert found["fail"] == len(failed) > 0
    assert failed[0].startswith("wrong-inside, case ")


def test_every_layer_has_its_turn() -> None:
    work = many.portions()
    first = [next(work) for _ in range(len(many.ENTRIES) + 1)]
    assert {entry for entry, _ in first} == {*range(len(many.ENTRIES))}
    assert first[-1] == (0, many.AT_ONCE)
