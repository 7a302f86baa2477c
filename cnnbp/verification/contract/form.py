"""The form of answers: what was wrong with it where they could be judged all the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ...evidence import Evidence, Remark
from ..subject import Subject
from . import points


def of_form(subject: Subject, waived: Collection[str]) -> list[Evidence]:
    """A failure for each point and quantity, unless it is waived."""
    items = [Evidence("contract", check, "fail", "contract", remark=said) for (check, _), said in subject.broken.items()]
    return [points.waived(item) if item.quantity in waived else item for item in items]


def broken(checks: Sequence[Evidence]) -> list[Remark]:
    """What is wrong with the contract."""
    return [item.remark for item in checks if item.status == "fail" and item.remark]
