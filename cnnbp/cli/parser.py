"""What a call may say: the commands, and the options of each. A command is a line of `COMMANDS`, and its words in `text`."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ..evidence.numbers import DTYPES
from ..evidence.records import MOST_CASES
from ..text import ENGLISH, LANGUAGES, fill, sentences
from ..version import __version__
from . import check, commands, faults
from .axes import axes
from .folder import TWINS
from .named import nearest
from .several import shard
from .shape import shape


def parser() -> argparse.ArgumentParser:
    """Of all commands."""
    found = argparse.ArgumentParser(prog="cnnbp", description=_told("program"), epilog=_epilog(), formatter_class=_AsWritten)
    found.add_argument("--version", action="version", version=f"cnnbp {__version__}", help=_told("option.version"))
    each = found.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, options in COMMANDS.items():
        short, long, after = _told(f"command.{name}"), _told(f"about.{name}"), _epilog(name)
        command = each.add_parser(name, help=short, description=long, epilog=after, formatter_class=_AsWritten)
        command.set_defaults(parser=command)
        options(command)
    return found


def parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    """What a call says. What no command knows is told with what is nearest to it, and ends the program with status 2."""
    of_all = parser()
    arguments, unknown = of_all.parse_known_args(argv)
    if unknown:
        word, options = unknown[0], re.findall(r"--[\w-]+", arguments.parser.format_usage())
        arguments.parser.error(f"unrecognized arguments: {' '.join(unknown)}{nearest(word, options) if word[0] == '-' else ''}")
    return arguments


_AsWritten = argparse.RawDescriptionHelpFormatter


def _told(code: str, **values: Any) -> str:
    return fill(sentences(ENGLISH)[f"help.{code}"], values).strip("\n")


def _epilog(command: str = "") -> str:
    """What stands below the options: of a command its own; of a run what its exit status means."""
    codes = [f"after.{command}"] if command else ["examples", "python"]
    own = [_told(code) for code in codes if f"help.{code}" in sentences(ENGLISH)]
    return "\n\n".join([*own, *(_of_run() if command in ("", "verify") else [])])


def _of_run() -> list[str]:
    passes = [_told("passes"), *(f"  {text}" for code, text in sentences(ENGLISH).items() if code.startswith("cli.inherent."))]
    return [_told("exit"), "\n".join(passes)]


# ---- the options of each -------------------------------------------------------------------------


def _verify(command: argparse.ArgumentParser) -> None:
    sizes = ", ".join(f"{name} {count}" for name, count in commands.PROFILES.items())
    add = command.add_argument
    add("--out", type=Path, metavar="DIR", default=Path("reports"), help=_told("option.out"))
    add("--profile", choices=commands.PROFILES, default="quick", help=_told("option.profile", sizes=sizes, most=MOST_CASES))
    add("--examples", type=_positive, metavar="N", help=_told("option.examples"))
    _seed(command)
    _jobs(command)
    _twins(command)
    add("--shard", type=shard, metavar="K/N", help=_told("option.shard"))
    add("--cluster", metavar="ADDRESS", help=_told("option.cluster"))
    add("--only", action="append", default=[], metavar="ID", help=_told("option.only"))


def _check(command: argparse.ArgumentParser) -> None:
    add, counts = command.add_argument, {"with_like": check.EXAMPLES[True], "alone": check.EXAMPLES[False]}
    add("layers", nargs="+", metavar="MODULE:LAYER", help=_told("option.layers"))
    add("--like", metavar="LAYER", help=_told("option.like"))
    add("--shape", type=shape, action="append", default=[], metavar="N,N,...", help=_told("option.shape"))
    add("--layout", type=axes, default={}, metavar="AXES", help=_told("option.layout"))
    add("--dtype", choices=DTYPES, help=_told("option.dtype"))
    add("--examples", type=_positive, metavar="N", help=_told("option.check-examples", **counts))
    _seed(command)
    add("--out", type=Path, metavar="DIR", help=_told("option.check-out"))


def _report(command: argparse.ArgumentParser) -> None:
    command.add_argument("evidence", type=Path, nargs="+", metavar="EVIDENCE.json", help=_told("option.any-evidence"))
    command.add_argument("--out", type=Path, metavar="DIR", help=_told("option.report-out"))
    command.add_argument("--language", choices=LANGUAGES, default=ENGLISH, help=_told("option.language"))
    _twins(command)


def _compare(command: argparse.ArgumentParser) -> None:
    command.add_argument("old", type=Path, metavar="OLD.json", help=_told("option.old"))
    command.add_argument("new", type=Path, metavar="NEW.json", help=_told("option.new"))


def _cite(command: argparse.ArgumentParser) -> None:
    command.add_argument("evidence", type=Path, metavar="EVIDENCE.json", help=_told("option.evidence"))


def _recheck(command: argparse.ArgumentParser) -> None:
    command.add_argument("evidence", type=Path, metavar="EVIDENCE.json", help=_told("option.evidence"))
    _jobs(command)


def _faults(command: argparse.ArgumentParser) -> None:
    command.add_argument("--id", metavar="ID", help=_told("option.id"))
    command.add_argument("--list", action="store_true", help=_told("option.list"))
    command.add_argument("--operator", metavar="LAYER", help=_told("option.operator"))
    _seed(command)
    command.add_argument("--examples", type=_positive, metavar="N", default=faults.EXAMPLES, help=_told("option.most"))
    _jobs(command)


def _twins(command: argparse.ArgumentParser) -> None:
    command.add_argument("--twins", action="store_true", help=_told("option.twins", files=list(TWINS)))


def _seed(command: argparse.ArgumentParser) -> None:
    command.add_argument("--seed", type=_natural, metavar="S", help=_told("option.seed"))


def _jobs(command: argparse.ArgumentParser) -> None:
    command.add_argument("--jobs", type=_positive, metavar="J", default=min(4, os.cpu_count() or 1), help=_told("option.jobs"))


COMMANDS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "verify": _verify, "check": _check, "report": _report, "compare": _compare, "recheck": _recheck, "cite": _cite,
    "faults": _faults,
}  # fmt: skip


# ---- what their values may be --------------------------------------------------------------------


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
