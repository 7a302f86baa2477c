"""What somebody's object may have or lack: a name of it, looked up without trust in its `__getattr__`."""

from __future__ import annotations

from functools import partial
from typing import Any


def optional(what: Any, name: str, default: Any = None) -> Any:
    """The attribute; the default where there is none, whatever the object raises then: a lookup in a dict of its own a KeyError."""
    try:
        return getattr(what, name, default)
    except Exception:
        return default


def name_of(what: Any) -> str:
    """As a class or a function is called; of a partial what that is of, of anything else its class."""
    if isinstance(what, partial):
        return name_of(what.func)
    name = optional(what, "__name__")
    return name if isinstance(name, str) else type(what).__name__
