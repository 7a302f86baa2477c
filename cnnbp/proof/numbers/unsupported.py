"""Where a layer leaves the numbers that it was given: what it did, and at which line of whose file."""

from __future__ import annotations

from fractions import Fraction
from types import TracebackType
from typing import Any, NoReturn

import numpy as np

from ..users import HERE, theirs, told, within

OURS = (*within(HERE / "proof", HERE / "adapters"), "<__array")


# In words, where whoever compares such a number reads the exception itself.
SAID = {"kept": "kept from a proof that is over", "another-thread": "compared in another thread than that of its proof"}


class Unsupported(TypeError):
    """This code cannot be run on these numbers. `code` says why, as the code of a remark under `proof.`."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"an unknown number: {SAID.get(code, code.replace('-', ' '))}")
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
    """The deepest line of the user's own code that led to it; of other code where none of theirs did, empty where there is none."""
    frames = [(tb.tb_frame.f_code.co_filename, tb.tb_lineno) for tb in _frames(error.__traceback__)]
    others = [frame for frame in frames if not frame[0].startswith(OURS)]
    own = [frame for frame in others if theirs(frame[0])] or others
    return told(*own[-1]) if own else ""


def _frames(tb: TracebackType | None) -> list[TracebackType]:
    found = []
    while tb is not None:
        found.append(tb)
        tb = tb.tb_next
    return found
