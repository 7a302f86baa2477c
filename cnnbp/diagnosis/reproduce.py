"""Code to paste that asks the same question again: NumPy, cnnbp, the arrays to the last bit, and the layer as it was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..attributes import optional
from ..rounding import Array
from .written import Page, array

UNKNOWN = {"layer": "the layer under test", "reference": "what the layer must equal"}


def reproduce(layer: Any, like: Any, arrays: Mapping[str, Array], delta: Any, asked: Mapping[str, Any], place: str = "") -> str:
    """layer: as it was before it was asked. arrays: x and the parameters by name. delta: None where it is drawn from the seed.

    asked: other arguments of `verify`. place: where these arrays come from, if they are not those of the case.
    """
    page = Page()
    names = {page.name(name): a for name, a in arrays.items()}
    given, blocks = [*names], [array(name, a) for name, a in names.items()]
    if isinstance(delta, (tuple, list)):
        parts = {page.name(f"delta_{j}"): np.asarray(part) for j, part in enumerate(delta)}
        blocks += [array(name, part) for name, part in parts.items()]
        given.append(f"delta=({', '.join(parts)},)")
    elif delta is not None:
        name = page.name("delta")
        blocks.append(array(name, np.asarray(delta)))
        given.append(f"delta={name}")
    makes = _layer(page, "layer", layer)
    if like is not None and type(like).__module__.startswith("cnnbp.layers"):
        given.append(f"like={page.value(like)}")
    elif like is not None:
        given.append("like=reference")
        makes += _layer(page, "reference", like)
    for name, value in asked.items():
        said = page.value(value)
        if said is None:
            page.lost.append(name)
        else:
            given.append(f"{name}={said}")
    body = [*blocks, "", *_told(page, place), *makes]
    head = ["import base64", "import zlib", ""] if any("base64" in line for line in body) else []
    lines = [*head, "import numpy as np", "import cnnbp", *page.imports, "", *body]
    return "\n".join([*lines, f"print(cnnbp.verify(layer, {', '.join(given)}))"]) + "\n"


def _layer(page: Page, name: str, layer: Any) -> list[str]:
    """How the layer is made: by one of cnnbp's functions, from what it wraps, or by its class."""
    made_from = optional(layer, "made_from")
    if made_from is None:
        known = page.named(layer) if callable(layer) else None
        lines = page.assigned(name, layer) if known is None else [f"{name} = {known}"]
        return lines or [f"{name} = ...  # {UNKNOWN[name]}"]
    by, parts, options = made_from()
    lines, given = list[str](), list[str]()
    for part in parts:
        said = page.value(part)
        if said is None:  # an object that its constructor alone does not give back, or what nobody can import
            said = page.name(f"{name}_inside")
            lines += page.assigned(said, part) or [f"{said} = ...  # {UNKNOWN[name]}"]
        given.append(said)
    given += [f"{key}={page.value(value)}" for key, value in options.items() if value]
    return [*lines, f"{name} = cnnbp.{by}({', '.join(given)})"]


def _told(page: Page, place: str) -> list[str]:
    """What is not as it was: in comments, where whoever pastes it meets them."""
    note = [f"# not the arrays of the case, at which it is right, but where it is wrong: {place}"] if place else []
    return [*note, *(f"# could not be written down here: {what}" for what in dict.fromkeys(page.lost))]
