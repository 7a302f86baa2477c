"""`cnnbp check`: what it exits with, what it says, and the page that it writes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cnnbp.cli.main import main
from cnnbp.evidence import own

SOURCE = '''
import numpy as np
class Relu:
    """right"""
    def forward(self, x): return np.maximum(x, 0)
    def backward(self, delta, x): return delta * (x > 0)
class Pool:
    """forgets the factor 1/4, at a kernel of two"""
    def __init__(self, stride=2): self.stride = stride
    def forward(self, x):
        windows = np.lib.stride_tricks.sliding_window_view(x, (2, 2), (2, 3))
        return windows[..., ::self.stride, ::self.stride, :, :].mean((-1, -2))
    def backward(self, delta, x):
        dx = np.zeros_like(x)
        for p, q in np.ndindex(delta.shape[2:]):
            dx[..., p * self.stride:p * self.stride + 2, q * self.stride:q * self.stride + 2] += delta[..., p:p + 1, q:q + 1]
        return dx
class Zero:
    """says nothing at all"""
    def forward(self, x): return 0 * x
    def backward(self, delta, x): return 0 * x
relu = Relu()
'''
POOL = "AvgPool2d(kernel_size=2, stride=2)"


@pytest.fixture(autouse=True)
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "mine.py").write_text(SOURCE, encoding="utf-8")


def test_a_right_layer_passes(capsys: pytest.CaptureFixture[str]) -> None:
    """An instance and a class; progress and seed beside the answer; no file unless one is asked for."""
    assert main(["check", "mine.py:relu", "mine.py:Relu", "--like", "ReLU", "--examples", "3", "--seed", "5"]) == 0
    said = capsys.readouterr()
    assert said.out.count("like ReLU(): 3 pass, 0 fail, 0 inconclusive") == 2
    assert "mine.py:relu: 3 cases, like ReLU(), seed 5" in said.err
    assert "3 of 3" in said.err
    assert "Relu is no layer yet, but makes one: Relu()" in said.err
    assert {path.name for path in Path().iterdir()} - {"__pycache__"} == {"mine.py"}


def test_a_wrong_layer_fails_with_its_smallest_case(capsys: pytest.CaptureFixture[str]) -> None:
    """The options of the case, the verdict, the command; on the page as well, beside a layer that passes."""
    command = ["check", "mine.py:Pool", "--like", POOL, "--examples", "8", "--seed", "1"]
    assert main([*command, "--out", "report"]) == 1
    said = capsys.readouterr().out
    assert said.startswith(f"FAIL  mine.py:Pool, like {POOL}: 0 pass, 8 fail, 0 inconclusive")
    assert "the residual dx is wrong" in said
    assert f"again: cnnbp check mine.py:Pool --like '{POOL}' --examples 8 --seed 1" in said
    assert "report/index.html" in said
    found = own.read(Path("report/evidence.json"))
    assert found is not None
    assert (found.status, found.layers[0].failed) == ("fail", 8)
    page = Path("report/index.html").read_text(encoding="utf-8")
    assert "mine.py:Pool" in page
    assert main(["report", "report/evidence.json", "--out", "again"]) == 1
    assert Path("again/index.html").read_text(encoding="utf-8") == page


def test_what_like_does_not_give_is_drawn_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Where a class takes it: the case that is shown says with which options it was made."""
    assert main(["check", "mine.py:Pool", "--like", "AvgPool2d(2)", "--examples", "8", "--seed", "1"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("FAIL  mine.py:Pool, like AvgPool2d: ")
    assert "this case like AvgPool2d(kernel_size=2, stride=" in said


def test_shapes_can_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    """With a reference and without: then the forward is taken on trust."""
    shape = ["--shape", "2,3", "--examples", "2", "--seed", "1"]
    assert main(["check", "mine.py:relu", "--like", "ReLU", *shape]) == 0
    assert main(["check", "mine.py:relu", *shape]) == 0
    assert "its backward against its own forward: 2 pass" in capsys.readouterr().out


def test_what_shows_nothing_is_no_pass(capsys: pytest.CaptureFixture[str]) -> None:
    """0 = 0 in every case is told as inconclusive, and the exit status is 1."""
    assert main(["check", "mine.py:Zero", "--shape", "2,2", "--examples", "1"]) == 1
    assert capsys.readouterr().out.startswith("INCONCLUSIVE  mine.py:Zero")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["mine.py:relu"], "without --like nothing is known of the shapes"),
        (["mine.py:none", "--like", "ReLU"], "has no 'none'"),
        (["mine.py:relu", "--like", "Relo"], "nearest: ReLU"),
        (["mine.py:relu", "--like", "Conv2d"], "mine.py:relu: expected a forward of x, w, b as Conv2d has it, got one of 1"),
        (["mine.py:relu", "--like", "Conv2d", "--shape", "2"], "expected a shape for each of x, w, b"),
        (["mine.py:np.pi", "--like", "ReLU"], "expected a layer with forward and backward, got float without forward"),
    ],
)
def test_a_wrong_call_exits_with_2(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And says what was given, and what was expected."""
    assert main(["check", *words]) == 2
    assert told in capsys.readouterr().err


def test_no_earlier_report_speaks_for_a_call_that_is_wrong() -> None:
    """It is gone before anything can go wrong."""
    Path("report").mkdir()
    Path("report/index.html").write_text("all is well", encoding="utf-8")
    assert main(["check", "mine.py:relu", "--like", "Conv2d", "--out", "report"]) == 2
    assert list(Path("report").iterdir()) == []
