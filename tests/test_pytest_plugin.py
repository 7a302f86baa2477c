"""`pytest --cnnbp-report`: in one process, on workers, when one of them is killed, and when there is nothing to report."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from cnnbp.evidence.own import OwnDocument, read

ROOT = Path(__file__).parents[1]
SOURCE = """
import os
import pytest
from cnnbp.evidence import Verdict
from cnnbp.evidence.gathering import heard

@heard
def verify(layer, status="pass"):  # as light as a verdict can be
    return Verdict(layer, status, (), (), {"x": (1,)})

@pytest.fixture(scope="module")
def prepared():
    return verify("InFixture")

def test_right(prepared):
    assert verify("Right") and verify("Right")

def test_wrong():
    assert verify("Wrong", "fail")

def test_expected():
    assert not verify("Expected", "fail")

def test_silent():
    pass

@pytest.mark.skipif("KILL" not in os.environ, reason="kills its process")
def test_killed():
    verify("Killed")
    os._exit(3)

def test_after():
    assert verify("After")
"""


WITHOUT = ("no:cacheprovider", "no:faulthandler", "no:unraisableexception", "no:threadexception")  # what is of a whole process


class Ended(NamedTuple):
    """How a run of pytest ended, and what it said."""

    status: int
    out: str
    err: str


def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """pytest on that file, by this very plugin, whether or not it is installed."""
    (folder / "test_mine.py").write_text(SOURCE, encoding="utf-8")
    given = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment}
    given.pop("PYTEST_XDIST_WORKER", None)
    command = [sys.executable, "-m", "pytest", "-p", "cnnbp.pytest_plugin", "-p", "no:cacheprovider", *words]
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, check=False)


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """The same within this process, for what is seen as well there."""
    (tmp_path / "test_mine.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delitem(sys.modules, "test_mine", raising=False)

    def run(*words: str) -> Ended:
        plugins = [word for name in ("cnnbp.pytest_plugin", *WITHOUT) for word in ("-p", name)]
        status = pytest.main(["--import-mode=importlib", *plugins, *words])
        return Ended(status, *capsys.readouterr())

    return run


def found(folder: Path) -> OwnDocument:
    document = read(folder / "out" / "evidence.json")
    assert document is not None
    return document


def test_every_verdict_is_gathered(tmp_path: Path, inside: Callable[..., Ended]) -> None:
    """With its test, how that ended, and the page."""
    done = inside("--cnnbp-report=out")
    assert done.status == 1  # test_wrong fails
    layers = {own.layer: own for own in found(tmp_path).layers}
    assert set(layers) == {"InFixture", "Right", "Wrong", "Expected", "After"}
    assert {name: (own.passed, own.failed, own.outcome) for name, own in layers.items() if name != "InFixture"} == {
        "Right": (2, 0, "passed"), "Wrong": (0, 1, "failed"), "Expected": (0, 1, "passed"), "After": (1, 0, "passed"),
    }  # fmt: skip
    assert layers["Right"].where == "test_mine.py::test_right"
    assert re.search(r"out/index.html: fail, \d+ verdicts: \d+ passed, \d+ failed", done.out)
    assert "1 failure is in tests that pass" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_what_a_killed_worker_had_finished_is_kept_and_the_rest_is_told(tmp_path: Path) -> None:
    """Its last test is named as lost, the report does not pass, and what another worker finds then stands beside it."""
    done = run(tmp_path, "-p", "xdist", "-n", "1", "--cnnbp-report=out", "-k", "right or killed or after", KILL="1")
    assert done.returncode == 1
    document = found(tmp_path)
    assert {own.layer for own in document.layers} == {"InFixture", "Right", "After"}
    assert [remark.values["test"] for remark in document.trouble] == ["test_mine.py::test_killed"]
    assert document.status == "inconclusive"


def test_a_report_of_nothing_fails_and_leaves_no_older_one(tmp_path: Path, inside: Callable[..., Ended]) -> None:
    """It would look like one in which nothing is wrong."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "index.html").write_text("all is well", encoding="utf-8")
    done = inside("--cnnbp-report=out", "-k", "silent")
    assert done.status == 1
    assert "no verdict was asked for in this run" in done.out
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(("out", "said"), [("test_mine.py", "must be a folder, got the file "), ("/proc/out", "/proc/out: ")])
def test_where_nothing_can_be_written_the_call_is_wrong(out: str, said: str, inside: Callable[..., Ended]) -> None:
    """In a sentence, before any test is run."""
    done = inside(f"--cnnbp-report={out}")
    assert done.status == pytest.ExitCode.USAGE_ERROR
    assert "--cnnbp-report" in done.err
    assert said in done.err
    assert "INTERNALERROR" not in done.out + done.err
    assert "passed" not in done.out


def test_without_the_option_nothing_happens(tmp_path: Path, inside: Callable[..., Ended]) -> None:
    """No file, no word, no other exit status."""
    done = inside("-k", "silent")
    assert done.status == 0
    assert "cnnbp" not in done.out
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "__pycache__") == ["test_mine.py"]


def test_the_plugin_is_found_when_installed() -> None:
    """By its entry point."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"cnnbp": "cnnbp.pytest_plugin"}
