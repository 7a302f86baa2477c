"""Progress: one line on a terminal, a line a tenth in a log, and never silence about the end."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from cnnbp.cli.progress import WIDTH, Progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@given(total=st.integers(1, 300))
def test_a_log_has_a_line_for_every_tenth(total: int) -> None:
    """At most ten lines, the last of them of the last task."""
    stream = io.StringIO()
    progress = Progress(stream, total, lambda: 0.0)
    for done in range(1, total + 1):
        progress.tell(done, "statement delta-hidden")
    progress.end()
    lines = stream.getvalue().splitlines()
    assert len(lines) == min(total, 10)
    assert lines[-1].split() == [str(total), "of", str(total), "0:00"]


@given(names=st.lists(st.text(st.characters(categories=["L", "N"]), max_size=200), min_size=1, max_size=20))
def test_a_terminal_has_one_line(names: list[str]) -> None:
    """It is written over each time, in full width, and tells count, time and name; the end leaves it."""
    stream, now = Terminal(), iter(range(0, 2000, 61))
    progress = Progress(stream, len(names), lambda: next(now))
    for done, name in enumerate(names, 1):
        progress.tell(done, name)
    progress.end()
    first, *lines = stream.getvalue().split("\r")
    assert first == ""
    assert lines[-1].endswith("\n")
    for done, (name, line) in enumerate(zip(names, lines, strict=True), 1):
        assert len(line.rstrip("\n")) == WIDTH
        assert f"{done} of {len(names)}  {done}:{done:02}" in line
        assert name[:40] in line
