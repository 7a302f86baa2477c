"""`cnnbp cite`: sentences and an entry on stdout, and an exit status that says whether there is anything to cite."""

from __future__ import annotations

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
