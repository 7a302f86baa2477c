"""Where a layer leaves the numbers that it was given: what it did, and at which line of whose file."""

from __future__ import annotations

import linecache
import sysconfig
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

import numpy as np

OURS = str(Path(__file__).parents[1])
LIBRARIES = tuple(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib"))


class Unsupported(TypeError):
    """This code cannot be run on these numbers. `code` says why, as the code of a remark under `proof.`."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"an unknown number: {code}")
        self.code, self.values = code, values


def refuse(code: str) -> NoReturn:
    """Raises Unsupported."""
    raise Unsupported(code)


def exact(number: Any) -> int | Fraction:
    """A number of Python or NumPy as it is: a float is the dyadic fraction that it holds. Raises Unsupported for others."""
    if isinstance(number, Fraction):
        return number
    if isinstance(number, (int, np.integer, np.bool_)):
        return int(number)
    if isinstance(number, (float, np.floating)) and np.isfinite(number):
        return Fraction(float(number))
    raise Unsupported("no-number", got=repr(number))


def root(error: BaseException) -> BaseException:
    """What was raised first: NumPy's loops over objects go on after an error, and answer with another one."""
    while isinstance(error, SystemError) and error.__cause__ is not None:
        error = error.__cause__
    return error


def line(error: BaseException) -> str:
    """The last line of the user's own code that led to it: "file.py, line 12: y = float(x)"; empty where there is none."""
    frames = [(tb.tb_frame.f_code.co_filename, tb.tb_lineno) for tb in _frames(error.__traceback__)]
    others = [f for f in frames if not f[0].startswith((OURS, "<__array"))]
    own = [f for f in others if not f[0].startswith(LIBRARIES)] or others
    if not own:
        return ""
    file, number = own[-1]
    return f"{Path(file).name}, line {number}: {linecache.getline(file, number).strip()}".rstrip(": ")


def _frames(tb: TracebackType | None) -> list[TracebackType]:
    found = []
    while tb is not None:
        found.append(tb)
        tb = tb.tb_next
    return found
