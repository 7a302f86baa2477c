"""A page cannot be better than its records: of random single changes none that consistency can hold goes unnoticed."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cnnbp.evidence import contradictions, file
from cnnbp.evidence.records import Document
from cnnbp.run.recheck import planned

from .changes import ANY, FREE, RECHECKED, Change, another, changed, places, reason, tried, written
from .sample import document


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("evidence") / "evidence.json"
    file.write(path, document())
    return path


def test_no_change_goes_unnoticed(fresh: Path) -> None:
    """Each is refused or contradicted, or listed with the reason why it cannot be; and most are noticed."""
    counts, missed = tried(fresh, 60, 5)
    assert [str(change) for change in missed if not reason(change)] == []
    assert counts["refused"] + counts["noticed"] > 44


def test_without_the_contradictions_many_would(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The measure can fail: form alone sees no more than half of what it should."""
    for name in ("statement", "reading", "verdict", "layer", "ladder", "training", "document"):
        monkeypatch.setattr(contradictions, name, lambda *_: iter(()))
    _, missed = tried(fresh, 45, 5)
    assert sum(not reason(change) for change in missed) > 5


def test_what_is_left_to_recheck_is_what_it_compares(fresh: Path) -> None:
    """Each such number or text is in a record that is found again, so that another one differs there."""
    found, before = json.loads(fresh.read_text(encoding="utf-8")), planned(file.read(fresh))
    left = [path for path in places(found) if re.search(RECHECKED, written(path))]
    tried_ = 0
    for path in left:
        value: Any = found
        for key in path:
            value = value[key]
        if not isinstance(value, (dict, list)):
            other = Document.model_validate_json(json.dumps(changed(found, path, another(value))))
            assert planned(other) != before, written(path)
            tried_ += 1
    assert tried_ > 40


PROOF, NETWORK = ".proofs.layers[0].proof", ".proofs.networks[0].proof"
DECISIVE = (
    f"{PROOF}.status", f"{PROOF}.kind", f"{PROOF}.error", f"{PROOF}.paths", f"{PROOF}.claims[0].compared", f"{PROOF}.certificate",
    f"{PROOF}.hypotheses[0].assumed.code", f"{PROOF}.scope[0].values.paths", f"{PROOF}.shapes.x", f"{PROOF}.remark",
    f"{NETWORK}.claims[2].compared", f"{NETWORK}.claims[2].name", ".proofs.grids[0].step", ".proofs.grids[0].shapes",
    ".proofs.grids[0].failures[0].status", ".proofs.sights[0].defect", ".proofs.sizes.kernel", ".proofs.sizes.kernel_text",
    ".proofs.sizes.claims[0].refused[0]", ".proofs.sizes.claims[0].vacuous[0]", ".proofs.theorems.status",
    ".proofs.theorems.theorems[0].axioms",
)  # fmt: skip


@pytest.mark.parametrize("path", DECISIVE)
def test_what_decides_is_left_to_nobody(path: str) -> None:
    """Such a change never goes unnoticed."""
    assert [what for what in ANY.split() if reason(Change(what, path, None))] == []


def test_the_reasons_are_few() -> None:
    """A list of reasons that grows hides every change."""
    assert len(FREE) <= 14
    assert max(Counter(why for _, _, why in FREE).values()) == 1
