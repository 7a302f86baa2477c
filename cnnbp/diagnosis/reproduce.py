"""Code to paste that asks the same question again: NumPy, cnnbp, the arrays to the last bit, and the layer by its name."""

from __future__ import annotations

import base64
import inspect
import zlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from ..rounding import Array

LITERAL = 100  # numbers: more stand as bytes
MOST = 100_000  # characters of an array: more are no code to paste
WIDTH = 100


def reproduce(layer: Any, like: Any, arrays: Mapping[str, Array], delta: Any, asked: Mapping[str, Any], place: str = "") -> str:
    """arrays: x and the parameters by name. delta: None where it is drawn from the seed, a tuple for several outputs.

    asked: other arguments of `verify`. place: where these arrays come from, if they are not those of the case.
    """
    blocks = {_plain(name): _array(_plain(name), a) for name, a in arrays.items()}
    given = [*blocks]
    if isinstance(delta, (tuple, list)):
        blocks |= {f"delta_{j}": _array(f"delta_{j}", np.asarray(part)) for j, part in enumerate(delta)}
        given.append(f"delta=({', '.join(f'delta_{j}' for j in range(len(delta)))},)")
    elif delta is not None:
        blocks["delta"] = _array("delta", np.asarray(delta))
        given.append("delta=delta")
    under, imports = _under_test(layer)
    makes = [f"layer = {under}"]
    if like is not None and type(like).__module__.startswith("cnnbp.layers"):
        given.append(f"like={built(like)}")
    elif like is not None:
        given.append("like=reference")
        makes.append("reference = ...  # what the layer must equal")
    given += [f"{name}={value!r}" for name, value in asked.items()]
    head = ["import base64", "import zlib", ""] if any("base64" in block for block in blocks.values()) else []
    note = [f"# not the arrays of the case, at which it is right, but where it is wrong: {place}"] if place else []
    lines = [*head, "import numpy as np", "import cnnbp", *imports, "", *note, *blocks.values(), "", *makes]
    return "\n".join([*lines, f"print(cnnbp.verify(layer, {', '.join(given)}))"]) + "\n"


def built(layer: Any) -> str:
    """One of cnnbp's layers, with the options that are not the default."""
    options = [f"{f.name}={getattr(layer, f.name)!r}" for f in fields(layer) if getattr(layer, f.name) != f.default]
    return f"cnnbp.{type(layer).__name__}({', '.join(options)})"


def _under_test(layer: Any) -> tuple[str, list[str]]:
    """How the layer is made, as far as can be told, and the import that it needs."""
    made, name = type(layer), type(layer).__name__
    if made.__module__.startswith("cnnbp.layers"):
        return built(layer), []
    if made.__module__.startswith("cnnbp.") or "<" in made.__qualname__:
        return "...  # the layer under test", []
    place = [] if made.__module__ == "__main__" else [f"from {made.__module__} import {made.__qualname__.partition('.')[0]}"]
    if is_dataclass(layer):
        values = [f"{f.name}={getattr(layer, f.name)!r}" for f in fields(layer) if f.init]
        return f"{made.__qualname__}({', '.join(values)})", place
    return f"{made.__qualname__}({'' if _free(made) else '...'})  # as it was made", place if name else []


def _free(made: type) -> bool:
    """Whether it takes no arguments."""
    try:
        inspect.signature(made).bind()
    except (TypeError, ValueError):
        return False
    return True


def _array(name: str, a: Array) -> str:
    """An assignment: numbers as such, many of them as bytes; too many are named."""
    order = "F" if a.flags.f_contiguous and not a.flags.c_contiguous else ""
    open_, close = ("np.asfortranarray(", ")") if order else ("", "")
    if not a.size:
        return f"{name} = {open_}np.zeros({a.shape}, {str(a.dtype)!r}){close}"
    if a.size <= LITERAL:
        dtype = "" if a.dtype == float else f", {str(a.dtype)!r}"
        return f"{name} = {open_}np.array({_numbers(a)}{dtype}){close}"
    raw = np.ascontiguousarray(a).astype(a.dtype.newbyteorder("<")).tobytes()
    packed = base64.b64encode(zlib.compress(raw, 9)).decode()
    if len(packed) > MOST:
        told = f"too large to stand here: {a.dtype} of shape {a.shape}, {a.nbytes} bytes; np.save it where it was asked"
        return f'{name} = np.load("{name}.npy")  # {told}'
    rows = [f'    "{packed[k : k + WIDTH]}"' for k in range(0, len(packed), WIDTH)]
    kind = a.dtype.newbyteorder("<").str
    tail = f")), {kind!r}).reshape({a.shape}).copy(){close}"
    return "\n".join([f"{name} = {open_}np.frombuffer(zlib.decompress(base64.b64decode(", *rows, tail])


def _numbers(a: Array) -> str:
    """Nested lists whose numbers read back to the last bit."""
    return str(a.tolist())


def _plain(name: str) -> str:
    """A name that code can have."""
    found = "".join(c if c.isalnum() or c == "_" else "_" for c in name)
    return found if found.isidentifier() and found not in ("layer", "np", "cnnbp", "delta", "print") else f"a_{found}"
