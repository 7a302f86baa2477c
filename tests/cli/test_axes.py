"""`--layout`: the axes of a layer's arrays, as they are named on the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cnnbp.cli.main import main

LAST = """
import cnnbp
import numpy as np
class Last:
    \"\"\"a convolution of NHWC by HWIO, as it is, or with a weight gradient twice as large\"\"\"
    def __init__(self, twice=1): self.twice = twice
    def forward(self, x, w):
        return cnnbp.Conv2d().forward(x.transpose(0, 3, 1, 2), w.transpose(3, 2, 0, 1)).transpose(0, 2, 3, 1)
    def backward(self, delta, x, w):
        args = delta.transpose(0, 3, 1, 2), x.transpose(0, 3, 1, 2), w.transpose(3, 2, 0, 1)
        dx, dw = cnnbp.Conv2d().backward(*args)
        return dx.transpose(0, 2, 3, 1), self.twice * dw.transpose(2, 3, 1, 0)
right, wrong = Last(), Last(2)
"""


@pytest.fixture(autouse=True)
def last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "last.py").write_text(LAST, encoding="utf-8")


@pytest.mark.parametrize("shapes", [[], ["--shape", "2,5,4,3", "--shape", "3,2,3,2"]])
def test_axes_can_be_named(shapes: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Drawn arrays are turned to the layer's order, given shapes are in it; the command says so again."""
    command = ["--like", "Conv2d()", "--examples", "3", "--seed", "1", *shapes]
    assert main(["check", "last.py:right", *command, "--layout", "x=nhwc,w=rsck"]) == 0
    assert main(["check", "last.py:wrong", *command, "--layout", "nhwc,w=rsck"]) == 1
    said = capsys.readouterr().out
    assert "the weight gradient dw is wrong" in said
    assert "--layout x=nhwc,w=rsck" in said.splitlines()[-1]
    assert main(["check", "last.py:right", *command]) in (1, 2)


@pytest.mark.parametrize(
    ("layout", "told"),
    [
        ("x=", "expected axes such as nhwc"),
        ("nhwc,x=nchw", "expected axes such as nhwc"),
        ("nhwq", "layout of x must consist of the letters"),
        ("z=nhwc", "layout must name arguments"),
        ("hwc", "takes one at a time, got shape"),
    ],
)
def test_axes_that_are_none(layout: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        status = main(["check", "last.py:right", "--like", "Conv2d()", "--layout", layout, "--examples", "9", "--seed", "1"])
    except SystemExit as end:  # as argparse does
        status = int(str(end.code))
    assert status == 2
    assert told in capsys.readouterr().err
