"""Which way the user's code goes, operation by operation: what holds on unknown numbers is of the way that they went.

Code may send them another way than floats: it catches what they refuse, or asks for their type, be it within one line. So
every step from one operation to the next that they took, and every place at which they raised, must be seen on floats too.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from types import CodeType, FrameType
from typing import Any, NamedTuple

from ..evidence.verdict import Remark, remark
from .numbers.unsupported import Unsupported
from .users import generated, hands_over, standard, theirs, told

START, RAISED = -1, -2  # before a function's first operation; after one at which an exception was raised or passed
AWAY = -3  # after one from which work went to another thread or process, where this trace does not follow
FIRST = 2  # runs on floats before unknown numbers run: what a layer does once and keeps is then done on floats
UNIT = 2  # bytes of a place in bytecode

Run = Callable[[], object]
Places = dict[CodeType, set[tuple[int, int]]]  # of each function the steps that it took


class Step(NamedTuple):
    """From one operation of a function to the next that ran, as places in its bytecode."""

    code: CodeType
    before: int
    after: int

    @property
    def left(self) -> tuple[str, int]:
        """File and line of the operation before; of the function, where there is none."""
        return self._line(self.before)

    @property
    def reached(self) -> tuple[str, int]:
        """File and line of the operation after; of the one before, where an exception passed, or another thread had to work."""
        return self._line(self.before if self.after in (RAISED, AWAY) else self.after)

    def _line(self, place: int) -> tuple[str, int]:
        at = None if place == START else next(islice(self.code.co_positions(), place // UNIT, None))[0]
        return self.code.co_filename, at or self.code.co_firstlineno


class Lines:
    """The way of one layer on unknown numbers, and runs on floats that are to go it too. Off, it records nothing.

    runs: on floats, each made when it is asked for.
    """

    def __init__(self, on: bool = True, runs: Iterable[Run] = ()) -> None:
        self.on, self.ran, self._seen = on, set[Step](), set[Step]()
        self._here, self._drawn, self._places, self._on_floats = deque[Run](), iter(runs), Places(), Places()
        for run in islice(self._drawn, FIRST) if on else ():
            self._see(run)

    @contextmanager
    def recorded(self, here: Callable[[], Run | None] | None = None) -> Iterator[None]:
        """What runs inside; if it is new, `here` tells a run on floats that should go the same way.

        Raises Unsupported where an exception was caught that no floats raise, or another thread computes: whatever else runs,
        nothing is proved.
        """
        if not self.on:
            yield
            return
        known = set(self.ran)
        with recording(self.ran, self._places):
            yield
        new = self.ran - known
        run = here() if here is not None and new else None
        if run is not None:
            self._here.append(run)
        if caught := self._alone({step for step in new if step.after == RAISED}):
            raise Unsupported("swallows", line=told(*min(step.left for step in caught)))
        if away := [step.left for step in new if step.after == AWAY]:
            raise Unsupported("another-thread", line=told(*min(away)))

    def alone(self) -> Remark | None:
        """The first step that none of the runs on floats takes too. What they raise themselves is of no interest."""
        left = self._alone(self.ran)
        if not left:
            return None
        step = min(left, key=lambda step: (step.left, step.reached))
        if step.reached in {place for seen in self._seen for place in (seen.left, seen.reached)}:
            return remark("proof.branch-alone", line=told(*step.left))
        return remark("proof.unknown-alone", line=told(*step.reached))

    def beyond(self, steps: set[Step]) -> set[Step]:
        """Those of other steps, as floats take them elsewhere, that neither unknown numbers nor any of the runs on floats take."""
        return self._alone(steps - self.ran)

    def _alone(self, steps: set[Step]) -> set[Step]:
        """Those that no run on floats takes, of which as many are asked as it needs."""
        while not steps <= self._seen:
            run = self._here.popleft() if self._here else next(self._drawn, None)
            if run is None:
                break
            self._see(run)
        return steps - self._seen

    def _see(self, run: Run) -> None:
        with recording(self._seen, self._on_floats), suppress(Exception):
            run()


@contextmanager
def recording(ran: set[Step], kept: Places | None = None) -> Iterator[None]:
    """Adds what runs in this thread. Whoever traces it, a debugger or a measurement of coverage, goes on afterwards.

    kept: from one recording to the next, so that only what is new is added.
    """
    found = Places() if kept is None else kept
    sizes = {code: len(steps) for code, steps in found.items()}

    def called(frame: FrameType, event: str, arg: Any) -> Any:
        file = frame.f_code.co_filename
        if not theirs(file) or generated(file, frame.f_globals.get("__name__", "")):
            if hands_over(file, frame.f_code.co_name) and (user := _caller(frame)):
                found.setdefault(user.f_code, set()).add((user.f_lasti, AWAY))
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        steps, last = found.setdefault(frame.f_code, set()), START

        def stepped(frame: FrameType, event: str, arg: Any) -> Any:
            nonlocal last
            if event == "opcode":
                steps.add((last, last := frame.f_lasti))
            elif event == "exception" and not issubclass(arg[0], StopIteration):
                steps.add((frame.f_lasti, RAISED))
            return stepped

        return stepped

    before = sys.gettrace()
    sys.settrace(called)
    try:
        yield
    finally:
        sys.settrace(before)
        more = (item for item in found.items() if len(item[1]) > sizes.get(item[0], 0))
        ran.update(Step(code, *step) for code, steps in more for step in steps)


def _caller(frame: FrameType) -> FrameType | None:
    """The innermost of the user's functions that led there; none where a library did, as to write what a layer prints."""
    above = frame.f_back
    while above is not None and standard(above.f_code.co_filename):
        above = above.f_back
    return above if above is not None and theirs(above.f_code.co_filename) else None
