"""A path leads to what an object keeps, in attributes and dicts, for reading and for writing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from cnnbp.adapters import paths

ARRAY = np.arange(3.0)


def _object() -> Any:
    """Keeps one array under two names."""
    held = np.zeros(3)
    return SimpleNamespace(w=held, alias=held, params={"w1": np.zeros(3)}, inner=SimpleNamespace(w=np.zeros(3)), _hidden=0)


@pytest.mark.parametrize("path", ["w", "params.w1", "inner.w"])
def test_what_is_put_is_found(path: str) -> None:
    """In an attribute, a dict, an object in an attribute."""
    made = _object()
    paths.put(made, path, ARRAY)
    assert np.array_equal(paths.get(made, path), ARRAY)


def test_an_array_of_the_same_kind_is_filled_in_place() -> None:
    """So another name of it holds the value too; the array handed over is not kept."""
    made = _object()
    paths.put(made, "w", ARRAY)
    assert made.alias is made.w is not ARRAY
    assert np.array_equal(made.alias, ARRAY)


@pytest.mark.parametrize("value", [ARRAY.astype("f4"), np.ones(4)], ids=["dtype", "shape"])
@pytest.mark.parametrize("path", ["w", "params.w1"])
def test_one_of_another_kind_stands_in_its_place(path: str, value: Any) -> None:
    """Where filling would round it, or could not hold it."""
    made = _object()
    paths.put(made, path, value)
    assert paths.get(made, path) is value


def test_a_locked_array_is_left_alone() -> None:
    """Another stands in its place."""
    made = _object()
    made.w.flags.writeable = False
    paths.put(made, "w", ARRAY)
    assert made.w is ARRAY
    assert not made.alias.any()


@pytest.mark.parametrize(("path", "error"), [("bias", AttributeError), ("params.bias", KeyError)])
def test_what_is_not_there_raises(path: str, error: type[Exception]) -> None:
    """By its name."""
    with pytest.raises(error, match="bias"):
        paths.get(_object(), path)


def test_names_are_strings() -> None:
    """One or several, nested as they like; anything else is refused under the argument's name."""
    assert paths.names_of("params", "w") == ("w",)
    assert paths.names_of("params", ["w", ("b",)]) == ("w", "b")
    with pytest.raises(TypeError, match=r"^grads must be names of attributes, got \(1, 2\)"):
        paths.names_of("grads", (1, 2))


def test_an_object_is_told_by_its_class_and_what_it_holds() -> None:
    """Names with an underscore are its own business, and a sentence lists only so many."""
    assert paths.held_by(_object()) == "SimpleNamespace (w, alias, params, inner)"
    assert paths.held_by(3) == "int"
    many = SimpleNamespace(**{f"w{i}": 0 for i in range(paths.MOST + 5)})
    assert paths.held_by(many).count("w") == paths.MOST
