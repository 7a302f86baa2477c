"""`cnnbp compare`: what changed from one evidence file to another, what got worse first."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..evidence import file, remark
from ..evidence.compared import Change, Turn, changes
from ..evidence.records import Document
from ..text import sentence
from .folder import Mistake
from .layout import beside
from .terminal import printable, say

HELP = "what changed from one evidence file to another"
DESCRIPTION = """\
Says what differs between two evidence files of `cnnbp verify`: verdicts of statements, layers, proofs and controls, the kind of
evidence behind each claim, how much was tried, and the sources. What got worse comes first. Computes nothing anew.
"""
TAUGHT = """\
how to read it:
  worse   a verdict that is no longer as good, one that is gone, a claim by a weaker kind of evidence, a control that is missed
  better  the same the other way
  other   other sources, seeds, versions or machines, and more or fewer cases: they decide nothing

examples:
  cnnbp compare reports/evidence.json new/evidence.json     after a change, before it is merged
  cnnbp compare main.json branch.json && echo as good       in a script: 0 unless something got worse

exit status:
  0    nothing got worse
  1    something did
  2    the call itself is wrong, or a file is no evidence
"""
MOST = 40  # of one kind, on a terminal
TURNS: tuple[Turn, ...] = ("worse", "better", "other")


def options(commands: Any) -> None:
    """Adds the command."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = commands.add_parser("compare", help=HELP, description=DESCRIPTION, epilog=TAUGHT, formatter_class=raw)
    parser.add_argument("old", type=Path, metavar="OLD.json", help="what it was")
    parser.add_argument("new", type=Path, metavar="NEW.json", help="what it is")


def compare(arguments: argparse.Namespace) -> int:
    """0 unless something got worse. Raises Mistake for a file that is no evidence of a run."""
    found = changes(_read(arguments.old), _read(arguments.new))
    say(printable("\n".join(_told(found))))
    return int(any(change.turn == "worse" for change in found))


def _read(path: Path) -> Document:
    try:
        return file.read(path)
    except ValueError as error:
        raise Mistake(str(error)) from error


def _told(found: list[Change]) -> list[str]:
    if not found:
        return [sentence(remark("compare.same"))]
    lines = []
    for turn in TURNS:
        those = [change for change in found if change.turn == turn]
        if those:
            lines.append(sentence(remark(f"compare.{turn}", count=len(those))))
            lines += [line for change in those[:MOST] for line in beside("", sentence(change.what), 0)]
            lines += [f"  ... ({len(those) - MOST})"] if len(those) > MOST else []
        elif turn == "worse":
            lines.append(sentence(remark("compare.nothing-worse")))
    return lines
