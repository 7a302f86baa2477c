"""`cnnbp compare`: what changed from one evidence file to another, what got worse first."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..evidence import remark
from ..evidence.compared import Change, Turn, changes
from ..evidence.records import Document
from ..text import sentence
from . import run_file
from .layout import beside, said
from .terminal import printable, say

MOST = 40  # of one kind, on a terminal
TURNS: tuple[Turn, ...] = ("worse", "better", "other")


def compare(arguments: argparse.Namespace) -> int:
    """0 unless something got worse. Raises Mistake for a file that is no evidence of a run."""
    found = changes(_read(arguments.old), _read(arguments.new))
    say(printable("\n".join(_told(found))))
    return int(any(change.turn == "worse" for change in found))


def _read(path: Path) -> Document:
    return run_file.read(path, said("compare.own", path=str(path)))


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
