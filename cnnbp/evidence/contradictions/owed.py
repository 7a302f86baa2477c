"""Who owes what: a layer and a verdict against the oracles, quantities and points of the contract that a whole run has.

Every oracle speaks of all that it can say anything about, if only to abstain, and says nothing of anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..kinds import TALLIES
from ..records import DigitsRun, Known, Layer, Tally, Whole
from ..verdict import Remark, Verdict
from .quantities import is_point
from .unless import unless

Spoken = Mapping[str, Mapping[str, bool]]
"""By the name of its tally, of which quantities an oracle spoke, and whether it said anything but that it abstains."""

SAMPLES = ("samples", "input shape")  # what is drawn whose first number is that of the samples
ALL = ""  # in the place of a quantity: whichever it may be


def layer(found: Layer, whole: Whole) -> Iterator[Remark]:
    """Every oracle, every quantity and every point is there; and so it is with the verdict on what failed."""
    known = whole.layers.get(found.operator)
    if known is None:
        return
    rows, cases = found.quantities, found.cases - found.failed  # of one that failed, it may be that nothing could be asked
    spoken = {name: {ALL: _spoke(said)} for name, said in found.oracles.items()}
    for quantity, row in rows.items():
        for name, said in row.oracles.items():
            spoken.setdefault(name, {})[quantity] = _spoke(said)
    always = {"y", *known.gradients[:1], *whole.contract.always} if cases else ()
    arrays = {name for name, row in rows.items() if not is_point(row)}
    few = sorted(name for name in always if name not in rows or not cases <= rows[name].cases)
    batches = _batches(found.options) - found.failed if known.apart else 0
    few += [name for name in whole.contract.batch if batches > (rows[name].cases if name in rows else 0)]
    few += [f"{q}: {name}" for name in known.oracles for q in _unspoken(name, found, spoken, known)]
    strange = sorted((arrays - {"y", *known.gradients}) | (set(rows) - arrays - points(whole)))
    beyond = _beyond(spoken, known)
    checks = {
        "layer-classes": found.classes == known.classes,
        "layer-oracles": list(found.oracles) == list(known.oracles),
        "layer-lacks": not few,
        "layer-strangers": not strange,
        "layer-beyond": not beyond,
    }
    yield from unless(found, checks, record=found.operator, few=few, strange=strange, beyond=beyond)
    if found.failure is not None:
        yield from verdict(found.failure.verdict, found.operator, whole)


def _batches(options: Mapping[str, Mapping[str, int]]) -> int:
    """In how many cases there were several samples, as far as the sizes that were drawn say so."""
    first = [(value.split(" ")[0], count) for name in SAMPLES for value, count in options.get(name, {}).items()]
    return sum(count for samples, count in first if samples.isdigit() and int(samples) > 1)


def _unspoken(name: str, found: Layer, spoken: Spoken, known: Known) -> list[str]:
    """The quantities on which one oracle could have spoken, in more cases than failed, and is not named."""
    oracle, _ = TALLIES.get(name, (name, "sampled"))
    asked = [q for q in known.oracles[name] if q in found.quantities and found.quantities[q].cases > found.failed]
    return [q for q in asked if q not in spoken.get(name, {}) and (oracle == name or spoken.get(oracle, {}).get(q, False))]


def verdict(found: Verdict, operator: str, whole: Whole, number: int = 0) -> Iterator[Remark]:
    """A verdict on a layer that has a reference: every oracle speaks of all that it can say anything about, and of no more."""
    known = whole.layers.get(operator)
    if known is None or _unasked(found):
        return
    shapes = found.shapes
    there = {"y", *(name for name in known.gradients if name in shapes)}
    batch = whole.contract.batch if known.apart and shapes.get("x", ())[:1] > (1,) else ()
    spoken: dict[str, dict[str, bool]] = {name: {} for name in known.oracles}
    for name in spoken:
        of = TALLIES.get(name)
        for item in found.evidence:
            if (item.oracle, item.kind) == of:
                spoken[name][item.quantity] = spoken[name].get(item.quantity, False) or item.status != "abstain"
    lacks = [f"{name}: {q}" for name in spoken for q in _owed(name, spoken, known, there, (*whole.contract.always, *batch))]
    told = {item.quantity for item in found.evidence}
    strange = sorted(told - there - points(whole))
    yield from _complete(found, lacks, strange, _beyond(spoken, known), number)


def _owed(name: str, spoken: Spoken, known: Known, there: set[str], points: Iterable[str]) -> list[str]:
    """What one oracle has to speak of and does not."""
    oracle, kind = TALLIES.get(name, (name, "sampled"))
    if kind == "contract":
        return [point for point in points if point not in spoken[name]]
    if oracle != name and not any(spoken.get(oracle, {}).values()):  # what abstains at the case is not asked again
        return []
    owed = [quantity for quantity in known.oracles[name] if quantity in there and quantity not in spoken[name]]
    return owed or ([] if spoken[name] or oracle != name else ["anything"])


def _unasked(found: Verdict) -> bool:
    """Whether the layer broke its contract so that it could not be judged."""
    return [(item.oracle, item.status) for item in found.evidence] == [("contract", "fail")]


def _complete(found: Verdict, lacks: list[str], strange: list[str], beyond: list[str], number: int) -> Iterator[Remark]:
    checks = {"verdict-lacks": not lacks, "verdict-strangers": not strange, "verdict-beyond": not beyond}
    yield from unless(found, checks, number=number, lacks=lacks, strange=strange, beyond=beyond)


def _beyond(spoken: Spoken, known: Known) -> list[str]:
    """Where an oracle says something that it can say nothing about."""
    able = {name: {*quantities, ALL} if quantities else set() for name, quantities in known.oracles.items() if name != "contract"}
    said = ((name, q) for name in able for q, something in spoken.get(name, {}).items() if something and q not in able[name])
    return [f"{name}: {quantity}" if quantity != ALL else name for name, quantity in said]


def points(whole: Whole) -> set[str]:
    """All points of the contract."""
    return {*whole.contract.always, *whole.contract.batch, *whole.contract.form}


def _spoke(found: Tally) -> bool:
    return bool(found.passed or found.failed or found.vacuous)


def digits(found: DigitsRun, whole: Whole) -> Iterator[Remark]:
    """Each layer as any other, and of the whole network the loss, the gradient by every parameter, and each direction."""
    for number, each in enumerate(found.layers, 1):
        yield from verdict(each, each.layer.partition("(")[0], whole, number)
    named = [(name, number) for number, each in enumerate(found.layers, 1) for name in each.shapes if name in ("w", "b")]
    along, wanted = {f"direction {n + 1}" for n in range(whole.directions)}, {"J", *(f"{name}{number}" for name, number in named)}
    spoken: dict[str, set[str]] = {}
    for item in found.whole.evidence:
        spoken.setdefault(item.oracle, set()).add(item.quantity)
    silent = {item.oracle for item in found.whole.evidence if item.quantity == "J" and item.status == "abstain"}
    owed = [(oracle, {"J"} if oracle in silent else wanted) for oracle in ("masked_dense", "autograd")]
    owed.append(("finite_difference", along))
    lacks = [f"{oracle}: {q}" for oracle, these in owed for q in sorted(these - spoken.get(oracle, set()))]
    strange = sorted(set().union(*spoken.values()) - wanted - along)
    yield from _complete(found.whole, lacks, strange, [], 0)
