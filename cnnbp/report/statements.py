"""The statements of the derivation as the page shows them, section by section, and how many of them ended how."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .counterexample import Counterexample, counterexample
from .document import Record
from .misprints import Misprint, misprints
from .readings import Reading, readings
from .words import Mark, anchor

HOLDS = Mark("✓", "hold as printed", "good")
CORRECTED = Mark("✗→✓", "are refuted as printed and hold as corrected", "mend")
READINGS = Mark("◐", "hold under some readings only", "part")
DEFINITION = Mark("≔", "are definitions, with nothing to refute", "quiet")
UNJUDGED = Mark("–", "are not mathematical, and were not judged", "quiet")
OPEN = Mark("?", "are undecided", "bad")
REFUTED = Mark("✗", "are refuted", "bad")
ORDER = (REFUTED, OPEN, HOLDS, CORRECTED, READINGS, DEFINITION, UNJUDGED)
ALWAYS = (HOLDS, CORRECTED, READINGS)
VERDICTS = {
    "holds": HOLDS, "refuted as printed, holds as corrected": CORRECTED, "holds under these readings only": READINGS,
    "definition": DEFINITION, "not mathematical": UNJUDGED, "not tested": OPEN, "refuted": REFUTED,
}  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """One claim of the derivation; `mark` is the group to which its verdict belongs, or a worse one where its readings say so."""

    id: str
    label: str
    section: str
    claim: str
    quoted: str
    printed: str
    corrected: str
    misprints: tuple[Misprint, ...]
    verdict: str
    mark: Mark
    fault: str
    why: str
    kind: str
    cases: int
    quantity: str
    readings: tuple[Reading, ...]
    counterexample: Counterexample | None
    rerun: str

    @property
    def hardened(self) -> bool:
        """Whether its readings say worse of it than its verdict does."""
        return self.mark is not group(self.verdict)

    def role(self, *roles: str) -> list[Reading]:
        """Its readings in these roles."""
        return [reading for reading in self.readings if reading.role in roles]

    @property
    def worst_error(self) -> Any:
        """The largest error of the readings that hold, as it was recorded; None where nothing was measured."""
        errors = [reading.worst_error for reading in self.role("printed", "corrected") if reading.mark.word == "holds"]
        return max((error for error in errors if isinstance(error, (int, float))), default=None)


@dataclass(frozen=True)
class Section:
    """Statements that stand under one heading of the derivation, one after the other."""

    title: str
    anchor: str
    statements: tuple[Statement, ...]


def statements(root: Record) -> list[Statement]:
    """The statements in the order of the document. Raises ValueError for an id that cannot be a permanent anchor."""
    found = [_statement(record) for record in root.records("statements")]
    seen: set[str] = set()
    for number, statement in enumerate(found):
        reserved = statement.id.startswith(("section-", "layer-", "control-"))
        if statement.id in seen or reserved or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]*", statement.id):
            raise ValueError(f"statements[{number}].id: {statement.id!r} is no anchor, or stands there twice")
        seen.add(statement.id)
    return found


def sections(found: Sequence[Statement]) -> list[Section]:
    """The statements under their headings, in the order of the derivation; a heading may return."""
    runs: list[list[Statement]] = []
    for statement in found:
        if runs and runs[-1][0].section == statement.section:
            runs[-1].append(statement)
        else:
            runs.append([statement])
    taken: set[str] = set()
    return [Section(run[0].section, anchor("section-part-" + run[0].section.lower(), taken), tuple(run)) for run in runs]


def tally(found: Sequence[Statement]) -> list[tuple[Mark, list[Statement]]]:
    """Which statements ended how; the three expected endings are listed even where there are none."""
    ended = [(mark, [statement for statement in found if statement.mark is mark]) for mark in ORDER]
    return [(mark, those) for mark, those in ended if those or mark in ALWAYS]


def faults(found: Sequence[Statement]) -> list[tuple[str, list[Statement]]]:
    """What is wrong with the printed statements, in a few words each, and with which of them."""
    told = dict.fromkeys(statement.fault for statement in found if statement.fault)
    return [(fault, [statement for statement in found if statement.fault == fault]) for fault in told]


def group(verdict: str) -> Mark:
    """The group of a verdict in words. What is not understood is undecided: it never counts as holding."""
    said = verdict.strip().lower()
    return VERDICTS.get(said, REFUTED if said.startswith("refuted") else OPEN)


def borne_out(verdict: str, found: Sequence[Reading]) -> Mark:
    """The group of the verdict, or a worse one: a verdict is shown as good only if its own readings bear it out."""
    said = group(verdict)
    if said not in ALWAYS:
        return said
    printed, corrected = ([r.mark.word for r in found if r.role == role] for role in ("printed", "corrected"))
    needed = corrected if said is not HOLDS else [*printed, *corrected]
    if "refuted" in needed:
        return REFUTED
    some = {HOLDS: printed, CORRECTED: corrected, READINGS: printed}[said]
    return said if "holds" in some and "not tested" not in needed else OPEN


def _statement(record: Record) -> Statement:
    found, printed, verdict = readings(record), record.text("printed", ""), record.text("verdict")
    label, section, quoted, corrected, fault, why, kind, quantity, rerun = (
        record.text(key, "") for key in ("label", "section", "quoted", "corrected", "fault", "why", "kind", "quantity", "rerun")
    )
    return Statement(
        record.text("id"), label, section, record.text("claim"), quoted, printed, corrected, misprints(record, printed), verdict,
        borne_out(verdict, found), fault, why, kind, record.whole("cases", 0), quantity, found, counterexample(record), rerun,
    )  # fmt: skip
