"""What each kind of evidence shows and does not show, as `text/` has it, and the words that the page uses in a sense of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cnnbp.evidence.kinds import KINDS, Kind
from cnnbp.evidence.records import Document
from cnnbp.evidence.verdict import Verdict

from ..setting import Setting

TERMS = ("statement", "reading", "case", "counterexample", "oracle", "abstains", "vacuous", "inconclusive", "resolution", "control")


@dataclass(frozen=True)
class Kinds:
    """Every kind that this version knows, whether it stands in this document, and the terms."""

    kinds: Sequence[tuple[Kind, bool]]
    terms: Sequence[str]


def kinds(setting: Setting) -> Kinds:
    """All kinds: what was not done is told as well."""
    found = used(setting.document)
    return Kinds([(kind, kind in found) for kind in KINDS], TERMS)


def used(document: Document) -> list[Kind]:
    """Every kind of evidence in the document, weakest first."""
    found = set(_kinds(document))
    return [kind for kind in KINDS if kind in found]


def _kinds(document: Document) -> Iterator[str]:
    yield from (statement.kind for derivation in document.derivations for statement in derivation.statements)
    yield from (kind for layer in document.layers for tally in layer.oracles.values() for kind in tally.kinds)
    verdicts: list[Verdict] = [document.digits.whole, *document.digits.layers] if document.digits else []
    yield from (item.kind for verdict in verdicts for item in verdict.evidence)
