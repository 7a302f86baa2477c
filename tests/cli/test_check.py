"""`cnnbp check`: what it exits with, what it says, and the page that it writes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cnnbp.cli.main import main
from cnnbp.evidence import own

SOURCE = '''
import signal
import cnnbp
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
class Conv:
    """takes ints, as courses have it"""
    def __init__(self, stride=1): self.stride = stride
    def pairs(self):
        int(self.stride)
        return self.stride, self.stride
    def forward(self, x, w): return cnnbp.Conv2d(self.pairs()).forward(x, w)
    def backward(self, delta, x, w): return cnnbp.Conv2d(self.pairs()).backward(delta, x, w)
class Turned(Conv):
    """takes pairs, the wrong way round where they differ"""
    def pairs(self): return self.stride[::-1] if isinstance(self.stride, tuple) else (self.stride, self.stride)
    def forward(self, x, w): return cnnbp.Conv2d(self.stride).forward(x, w)
class Says(Conv):
    """says that it takes pairs, and does not"""
    def __init__(self, stride: "int | tuple[int, int]" = 1): self.stride = stride
class Chosen:
    """the sum of the chosen, of which each counts twice"""
    def forward(self, x, y):
        assert y.dtype.kind == "i" and y.max() < x.shape[1]
        return np.array(x[np.arange(len(x)), y].sum())
    def backward(self, delta, x, y):
        dx = np.zeros_like(x)
        dx[np.arange(len(x)), y] = 2 * delta
        return (dx,)
class Stopped(Relu):
    """ends at a call of forward, as by Ctrl-C"""
    calls = 0
    def forward(self, x):
        Stopped.calls += 1
        if Stopped.calls == 300: signal.raise_signal(signal.SIGINT)
        return super().forward(x)
class Sloped(Relu):
    """has an option of another name"""
    def __init__(self, slope=0.01): self.slope = slope
    def forward(self, x): return np.where(x > 0, x, self.slope * x)
    def backward(self, delta, x): return np.where(x > 0, delta, self.slope * delta)
class Held:
    """keeps weight and bias"""
    def __init__(self): self.w, self.b = np.ones((2, 3)), np.ones(2)
    def forward(self, x):
        self.x = x
        return x @ self.w.T + self.b
    def backward(self, delta):
        self.dw, self.db = delta.T @ self.x, delta.sum(0)
        return delta @ self.w
held = cnnbp.from_layer(Held(), params=("w", "b"), grads=("dw", "db"))
cached = cnnbp.from_cached(
    lambda x, w, b: (x @ w.T + b, (x, w)), lambda delta, cache: (delta @ cache[1], delta.T @ cache[0], delta.sum(0))
)
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
    assert main(["recheck", "report/evidence.json"]) == 2
    assert "report/evidence.json holds verdicts of layers of one's own, of which nothing is kept" in capsys.readouterr().err
    assert main(["report", "report/evidence.json", "--out", "again"]) == 1
    assert Path("again/index.html").read_text(encoding="utf-8") == page


def test_what_like_does_not_give_is_drawn_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Where a class takes it: the case that is shown says with which options it was made."""
    assert main(["check", "mine.py:Pool", "--like", "AvgPool2d(2)", "--examples", "8", "--seed", "1"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("FAIL  mine.py:Pool with ints for stride, like AvgPool2d: ")
    assert "this case like AvgPool2d(kernel_size=2, stride=" in said


def test_an_option_of_another_name_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """It keeps its default, and what is drawn is not drawn for it."""
    assert main(["check", "mine.py:Sloped", "--like", "LeakyReLU(0.01)", "--examples", "3", "--seed", "1"]) == 0
    said = capsys.readouterr()
    assert "makes one: Sloped(); negative_slope stays as --like has it" in said.err
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
    command = ["check", "mine.py:Conv", "--like", "Conv2d", "--examples", "6", "--seed", "2"]
    assert main([*command, "--out", "report"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("PASS  mine.py:Conv with ints for stride, like Conv2d: 6 pass")
    assert "stride is drawn as an int, as Conv takes no pair there: forward at stride=" in said
    assert "raised TypeError: int() argument" in said
    assert "Conv with ints for stride" in Path("report/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("layer", "told"), [("Turned", "have shape"), ("Says", "raised TypeError: int() argument")])
def test_a_layer_that_takes_pairs_is_asked_at_pairs(layer: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whether it answers at one of equals, or its signature says so; what is wrong with them is a failure."""
    assert main(["check", f"mine.py:{layer}", "--like", "Conv2d", "--examples", "12", "--seed", "2"]) == 1
    said = capsys.readouterr().out
    assert said.startswith(f"FAIL  mine.py:{layer}, like Conv2d: ")
    assert "this case like Conv2d(stride=(" in said
    assert told in said


@pytest.mark.parametrize("layer", ["held", "cached"])
def test_an_adapted_layer_gets_what_it_takes(layer: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One that needs its bias is asked at no case without it."""
    assert main(["check", f"mine.py:{layer}", "--like", "Dense", "--examples", "8", "--seed", "1"]) == 0
    assert "8 pass" in capsys.readouterr().out


def test_arguments_of_integers(capsys: pytest.CaptureFixture[str]) -> None:
    """Class indices without a reference: below the length of x's second axis, or below what is said."""
    for kind in ("int", "int2"):
        assert main(["check", "mine.py:Chosen", "--shape", "4,3", "--shape", f"4:{kind}", "--examples", "2"]) == 1
        said = capsys.readouterr().out
        assert "the residual dx is wrong" in said
        assert f"again: cnnbp check mine.py:Chosen --shape 4,3 --shape 4:{kind} --examples 2" in said


def test_another_format_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers that it does not hold are passed over; the command that repeats it says so too."""
    command = ["check", "mine.py:relu", "--like", "ReLU", "--dtype", "float16", "--examples", "12", "--seed", "1"]
    assert main(command) == 0
    assert "12 pass" in capsys.readouterr().out
    assert main(["check", "mine.py:Chosen", "--shape", "4,3", "--shape", "4:int", "--dtype", "float32"]) == 1
    said = capsys.readouterr().out
    assert "in float32" in said
    assert "--shape 4:int --dtype float32 --examples 5" in said


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
