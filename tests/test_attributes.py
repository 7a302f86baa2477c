"""An attribute that may be missing is looked up whatever its object raises, and everything has a name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

import cnnbp
from cnnbp.attributes import name_of, optional
from cnnbp.evidence.gathering import named
from cnnbp.layers.checks import Array
from tests.helpers.layers import gaussian


class Held:
    """Its attributes stand in a dict of its own."""

    def __init__(self) -> None:
        self.of = {"w": 1}

    def __getattr__(self, name: str) -> Any:
        return self.__dict__["of"][name]


@pytest.mark.parametrize(("name", "found"), [("w", 1), ("of", {"w": 1}), ("b", None), ("__name__", None)])
def test_what_is_not_there_is_the_default(name: str, found: Any) -> None:
    """Though Python's own lookup raises a KeyError."""
    assert optional(Held(), name) == found
    assert optional(Held(), "b", 7) == 7


def test_everything_has_a_name() -> None:
    """A class and a function their own, a partial that of what it is of, an object that of its class."""
    things = [Held, optional, partial(partial(Held)), partial(optional, 1), Held(), 3]
    assert [name_of(what) for what in things] == ["Held", "optional", "Held", "optional", "Held", "int"]


class Dodgy(Held):
    """A right layer."""

    def forward(self, x: Array, w: Array, b: Array) -> Array:
        return x @ w.T + b

    def backward(self, delta: Array, x: Array, w: Array, b: Array) -> Any:
        return delta @ w, delta.T @ x, delta.sum(0)


class Wrong(Dodgy):
    """A mean for a sum."""

    def backward(self, delta: Array, x: Array, w: Array, b: Array) -> Any:
        return delta @ w, delta.T @ x, delta.mean(0)


@pytest.mark.parametrize("like", [lambda: None, cnnbp.Dense, Dodgy])
@pytest.mark.parametrize("dtype", [None, "float32"])
def test_no_name_but_forward_and_backward_is_owed(like: Callable[[], Any], dtype: str | None) -> None:
    """By a layer and its reference: a right one passes, a wrong one is told, explained and reproduced."""
    given = gaussian((3, 4), (5, 4), (5,))
    assert cnnbp.verify(Dodgy(), *given, like=like(), dtype=dtype).passed
    verdict = cnnbp.verify(Wrong(), *given, like=like(), dtype=dtype)
    assert verdict.status == "fail"
    assert "the bias gradient db is wrong" in str(verdict)
    assert verdict.reproduce()


def test_a_reference_of_that_kind_is_named_and_refused() -> None:
    """Where verdicts are gathered, by its class; where something is to be proved, in a sentence."""
    assert named(Dodgy()) == "Dodgy"
    with pytest.raises(TypeError, match="like must be a layer object with forward and backward"):
        cnnbp.prove(cnnbp.ReLU(), (2,), like=Nothing())


class Nothing:
    """Has no name at all."""

    def __getattr__(self, name: str) -> Any:
        raise KeyError(name)
