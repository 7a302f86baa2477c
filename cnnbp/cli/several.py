"""A run shared out among machines: which shard this one does, and what they found put together again."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..evidence import file
from ..evidence.records import Document
from ..evidence.status import Standing
from .folder import Mistake

MOST = 1000  # shards
OPEN = ("status.missing-", "status.grid-missing", "status.cases-missing", "status.uncontrolled")


def shard(text: str) -> tuple[int, int]:
    """Which of how many: "2/8"."""
    number, slash, of = text.partition("/")
    if not (slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of) <= MOST):
        raise argparse.ArgumentTypeError(f"expected which of how many shards, such as 2/8, of {MOST} at most, got {text!r}")
    return int(number), int(of)


def of_shard(standing: Standing) -> int:
    """The exit status of a shard: 0 where nothing is objected to what is in it, whatever the other shards have."""
    objections = [why for subject in standing.subjects for why in subject.objections]
    return int(bool(standing.contradictions) or any(not why.code.startswith(OPEN) for why in objections))


def merged_into(paths: Sequence[Path], path: Path) -> None:
    """Raises Mistake where what is merged would be written over one of its parts."""
    if len(paths) > 1 and any(each.resolve() == path.resolve() for each in paths):
        raise Mistake(
            f"--out {path.parent}: the merged evidence would take the place of {path}, which it is made of; name another folder"
        )


def together(paths: Sequence[Path]) -> Document:
    """What these files hold, as one document. Raises OSError, and ValueError with a sentence for what does not fit."""
    from ..evidence.joining.runs import merged

    if len(paths) == 1:
        return file.read(paths[0])
    twice = [path for path in paths if [each.resolve() for each in paths].count(path.resolve()) > 1]
    if twice:
        raise ValueError(f"{twice[0]}: is named twice; the same cases count once")
    return merged({str(path): file.read(path) for path in paths})
