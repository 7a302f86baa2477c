"""`cnnbp verify` from start to end, and to every other end: what it writes, what it exits with, what it says."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

import cnnbp
from cnnbp import report
from cnnbp.cli.folder import TWINS, Mistake, held
from cnnbp.cli.main import main
from cnnbp.cli.progress import Progress
from cnnbp.evidence import file, records
from cnnbp.run import provenance
from cnnbp.run.plan import Plan
from cnnbp.run.tasks import Result, Task
from tests.run import results as made
from tests.run.results import RUN, recalled
from tests.small_run import SMALL, plan

ROOT = Path(__file__).parents[2]
RESULTS = made.results()


def doing(task: str, act: Callable[[], object]) -> Callable[..., Plan]:
    """The same, in which something happens when it comes to a task, by its kind."""

    def perform(found: Task) -> Result:
        if found.kind == task:
            act()
        return RESULTS[found]

    return lambda *_: replace(made.PLAN, perform=perform)


@pytest.fixture
def earlier(ran: Path, tmp_path: Path) -> Path:
    """A folder in which an earlier run has left its passing report."""
    return Path(shutil.copytree(ran, tmp_path / "reports"))


def test_verify_writes_both_files_and_exits_0(ran: Path) -> None:
    """evidence.json and index.html, nothing else, exit status 0."""
    found = file.read(ran / "evidence.json")
    assert (found.status, found.provenance.seed) == ("holds", made.SEED)
    assert "delta-output" in (ran / "index.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in ran.iterdir()) == ["evidence.json", "index.html"]


def test_verify_prints_a_summary(earlier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer on stdout, one screen, the files last; progress on stderr, something before anything is computed."""
    assert main([*RUN, str(earlier)], recalled) == 0
    out, err = capsys.readouterr()
    assert out.startswith("HOLDS: ")
    assert out.splitlines()[-2:] == [str(earlier / "index.html"), str(earlier / "evidence.json")]
    assert err.splitlines()[0].endswith(": starting 1 process ...")
    assert err.splitlines()[-1].split()[:3] == ["9", "of", "9"]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ended_early_it_leaves_what_it_has(
    number: signal.Signals, status: int, earlier: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C or SIGTERM after some tasks: both files, marked incomplete, 128 + the signal; a second one changes nothing."""
    shown = report.render
    monkeypatch.setattr(report, "render", lambda *given, **named: (os.kill(os.getpid(), number), shown(*given, **named))[1])
    before = signal.getsignal(number)
    assert main([*RUN, str(earlier)], doing("layer", lambda: os.kill(os.getpid(), number))) == status
    assert signal.getsignal(number) is before
    found = file.read(earlier / "evidence.json")
    assert (found.status, len(found.derivations), found.layers) == ("incomplete", 1, ())
    assert found.trouble is not None
    assert "The run was ended by" in (earlier / "index.html").read_text(encoding="utf-8")
    out, err = capsys.readouterr()
    assert out.startswith("INCOMPLETE: ")
    assert "\n  The run was ended by" in out
    assert "The run was ended by" in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ended_after_the_last_task_it_has_not_been_ended(number: signal.Signals, earlier: Path, monkeypatch: Any) -> None:
    """The page says that it holds, and so does the exit status."""
    tell = Progress.tell

    def late(self: Progress, done: int, name: object) -> None:
        tell(self, done, name)
        if done == len(made.PLAN.tasks):
            os.kill(os.getpid(), number)

    monkeypatch.setattr(Progress, "tell", late)
    assert main([*RUN, str(earlier)], recalled) == 0
    found = file.read(earlier / "evidence.json")
    assert (found.status, found.trouble) == ("holds", None)


def test_a_task_that_raises_exits_2(earlier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence that names the task; what was done is there, marked incomplete."""
    assert main([*RUN, str(earlier)], doing("right", lambda: 1 // 0)) == 2
    assert "broke off at right dense-einsum: ZeroDivisionError: " in capsys.readouterr().err
    found = file.read(earlier / "evidence.json")
    assert (found.status, len(found.layers)) == ("incomplete", 1)


BLOCKING = """
import dataclasses, time
from cnnbp.cli.main import main
from cnnbp.run import journal
from tests.run import results as made
from tests.run.results import RUN, recalled
journal.PAUSE = 0.0
def perform(task):
    if task.kind == 'statement':
        print('now', flush=True)
        time.sleep(600)
    return made.results()[task]
main({arguments!r}, lambda *_: dataclasses.replace(made.PLAN, perform=perform))
"""


def blocked(folder: Path) -> subprocess.Popen[str]:
    """A run that is in the midst of a task, in a process of its own."""
    code = BLOCKING.format(arguments=[*RUN, str(folder)])
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "now\n"
    return process


def test_killed_or_beside_another_no_run_speaks_for_another(earlier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second run into its folder is refused, and `report` too. After a kill: evidence, incomplete, and no page; a third runs."""
    with blocked(earlier) as process:
        assert main([*RUN, str(earlier)], recalled) == 2
        assert main(["report", str(earlier / "evidence.json"), "--out", str(earlier)]) == 2
        assert capsys.readouterr().err.count("another run is writing there") == 2
        process.kill()
    found = file.read(earlier / "evidence.json")
    assert (found.status, found.training) == ("incomplete", RESULTS[made.PLAN.tasks[2]])
    assert [path.name for path in earlier.iterdir()] == ["evidence.json"]
    assert main([*RUN, str(earlier)], recalled) == 0


def test_evidence_is_there_from_the_first_moment(earlier: Path) -> None:
    """Before the first task is done: everything is missing, and nothing of an earlier run is left."""
    first: list[records.Document] = []
    assert main([*RUN, str(earlier)], doing("matrix", lambda: first.append(file.read(earlier / "evidence.json")))) == 0
    assert (first[0].status, first[0].matrix, first[0].whole) == ("incomplete", None, made.PLAN.whole)


def test_a_folder_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    """Also within one process; and given back, whatever happened meanwhile."""
    with held(tmp_path), pytest.raises(Mistake, match="another run"), held(tmp_path):
        pass
    with pytest.raises(ZeroDivisionError), held(tmp_path):
        _ = 1 // 0
    with held(tmp_path):
        assert list(tmp_path.iterdir()) == []


def full(*_: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("room_for", [0, 1, 2])
def test_a_full_disk_exits_2(
    room_for: int, earlier: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No room at the start, at the end, for the second file only: a sentence, and either file is whole and never passes wrongly."""
    steps = iter([os.chmod] * room_for + [full] * 9)
    monkeypatch.setattr(os, "chmod", lambda *arguments: next(steps)(*arguments))
    assert main([*RUN, str(earlier)], recalled) == 2
    assert re.search(r"^cnnbp: .*(evidence\.json|index\.html): No space left on device$", capsys.readouterr().err, re.MULTILINE)
    assert [path.name for path in earlier.iterdir()] == ["evidence.json"] * bool(room_for)
    if room_for:
        assert file.read(earlier / "evidence.json").status == "incomplete"


def test_ended_before_it_began_nothing_speaks_for_it(earlier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped while the program is still loading: the earlier run's files are gone already."""
    monkeypatch.setattr(provenance, "provenance", lambda *_: os.kill(os.getpid(), signal.SIGINT))
    assert main([*RUN, str(earlier)], recalled) == 130
    assert list(earlier.iterdir()) == []


def test_a_broken_page_costs_no_evidence(
    earlier: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The work of the run is written; the exit status is not that of a refutation."""
    monkeypatch.setattr(report, "render", lambda *_, **__: 1 // 0)
    assert main([*RUN, str(earlier)], recalled) == 2
    assert file.read(earlier / "evidence.json").status == "holds"
    assert "a mistake in cnnbp itself" in capsys.readouterr().err


def test_only_prints_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One statement alone, with its counterexample; no folder is made."""
    out = tmp_path / "none"
    assert main(["verify", "--only", "delta-hidden", "--examples", "20", "--seed", "1", "--jobs", "1", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "delta-hidden (E24): refuted as printed, holds as corrected" in said
    assert "counterexample" in said
    assert "true is" in said
    assert not out.exists()


def test_a_wrong_layer_is_announced_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A factor in Dense.backward: the code is wrong, the derivation and the harness stand, and a card comes first."""
    right = cnnbp.Dense.backward
    monkeypatch.setattr(cnnbp.Dense, "backward", lambda *given: tuple(2 * g for g in right(*given)))
    assert main([*SMALL, str(tmp_path)], plan) == 1
    said = capsys.readouterr().out
    assert said.startswith("WRONG: the reference code is wrong.\n\n✗ Dense fails in 4 of 4 cases\n")
    assert re.search(r"\n  post +holds ", said)
    assert re.search(r"\n  controls +holds ", said)
    again = re.search(r"again +cnnbp (verify --only Dense/\d --seed 1)\n", said)
    assert again is not None
    assert main([*again[1].split(), "--jobs", "1"]) == 1
    shown = capsys.readouterr().out
    assert "✗ Dense fails in 1 of 1 case\n" in shown
    assert "FAIL  Dense(" in shown


def test_twins_are_written_when_asked_for_and_never_outlive_their_run(earlier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Beside the page, by `verify` and by `report`; a later run without them, or one that breaks off, leaves none of them."""
    every = {"evidence.json", "index.html", *TWINS}
    assert main([*RUN, str(earlier), "--twins"], recalled) == 0
    assert {path.name for path in earlier.iterdir()} == every
    assert str(earlier / "junit.xml") in capsys.readouterr().out
    other = earlier.parent / "other"
    main(["report", str(earlier / "evidence.json"), "--out", str(other), "--twins"])
    assert {path.name for path in other.iterdir()} == every - {"evidence.json"}
    main(["report", str(earlier / "evidence.json"), "--out", str(other)])
    assert {path.name for path in other.iterdir()} == {"index.html"}
    assert main([*RUN, str(earlier), "--twins"], doing("right", lambda: 1 // 0)) == 2
    assert "incomplete" in (earlier / "badge.svg").read_text(encoding="utf-8")
    first: list[str] = []
    main([*RUN, str(earlier)], doing("matrix", lambda: first.extend(path.name for path in earlier.iterdir())))
    assert first == ["evidence.json"]


def test_layers_of_ones_own_have_no_twins(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is said, and nothing is left that could be taken for them."""
    out = tmp_path / "own"
    main(["check", "cnnbp:ReLU", "--like", "ReLU()", "--examples", "1", "--out", str(out)])
    capsys.readouterr()
    assert main(["report", str(out / "evidence.json"), "--out", str(tmp_path / "page"), "--twins"]) == 2
    assert "--twins: expected evidence of `cnnbp verify`" in capsys.readouterr().err
    assert not (tmp_path / "page").exists()
