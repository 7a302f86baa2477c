"""The harness itself is tested: wrong layers must be caught and right ones left alone, by the very way the reference goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .. import faults
from ..cases import Case, Counter
from ..evidence import Verdict, records
from ..operators import OPERATORS
from ..verification.verify import verify


def wrong(name: str, tries: int, seed: int) -> records.Wrong:
    """A wrong layer, tried on drawn cases until it is caught."""
    fault = next(f for f in faults.FAULTS if f.id == name)
    cases, by = tries, ""
    for number, verdict in enumerate(_verdicts(fault, tries, seed), 1):
        if verdict.status == "fail":
            by = next((f"{item.oracle} {item.quantity}" for item in verdict.evidence if item.status == "fail"), "contract")
            cases = number
            break
    told = {"id": fault.id, "operator": fault.operator, "claim": fault.claim, "source": fault.source}
    return records.Wrong(**told, caught=bool(by), cases=cases, by=by)


def right(name: str, cases: int, seed: int) -> records.Right:
    """A right layer that computes in another way: it must never fail."""
    layer = next(r for r in faults.RIGHT if r.id == name)
    failure = next((verdict for verdict in _verdicts(layer, cases, seed) if verdict.status == "fail"), None)
    return records.Right(id=layer.id, operator=layer.operator, claim=layer.claim, cases=cases, failure=failure)


class Aimed(Counter):
    """Chooses as the counter does, but wherever one of these traits is among the options, one of them."""

    def __init__(self, seed: int, name: str, at: Sequence[str]) -> None:
        super().__init__(seed, name)
        self._at = at

    def pick(self, options: Sequence[Any]) -> Any:
        """One of the options, all that have the trait equally likely."""
        return super().pick([option for option in options if isinstance(option, str) and option in self._at] or options)


def drawn(control: Any, number: int, seed: int) -> Case:
    """Case `number` of a control."""
    choose = Aimed(seed, f"{control.id}/{number}", getattr(control, "at", ()))
    return OPERATORS[control.operator].draw(choose)


def asked(control: Any, case: Case, number: int) -> Verdict:
    """What `verify` finds there, with the reference."""
    return verify(control.make(**case.options), *case.args, delta=case.delta, like=case.layer, seed=number)


def _verdicts(control: Any, cases: int, seed: int) -> Iterator[Verdict]:
    for number in range(cases):
        yield asked(control, drawn(control, number, seed), number)
