"""The form of every check: what must be so of a record, and the remark where it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import inf, isclose, isinf
from typing import Any

from ..verdict import Remark, remark


def unless(of: object, so: Mapping[str, bool], **values: Any) -> Iterator[Remark]:
    """The remark "status.CODE" for each code that is not so, with the numbers and names in the record beside `values`."""
    failing = [code for code, holds in so.items() if not holds]
    own = {name: value for name, value in vars(of).items() if isinstance(value, (str, int, float))} if failing else {}
    return (remark(f"status.{code}", **{**own, **values}) for code in failing)


def twice(what: str, ids: Iterable[str]) -> Iterator[Remark]:
    """Ids that stand for one thing and are there more than once."""
    again = [name for name, count in Counter(list(ids)).items() if count > 1]
    if again:
        yield remark("status.twice", what=what, names=again)


def same(a: float, b: float, within: float = 0.0) -> bool:
    """Whether two floats are one number, but for the rounding of whoever worked it out again."""
    return a == b or (not isinf(a) and isclose(a, b, rel_tol=1e-9, abs_tol=within))


def quotient(error: float, bound: float) -> float:
    """error/bound as a judge has it: 0 where there is no error, ∞ where there is one and no bound."""
    return 0.0 if error == 0 else inf if bound == 0 or error == inf else error / bound


def rising(steps: Iterable[int], first: int, last: int) -> bool:
    """Whether these are different steps in their order, none before the first and none after the last."""
    found = list(steps)
    return found == sorted(set(found)) and all(first <= step <= last for step in found)
