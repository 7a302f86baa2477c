"""The form of every check: what must be so, and the remark where it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from math import isclose, isinf
from typing import Any

from ..verdict import Remark, remark


def unless(so: bool, code: str, **values: Any) -> Iterator[Remark]:
    """The remark "status.`code`", unless it is so."""
    if not so:
        yield remark(f"status.{code}", **values)


def twice(what: str, ids: Iterable[str]) -> Iterator[Remark]:
    """Ids that stand for one thing and are there more than once."""
    again = [name for name, count in Counter(ids).items() if count > 1]
    yield from unless(not again, "twice", what=what, names=again)


def same(a: float, b: float, within: float = 0.0) -> bool:
    """Whether two floats are one number, but for the rounding of whoever worked it out again."""
    return a == b or (not isinf(a) and isclose(a, b, rel_tol=1e-9, abs_tol=within))
