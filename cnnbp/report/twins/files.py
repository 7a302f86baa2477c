"""All twins of a page, by the names of their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnnbp.evidence.records import Document, Whole
from cnnbp.evidence.status import examine

from .attestation import attestation
from .badge import badge
from .ctrf import ctrf
from .junit import junit
from .summary import summary
from .told import Told

TWINS: Mapping[str, Callable[[Told], str]] = {
    "summary.md": summary, "junit.xml": junit, "ctrf.json": ctrf, "badge.svg": badge, "attestation.json": attestation,
}  # fmt: skip
NAMES = tuple(TWINS)


def twins(document: Document, installed: Whole | None = None) -> dict[str, str]:
    """Each as text. `installed`: what a whole run of the document's own sources has, where they are at hand."""
    told = Told(document, examine(document, installed))
    return {name: write(told) for name, write in TWINS.items()}
