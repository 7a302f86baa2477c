"""Whose a file is: the user's, whose code is watched and told by its lines, or Python's, a library's, or the prover's own."""

from __future__ import annotations

import linecache
import os
import sysconfig
from functools import lru_cache
from pathlib import Path

import numpy as np

HERE = Path(__file__).parents[1]
ROOMS = ("proof", "oracles", "operators", "layers/checks.py", "faults/answers.py")  # of ours, that compute nothing of a layer's
INSTALLED = ("site-packages", "dist-packages")
# What computes the same for whoever asks, and what runs around a test: all other packages may hold somebody's layers.
LIBRARIES = (
    "numpy", "scipy", "torch", "jax", "jaxlib", "autograd", "flint",
    "pytest", "_pytest", "pluggy", "coverage", "hypothesis", "xdist", "execnet", "IPython", "ipykernel", "zmq", "tqdm",
)  # fmt: skip
# Where Python hands work to another thread or process, or waits for one.
HANDS_OVER = {
    "threading.py": ("start", "wait"),
    "queue.py": ("get",),
    "futures/thread.py": ("submit",),
    "futures/process.py": ("submit",),
    "multiprocessing/pool.py": ("apply_async", "_map_async"),
    "multiprocessing/process.py": ("start",),
}
COMPILED = (".pyx", ".pxd", ".pxi")  # whose lines show where they raise, by a path of whoever built them
GENERATED = ("namedtuple_", "cnnbp.proof", "cnnbp.oracles")  # modules whose methods have no file


def within(*places: Path | str) -> tuple[str, ...]:
    """How the paths of all files in these folders begin, and of what is a file itself."""
    return tuple(str(place) if str(place).endswith(".py") else f"{place}{os.sep}" for place in places)


STANDARD = within(*{sysconfig.get_path(name) for name in ("stdlib", "platstdlib")})
NOBODYS = (*within(*(HERE / room for room in ROOMS), Path(np.__file__).parent), "<frozen", "<__array")
LAYERS = within(HERE)


@lru_cache(maxsize=1024)
def theirs(file: str) -> bool:
    """Whether a file is the user's: every one that is not Python's, of a library that is known here, or the prover's.

    So layers of a package that is installed are the user's, whoever calls them. Those of ours count as a user's, who derives
    from them. What a library runs by itself, at a collection of garbage, does not.
    """
    if file.startswith(NOBODYS) or file.endswith(COMPILED):
        return False
    if file.startswith(LAYERS):
        return True
    parts = Path(file).parts
    places = [n for n, part in enumerate(parts[:-1]) if part in INSTALLED]
    if places:
        return parts[places[-1] + 1].removesuffix(".py") not in LIBRARIES
    return not file.startswith(STANDARD)


def standard(file: str) -> bool:
    """Whether a file is of Python's own library."""
    return file.startswith(STANDARD) and not theirs(file)


@lru_cache(maxsize=1024)
def hands_over(file: str, function: str) -> bool:
    """Whether what this function is called for is done in another thread or process, which nobody watches."""
    path = Path(file).as_posix()
    return standard(file) and any(path.endswith(f"/{where}") and function in names for where, names in HANDS_OVER.items())


def generated(file: str, module: str) -> bool:
    """Whether code without a file was written by Python or by us."""
    return file == "<string>" and module.startswith(GENERATED)


def told(file: str, number: int) -> str:
    """A line as it is told: "file.py, line 12: y = float(x)"."""
    text = linecache.getline(file, number).strip()
    return f"{Path(file).name}, line {number}" + (f": {text}" if text else "")
