"""Drawn cases of one layer, in slices that can be shared out: of each case what every oracle said of it, in a few numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import inf, prod

from ..cases import Case, Counter, coverage
from ..evidence import Evidence, Remark, Verdict, VerdictStatus, remark
from ..evidence.joining.layers import largest
from ..evidence.kinds import COARSE as LEAST
from ..evidence.kinds import TALLIES
from ..evidence.records import Tally
from ..evidence.simplest import effort
from ..operators import OPERATORS
from ..verification.verify import verify

GENERAL = ("operators.", "oracles.")  # the rooms whose remarks hold for every case of an operator


COARSE = {
    f"verification.{why}": f"run.{why}" for why in ("coarse", "mostly-left-out")
}  # of a verdict: of many, without its numbers


@dataclass(frozen=True)
class Tried:
    """One case, and what was found."""

    number: int
    status: VerdictStatus
    oracles: dict[str, Tally]
    """What each oracle said of it: tallies of one case."""
    quantities: dict[str, dict[str, Tally]]
    """The same by quantity, of those that spoke of it."""
    options: dict[str, str]
    """What the layer was constructed with."""
    drawn: dict[str, str]
    """These, and how large the case is, what stands in its arrays and how they lie."""
    classes: dict[str, str] = field(default_factory=dict)
    """Of each factor the class that it is an example of."""
    doubts: tuple[tuple[str, Remark, int], ...] = ()
    """Quantities that could not be judged, why, and how many entries that leaves out."""
    wrong: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    verdict: Verdict | None = field(default=None, repr=False)
    resolution: float | None = None
    """The largest share of an array's largest entry that a defect can have and stay unseen, whichever quantity it is in."""


@dataclass(frozen=True)
class Slice:
    """Some cases of one operator; of those that failed the simplest has its verdict."""

    operator: str
    cases: tuple[Tried, ...]


def case(operator: str, name: str, number: int, seed: int) -> Case:
    """Case `number` of those drawn under this name."""
    return OPERATORS[operator].draw(Counter(seed, f"{name}/{number}"))


def layer(operator: str, start: int, count: int, seed: int) -> Slice:
    """Cases `start` to `start + count` of one layer."""
    tried = []
    for number in range(start, start + count):
        asked = case(operator, operator, number, seed)
        tried.append(summed_up(number, asked, verify(asked.layer, *asked.args, delta=asked.delta, seed=number)))
    shown = simplest(tried)
    return Slice(operator, tuple(found if found is shown else replace(found, verdict=None) for found in tried))


def simplest(tried: list[Tried]) -> Tried | None:
    """Of the cases that failed, and have their verdict; of equals the first."""
    failing = [
        (effort(found.verdict), found.number, found) for found in tried if found.verdict is not None and found.status == "fail"
    ]
    return min(failing, key=lambda each: each[:2])[2] if failing else None


def summed_up(number: int, asked: Case, verdict: Verdict) -> Tried:
    """One case in a few numbers."""
    options = {name: str(value) for name, value in asked.options.items()}
    had = {name: str(value) for name, value in vars(asked.layer).items() if name not in asked.operator.unused}
    left_out = {"options left out": str(len(had) - len(options))} if had else {}
    traits = dict(zip(("numbers", "layout", "special", "sizes"), asked.traits, strict=False))
    drawn = {**had, **left_out, **dict(_sizes(asked)), **traits}
    failed, said = verdict.status == "fail", _by_quantity(verdict.evidence)
    return Tried(
        number, verdict.status, said.pop(""), said, options, drawn, dict(coverage.of(asked)),
        tuple(_doubts(verdict)) if verdict.status == "inconclusive" else (),
        tuple(dict.fromkeys(item.quantity for item in verdict.evidence if item.status == "fail")) if failed else (),
        asked.traits, verdict if failed else None, resolution(verdict),
    )  # fmt: skip


def _by_quantity(evidence: tuple[Evidence, ...]) -> dict[str, dict[str, Tally]]:
    """What each oracle said, under "" of the whole case, and of each quantity that it spoke of."""
    of = {name: [item for item in evidence if (item.oracle, item.kind) == which] for name, which in TALLIES.items()}
    said = {"": {name: _said(items) for name, items in of.items()}}
    for name, items in of.items():
        for quantity in dict.fromkeys(item.quantity for item in items):
            said.setdefault(quantity, {})[name] = _said([item for item in items if item.quantity == quantity])
    return said


def _said(items: Sequence[Evidence]) -> Tally:
    statuses = {item.status for item in items}
    ended = next((status for status in ("fail", "pass", "abstain", "vacuous") if status in statuses), "abstain")
    passed = [item for item in items if item.status == "pass" == ended]
    return Tally(
        passed=int(ended == "pass"), partly=int(ended == "pass" and "abstain" in statuses), failed=int(ended == "fail"),
        abstained=int(ended == "abstain"), vacuous=int(ended == "vacuous"),
        judged=sum(item.judged for item in items), left_out=sum(item.left_out for item in items),
        worst_ratio=largest(item.ratio for item in passed), resolution=largest(item.resolution for item in passed),
        kinds=tuple(sorted({item.kind for item in items})),
    )  # fmt: skip


def resolution(verdict: Verdict) -> float | None:
    """The coarsest of all quantities of which floats were judged finely, each by whoever saw it finest.

    Of the others, where rounding hides more than a thousandth, integers decide, or nobody: then the case does not pass.
    """
    finest: dict[str, float] = {}
    for item in verdict.evidence:
        asked = item.status == "pass" and item.kind == "sampled" and item.at == "case" and item.judged >= item.left_out
        if asked and item.resolution and item.scale:
            finest[item.quantity] = min(finest.get(item.quantity, inf), item.resolution / item.scale)
    return largest(share for share in finest.values() if share <= LEAST)


def _doubts(verdict: Verdict) -> Iterator[tuple[str, Remark, int]]:
    """Each quantity on which nobody came to a verdict, and why: what happened at this case, else what holds for every case."""
    asked = dict.fromkeys(item.quantity for item in verdict.evidence if item.kind != "contract")
    for quantity in asked:
        items = [item for item in verdict.evidence if item.quantity == quantity]
        if not any(item.status in ("pass", "fail") for item in items):
            reasons = {repr(reason): reason for item in items for reason in [item.remark or remark("run.only-zeros")]}
            here = [reason for reason in reasons.values() if not reason.code.startswith(GENERAL)]
            entries = prod(verdict.shapes.get(quantity, (0,)))
            yield from ((quantity, reason, entries) for reason in here or reasons.values())
    for told in verdict.wrong:
        if told.code in COARSE:
            yield str(told.values["quantity"]), remark(COARSE[told.code]), 0
    if not asked:
        yield from (("every quantity", told, 0) for told in verdict.wrong)


def _sizes(asked: Case) -> Iterator[tuple[str, str]]:
    """How large a case is: samples, channels and cells of its input, and its kernel."""
    x, *params = asked.args
    if x.ndim == 4:
        yield from (("samples", str(x.shape[0])), ("input channels", str(x.shape[1])))
        yield "input cells", f"{x.shape[2]} × {x.shape[3]}"
    else:
        yield "input shape", " × ".join(map(str, x.shape)) or "a number"
    if params and params[0].ndim == 4:
        w = params[0]
        yield from (("output channels", str(w.shape[0])), ("kernel", f"{w.shape[2]} × {w.shape[3]}"))
