"""The harness itself is tested: wrong layers must be caught and right ones left alone, by the very way the reference goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .. import faults
from ..evidence import Verdict, records
from ..verification.verify import verify
from .slices import case


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


def _verdicts(control: Any, cases: int, seed: int) -> Iterator[Verdict]:
    for number in range(cases):
        asked = case(control.operator, control.id, number, seed)
        yield verify(control.make(**asked.options), *asked.args, delta=asked.delta, like=asked.layer, seed=number)
