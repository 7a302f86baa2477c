"""An attribute that may be missing is looked up whatever its object raises, and everything has a name."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from cnnbp.attributes import name_of, optional


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
    named = [Held, optional, partial(partial(Held)), partial(optional, 1), Held(), 3]
    assert [name_of(what) for what in named] == ["Held", "optional", "Held", "optional", "Held", "int"]
