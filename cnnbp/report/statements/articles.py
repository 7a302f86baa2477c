"""A derivation as the page shows it: its statements in their places, the missing ones too, and how they ended."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from cnnbp.evidence.records import Derivation, Statement
from cnnbp.evidence.status import of_statement

from ..marks import MARKS, Mark
from ..setting import Place, Setting

ENDS = (
    "missing", "contradicted", "refuted", "not tested", "holds", "misprinted, meaning clear",
    "refuted as printed, holds as corrected", "incomplete, completed here", "holds under a named condition",
    "half of it judged", "definition", "not mathematical",
)  # fmt: skip


def derivations(setting: Setting) -> list[Place[Derivation]]:
    """All that a whole run puts to the test, and all that this one did."""
    wanted, status = setting.document.whole.statements, {subject.id: subject.status for subject in setting.standing.subjects}
    return setting.places(wanted, setting.document.derivations, lambda book: book.id, str, lambda book: status[book.id])


def articles(setting: Setting, book: Place[Derivation]) -> list[Place[Statement]]:
    """The statements of one derivation, in its order."""
    wanted, found = setting.document.whole.statements.get(book.name, ()), book.record.statements if book.record else ()
    return setting.places(wanted, found, lambda statement: statement.id, partial(setting.statement, book.name), of_statement)


def tally(found: Iterable[Place[Statement]]) -> list[tuple[Mark, list[Place[Statement]]]]:
    """Which statements ended how, the worst first."""
    ended: dict[Mark, list[Place[Statement]]] = {MARKS[end]: [] for end in ENDS}
    for article in found:
        ended[article.mark].append(article)
    return [(mark, those) for mark, those in ended.items() if those]
