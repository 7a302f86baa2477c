"""Whose a file is: the user's, whose code is watched and told by its lines, or Python's, a library's, or the prover's own."""

from __future__ import annotations

import linecache
import sysconfig
from functools import lru_cache
from pathlib import Path

import numpy as np

HERE = Path(__file__).parents[1]
STANDARD, SITE = (tuple({sysconfig.get_path(n) for n in names}) for names in (("stdlib", "platstdlib"), ("purelib", "platlib")))
ROOMS = ("proof", "oracles", "operators", "layers/checks.py", "faults/answers.py")  # of ours, that compute nothing of a layer's
PACKAGES = (*(str(HERE / room) for room in ROOMS), str(Path(np.__file__).parent), "<frozen", "<__array")
COMPILED = (".pyx", ".pxd", ".pxi")  # whose lines show where they raise, by a path of whoever built them
GENERATED = ("namedtuple_", "cnnbp.proof", "cnnbp.oracles")  # modules whose methods have no file


@lru_cache(maxsize=1024)
def theirs(file: str, package: str = "") -> bool:
    """Whether a file is the user's; files of `package` are, wherever they are installed.

    Layers of ours count as a user's, who derives from them. What a library runs by itself, at a collection of garbage, does not.
    """
    if file.startswith(PACKAGES) or file.endswith(COMPILED):
        return False
    if file.startswith(SITE):
        return file.startswith(str(HERE)) or package in Path(file).parts
    return not file.startswith(STANDARD)


def generated(file: str, module: str) -> bool:
    """Whether code without a file was written by Python or by us."""
    return file == "<string>" and module.startswith(GENERATED)


def told(file: str, number: int) -> str:
    """A line as it is told: "file.py, line 12: y = float(x)"."""
    text = linecache.getline(file, number).strip()
    return f"{Path(file).name}, line {number}" + (f": {text}" if text else "")
