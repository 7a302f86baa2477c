"""The evidence of a run as it arrives: on disk at any moment, whole, and marked incomplete until the last task is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .. import evidence
from .document import assemble
from .tasks import Task

PAUSE = 1.0  # seconds between two writings, so that writing costs little


class Journal:
    """What is done of `planned` so far. With a path, that file holds it from the first moment on, in place of an earlier run's."""

    def __init__(
        self,
        planned: Sequence[Task],
        origin: dict[str, Any],
        path: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.planned, self.done = tuple(planned), dict[Task, dict[str, Any]]()
        self._origin, self._path, self._clock, self._began = origin, path, clock, clock()
        self.write()

    def add(self, task: Task, found: dict[str, Any]) -> None:
        """One more task is done. Raises OSError where the file cannot be written."""
        self.done[task] = found
        if self._clock() - self._written >= PAUSE and len(self.done) < len(self.planned):
            self.write()

    def document(self, trouble: str = "") -> dict[str, Any]:
        """The evidence document as it stands; `trouble` says why no more will come."""
        origin = {**self._origin, "seconds": round(self._clock() - self._began, 1)}
        return assemble(self.done, self.planned, origin, trouble)

    def write(self, trouble: str = "") -> dict[str, Any]:
        """Puts the document as it stands into the file, and returns it as it will be read from there. Raises OSError."""
        document = self.document(trouble)
        self._written = self._clock()
        if self._path is not None:
            evidence.write(self._path, document)
        return document
