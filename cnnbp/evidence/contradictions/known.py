"""A record against what a whole run has: the readings of a statement, the operator of a control, the steps of a training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..kinds import GIVEN, TALLIES
from ..records import Document, Known, Ladder, Right, Statement, Training, Whole, Wrong
from ..verdict import Remark
from .owed import digits, layer, points, verdict
from .unless import unless


def as_known(found: Document) -> Iterator[Remark]:
    """Every record of which a whole run says anything."""
    whole = found.whole
    for book in found.derivations:
        for statement in book.statements:
            yield from _statement(statement, whole.statements.get(book.id, {}))
    for each in found.layers:
        yield from layer(each, whole)
    controls: tuple[Wrong | Right, ...] = *found.controls.wrong, *found.controls.right
    for control in controls:
        yield from _control(control, whole)
    if found.digits is not None:
        yield from digits(found.digits, whole)
    if found.training is not None:
        yield from _training(found.training, whole)
    if found.ladder is not None:
        yield from _ladder(found.ladder, whole)


def _statement(found: Statement, whole: Mapping[str, Mapping[str, str]]) -> Iterator[Remark]:
    there, wanted = [(item.id, item.role) for item in found.readings], list(whole.get(found.id, {}).items())
    yield from unless(found, {"readings": there == wanted or found.id not in whole}, record=found.id, count=len(wanted))


def _control(found: Wrong | Right, whole: Whole) -> Iterator[Remark]:
    """Its operator, how often it was tried, and whether what is said to have caught it can have."""
    wrong, known = isinstance(found, Wrong), whole.layers.get(found.operator)
    operator = (whole.wrong if wrong else whole.right).get(found.id)
    checks = {"control-operator": operator in (None, found.operator)}
    if isinstance(found, Wrong):
        checks["control-cases"] = 0 < found.cases <= whole.tries and (found.caught or found.cases == whole.tries)
        checks["caught-by"] = _can_catch(found.by, known, whole) if found.caught else found.by == ""
    else:
        checks["control-cases"] = found.cases == whole.trials
        yield from verdict(found.failure, found.operator, whole) if found.failure else ()
    yield from unless(found, checks, record=found.id, wanted=whole.tries if wrong else whole.trials)


def _can_catch(by: str, known: Known | None, whole: Whole) -> bool:
    """Whether this names an oracle and a quantity of which it says anything, or a point of the contract."""
    oracle, _, quantity = by.partition(" ")
    if oracle == "contract":
        return quantity in points(whole)
    if known is None:  # a part of a run, without that layer
        return oracle in GIVEN
    return any(TALLIES[name][0] == oracle and quantity in able for name, able in known.oracles.items() if name in TALLIES)


def _training(found: Training, whole: Whole) -> Iterator[Remark]:
    yield from unless(found, {"wanted": found.wanted == min(whole.steps, found.steps)}, follows=min(whole.steps, found.steps))


def _ladder(found: Ladder, whole: Whole) -> Iterator[Remark]:
    """It is one of a layer that a whole run has, of which a part that was asked for may have fewer, and has as many steps."""
    layer, count = found.layer.partition("(")[0], len(found.rungs)
    partial = not whole.networks  # which belong to no part that can be asked for
    checks = {"ladder-layer": partial or layer in whole.layers, "ladder-rungs": count == whole.rungs}
    yield from unless(found, checks, count=count, wanted=whole.rungs)
