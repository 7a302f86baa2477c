"""The measure itself: most wrong layers are told by their cause, none by a wrong one, and a wrong one would be counted."""

from __future__ import annotations

import pytest

from cnnbp.faults import FAULTS, USUAL
from tests.diagnosis import catalogue
from tests.diagnosis.catalogue import TRUE, Found, failing, measured, told

LAYERS = {fault.id: fault for fault in FAULTS}
SOME = sorted(TRUE)[::8]  # `python -m tests.diagnosis.catalogue` goes through all of them


@pytest.mark.usefixtures("methods_alone")
def test_wrong_layers_are_told_by_their_cause() -> None:
    """At least four of five at one case each, and none wrongly."""
    found = {id: measured(LAYERS[id], 1) for id in SOME}
    met = [id for id, each in found.items() if each != Found()]
    assert [id for id, each in found.items() if each.wrong] == []
    assert len(met) >= 0.9 * len(SOME)
    assert sum(each.named for each in found.values()) >= 0.8 * len(met)


def test_a_cause_that_is_not_true_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """With another cause for the right one, the same layer is told wrongly; with nothing told, it is silent."""
    id = "dense-dw-transposed"
    monkeypatch.setitem(catalogue.TRUE, id, {"first-sample"})
    assert measured(LAYERS[id], 1) == Found(wrong=1)
    monkeypatch.setattr(catalogue, "told", lambda verdict: set())
    assert measured(LAYERS[id], 1) == Found(silent=1)


def test_all_that_are_held_against_a_cause_exist() -> None:
    """Ids of the catalogue; what is left is wrong in its contract, or in one entry that is like no other."""
    assert set(TRUE) <= set(LAYERS)
    assert len(TRUE) >= 0.85 * len(USUAL)
    (verdict,) = failing(LAYERS["relu-overwrites-input"], 1)
    assert told(verdict) == set()
