"""`cnnbp check`: what it exits with, what it says, and the page that it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnnbp.cli.main import main
from cnnbp.evidence import own

pytestmark = pytest.mark.usefixtures("mine")
POOL = "AvgPool2d(kernel_size=2, stride=2)"


def test_a_right_layer_passes(capsys: pytest.CaptureFixture[str]) -> None:
    """An instance and a class; progress and seed beside the answer; no file unless one is asked for."""
    assert main(["check", "mine.py:relu", "mine.py:Relu", "--like", "ReLU", "--examples", "3", "--seed", "5"]) == 0
    said = capsys.readouterr()
    assert said.out.count("like ReLU(): 3 pass\n") == 2
    assert "mine.py:relu: 3 cases, like ReLU(), seed 5" in said.err
    assert "3 of 3" in said.err
    assert "Relu makes a layer for each case: Relu()" in said.err
    assert {path.name for path in Path().iterdir()} - {"__pycache__"} == {"mine.py"}


def test_a_wrong_layer_fails_with_its_simplest_case(capsys: pytest.CaptureFixture[str]) -> None:
    """The options of the case, the verdict, the command; on the page as well, beside a layer that passes."""
    asked = ["check", "mine.py:Pool", "--like", POOL, "--examples", "4", "--seed", "1"]
    assert main([*asked, "--out", "report"]) == 1
    said = capsys.readouterr().out
    assert said.startswith(f"FAIL  mine.py:Pool, like {POOL}: 4 fail\n")
    assert "the residual dx is wrong" in said
    assert f"again: cnnbp check mine.py:Pool --like '{POOL}' --examples 4 --seed 1" in said
    assert "report/index.html" in said
    found = own.read(Path("report/evidence.json"))
    assert found is not None
    assert (found.status, found.layers[0].failed) == ("fail", 4)
    page = Path("report/index.html").read_text(encoding="utf-8")
    assert "mine.py:Pool" in page
    for command, why in (("recheck", "nothing is kept"), ("cite", "nothing is cited")):
        assert main([command, "report/evidence.json"]) == 2
        assert f"report/evidence.json holds verdicts of layers of one's own, of which {why}" in capsys.readouterr().err
    assert main(["compare", "report/evidence.json", "report/evidence.json"]) == 2
    assert "report/evidence.json holds verdicts of layers of one's own, which are not compared" in capsys.readouterr().err
    assert main(["report", "report/evidence.json", "--out", "again"]) == 1
    assert Path("again/index.html").read_text(encoding="utf-8") == page


TORCH = """
import torch
lin = torch.nn.Linear(4, 3)
relu = torch.nn.ReLU()
class Twice(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = torch.nn.Linear(4, 3)
    def forward(self, x): return self.lin(x) * 2
def make(): return torch.nn.Linear(4, 3)
"""


def test_modules_of_pytorch_are_layers(capsys: pytest.CaptureFixture[str]) -> None:
    """An object, which can be called and is asked as it is; a class and a function, which make one."""
    Path("modules.py").write_text(TORCH, encoding="utf-8")
    layers = [f"modules.py:{name}" for name in ("lin", "Twice", "make")]
    assert main(["check", *layers, "--shape", "2,4", "--examples", "1", "--seed", "1"]) == 0
    said = capsys.readouterr()
    assert said.out.count("its backward against its own forward: 1 pass") == 3
    assert "Linear makes" not in said.err
    assert "Twice makes a layer for each case: Twice()" in said.err
    assert main(["check", "modules.py:lin", "--like", "Dense", "--examples", "2", "--seed", "1"]) == 0
    assert main(["check", "modules.py:relu", "--like", "ReLU", "--examples", "2", "--seed", "1"]) == 0
    assert main(["check", "modules.py:lin", "--like", "ReLU", "--examples", "2", "--seed", "1"]) == 2


def test_a_partial_is_called_by_what_it_is_of(capsys: pytest.CaptureFixture[str]) -> None:
    """It has no name of its own."""
    assert main(["check", "mine.py:part", "--like", "Dense", "--examples", "2", "--seed", "1"]) == 0
    assert "Linear makes a layer for each case: Linear()" in capsys.readouterr().err
    assert main(["check", "mine.py:part_of_held", "--like", "Dense", "--examples", "2", "--seed", "1"]) == 2
    assert "it keeps its arguments: layer = cnnbp.from_layer(Held(...), " in capsys.readouterr().err


def test_an_object_that_raises_what_it_likes_for_a_name_is_asked() -> None:
    """As any other: nothing but forward and backward is owed."""
    assert main(["check", "mine.py:Dodgy", "--like", "Dense", "--examples", "2", "--seed", "1"]) == 0


def test_what_was_found_before_it_was_ended_is_told_and_written(capsys: pytest.CaptureFixture[str]) -> None:
    """By Ctrl-C: exit status 130, and nobody is told that all of it passes."""
    command = ["check", "mine.py:relu", "mine.py:Stopped", "mine.py:Relu", "--like", "ReLU", "--examples", "40"]
    assert main([*command, "--seed", "1", "--out", "report"]) == 130
    said = capsys.readouterr().out
    assert said.startswith("Interrupted by Ctrl-C, after ")
    assert "of 40 cases of mine.py:Stopped." in said
    assert "PASS  mine.py:Stopped, like ReLU()" in said
    assert "mine.py:Relu" not in said
    found = own.read(Path("report/evidence.json"))
    assert found is not None
    assert found.status == "inconclusive"
    assert [layer.where for layer in found.layers] == ["mine.py:relu", "mine.py:Stopped"]
    assert 0 < found.layers[1].passed < 40
    assert "Interrupted by Ctrl-C" in Path("report/index.html").read_text(encoding="utf-8")


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
        (["mine.py:Held", "--like", "Dense"], "got one of 1; it keeps its arguments: layer = cnnbp.from_layer(Held(...), "),
        (["mine.py:relu", "--like", "Conv2d", "--shape", "2"], "expected a shape for each of x, w, b"),
        (["mine.py:relu", "--like", "ReLU", "--shape", "2:int"], "x of ReLU holds real numbers: give its shape without :int"),
        (["mine.py:Chosen", "--shape", "2", "--shape", "2:int"], "x has no second axis that would say how many classes there are"),
        (["mine.py:Chosen", "--shape", "5,4"], "expected a --shape for each of x, y, as its forward takes them, got 1"),
        (["mine.py:relu", "--shape", "2", "--shape", "2"], "expected a --shape for each of x, as its forward takes them, got 2"),
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


def test_what_was_not_asked_as_it_might_be_stands_on_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    """As it is told at the terminal, also when the page is made again; nothing where there is nothing to say."""
    layers = ["mine.py:Conv", "mine.py:Turned"]
    main(["check", *layers, "--like", "Conv2d", "--examples", "2", "--seed", "2", "--out", "report"])
    note = "stride is drawn as an int, as Conv takes no pair there"
    assert capsys.readouterr().out.count(note) == 1
    page = Path("report/index.html").read_text(encoding="utf-8")
    assert page.count(note) == 1
    main(["report", "report/evidence.json", "--out", "again"])
    assert Path("again/index.html").read_text(encoding="utf-8") == page
    main(["check", "mine.py:Sloped", "--like", "LeakyReLU(0.01)", "--examples", "1", "--seed", "1", "--out", "sloped"])
    assert "keeps its default: what is drawn is called negative_slope here" in Path("sloped/index.html").read_text(encoding="utf-8")
