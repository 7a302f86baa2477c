"""The evidence of a run as it arrives: on disk at any moment, whole, and marked incomplete until the last task is done."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from ..evidence import Remark, file
from ..evidence.records import Document, Provenance
from .document import assemble
from .folded import Folded
from .plan import Plan
from .slices import Slice
from .tasks import Result, Task

PAUSE = 1.0  # seconds between two writings, so that writing costs little


class Journal:
    """What is done of `plan` so far. With a path, that file holds it from the first moment on, in place of an earlier run's."""

    def __init__(
        self, plan: Plan, origin: Provenance, path: Path | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.plan, self.done = plan, set[Task]()
        self._found, self._folded = dict[Task, Result](), dict[str, Folded]()
        self._origin, self._path, self._clock, self._began = origin, path, clock, clock()
        self.write()

    @property
    def complete(self) -> bool:
        """Whether everything that was planned is done."""
        return len(self.done) == len(self.plan.tasks)

    def add(self, task: Task, found: Result) -> None:
        """One more task is done. Raises OSError where the file cannot be written."""
        self.done.add(task)
        if isinstance(found, Slice):
            self._folded.setdefault(found.operator, Folded(self._origin.seed)).add(found)
        else:
            self._found[task] = found
        if self._clock() - self._written >= PAUSE and not self.complete:
            self.write()

    def document(self, trouble: Remark | None = None) -> Document:
        """The evidence document as it stands; `trouble` says why no more will come."""
        origin = self._origin.model_copy(update={"seconds": round(self._clock() - self._began, 1)})
        return assemble(self._found, self.plan, origin, trouble, [folded.layer() for folded in self._folded.values()])

    def write(self, trouble: Remark | None = None) -> Document:
        """Puts the document as it stands into the file, and returns it. Raises OSError."""
        document = self.document(trouble)
        self._written = self._clock()
        if self._path is not None:
            file.write(self._path, document)
        return document
