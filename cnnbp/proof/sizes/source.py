"""The source of the layers' index relation, as a text that can be run on other numbers, and by its hash be told apart."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from cnnbp import layers

from .. import forms

MODULE = "cnnbp.layers.relation"


@cache
def text() -> str:
    """The text of the module as it is installed."""
    return (Path(layers.__file__).parent / "relation.py").read_text(encoding="utf-8")


def digest(of: str) -> str:
    """The SHA-256 of a text."""
    return sha256(of.encode()).hexdigest()


class Source:
    """A module made of this text alone, which nothing else in the process sees.

    Its functions are the text's, unchanged. What they know of NumPy and of the checks of a layer's arguments can be
    replaced, since neither can hold a number that is not known. Raises Unusual for a text in which something could stand
    that a run on such numbers does not see.
    """

    def __init__(self, of: str) -> None:
        forms.look(of)
        self.text = of
        self.names: dict[str, Any] = {"__name__": MODULE, "__package__": "cnnbp.layers"}
        exec(compile(of, f"{MODULE} (a copy)", "exec"), self.names)
        self.names["checks"] = SimpleNamespace(pair=_pair)

    def __getattr__(self, name: str) -> Any:
        """What the text defines under this name."""
        try:
            return self.names[name]
        except KeyError:
            raise AttributeError(f"the text of {MODULE} defines no {name}") from None


def _pair(name: str, option: Any, least: int) -> tuple[Any, Any]:
    """What `checks.pair` says of options that are right, of which some may be 0 and none is less."""
    if least != 0:
        raise TypeError(f"an option is at least 0, got {least!r}")
    return option if isinstance(option, tuple) else (option, option)
