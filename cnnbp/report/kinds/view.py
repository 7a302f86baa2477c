"""What each kind of evidence shows and does not show, as `text/` has it, and the words that the page uses in a sense of its own."""

from __future__ import annotations

from collections.abc import Iterator

from cnnbp.evidence.claims import claims
from cnnbp.evidence.kinds import KINDS, Kind
from cnnbp.evidence.records import Document

from ..setting import Setting


def kinds(setting: Setting) -> dict[Kind, bool]:
    """Every kind that this version knows, and whether it stands in this document: what was not done is told as well."""
    found = used(setting.document)
    return {kind: kind in found for kind in KINDS}


def used(document: Document) -> list[Kind]:
    """Every kind of evidence in the document, weakest first."""
    found = set(_kinds(document))
    return [kind for kind in KINDS if kind in found]


def _kinds(document: Document) -> Iterator[str]:
    yield from (row.kind for row in claims(document) if row.kind)
    yield from (statement.kind for derivation in document.derivations for statement in derivation.statements)
    yield from (claim.kind for each in document.proofs.layers for claim in each.proof.claims)
    yield from (kind for layer in document.layers for tally in layer.oracles.values() for kind in tally.kinds)
    for verdict in (document.digits.whole, *document.digits.layers) if document.digits else ():
        yield from (item.kind for item in verdict.evidence)
