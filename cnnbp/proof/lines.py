"""Which lines of the user's files run, and where exceptions pass: what holds on unknown numbers is of the lines that they ran.

Unknown numbers refuse a cast by an exception. Code that catches it goes on along a line that no float ever sees; so every line
that they ran, and every line at which they raised, must be seen on floats too.
"""

from __future__ import annotations

import linecache
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from ..evidence.verdict import Remark, remark
from ..rounding import Array

HERE = Path(__file__).parents[1]
STANDARD, SITE = (tuple({sysconfig.get_path(n) for n in names}) for names in (("stdlib", "platstdlib"), ("purelib", "platlib")))
PACKAGES = (*(str(HERE / room) for room in ("proof", "oracles", "operators")), str(Path(np.__file__).parent), "<frozen", "<__array")
GENERATED = ("namedtuple_", "cnnbp.proof", "cnnbp.oracles")  # whose methods have no file


class Line(NamedTuple):
    """A line of a file that ran, or at which an exception was raised or passed."""

    file: str
    number: int
    raised: bool


class Lines:
    """What one layer ran on unknown numbers, and points of orders in which it ran something new. Off, it records nothing.

    first: runs on floats, before unknown numbers run: what a layer does once and keeps is then done on floats. package: of the
    layer, whose files are the user's.
    """

    def __init__(self, on: bool = True, first: Iterable[Callable[[], object]] = (), package: str = "") -> None:
        self.on, self.ran, self.points, self._package = on, set[Line](), list[list[Array]](), package
        self._seen = set[Line]()
        for run in first if on else ():
            self._see(run)

    @contextmanager
    def recorded(self, point: Callable[[], list[Array] | None] | None = None) -> Iterator[None]:
        """What runs inside; if it is new, `point` tells numbers at which floats would run it too."""
        if not self.on:
            yield
            return
        known = len(self.ran)
        with recording(self.ran, self._package):
            yield
        found = point() if point is not None and len(self.ran) > known else None
        if found is not None:
            self.points.append(found)

    def alone(self, runs: Iterable[Callable[[], object]]) -> Remark | None:
        """The first line that none of these runs on floats runs too. What they raise themselves is of no interest."""
        for run in runs:
            if self.ran <= self._seen:
                break
            self._see(run)
        left = sorted(self.ran - self._seen, key=lambda line: (not line.raised, line))
        if not left:
            return None
        text = linecache.getline(left[0].file, left[0].number).strip()
        where = f"{Path(left[0].file).name}, line {left[0].number}: {text}"
        return remark("proof.swallows" if left[0].raised else "proof.unknown-alone", line=where)

    def _see(self, run: Callable[[], object]) -> None:
        with recording(self._seen, self._package), suppress(Exception):
            run()


@contextmanager
def recording(ran: set[Line], package: str = "") -> Iterator[None]:
    """Adds what runs in this thread. Whoever traces it, a debugger or a measurement of coverage, goes on afterwards."""

    def called(frame: FrameType, event: str, arg: Any) -> Any:
        file = frame.f_code.co_filename
        ours = file == "<string>" and frame.f_globals.get("__name__", "").startswith(GENERATED)
        return stepped if theirs(file, package) and not ours else None

    def stepped(frame: FrameType, event: str, arg: Any) -> Any:
        if event == "line" or (event == "exception" and not issubclass(arg[0], StopIteration)):
            ran.add(Line(frame.f_code.co_filename, frame.f_lineno, event != "line"))
        return stepped

    before = sys.gettrace()
    sys.settrace(called)
    try:
        yield
    finally:
        sys.settrace(before)


@lru_cache(maxsize=1024)
def theirs(file: str, package: str = "") -> bool:
    """Whether a file is none of Python's, of a library's, or of the prover's own; files of `package` are the user's wherever.

    Layers of ours count as a user's, who derives from them. What a library runs by itself, at a collection of garbage, does not.
    """
    if file.startswith(PACKAGES):
        return False
    if file.startswith(SITE):
        return file.startswith(str(HERE)) or package in Path(file).parts
    return not file.startswith(STANDARD)
