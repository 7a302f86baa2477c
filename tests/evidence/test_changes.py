"""A page cannot be better than its records: of random single changes none that consistency can hold goes unnoticed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from cnnbp.evidence import contradictions, file

from .changes import FREE, reason, tried
from .sample import document


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("evidence") / "evidence.json"
    file.write(path, document())
    return path


def test_no_change_goes_unnoticed(fresh: Path) -> None:
    """Each is refused or contradicted, or listed with the reason why it cannot be; and most are noticed."""
    counts, missed = tried(fresh, 150, 5)
    assert [str(change) for change in missed if not reason(change)] == []
    assert counts["refused"] + counts["noticed"] > 110


def test_without_the_contradictions_many_would(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The measure can fail: form alone sees no more than half of what it should."""
    for name in ("statement", "reading", "verdict", "layer", "training", "document"):
        monkeypatch.setattr(contradictions, name, lambda *_: iter(()))
    _, missed = tried(fresh, 60, 5)
    assert sum(not reason(change) for change in missed) > 5


def test_the_reasons_are_few() -> None:
    """A list of reasons that grows hides every change."""
    assert len(FREE) <= 14
    assert max(Counter(why for _, _, why in FREE).values()) == 1
