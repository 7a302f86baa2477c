"""`cnnbp verify` from start to end, and to every other end: what it writes, what it exits with, what it says."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

from cnnbp import evidence, faults, report
from cnnbp.cli import commands
from cnnbp.cli import main as cli
from cnnbp.run import campaign, controls, tasks
from tests.small_run import SMALL, plan


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run is one of few tasks."""
    monkeypatch.setattr(tasks, "plan", plan)


@pytest.fixture
def earlier(ran: Path, tmp_path: Path) -> Path:
    """A folder in which an earlier run has left its passing report."""
    return Path(shutil.copytree(ran, tmp_path / "reports"))


def test_verify_writes_both_files_and_exits_0(ran: Path) -> None:
    """evidence.json and index.html, nothing else, exit status 0."""
    found = evidence.read(ran / "evidence.json")
    assert (found["status"], found["complete"], found["provenance"]["seed"]) == ("holds", True, 1)
    assert "delta-hidden" in (ran / "index.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in ran.iterdir()) == ["evidence.json", "index.html"]


@pytest.mark.usefixtures("small")
def test_verify_prints_a_summary(earlier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer on stdout, one screen, the files last; progress on stderr, something before anything is computed."""
    cli.main([*SMALL, str(earlier)])
    out, err = capsys.readouterr()
    assert out.startswith("HOLDS: ")
    assert out.splitlines()[-2:] == [str(earlier / "index.html"), str(earlier / "evidence.json")]
    assert err.splitlines()[0].endswith(": starting 1 process ...")
    assert err.splitlines()[-1].split()[:3] == ["6", "of", "6"]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("verdict", ["pass", "fail"])
def test_a_failed_control_voids_the_report(earlier: Path, verdict: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong layer that passes, or a right one accused: void at the top, exit status 1."""
    monkeypatch.setattr(controls, "verify", lambda *_, **__: evidence.Verdict("Dense", verdict, ()))
    assert any(f.id == "dense-dw-doubled" for f in faults.FAULTS)
    assert cli.main([*SMALL, str(earlier)]) == 1
    assert evidence.read(earlier / "evidence.json")["status"] == "void"
    assert "Void: this run proves nothing" in (earlier / "index.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ended_early_it_leaves_what_it_has(
    number: signal.Signals, status: int, earlier: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C or SIGTERM after some tasks: both files, marked incomplete, 128 + the signal; a second one changes nothing."""

    def perform(task: tasks.Task) -> dict[str, Any]:
        if task.kind == "layer":
            os.kill(os.getpid(), number)
        return tasks.perform(task)

    monkeypatch.setattr(campaign, "perform", perform)
    shown = report.render
    monkeypatch.setattr(report, "render", lambda document: (os.kill(os.getpid(), number), shown(document))[1])
    before = signal.getsignal(number)
    assert cli.main([*SMALL, str(earlier)]) == status
    assert signal.getsignal(number) is before
    found = evidence.read(earlier / "evidence.json")
    assert (found["status"], found["complete"], len(found["statements"]), found["layers"]) == ("incomplete", False, 2, [])
    assert "Incomplete: nothing follows yet" in (earlier / "index.html").read_text(encoding="utf-8")
    assert "The run was ended by" in capsys.readouterr().out


@pytest.mark.usefixtures("small")
def test_a_task_that_raises_exits_2(earlier: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence that names the task; what was done is there, marked incomplete."""
    monkeypatch.setattr(controls, "verify", lambda *_, **__: 1 // 0)
    assert cli.main([*SMALL, str(earlier)]) == 2
    assert "broke off at unusual dense-einsum: ZeroDivisionError: " in capsys.readouterr().err
    found = evidence.read(earlier / "evidence.json")
    assert (found["status"], found["complete"], len(found["statements"])) == ("incomplete", False, 2)


def test_a_kill_leaves_no_passing_report(earlier: Path) -> None:
    """SIGKILL in the middle, which nobody can answer: readable evidence, incomplete, and no page of an earlier run."""
    blocks = (
        "import sys, time\n"
        "from cnnbp import cli\n"
        "from cnnbp.run import campaign, journal\n"
        "journal.PAUSE = 0.0\n"
        "def perform(task):\n"
        "    if task.kind == 'training': return {'status': 'pass'}\n"
        "    print('now', flush=True); time.sleep(600)\n"
        "campaign.perform = perform\n"
        f"cli.main({[*SMALL, str(earlier)]!r})\n"
    )
    with subprocess.Popen([sys.executable, "-c", blocks], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "now\n"
        process.kill()
    found = evidence.read(earlier / "evidence.json")
    assert (found["status"], found["complete"]) == ("incomplete", False)
    assert found["training"] == {"status": "pass"}
    assert [path.name for path in earlier.iterdir()] == ["evidence.json"]


def full(*_: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("room_for", [0, 1, 2])
def test_a_full_disk_exits_2(
    room_for: int, earlier: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No room at the start, at the end, for the second file only: a sentence, and either file is whole and never passes wrongly."""
    steps = iter([os.chmod] * room_for + [full] * 9)
    monkeypatch.setattr(os, "chmod", lambda *arguments: next(steps)(*arguments))
    assert cli.main([*SMALL, str(earlier)]) == 2
    assert re.search(r"^cnnbp: .*(evidence\.json|index\.html): No space left on device$", capsys.readouterr().err, re.MULTILINE)
    assert [path.name for path in earlier.iterdir()] == ["evidence.json"] * bool(room_for)
    if room_for:
        assert evidence.read(earlier / "evidence.json")["status"] == "incomplete"


def test_ended_before_it_began_nothing_speaks_for_it(earlier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped while the program is still loading: the earlier run's files are gone already."""
    monkeypatch.setattr(commands, "check_names", lambda *_: os.kill(os.getpid(), signal.SIGINT))
    assert cli.main([*SMALL, str(earlier)]) == 130
    assert list(earlier.iterdir()) == []


@pytest.mark.usefixtures("small")
def test_a_broken_page_costs_no_evidence(
    earlier: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The work of the run is written; the exit status is not that of a refutation."""
    monkeypatch.setattr(report, "render", lambda _: 1 // 0)
    assert cli.main([*SMALL, str(earlier)]) == 2
    assert evidence.read(earlier / "evidence.json")["status"] == "holds"
    assert "a mistake in cnnbp itself" in capsys.readouterr().err


def test_only_prints_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One statement alone, with its counterexample; no folder is made."""
    out = tmp_path / "none"
    assert cli.main(["verify", "--only", "delta-hidden", "--examples", "20", "--seed", "1", "--jobs", "1", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "delta-hidden (E24): refuted as printed, holds as corrected" in said
    assert "counterexample" in said
    assert "true is" in said
    assert not out.exists()
