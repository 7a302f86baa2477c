"""A function that is no layer, called with the care with which a layer's methods are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any

from .subject import Breach, Subject


def call(name: str, function: Callable[..., Any], *args: Any, said: Mapping[str, str], **options: Any) -> Any:
    """What the function returns. Raises Breach where it raises, and Unready, which is no fault of its own.

    said: the codes that stand for those of layers.
    """
    try:
        return Subject(SimpleNamespace(**{name: partial(function, **options)}), (), ()).call(name, *args)
    except Breach as breach:
        code = breach.remark.code.removeprefix("contract.")
        raise Breach(breach.check, said.get(code, code), **breach.remark.values) from breach.__cause__
