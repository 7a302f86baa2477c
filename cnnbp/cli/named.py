"""What a command line names of somebody's own code: MODULE:LAYER, and the reference, "Conv2d(stride=2)", read without eval."""

from __future__ import annotations

import ast
import difflib
import importlib.util
import inspect
import pkgutil
import sys
import types
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from functools import partial
from pathlib import Path
from typing import Any

from ..attributes import name_of, optional
from .folder import Mistake

MOST = 12  # names that a sentence lists


def target(text: str) -> Any:
    """The object that "package.module:layer" or "file.py:layer" names. Raises Mistake."""
    place, separator, name = text.rpartition(":")
    if not separator or not place or not name:
        raise Mistake(f"expected MODULE:LAYER, such as mylayers:MyConv or mylayers.py:MyConv, got {text!r}")
    found: Any = _module(place)
    for part in name.split("."):
        there = optional(found, part, MISSING)
        if there is MISSING:
            names = [each for each in dir(found) if not each.startswith("_") and not inspect.ismodule(optional(found, each))]
            called = place if inspect.ismodule(found) else name_of(found)
            near = nearest(part, names, f"dir({called}) has them all")
            raise Mistake(f"{text}: {called} has no {part!r}{near}")
        found = there
    return found


def _module(place: str) -> types.ModuleType:
    try:
        return _from_file(Path(place)) if place.endswith(".py") else _from_path(place)
    except ModuleNotFoundError as error:
        if error.name and (place == error.name or place.startswith(f"{error.name}.")):
            raise Mistake(f"no module {place!r}, in {Path.cwd()} nor where Python looks") from error
        raise Mistake(f"{place} cannot be imported: {error}") from error
    except Mistake:
        raise
    except (Exception, SystemExit) as error:  # what ends Python there must not end with 0 here
        raise Mistake(f"{place} cannot be imported: {type(error).__name__}: {error}") from error


def _from_path(name: str) -> types.ModuleType:
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))  # where `python -m` looks first
    return pkgutil.resolve_name(f"{name}:")  # type: ignore[no-any-return]


def _from_file(path: Path) -> types.ModuleType:
    name = f"cnnbp_checked_{path.stem}"  # no other module has it, whatever the file is called
    spec = importlib.util.spec_from_file_location(name, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise Mistake(f"no file {path}")
    sys.path.insert(0, str(path.parent.resolve()))  # as `python file.py` has it
    module = sys.modules[name] = importlib.util.module_from_spec(spec)  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


def built(found: Any, options: Mapping[str, Any]) -> Any:
    """A layer as it is; a class or a function called with those of the options that it takes; a module of PyTorch as a layer.

    Raises Mistake.
    """
    from ..adapters import from_torch

    layer = found
    if made(found):
        try:
            layer = found(**options)
        except (Exception, SystemExit) as error:
            given = ", ".join(f"{name}={value!r}" for name, value in options.items())
            raise Mistake(f"{name_of(found)}({given}) raised {type(error).__name__}: {error}") from error
    return from_torch(layer) if _is_module(layer) else layer


def made(found: Any) -> bool:
    """Whether it must be called to become a layer: a class, or a function that returns one. A module can be called, and is one."""
    if isinstance(found, type) or _is_module(found):
        return isinstance(found, type)
    return callable(found) and any(optional(found, name) is None for name in ("forward", "backward"))


def _is_module(found: Any) -> bool:
    from ..verification.reference import is_module

    return is_module(found)


def taken(found: Any, options: Iterable[str]) -> list[str]:
    """Which of these options a class or function takes by name. Raises Mistake where it needs anything else."""
    if not made(found):
        return []
    named, any_name = _parameters(found)
    known = [option for option in options if any_name or option in [p.name for p in named]]
    needed = [p.name for p in named if p.default is p.empty and p.name not in known]
    if needed:
        raise Mistake(
            f"{name_of(found)} needs {', '.join(needed)}: expected a layer, or a class that is called without arguments; "
            f"make a layer in its module, and name that: {instead(found)}"
        )
    return known


def kept(found: Any, options: Iterable[str]) -> list[str]:
    """What a class or function takes by other names than these options have: it keeps its default."""
    return [p.name for p in _parameters(found)[0] if p.name not in options] if made(found) else []


def _parameters(found: Any) -> tuple[list[inspect.Parameter], bool]:
    """Those that have names, and whether any other name is taken; none where nobody can tell."""
    try:
        parameters = inspect.signature(found).parameters.values()
    except (TypeError, ValueError):
        return [], False
    named = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    return named, any(p.kind is p.VAR_KEYWORD for p in parameters)


def instead(found: Any) -> str:
    """How a class that needs more, a function, or an object that keeps what it is asked about becomes a layer."""
    name, found = name_of(found), _whole(found)
    if optional(found, "backward") and keeps(found):
        return f'layer = cnnbp.from_layer({name}(...), params=("w", "b"), grads=("dw", "db"))'
    if isinstance(found, type):
        return f"layer = {name}(...)"
    return f"layer = cnnbp.from_functions({name}, backward), or from_cached where forward returns (y, cache)"


def keeps(found: Any) -> bool:
    """Whether backward takes the residual alone, and the rest from what forward left."""
    found = _whole(found)
    names = [parameter.name for parameter in _parameters(optional(found, "backward"))[0]]
    return len(names) == (2 if isinstance(found, type) else 1)  # self counts in a class


def _whole(found: Any) -> Any:
    """What a partial is of."""
    return _whole(found.func) if isinstance(found, partial) else found


def reference(text: str, known: Mapping[str, type[Any]]) -> tuple[Any, list[str]]:
    """A layer of cnnbp from its name and options, which are literals; and the options that were given. Raises Mistake."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        called = tree if isinstance(tree, ast.Call) else ast.Call(tree, [], [])
        name = ast.unparse(called.func).removeprefix("cnnbp.")
    except (SyntaxError, ValueError) as error:
        raise Mistake(f'--like must name a layer of cnnbp, such as "Conv2d(stride=2)", got {text!r}') from error
    if name not in known:
        raise Mistake(f"--like {text}: cnnbp has no layer {name!r}{nearest(name, known)}")
    try:
        args = [ast.literal_eval(arg) for arg in called.args]
        options = {str(each.arg): ast.literal_eval(each.value) for each in called.keywords}
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        raise Mistake(f"--like {text}: options must be numbers, pairs, True, False or None") from error
    there = [field.name for field in fields(known[name])]
    if wrong := [option for option in options if option not in there]:
        others = nearest(wrong[0], there) or "; it has none"
        raise Mistake(f"--like {text}: {name} has no option {wrong[0]!r}{others}")
    needed = [field.name for field in fields(known[name])[len(args) :] if field.default is MISSING and field.name not in options]
    if needed:
        raise Mistake(f'--like {text}: {name} needs {needed[0]}, such as "{name}({needed[0]}=2)"')
    try:
        layer = known[name](*args, **options)
    except (TypeError, ValueError) as error:
        raise Mistake(f"--like {text}: {error}") from error
    return layer, [*(field.name for field in fields(layer)[: len(args)]), *options]


def nearest(name: str, known: Iterable[str], others: str = "") -> str:
    """What of the known is spelled like it, as the end of a sentence; or what there is, and where the others of it are."""
    spelled = {each.lower(): each for each in known}
    near = [spelled[match] for match in difflib.get_close_matches(name.lower(), spelled, 3, 0.4)]
    if near or not spelled:
        return f"; nearest: {', '.join(near)}" if near else ""
    shown, more = list(spelled.values())[: MOST if others else None], max(0, len(spelled) - MOST) if others else 0
    return f"; there are: {', '.join(shown)}" + (f", and {more} more ({others})" if more else "")
