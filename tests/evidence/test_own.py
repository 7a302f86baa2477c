"""A document of one's own layers passes only on what it holds, and survives its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnnbp.evidence import Verdict, VerdictStatus, remark
from cnnbp.evidence.gathering import Gathering
from cnnbp.evidence.own import FORMAT, document, lines, of_lines, read, text


def verdict(status: VerdictStatus, size: int = 1, layer: str = "Mine") -> Verdict:
    return Verdict(layer, status, (), (), {"x": (size,)})


@pytest.mark.parametrize(
    ("statuses", "lost", "told"),
    [
        (["pass"], False, "pass"),
        (["pass", "fail"], False, "fail"),
        (["pass", "inconclusive"], False, "inconclusive"),
        (["pass"], True, "inconclusive"),
        (["fail"], True, "fail"),
        ([], False, "inconclusive"),
    ],
)
def test_nothing_passes_that_holds_nothing_or_lost_something(statuses: list[VerdictStatus], lost: bool, told: str) -> None:
    """And a failure shows in any case."""
    layers = []
    for status in statuses:
        gathering = Gathering()
        gathering.add(verdict(status), "")
        layers += gathering.records("here")
    assert document("0", layers, [remark("own.lost", test="t")] if lost else [], "now", 0.0).status == told


def test_a_document_survives_its_file(tmp_path: Path) -> None:
    """And records their way between processes; another format is none of ours, nonsense is refused by name."""
    gathering = Gathering()
    gathering.add(verdict("fail"), "ReLU()")
    own = gathering.records("line\nbreak", rerun="again")
    assert of_lines(lines(own)) == own
    found = document("0", own, [], "now", 1.5)
    path = tmp_path / "evidence.json"
    path.write_text(text(found), encoding="utf-8")
    assert read(path) == found
    path.write_text(text(found).replace('"failed": 1', '"failed": -1'), encoding="utf-8")
    with pytest.raises(ValueError, match=r"layers\[0\]\.failed"):
        read(path)
    path.write_text(text(found).replace(FORMAT, "else"), encoding="utf-8")
    assert read(path) is None
