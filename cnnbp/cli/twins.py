"""`--twins`: the page for machines, beside the one for people. Only where it is asked for: a reader's folder holds two files."""

from __future__ import annotations

from pathlib import Path

from ..evidence.records import Document, Whole


def written(found: Document, whole: Whole | None, out: Path) -> dict[Path, str]:
    """Each by its path."""
    from ..report.twins import twins

    return {out / name: text for name, text in twins(found, whole).items()}
