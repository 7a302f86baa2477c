"""Where a derivative is a convention: an answer that differs from the reference's by its convention alone is told from a fault."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..evidence import Evidence, Remark, remark
from ..judge import Judgement, compare
from ..rounding import Array
from .examination import Examination
from .question import Question

REFERENCE, ANY = "reference", "any"
CODE = "verification.convention-"


def checked(conventions: object) -> str:
    """Whose convention holds at a kink. Raises TypeError and ValueError."""
    if not isinstance(conventions, str):
        raise TypeError(f'conventions must be "reference" or "any", got {conventions!r}')
    if conventions not in (REFERENCE, ANY):
        raise ValueError(f'conventions must be "reference" or "any", got {conventions!r}')
    return conventions


def judged(
    examination: Examination, quantity: str, expected: Array, bound: Array | float
) -> tuple[Judgement | None, Remark | None]:
    """The answer against the oracle's; and, where no more than a convention parts them, which. Accepted, it is left out."""
    actual, question = examination.answers[quantity], examination.question
    found = compare(actual, expected, bound)
    other = explained(question, actual, expected, found) if found is not None and quantity == "x" else None
    if found is None or other is None:
        return found, None
    entries, (code, values) = other
    if examination.subject.conventions == ANY:
        return compare(actual, expected, bound, entries), remark(f"{CODE}accepted", entries=values["entries"])
    return found, remark(f"{CODE}{code}", quantity=quantity, **values)


def explained(question: Question, dx: Array, expected: Array, found: Judgement) -> tuple[Array, tuple[str, dict[str, Any]]] | None:
    """The entries that are wrong, and what is told of the convention by which all of them are right; None where there is none."""
    kinks = question.operator.kinks
    if found.status != "fail" or kinks is None or not found.suspects[kinks.at(question)].any():
        return None
    for other in kinks.others(question, dx, found.suspects):
        right = np.where(kinks.at(question) & np.isfinite(other.dx), other.dx, expected)
        judged = compare(dx, right, found.bounds + other.slack)
        if judged is not None and judged.status != "fail":
            return found.suspects, other.told(found.suspects)
    return None


def is_convention(item: Evidence) -> bool:
    """Whether what fails is another convention, and nothing else."""
    return item.status == "fail" and item.remark is not None and item.remark.code.startswith(CODE)
