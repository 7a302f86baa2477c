"""The command line as its users meet it: what it writes, what it exits with, what it says to a mistake."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cnnbp import cli, evidence, faults
from cnnbp.run import campaign, tasks


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of few tasks."""
    whole = tasks.plan
    kept = ("delta-output", "delta-hidden", "Dense", "digits", "dense-dw-doubled", "dense-einsum")
    monkeypatch.setattr(tasks, "plan", lambda examples, seed, only=(): [t for t in whole(examples, seed, only) if t.name in kept])


@pytest.mark.usefixtures("small")
def test_verify_writes_both_files_and_exits_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """evidence.json and index.html, a summary on one screen, exit status 0."""
    assert cli.main(["verify", "--out", str(tmp_path / "new"), "--examples", "6", "--seed", "1", "--jobs", "1"]) == 0
    found = evidence.read(tmp_path / "new" / "evidence.json")
    assert found["status"] == "holds"
    assert found["provenance"]["seed"] == 1
    assert "delta-hidden" in (tmp_path / "new" / "index.html").read_text()
    out = capsys.readouterr().out
    assert out.startswith("HOLDS")
    assert len(out.splitlines()) < 40


@pytest.mark.usefixtures("small")
def test_a_missed_control_exits_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong layer that passes voids the run."""
    monkeypatch.setattr(tasks, "verify", lambda *_, **__: evidence.Verdict("Dense", "pass", ()))
    assert any(f.id == "dense-dw-doubled" for f in faults.FAULTS)
    assert cli.main(["verify", "--out", str(tmp_path), "--examples", "2", "--jobs", "1"]) == 1
    assert evidence.read(tmp_path / "evidence.json")["status"] == "void"


@pytest.mark.usefixtures("small")
def test_interruption_leaves_incomplete_evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C: what is done is written and marked incomplete, exit status 130, never a passing report."""

    def interrupt(planned: list[tasks.Task], jobs: int, progress: object) -> None:
        raise campaign.Interrupted({planned[0]: tasks.perform(planned[0])})

    monkeypatch.setattr(campaign, "carry_out", interrupt)
    assert cli.main(["verify", "--out", str(tmp_path), "--examples", "2", "--jobs", "1"]) == 130
    found = evidence.read(tmp_path / "evidence.json")
    assert (found["status"], found["complete"]) == ("incomplete", False)


@pytest.mark.usefixtures("small")
def test_report_sets_the_page_again(tmp_path: Path) -> None:
    """`cnnbp report` makes the same page from the evidence alone, and repeats the verdict in its exit status."""
    cli.main(["verify", "--out", str(tmp_path), "--examples", "2", "--jobs", "1"])
    assert cli.main(["report", str(tmp_path / "evidence.json"), "--out", str(tmp_path / "again")]) == 0
    assert (tmp_path / "again" / "index.html").read_text() == (tmp_path / "index.html").read_text()


def test_only_prints_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One statement alone, with its counterexample."""
    assert (
        cli.main(["verify", "--only", "delta-hidden", "--out", str(tmp_path), "--examples", "20", "--seed", "1", "--jobs", "1"])
        == 0
    )
    assert "refuted as printed, holds as corrected" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify", "--only", "delta-hiden"], "nearest: delta-hidden"),
        (["verify", "--examples", "0"], "at least 1"),
        (["verify", "--examples", "many"], "expected an integer"),
        (["verify", "--profile", "slow"], "invalid choice"),
        (["verify", "--seed", "-1"], "at least 0"),
        (["report", "nowhere.json"], "nowhere.json"),
        ([], "required"),
    ],
)
def test_mistakes_exit_2(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong call is answered in a sentence that names the argument, with exit status 2."""
    try:
        status = cli.main(arguments)
    except SystemExit as leaving:
        status = int(leaving.code or 0)
    assert status == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "cnnbp-evidence-99"}', '{"format": "cnnbp-evidence-1"}'])
def test_foreign_evidence_exits_2(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Truncated, foreign or future evidence: a clear sentence, no page."""
    (tmp_path / "evidence.json").write_text(text)
    assert cli.main(["report", str(tmp_path / "evidence.json"), "--out", str(tmp_path / "out")]) == 2
    assert "cnnbp: " in capsys.readouterr().err
    assert not (tmp_path / "out" / "index.html").exists()


def test_module_is_the_program() -> None:
    """`python -m cnnbp` is `cnnbp`, and its help teaches."""
    shown = subprocess.run([sys.executable, "-m", "cnnbp", "--help"], capture_output=True, text=True, check=True).stdout
    assert "exit status" in shown
    assert "examples:" in shown


def test_report_needs_no_torch(tmp_path: Path) -> None:
    """A page can be set again where PyTorch is not installed."""
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from cnnbp import cli\n"
        f"sys.exit(cli.main(['report', {str(tmp_path / 'evidence.json')!r}, '--out', {str(tmp_path)!r}]))"
    )
    document = {"format": evidence.FORMAT, "complete": False, "status": "incomplete", "summary": "nothing yet", "provenance": {}}
    (tmp_path / "evidence.json").write_text(json.dumps(document))
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 1
    assert (tmp_path / "index.html").exists()
