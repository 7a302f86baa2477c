"""`cnnbp cite`: sentences and an entry on stdout, and an exit status that says whether there is anything to cite."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from cnnbp.cli.main import main
from cnnbp.evidence import file
from tests.report.twins.test_twins import RUNS


@pytest.mark.parametrize(("name", "status"), [("holds", 0), ("wrong", 1), ("part", 1), ("hostile", 1)])
def test_it_prints_what_can_be_said(name: str, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(file.text(RUNS[name]), encoding="utf-8")
    if name == "hostile":  # what is no evidence is a wrong call
        assert main(["cite", str(path)]) in (1, 2)
        return
    assert main(["cite", str(path)]) == status
    said = capsys.readouterr().out
    assert ("nothing can be cited as holding" in said) == bool(status)
    assert "@software{cnnbp-" in said


def test_what_is_no_evidence_is_a_wrong_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.json"
    path.write_text("{}")
    assert main(["cite", str(path)]) == 2
    assert "cnnbp: " in capsys.readouterr().err


@pytest.mark.parametrize("anew", [False, True])
def test_the_hash_is_of_the_file_as_it_is_written(anew: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a file that something else wrote anew it is said that `sha256sum` gives another."""
    path, text = tmp_path / "evidence.json", file.text(RUNS["holds"])
    path.write_text(json.dumps(json.loads(text)) if anew else text, encoding="utf-8")
    assert main(["cite", str(path)]) == 0
    said = capsys.readouterr()
    assert (hashlib.sha256(path.read_bytes()).hexdigest() in said.out) != anew
    assert ("gives another" in said.err) == anew
