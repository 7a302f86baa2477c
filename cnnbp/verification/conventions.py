"""Where a derivative is a convention: an answer that differs from the reference's by its convention alone is told from a fault."""

from __future__ import annotations

from ..evidence import Evidence, Remark, remark
from ..judge import Judgement, compare
from ..rounding import Array
from .examination import Examination

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
    found, kinks = compare(actual, expected, bound), question.operator.kinks
    if found is None or found.status != "fail" or quantity != "x" or kinks is None:
        return found, None
    other = kinks.convention(question, actual, found.suspects, found.bounds + 0 * found.errors)
    if other is None:
        return found, None
    rest = compare(actual, expected, bound, other.entries)
    if rest is not None and rest.status == "fail":
        return found, None
    if examination.subject.conventions == ANY:
        return rest, remark(f"{CODE}accepted", entries=other.values["entries"])
    return found, remark(f"{CODE}{other.code}", quantity=quantity, **other.values)


def is_convention(item: Evidence) -> bool:
    """Whether what fails is another convention, and nothing else."""
    return item.status == "fail" and item.remark is not None and item.remark.code.startswith(CODE)
