"""`pytest --cnnbp-report=DIR`: every verdict that a test run asks for, in DIR/evidence.json and DIR/index.html.

Without the option nothing happens. A run that asks for a report and comes to no verdict fails: a report of nothing looks like
one in which nothing is wrong. With pytest-xdist each test sends its verdicts with its own report, so that what a worker had
finished before it died is kept, and what it had not is said to be lost.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .version import __version__

if TYPE_CHECKING:
    from .evidence.own import Own

EVIDENCE, PAGE, SENT = "evidence.json", "index.html", "cnnbp_verdicts"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The one option."""
    help = "write evidence.json and index.html of every verdict of cnnbp.verify and assert_gradients in this run into DIR"
    parser.getgroup("cnnbp").addoption("--cnnbp-report", metavar="DIR", help=help)


def pytest_configure(config: pytest.Config) -> None:
    """Listens where tests run, and writes where they are gathered: with xdist two processes, else one."""
    out = config.getoption("--cnnbp-report")
    if not out:
        return
    config.pluginmanager.register(Listener(), "cnnbp-listener")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Report(config.invocation_params.dir / out), "cnnbp-report")


class Listener:
    """Hands the verdicts of each phase of a test to the report of that phase, as one text: xdist sends texts."""

    def __init__(self) -> None:
        from .evidence.gathering import Gathering

        self._new, self._heard = Gathering, Gathering()
        self._ears = ExitStack()

    def pytest_sessionstart(self) -> None:
        """From here on."""
        from .evidence.gathering import listening

        self._ears.enter_context(listening(lambda verdict, like: self._heard.add(verdict, like)))

    def pytest_sessionfinish(self) -> None:
        """Another run in this process listens for itself."""
        self._ears.close()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """What was heard since the last report belongs to this phase."""
        report = yield
        from .evidence.own import lines

        found, self._heard = self._heard.records(item.nodeid, rerun=f"pytest {item.nodeid!r}"), self._new()
        if found:
            setattr(report, SENT, lines(found))
        return report


class Report:
    """Gathers from all processes, and writes when the run ends, however it ends."""

    def __init__(self, out: Path) -> None:
        self._out, self._began, self._started = out, time.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
        self._found: dict[str, list[Own]] = {}
        self._outcomes: dict[str, str] = {}
        self._lost: list[str] = []
        self._said = ""

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """However this run ends, no earlier one may speak for it. Raises UsageError where nothing can be written."""
        from .evidence.file import TWINS

        try:
            self._out.mkdir(parents=True, exist_ok=True)
            for name in (PAGE, EVIDENCE, *TWINS):
                (self._out / name).unlink(missing_ok=True)
        except FileExistsError:
            raise pytest.UsageError(f"--cnnbp-report must be a folder, got the file {self._out}") from None
        except OSError as error:
            raise pytest.UsageError(f"--cnnbp-report {self._out}: {error.strerror}") from error
        if not os.access(self._out, os.W_OK | os.X_OK):
            raise pytest.UsageError(f"--cnnbp-report {self._out}: cannot write there")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Every phase of every test, in whichever process it ran."""
        from .evidence.own import of_lines

        if sent := getattr(report, SENT, ""):
            self._found.setdefault(report.nodeid, []).extend(of_lines(sent))
        if report.when not in ("setup", "call", "teardown"):  # how xdist reports a test in which a worker died
            self._lost.append(report.nodeid)
        if report.when == "call" or report.outcome != "passed":
            self._outcomes[report.nodeid] = report.outcome if self._outcomes.get(report.nodeid) != "failed" else "failed"

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Both files, or neither and a run that fails."""
        from .evidence import file, own, remark
        from .report.own import render

        if session.config.option.collectonly:
            return
        found = [
            each.model_copy(update={"outcome": self._outcomes.get(nodeid, "")})
            for nodeid, layers in self._found.items()
            for each in layers
        ]
        if not found:
            self._said = "no verdict was asked for in this run, so there is no report"
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED
            return
        trouble = [remark("own.lost", test=nodeid) for nodeid in self._lost]
        seconds = round(time.monotonic() - self._began, 3)
        document = own.document(__version__, found, trouble, self._started, seconds)
        file.write_texts({self._out / EVIDENCE: own.text(document), self._out / PAGE: render(document)})
        counts = {name: sum(getattr(each, name) for each in found) for name in ("passed", "failed", "inconclusive")}
        told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        verdicts, lost = sum(counts.values()), f", {len(self._lost)} tests lost" * bool(self._lost)
        self._said = f"{self._out / PAGE}: {document.status}, {verdicts} verdict{'s' * (verdicts != 1)}: {told}{lost}"

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Where the report is."""
        if self._said:
            terminalreporter.write_sep("-", "cnnbp")
            terminalreporter.write_line(self._said)
