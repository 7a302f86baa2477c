"""Where a layer of one's own is asked: which options it takes as ints alone, and what is made at each point."""

from __future__ import annotations

import math
from typing import Any

import pytest

import cnnbp
from cnnbp.cli.points import Asked, points, takes_no_pair
from cnnbp.cli.shape import Shape


class Ints:
    """Convolution whose stride and padding are ints; it raises at a pair where `raises` says."""

    raises = "forward"

    def __init__(self, stride: Any = 1, padding: Any = 0) -> None:
        self.options = {"stride": stride, "padding": padding}
        self._look("made")

    def _look(self, at: str) -> None:
        if at == self.raises and isinstance(self.options["stride"], tuple):
            raise AssertionError("no pairs")

    def forward(self, x: Any, w: Any) -> Any:
        """y"""
        self._look("forward")
        return cnnbp.Conv2d(**self.options).forward(x, w)

    def backward(self, delta: Any, x: Any, w: Any) -> Any:
        """dx, dw"""
        self._look("backward")
        return cnnbp.Conv2d(**self.options).backward(delta, x, w)


class Whole(Ints):
    """One that raises whatever it is given."""

    raises = "backward"

    def backward(self, delta: Any, x: Any, w: Any) -> Any:
        """Nothing"""
        raise RuntimeError("unfinished")


class Default(Ints):
    """One whose signature has a pair."""

    def __init__(self, stride: Any = (1, 1)) -> None:
        super().__init__(stride)


def asked(found: Any, given: tuple[str, ...] = (), like: Any = None) -> Asked:
    return Asked(found, like or cnnbp.Conv2d(), given, math.inf)


@pytest.mark.parametrize("at", ["made", "forward", "backward"])
def test_what_raises_at_a_pair_alone_takes_none(at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it raises; what it raised is kept, and the option that it takes as a pair is not named."""
    monkeypatch.setattr(Ints, "raises", at)
    found = takes_no_pair(asked(Ints), 1)
    assert list(found) == ["stride"]
    assert "raised AssertionError: no pairs" in found["stride"]


@pytest.mark.parametrize(
    "found", [asked(Default), asked(Ints, ("stride", "padding")), asked(Whole), asked(cnnbp.Conv2d)],
    ids=["its signature has one", "nothing is drawn", "it raises at ints as well", "it takes pairs"],
)  # fmt: skip
def test_nothing_is_concluded_otherwise(found: Asked) -> None:
    """Each is asked at pairs, if any are drawn; what is wrong there fails."""
    assert takes_no_pair(found, 1) == {}


def test_a_layer_is_made_with_the_options_of_its_point() -> None:
    """Anew where it takes options, else once for all points; at shapes that are given with those of the reference."""
    for point, layer in points(asked(Ints), (), {"stride": "", "padding": ""}, 8, 1):
        assert layer.options == {name: point.options[name] for name in ("stride", "padding")}
        assert {type(value) for value in layer.options.values()} == {int}
    relu = cnnbp.ReLU()
    assert {id(layer) for _, layer in points(asked(relu, (), relu), (), {}, 4, 1)} == {id(relu)}
    like = cnnbp.Conv2d(stride=(2, 1))
    for point, layer in points(asked(Ints, ("stride",), like), [Shape((1, 1, 4, 4)), Shape((1, 1, 2, 2))], {}, 2, 1):
        assert layer.options == {"stride": (2, 1), "padding": 0}
        assert point.args[0].shape == (1, 1, 4, 4)
