"""An error that a line of the reference code raises is what a task found: the others go on, and the code is called wrong."""

from __future__ import annotations

from pathlib import Path
from traceback import extract_tb

from .. import layers
from ..evidence.records.base import LONGEST
from .processes import placed

PACKAGE, UNDER_TEST = Path(layers.__file__).parents[1], Path(layers.__file__).parent


def raised(error: BaseException) -> tuple[str, str] | None:
    """The error and its place, where the last line of this package on its way is one of a layer; else None.

    What the harness itself raises is no finding, nor is a machine that has no memory left.
    """
    while error.__cause__ is not None:  # what a layer raised, where the harness put it in words of its own
        error = error.__cause__
    ours = [frame for frame in extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(PACKAGE)]
    if isinstance(error, MemoryError) or not ours or not Path(ours[-1].filename).is_relative_to(UNDER_TEST):
        return None
    return f"{type(error).__name__}: {error}"[:LONGEST], placed(ours[-1])
