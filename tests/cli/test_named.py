"""MODULE:LAYER and the reference, read without running anything but the module that is named; mistakes by name."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnnbp
from cnnbp.cli import named
from cnnbp.cli.folder import Mistake

KNOWN: dict[str, type[Any]] = {"Conv2d": cnnbp.Conv2d, "ReLU": cnnbp.ReLU, "MaxPool2d": cnnbp.MaxPool2d}
SOURCE = """
from dataclasses import dataclass
class Layer:
    def forward(self, x): return x
    def backward(self, delta, x): return delta
class Needs(Layer):
    def __init__(self, w): self.w = w
@dataclass
class Strided(Layer):
    stride: int = 1
class Keeps:
    def __init__(self, w): self.w = w
    def forward(self, x): return x
    def backward(self, delta): return delta
def make(): return Layer()
def broken(): raise RuntimeError("no")
layer = Layer()
class Dodgy(Layer):
    def __init__(self): self.of = {"inner": Layer()}
    def __getattr__(self, name): return self.__dict__["of"][name]
class Half(Dodgy):
    forward = None
    def __call__(self, x): return x
dodgy, half = Dodgy(), Half()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "layers_of_mine.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "lame.py").write_text("import no_such_thing", encoding="utf-8")
    many = "import math\n" + "".join(f"def f{number:02}(): pass\n" for number in range(15))
    (tmp_path / "many.py").write_text(many, encoding="utf-8")
    (tmp_path / "raises.py").write_text("1 / 0", encoding="utf-8")
    return tmp_path


def test_a_target_is_found_by_module_and_by_file(folder: Path) -> None:
    """Attributes of attributes too."""
    for place in ("layers_of_mine", "layers_of_mine.py", str(folder / "layers_of_mine.py")):
        assert type(named.target(f"{place}:layer")).__name__ == "Layer"
    assert callable(named.target("layers_of_mine:layer.forward"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("layers_of_mine", "expected MODULE:LAYER, such as"),
        (":layer", "expected MODULE:LAYER"),
        ("layers_of_mine.py:Strode", "layers_of_mine.py has no 'Strode'; nearest: Strided"),
        ("not_there:layer", "no module 'not_there', in "),
        ("not_there.py:layer", "no file not_there.py"),
        ("layers_of_mine:Strode", "layers_of_mine has no 'Strode'; nearest: Strided"),
        ("layers_of_mine:layer.z", "Layer has no 'z'; there are: backward, forward"),
        ("many:q", "there are: f00, f01, f02, f03, f04, f05, f06, f07, f08, f09, f10, f11, and 3 more (dir(many) has them all)"),
        ("lame:layer", "lame cannot be imported: No module named 'no_such_thing'"),
        ("raises:layer", "raises cannot be imported: ZeroDivisionError: division by zero"),
        ("raises.py:layer", "raises.py cannot be imported: ZeroDivisionError"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_target_that_is_not_there_is_told_by_name(text: str, told: str) -> None:
    """And what is nearest to it."""
    with pytest.raises(Mistake) as mistake:
        named.target(text)
    assert told in str(mistake.value)


@pytest.mark.usefixtures("folder")
def test_classes_and_functions_are_called_with_what_they_take() -> None:
    """Whatever else they need is said."""
    options = {"stride": 2, "padding": 0}
    target = {
        name: named.target(f"layers_of_mine:{name}") for name in ("layer", "Layer", "Strided", "make", "Needs", "Keeps", "broken")
    }
    assert [named.made(found) for found in target.values()] == [False, True, True, True, True, True, True]
    assert named.taken(target["Strided"], options) == ["stride"]
    assert [named.taken(target[name], options) for name in ("layer", "Layer", "make")] == [[], [], []]
    assert named.built(target["Strided"], {"stride": 3}).stride == 3
    assert named.built(target["layer"], {}) is target["layer"]
    with pytest.raises(Mistake, match="Needs needs w: expected a layer, or a class that is called without arguments"):
        named.taken(target["Needs"], options)
    with pytest.raises(Mistake, match=r"name that: layer = Needs\(...\)$"):
        named.taken(target["Needs"], options)
    with pytest.raises(Mistake, match=r"name that: layer = cnnbp.from_layer\(Keeps\(...\), "):
        named.taken(target["Keeps"], options)
    with pytest.raises(Mistake, match=r"layer = cnnbp.from_functions\(forward, backward\), or from_cached"):
        named.taken(target["layer"].forward, options)
    with pytest.raises(Mistake, match=r"broken\(\) raised RuntimeError: no"):
        named.built(target["broken"], {})


@pytest.mark.usefixtures("folder")
def test_an_object_that_raises_what_it_likes_for_a_name() -> None:
    """A KeyError of its own `__getattr__` is as good as an AttributeError."""
    assert type(named.target("layers_of_mine:dodgy.inner")).__name__ == "Layer"
    with pytest.raises(Mistake, match="Dodgy has no 'outer'; there are: backward, forward, of"):
        named.target("layers_of_mine:dodgy.outer")
    dodgy, half = named.target("layers_of_mine:dodgy"), named.target("layers_of_mine:half")
    assert not named.made(dodgy)
    assert named.built(dodgy, {}) is dodgy
    assert named.made(half)
    assert "from_functions(Half, backward)" in named.instead(half)


@pytest.mark.parametrize(
    ("text", "layer", "options"),
    [
        ("ReLU", cnnbp.ReLU(), ""),
        (" cnnbp.Conv2d(stride=(2, 1), groups=2) ", cnnbp.Conv2d(stride=(2, 1), groups=2), "stride groups"),
        ("Conv2d(2, padding=1)", cnnbp.Conv2d(2, 1), "stride padding"),
        ("MaxPool2d(2, ceil_mode=True)", cnnbp.MaxPool2d(2, ceil_mode=True), "kernel_size ceil_mode"),
    ],
)
def test_a_reference_is_read(text: str, layer: Any, options: str) -> None:
    """By name, with literals; which options were given is known."""
    assert named.reference(text, KNOWN) == (layer, options.split())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Conv2", "cnnbp has no layer 'Conv2'; nearest: Conv2d"),
        ("", "must name a layer of cnnbp"),
        ("Conv2d(", "must name a layer of cnnbp"),
        ("Conv2d(stride=len('ab'))", "options must be numbers, pairs, True, False or None"),
        ("Conv2d(**{'stride': 2})", "--like Conv2d"),
        ("Conv2d(stride=0)", "stride must be at least 1, got 0"),
        ("Conv2d(strides=2)", "Conv2d has no option 'strides'; nearest: stride"),
        ("MaxPool2d", 'MaxPool2d needs kernel_size, such as "MaxPool2d(kernel_size=2)"'),
        ("ReLU(a=1)", "ReLU has no option 'a'; it has none"),
        ("__import__('os').getcwd()", "cnnbp has no layer"),
        ("(lambda: ReLU())()", "cnnbp has no layer"),
        ("ReLU().forward", "cnnbp has no layer"),
    ],
)
def test_what_is_no_reference_is_refused(text: str, told: str) -> None:
    """Nothing of it is run."""
    with pytest.raises(Mistake) as mistake:
        named.reference(text, KNOWN)
    assert told in str(mistake.value)


@settings(max_examples=50)
@given(st.text(max_size=30) | st.text("Conv2dReLU(),=*[]{}.'\"\\ 0stride", max_size=20))
def test_whatever_is_written_is_a_layer_or_a_mistake(text: str) -> None:
    """No other exception, whatever the text."""
    with contextlib.suppress(Mistake):
        assert isinstance(named.reference(text, KNOWN)[0], tuple(KNOWN.values()))
