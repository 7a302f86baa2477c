"""A record is looked at once, however often anybody asks; another one, were it equal, is looked at itself."""

from __future__ import annotations

import gc

from cnnbp.evidence import Remark, remark
from cnnbp.evidence.contradictions.once import once
from cnnbp.evidence.records import Matrix
from tests.evidence.sample import matrix


def test_a_record_is_looked_at_once_for_each_question() -> None:
    looked = list[tuple[int, str]]()

    @once
    def check(found: Matrix, wanted: str = "") -> list[Remark]:
        looked.append((id(found), wanted))
        return [remark("status.wrong", part=f"{found.kernel} {wanted}")]

    one, other = matrix(), matrix().model_copy(update={"kernel": (2, 2)})
    assert check(one) == check(one) == (remark("status.wrong", part="(3, 3) "),)
    assert check(one, "f") == (remark("status.wrong", part="(3, 3) f"),)
    assert check(other) == (remark("status.wrong", part="(2, 2) "),)
    assert looked == [(id(one), ""), (id(one), "f"), (id(other), "")]


def test_nothing_is_kept_of_a_record_that_is_gone() -> None:
    """Where another one takes its place in memory, nothing of it is said of that one."""
    looked = 0

    @once
    def check(found: Matrix) -> list[Remark]:
        nonlocal looked
        looked += 1
        return []

    for _ in range(9):
        check(matrix())
        gc.collect(1)  # the young, among which it is
    assert looked == 9
