"""What all failing cases of a layer have in common and the others have not: where to look for the fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..kinds import ALWAYS, BATCH, FORM
from ..verdict import Remark, remark

NONE = "none"  # the value of an option in a case that has no such option
FEWEST = 2  # failing cases: of one alone everything is common
USUAL = {"0", "1", "None", "False", "True"}  # values of options with which they do nothing

Drawn = Mapping[str, Mapping[str, int]]
"""By option, size or trait the values that some cases have, and in how many of them."""


def others(all_: Drawn, failing: Drawn) -> Drawn:
    """The values of the cases that do not fail."""
    left = {name: {value: count - failing.get(name, {}).get(value, 0) for value, count in of.items()} for name, of in all_.items()}
    return {name: {value: count for value, count in of.items() if count > 0} for name, of in left.items()}


def common(failures: int, quantities: Mapping[str, int], failing: Drawn, other: Drawn) -> tuple[Remark, ...]:
    """The quantity that alone is wrong, and every option, size and trait that tells failing from other cases."""
    found = list(_quantities(failures, quantities))
    if failures >= FEWEST:
        for name, values in failing.items():
            found += _of(name, failures, set(values), set(other.get(name, ())))
    return tuple(found)


def _quantities(failures: int, quantities: Mapping[str, int]) -> Iterator[Remark]:
    only = next(iter(quantities), "")
    if list(quantities.values()) == [failures] and only not in (*ALWAYS, *BATCH, *FORM):  # a point of the contract is no array
        yield remark("run.common-quantity", quantity=only, count=failures)


def _of(name: str, count: int, values: set[str], others: set[str]) -> Iterator[Remark]:
    """One value in all failing cases, and whether it alone decides; or one usual value in none of them."""
    if values == {NONE}:
        return
    if len(values) == 1 and others != values:
        decides = bool(others) and not others & values
        yield remark("run.only-option" if decides else "run.common-option", option=name, value=min(values), count=count)
        return
    for value in sorted(USUAL & (others - values)):
        if len(values) > 1:
            yield remark("run.never-option", option=name, value=value, count=count)
