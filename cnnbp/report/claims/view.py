"""What is claimed of what, by which kind of evidence, and what it does not show: as `evidence.claims` has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnbp.evidence.claims import Claim, standing, strength
from cnnbp.evidence.claims import claims as claimed
from cnnbp.evidence.kinds import KINDS, Kind

from ..setting import Setting


@dataclass(frozen=True)
class Claims:
    """The rows, and of the statements how many have each kind as their strongest."""

    rows: Sequence[Claim]
    statements: Sequence[tuple[Kind, Sequence[tuple[str, str]]]]


def claims(setting: Setting) -> Claims | None:
    """None where nothing is claimed of anything."""
    rows, theorems = claimed(setting.document), standing(setting.document)
    by_kind: dict[Kind, list[tuple[str, str]]] = {}
    for derivation in setting.document.derivations:
        for statement in derivation.statements:
            kind = strength(statement, theorems)
            if kind is not None:
                by_kind.setdefault(kind, []).append((statement.label, setting.statement(derivation.id, statement.id)))
    return Claims(rows, [(kind, by_kind[kind]) for kind in reversed(KINDS) if kind in by_kind]) if rows else None
