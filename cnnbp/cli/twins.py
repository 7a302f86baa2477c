"""`--twins`: the page for machines, beside the one for people. Only where it is asked for: a reader's folder holds two files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..evidence.records import Document, Whole
from .folder import TWINS


def options(parser: Any) -> None:
    """Of `verify` and of `report`."""
    parser.add_argument("--twins", action="store_true", help=f"for machines too: {', '.join(TWINS)}")


def written(found: Document, whole: Whole | None, out: Path) -> dict[Path, str]:
    """Each by its path."""
    from ..report.twins import twins

    return {out / name: text for name, text in twins(found, whole).items()}
