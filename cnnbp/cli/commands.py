"""What the commands do: `verify` from its plan to files and summary, `report` from evidence to the page."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .. import evidence
from .progress import Progress
from .summary import detail, printable, summary
from ..version import __version__

PROFILES = {"quick": 40, "ci": 200, "thorough": 1000}
SCRATCH = str(Path(tempfile.gettempdir()) / "cnnbp-hypothesis")  # what Hypothesis keeps would lie in the user's folder
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
SIGNALS = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}


class Mistake(Exception):
    """The call is wrong, or cannot be answered here. The message says what came and what was expected."""


class Stop(KeyboardInterrupt):
    """Somebody wants the run to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number
        self.how = SIGNALS[signal.Signals(number)]


def verify(arguments: argparse.Namespace) -> int:
    """Puts the derivation on trial, and returns the exit status."""
    tell(f"cnnbp {__version__}: starting {arguments.jobs} {'process' if arguments.jobs == 1 else 'processes'} ...")
    for name in THREADS:
        os.environ.setdefault(name, "1")  # before NumPy is loaded: more threads than processes would wait, and round otherwise
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", SCRATCH)
    with listening() as deaf:
        try:
            return _verify(arguments, deaf)
        except Stop as stop:
            tell(f"cnnbp: ended by {stop.how}")
            return stop.status


def _verify(arguments: argparse.Namespace, deaf: Callable[[], None]) -> int:
    out = None if arguments.only else _folder(arguments.out)
    if out is not None:  # before anything takes time: however this run ends, no earlier one may speak for it
        for name in ("index.html", "evidence.json"):
            (out / name).unlink(missing_ok=True)
    from ..run import campaign, journal, provenance, tasks  # here: `cnnbp report` must not wait for them, nor need PyTorch

    check_names(arguments.only, tasks.names())
    examples = arguments.examples or PROFILES[arguments.profile]
    seed = arguments.seed if arguments.seed is not None else int(provenance.sources_sha256()[:8], 16)
    planned = tasks.plan(examples, seed, arguments.only)
    tell(f"  {len(planned)} {'task' if len(planned) == 1 else 'tasks'}, {examples} cases each, seed {seed}")
    started = datetime.now(UTC).isoformat(timespec="seconds")
    origin = provenance.provenance(seed, arguments.profile, examples, arguments.jobs, started)
    record = journal.Journal(planned, origin, out and out / "evidence.json")
    trouble, status = _carry_out(campaign.carry_out(planned, arguments.jobs), record, campaign.Failed)
    deaf()
    if trouble:
        tell(f"cnnbp: {trouble}")
    found = record.document(trouble)
    shown, said = (found["status"], []) if out is None else _publish(found, out)
    say("\n".join([(detail if arguments.only else summary)(found), *said]))
    return status or _exit(found["status"], shown)


def _carry_out(results: Any, record: Any, failed: type[Exception]) -> tuple[str, int]:
    """Does the work into the record. What ended it early, in a sentence, and the exit status which that means; or "", 0."""
    progress = Progress(sys.stderr, len(record.planned))
    try:
        with closing(results):
            for task, found in results:
                record.add(task, found)
                progress.tell(len(record.done), task)
    except Stop as stop:
        return f"The run was ended by {stop.how}.", stop.status
    except failed as failure:
        return f"The run broke off at {failure}.", 2
    finally:
        progress.end()
    return "", 0


def report(arguments: argparse.Namespace) -> int:
    """Sets existing evidence as a page, and returns the exit status."""
    out = _folder(arguments.out)
    try:
        found = evidence.read(arguments.evidence)
        shown, page = _page(found)
    except ValueError as error:
        raise Mistake(str(error)) from error
    path = out / "index.html"
    evidence.write_text(path, page)
    say(str(path))
    return _exit(found["status"], shown)


def _publish(found: dict[str, Any], out: Path) -> tuple[str, list[str]]:
    """Writes both files, or neither; the status that the page shows, and the files' names. Raises OSError."""
    text, path, page_path = evidence.text(found), out / "evidence.json", out / "index.html"
    try:
        shown, page = _page(json.loads(text))
    except Exception:
        evidence.write_text(path, text)  # no fault of a page may cost the work of the run
        raise
    evidence.write_texts({path: text, page_path: page})  # in this order: no page without its evidence
    return shown, ["", str(page_path), str(path)]


def _page(found: dict[str, Any]) -> tuple[str, str]:
    """The status that the page shows, which may be harsher than the document's own, and the page. Raises ValueError."""
    from ..report import render, status

    return status(found), render(found)


def _exit(*statuses: str) -> int:
    """0 only if all say that the derivation holds."""
    if len(set(statuses)) > 1:
        tell(f"cnnbp: the evidence says {statuses[0]}; its own records say {statuses[-1]}")
    return 0 if set(statuses) == {"holds"} else 1


def check_names(wanted: Sequence[str], known: Sequence[str]) -> None:
    """Raises Mistake for a name that is not known, and offers those that are nearest, in whatever case they are written."""
    spelled = {name.lower(): name for name in known}
    for name in wanted:
        if name not in known:
            near = [spelled[match] for match in difflib.get_close_matches(name.lower(), spelled, 3, 0.3)]
            offered = f"nearest: {', '.join(near)}" if near else f"there are {', '.join(known)}"
            raise Mistake(f"--only {name}: no such statement, layer or part; {offered}")


def _folder(folder: Path) -> Path:
    """The folder, made where it was missing: now rather than after the work. Raises Mistake, OSError."""
    if folder.exists() and not folder.is_dir():
        raise Mistake(f"--out must be a folder, got the file {folder}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Mistake(f"--out {folder}: {error.strerror}") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Mistake(f"--out {folder}: cannot write there")
    return folder


@contextmanager
def listening() -> Iterator[Callable[[], None]]:
    """In here Ctrl-C and SIGTERM raise Stop, once; then, or after a call of what this yields, they have no effect."""

    def deaf() -> None:
        for number in before:
            signal.signal(number, signal.SIG_IGN)

    def stop(number: int, frame: object) -> None:
        deaf()
        raise Stop(number)

    heard = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]  # nohup means it
    before = {number: signal.signal(number, stop) for number in heard}
    try:
        yield deaf
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def say(text: str) -> None:
    """Prints the answer. Whoever reads it may have left: that changes no verdict."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(text: str) -> None:
    """Prints what is not the answer."""
    print(printable(text), file=sys.stderr, flush=True)
