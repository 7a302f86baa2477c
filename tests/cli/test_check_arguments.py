"""`cnnbp check`: at which options, shapes and numbers a layer is asked, and that it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnnbp.cli.main import main

pytestmark = pytest.mark.usefixtures("mine")
POOL = "AvgPool2d(kernel_size=2, stride=2)"


def test_what_like_does_not_give_is_drawn_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Where a class takes it: the case that is shown says with which options it was made."""
    assert main(["check", "mine.py:Pool", "--like", "AvgPool2d(2)", "--examples", "2", "--seed", "2"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("FAIL  mine.py:Pool with ints for stride, like AvgPool2d: ")
    assert "this case like AvgPool2d(kernel_size=2, stride=" in said


def test_an_option_of_another_name_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """It keeps its default, and what is drawn is not drawn for it."""
    assert main(["check", "mine.py:Sloped", "--like", "LeakyReLU(0.01)", "--examples", "3", "--seed", "1"]) == 0
    said = capsys.readouterr()
    assert "Sloped makes a layer for each case: Sloped(); negative_slope stays as --like has it" in said.err
    assert "slope of Sloped keeps its default: what is drawn is called negative_slope here" in said.out
    assert main(["check", "mine.py:Pool", "--like", POOL, "--examples", "1", "--seed", "1"]) == 1
    assert "default" not in capsys.readouterr().out


def test_shapes_can_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    """With a reference and without: then the forward is taken on trust."""
    shape = ["--shape", "2,3", "--examples", "2", "--seed", "1"]
    assert main(["check", "mine.py:relu", "--like", "ReLU", *shape]) == 0
    assert main(["check", "mine.py:relu", *shape]) == 0
    assert "its backward against its own forward: 2 pass" in capsys.readouterr().out


def test_a_layer_that_takes_ints_is_asked_at_ints(capsys: pytest.CaptureFixture[str]) -> None:
    """It passes at every one, what it raised at a pair is told, and the page names it so; the kernels are oblong all the same."""
    command = ["check", "mine.py:Conv", "--like", "Conv2d", "--examples", "3", "--seed", "2"]
    assert main([*command, "--out", "report"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("PASS  mine.py:Conv with ints for stride, like Conv2d: 3 pass")
    assert "stride is drawn as an int, as Conv takes no pair there: forward at stride=" in said
    assert "raised TypeError: int() argument" in said
    assert "Conv with ints for stride" in Path("report/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("layer", "told"), [("Turned", "have shape"), ("Says", "raised TypeError: int() argument")])
def test_a_layer_that_takes_pairs_is_asked_at_pairs(layer: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whether it answers at one of equals, or its signature says so; what is wrong with them is a failure."""
    assert main(["check", f"mine.py:{layer}", "--like", "Conv2d", "--examples", "4", "--seed", "2"]) == 1
    said = capsys.readouterr().out
    assert said.startswith(f"FAIL  mine.py:{layer}, like Conv2d: ")
    assert "this case like Conv2d(stride=(" in said
    assert told in said


@pytest.mark.parametrize("layer", ["held", "cached"])
def test_an_adapted_layer_gets_what_it_takes(layer: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One that needs its bias is asked at no case without it."""
    assert main(["check", f"mine.py:{layer}", "--like", "Dense", "--examples", "4", "--seed", "1"]) == 0
    assert "4 pass" in capsys.readouterr().out


def test_arguments_of_integers(capsys: pytest.CaptureFixture[str]) -> None:
    """Class indices without a reference: below the length of x's second axis, or below what is said."""
    for kind in ("int", "int2"):
        assert main(["check", "mine.py:Chosen", "--shape", "4,3", "--shape", f"4:{kind}", "--examples", "2"]) == 1
        said = capsys.readouterr().out
        assert "the residual dx is wrong" in said
        assert f"again: cnnbp check mine.py:Chosen --shape 4,3 --shape 4:{kind} --examples 2" in said


def test_another_format_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers that it does not hold are passed over; the command that repeats it says so too."""
    command = ["check", "mine.py:relu", "--like", "ReLU", "--dtype", "float16", "--examples", "4", "--seed", "1"]
    assert main(command) == 0
    assert "4 pass" in capsys.readouterr().out
    assert main(["check", "mine.py:Chosen", "--shape", "4,3", "--shape", "4:int", "--dtype", "float32"]) == 1
    said = capsys.readouterr().out
    assert "in float32" in said
    assert "--shape 4:int --dtype float32 --examples 5" in said
