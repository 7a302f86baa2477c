"""What all failing cases of a layer have in common and the passing ones have not: where to look for the fault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..evidence import Remark, remark
from .slices import Tried

FEWEST = 2  # failing cases: of one alone everything is common
USUAL = {"0", "1", "None", "False", "True"}  # values of options with which they do nothing


def common(failing: Sequence[Tried], passing: Sequence[Tried]) -> tuple[Remark, ...]:
    """The quantities that are wrong, and every option, size and trait that tells failing from passing cases."""
    found = list(_quantities(failing))
    if len(failing) >= FEWEST:
        for name in failing[0].drawn:
            found += _of(name, [case.drawn.get(name) for case in failing], [case.drawn.get(name) for case in passing])
    return tuple(found)


def _quantities(failing: Sequence[Tried]) -> Iterator[Remark]:
    named = set(failing[0].wrong) if failing else set()
    if len(named) == 1 and all(set(case.wrong) == named for case in failing):
        yield remark("run.common-quantity", quantity=named.pop(), count=len(failing))


def _of(name: str, failing: Sequence[str | None], passing: Sequence[str | None]) -> Iterator[Remark]:
    """One value in all failing cases, and whether it alone decides; or one usual value in none of them."""
    values, others, count = set(failing), set(passing), len(failing)
    if len(values) == 1 and others != values:
        value, decides = values.pop(), not others & set(failing)
        yield remark("run.only-option" if decides and passing else "run.common-option", option=name, value=str(value), count=count)
        return
    for value in sorted(USUAL & {str(other) for other in others - values}):
        if passing and len(values) > 1:
            yield remark("run.never-option", option=name, value=value, count=count)
