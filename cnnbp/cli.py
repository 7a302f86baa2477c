"""The command line: `cnnbp verify` puts the derivation on trial, `cnnbp report` sets existing evidence as a page."""

from __future__ import annotations

import argparse
import difflib
import os
import signal
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import evidence
from .version import __version__

PROFILES = {"quick": 40, "ci": 200, "thorough": 1000}
EPILOG = """\
examples:
  cnnbp verify                          the whole derivation, quickly, into reports/
  cnnbp verify --profile ci --jobs 2    five times the cases, on two processes
  cnnbp verify --only delta-hidden      one statement alone, printed here
  cnnbp report reports/evidence.json    the page again, from the evidence

exit status:
  0    the derivation holds, as corrected where it is misprinted
  1    something is refuted, or a control failed
  2    the call itself is wrong
  130  interrupted: what was done is written, and marked incomplete
"""


class Mistake(Exception):
    """The call is wrong. The message says what came and what was expected."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line and returns its exit status."""
    parser = argparse.ArgumentParser(
        prog="cnnbp",
        description="Settles whether a derivation, or an implementation, of CNN backpropagation is right.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cnnbp {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _verify_options(commands)
    _report_options(commands)
    arguments = parser.parse_args(argv)
    try:
        return _verify(arguments) if arguments.command == "verify" else _report(arguments)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read the output has left
        return 0
    except (OSError, Mistake) as error:
        print(f"cnnbp: {error}", file=sys.stderr)
        return 2


def _verify_options(commands: Any) -> None:
    parser = commands.add_parser(
        "verify",
        help="put the derivation on trial",
        description="Puts the derivation on trial: every statement, layer and control, into evidence.json and index.html.",
    )
    sizes = ", ".join(f"{name} {count}" for name, count in PROFILES.items())
    add = parser.add_argument
    add("--out", type=Path, default=Path("reports"), help="folder for evidence.json and index.html (default: reports)")
    add("--profile", choices=PROFILES, default="quick", help=f"cases per layer and statement: {sizes} (default: quick)")
    add("--examples", type=_positive, metavar="N", help="cases per layer and statement, instead of the profile's")
    add("--seed", type=_natural, metavar="S", help="the seed of all cases (default: from a hash of the package's sources)")
    add("--jobs", type=_positive, metavar="J", default=min(4, os.cpu_count() or 1), help="processes (default: %(default)s)")
    add("--only", action="append", default=[], metavar="ID", help="one statement or layer, again for more; writes no report")


def _report_options(commands: Any) -> None:
    parser = commands.add_parser(
        "report",
        help="set existing evidence as a page",
        description="Sets existing evidence as a page; computes nothing, needs no PyTorch.",
    )
    parser.add_argument("evidence", type=Path, metavar="EVIDENCE.json", help="a file that `cnnbp verify` wrote")
    parser.add_argument("--out", type=Path, default=Path("reports"), help="folder for index.html (default: reports)")


def _verify(arguments: argparse.Namespace) -> int:
    from .run import campaign, document, tasks  # here: `cnnbp report` must not wait for them, nor need PyTorch

    _check_names(arguments.only, tasks.names())
    if not arguments.only:
        _check_writable(arguments.out)
    examples = arguments.examples or PROFILES[arguments.profile]
    seed = arguments.seed if arguments.seed is not None else int(document.sources_sha256()[:8], 16)
    started, clock = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
    planned = tasks.plan(examples, seed, arguments.only)
    print(
        f"cnnbp {__version__}: {len(planned)} tasks, {examples} cases each, seed {seed}, {arguments.jobs} processes",
        file=sys.stderr,
    )
    interrupted = False
    try:
        done = campaign.carry_out(planned, arguments.jobs, _progress)
    except campaign.Interrupted as interruption:
        done, interrupted = interruption.done, True
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not cut the writing short
    print(file=sys.stderr)
    origin = document.provenance(seed, arguments.profile, examples, started, time.monotonic() - clock)
    found = document.assemble(done, planned, origin)
    written = [] if arguments.only else _write(found, arguments.out)
    print(_summary(found), *written, sep="\n")
    return 130 if interrupted else 0 if found["status"] == "holds" else 1


def _write(found: dict[str, Any], out: Path) -> list[str]:
    """Both files, before anything is printed; their names for the user."""
    from . import report

    evidence.write(out / "evidence.json", found)
    page = report.write(evidence.read(out / "evidence.json"), out)
    return ["", str(page), str(out / "evidence.json")]


def _report(arguments: argparse.Namespace) -> int:
    from . import report

    try:
        found = evidence.read(arguments.evidence)
        _check_writable(arguments.out)
        print(report.write(found, arguments.out))
    except ValueError as error:
        raise Mistake(str(error)) from error
    return 0 if found["status"] == "holds" else 1


def _summary(document: dict[str, Any]) -> str:
    """The run on one screen."""
    lines = [f"{document['status'].upper()}: {document['summary']}", ""]
    lines += [f"  {s['id']:<22} {s['label']:<4} {s['verdict']}" for s in document["statements"]]
    for statement in document["statements"]:
        if statement["verdict"].startswith("refuted") and statement["counterexample"]:
            lines += ["", f"  {statement['id']}: {statement['counterexample']['sentence']}"]
    if document["layers"]:
        lines += ["", f"  {'layer':<22} {'cases':>6} {'pass':>6} {'inconclusive':>13} {'fail':>5}"]
    for layer in document["layers"]:
        lines.append("  {operator:<22} {cases:>6} {pass:>6} {inconclusive:>13} {fail:>5}".format(**layer))
        lines += [f"\n{reason}\n" for failure in layer["failures"][:1] for reason in failure["reasons"]]
    return "\n".join([*lines, "", *_digits(document), *_controls(document)]).rstrip()


def _digits(document: dict[str, Any]) -> list[str]:
    if "digits" not in document:
        return []
    whole, parts = document["digits"]["whole"], document["digits"]["layers"]
    passed = sum(part["status"] == "pass" for part in parts)
    return [f"  digits: the whole network {whole['status']}, {passed} of its {len(parts)} layers pass"]


def _controls(document: dict[str, Any]) -> list[str]:
    wrong, unusual = document["controls"]["wrong"], document["controls"]["unusual"]
    if not wrong:
        return []
    caught, accused = sum(c["caught"] for c in wrong), sum(c["accused"] for c in unusual)
    return [f"  controls: {caught} of {len(wrong)} wrong layers caught, {accused} of {len(unusual)} unusual right ones accused"]


def _progress(done: int, total: int, task: Any) -> None:
    if sys.stderr.isatty():
        print(f"\r  {done:>4} of {total}  {task.kind} {task.name}".ljust(72), end="", file=sys.stderr, flush=True)
    elif done % max(1, total // 10) == 0:
        print(f"  {done} of {total}", file=sys.stderr, flush=True)


def _check_names(wanted: Sequence[str], known: Sequence[str]) -> None:
    for name in wanted:
        if name not in known:
            near = difflib.get_close_matches(name, known, 3, 0.3)
            offered = f"nearest: {', '.join(near)}" if near else f"there are {', '.join(known)}"
            raise Mistake(f"--only {name}: no such statement or layer; {offered}")


def _check_writable(folder: Path) -> None:
    """Now rather than after the work. Raises Mistake, OSError."""
    if folder.exists() and not folder.is_dir():
        raise Mistake(f"--out must be a folder, got the file {folder}")
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"--out {folder}: cannot write there")


def _positive(text: str) -> int:
    return _natural(text, 1)


def _natural(text: str, least: int = 0) -> int:
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected an integer, got {text!r}") from None
    if number < least:
        raise argparse.ArgumentTypeError(f"expected at least {least}, got {number}")
    return number
