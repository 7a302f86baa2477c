"""The harness on trial: wrong layers must be caught and unusual right ones left alone, by the very way the reference goes."""

from __future__ import annotations

from typing import Any

from .. import faults
from ..verification.verify import verify
from .slices import case

TRIES = 100  # within so many drawn cases a wrong layer must be caught


def wrong(name: str, tries: int, seed: int) -> dict[str, Any]:
    """A wrong layer, tried on drawn cases until it is caught."""
    fault = next(f for f in faults.FAULTS if f.id == name)
    found = {"id": fault.id, "operator": fault.operator, "claim": fault.claim, "source": fault.source}
    for number in range(tries):
        asked = case(fault.operator, fault.id, number, seed)
        verdict = verify(fault.make(**asked.options), *asked.args, delta=asked.delta, like=asked.layer, seed=number)
        if verdict.status == "fail":
            by = next((f"{e.oracle} {e.quantity}" for e in verdict.evidence if e.status == "fail"), "form")
            return {**found, "caught": True, "cases": number + 1, "by": by}
    return {**found, "caught": False, "cases": tries, "by": ""}


def unusual(name: str, cases: int, seed: int) -> dict[str, Any]:
    """A right layer that computes in another way: it must never be accused."""
    layer = next(u for u in faults.UNUSUAL if u.id == name)
    accused = []
    for number in range(cases):
        asked = case(layer.operator, layer.id, number, seed)
        verdict = verify(layer.make(**asked.options), *asked.args, delta=asked.delta, like=asked.layer, seed=number)
        accused += [verdict.record()] if verdict.status == "fail" else []
    return {
        "id": layer.id, "operator": layer.operator, "claim": layer.claim, "accused": bool(accused), "cases": cases,
        "accusations": accused[:1],
    }  # fmt: skip
