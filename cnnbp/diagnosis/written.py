"""Values as code to paste: literals, what can be imported by its name, and objects, made as they were and with what they hold.

An object is made here once more, and compared with what there was: what a constructor does not give back is assigned, and what
cannot be written down is said.
"""

from __future__ import annotations

import base64
import copy
import keyword
import sys
import zlib
from enum import Enum
from typing import Any

import numpy as np

from ..rounding import Array
from .held import alike, held, parameters

LITERAL = 100  # numbers: more stand as bytes
MOST = 100_000  # characters of an array: more are no code to paste
WIDTH = 100
PUBLIC = ("cnnbp", "numpy", "torch", "torch.nn.functional", "torch.nn", "jax.nn", "jax.numpy")  # where else a function is known
OWN = ("np", "cnnbp", "base64", "zlib", "layer", "reference", "print")
PLAIN = (type(None), type(...), bool, int, str, bytes)


class Page:
    """A piece of code: what it imports, the names that it has given away, and what it could not say."""

    def __init__(self) -> None:
        self.imports: list[str] = []
        self.lost: list[str] = []
        self._taken = dict.fromkeys(OWN, "")

    def name(self, wanted: str) -> str:
        """A name that code can have, and that nothing else has here."""
        found = "".join(c if c.isalnum() or c == "_" else "_" for c in wanted)
        found = found if found.isidentifier() and not keyword.iskeyword(found) and found not in OWN else f"a_{found}"
        while found in self._taken:
            found += "_"
        self._taken[found] = ""
        return found

    def value(self, value: Any) -> str | None:
        """An expression for it; None where there is none."""
        if type(value) in PLAIN:
            return repr(value)
        if type(value) is float:
            return repr(value) if np.isfinite(value) else f"float('{value}')"
        if isinstance(value, np.ndarray):
            return _packed(value) if type(value) is np.ndarray and value.dtype.kind in "biuf" else None
        if isinstance(value, (np.bool_, np.integer, np.floating)):
            return f"np.{type(value).__name__}({self.value(value.item())})"
        if isinstance(value, np.dtype):
            return f"np.dtype({value.name!r})"
        if isinstance(value, Enum):
            owner = self.named(type(value))
            return None if owner is None else f"{owner}[{value.name!r}]"
        if type(value) in (tuple, list, set, frozenset, dict):
            return self._container(value)
        by_name = isinstance(value, type) or (callable(value) and hasattr(value, "__name__"))
        return self.named(value) if by_name else self._whole(value)

    def named(self, value: Any) -> str | None:
        """A class or function under the name by which it can be imported; None where that is something else, or nothing."""
        paths = dict.fromkeys(getattr(value, name, None) for name in ("__qualname__", "__name__"))
        for place in ("cnnbp", str(getattr(value, "__module__", "")), *PUBLIC):
            for path in paths:
                module = sys.modules.get(place)
                if isinstance(path, str) and module is not None and _at(module, path) is value:
                    return self._imported(place, path)
        return None

    def _imported(self, place: str, path: str) -> str:
        if place in ("cnnbp", "numpy", "builtins"):
            return path if place == "builtins" else f"{'np' if place == 'numpy' else place}.{path}"
        top, dot, inside = path.partition(".")
        line = f"from {place} import {top}"
        if self._taken.setdefault(top, place) != place:  # something else has that name
            line, top = f"import {place}", f"{place}.{top}"
        if line not in self.imports and (place, top) != ("__main__", path.partition(".")[0]):
            self.imports.append(line)
        return f"{top}{dot}{inside}"

    def _container(self, value: Any) -> str | None:
        if isinstance(value, dict):
            pairs = [(self.value(k), self.value(v)) for k, v in value.items()]
            known = [f"{k}: {v}" for k, v in pairs if k is not None and v is not None]
            return f"{{{', '.join(known)}}}" if len(known) == len(pairs) else None
        found = [self.value(v) for v in value]
        if None in found:
            return None
        inside = ", ".join(map(str, found)) + ("," if isinstance(value, tuple) and len(found) == 1 else "")
        if isinstance(value, (set, frozenset)):
            return f"{type(value).__name__}([{inside}])"
        return f"({inside})" if isinstance(value, tuple) else f"[{inside}]"

    def _whole(self, value: Any) -> str | None:
        """An object that its constructor gives back as it was."""
        made = self.made(value)
        return made[0] if made is not None and alike(made[1], value) else None

    def made(self, value: Any) -> tuple[str, Any] | None:
        """How its class makes it from what it holds under the names of its parameters, and what comes out; None if that fails."""
        owner, given = self.named(type(value)), parameters(value)
        if owner is None or given is None:
            return None
        try:
            said = {name: self.value(v) for name, v in given.items()}
            found = type(value)(**copy.deepcopy(given)) if None not in said.values() else None
        except Exception:  # of whatever kind: then it is made in another way
            return None
        if None in said.values():
            return None
        return f"{owner}({', '.join(f'{name}={v}' for name, v in said.items())})", found

    def assigned(self, name: str, value: Any) -> list[str] | None:
        """Lines that make it anew under this name, attribute by attribute where its class does not; None of an unknown class."""
        owner, made = self.named(type(value)), self.made(value)
        if owner is None or (made is None and not held(value)):
            return None
        there = held(made[1]) if made else {}
        lines = [f"{name} = {made[0] if made else f'{owner}.__new__({owner})'}"]
        for attribute, now in held(value).items():
            if attribute not in there or not alike(there[attribute], now):
                lines += self._set(f"{name}.{attribute}", now)
        self.lost += [f"{name}.{attribute}" for attribute in there.keys() - held(value).keys()]
        return lines

    def _set(self, place: str, now: Any) -> list[str]:
        try:
            said = self.value(now)
        except RecursionError:  # it holds itself
            said = None
        if said is None:
            self.lost.append(place)
        return [] if said is None else [f"{place} = {said}"]


def array(name: str, a: Array) -> str:
    """An assignment. What is too large is named."""
    said = _packed(a)
    if said is not None:
        return f"{name} = {said}"
    told = f"too large to stand here: {a.dtype} of shape {a.shape}, {a.nbytes} bytes; np.save it where it was asked"
    return f'{name} = np.load("{name}.npy")  # {told}'


def _packed(a: Array) -> str | None:
    """To the last bit: numbers as such, many of them as bytes. None for too many."""
    order = a.flags.f_contiguous and not a.flags.c_contiguous
    open_, close = ("np.asfortranarray(", ")") if order else ("", "")
    a = np.asarray(a, float) if a.dtype.itemsize > 8 else a  # in which it is asked
    if not a.size:
        return f"{open_}np.zeros({a.shape}, {a.dtype.name!r}){close}"
    if a.size <= LITERAL and np.isfinite(a).all():
        dtype = "" if a.dtype == float else f", {a.dtype.name!r}"
        return f"{open_}np.array({a.tolist()}{dtype}){close}"
    little = a.dtype.newbyteorder("<")
    packed = base64.b64encode(zlib.compress(np.ascontiguousarray(a).astype(little).tobytes(), 9)).decode()
    rows = [f'    "{packed[k : k + WIDTH]}"' for k in range(0, len(packed), WIDTH)]
    tail = f")), {little.str!r}).reshape({a.shape}).copy(){close}"
    return "\n".join([f"{open_}np.frombuffer(zlib.decompress(base64.b64decode(", *rows, tail]) if len(packed) <= MOST else None


def _at(module: Any, path: str) -> Any:
    for part in path.split("."):
        module = getattr(module, part, None)
    return module
