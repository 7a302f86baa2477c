"""What belongs to no single record: ids, counts that hold for all, commands that run it again, and what a whole run has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import get_args

from ..records import (
    MOST_CASES,
    Derivation,
    Document,
    Ladder,
    Layer,
    Part,
    Provenance,
    Right,
    Statement,
    Whole,
    Wrong,
    rerun,
    rerun_case,
)
from ..verdict import Remark, remark
from . import parts
from .known import as_known
from .origins import origins
from .peers import peers
from .proofs import proofs
from .theorems import theorems
from .unless import twice, unless
from .verdicts import verdict


def document(found: Document) -> Iterator[Remark]:
    """Everything that is held against something else than itself."""
    run, digits, training = found.provenance, found.digits, found.training
    yield from unless(run, {"started": _is_time(run.started), "merged": origins(run)})
    yield from _ids(found)
    yield from chain.from_iterable(_derivation(derivation, found) for derivation in found.derivations)
    yield from chain.from_iterable(_layer(layer, found) for layer in found.layers)
    controls: tuple[Wrong | Right, ...] = *found.controls.wrong, *found.controls.right
    yield from chain.from_iterable(_control(control, found.whole) for control in controls)
    yield from as_known(found)
    yield from proofs(found)
    yield from theorems(found)
    if found.matrix is not None:
        yield from parts.matrix(found.matrix)
    for drawn in (found.ladder, training):
        if drawn is not None:
            part = "ladder" if isinstance(drawn, Ladder) else "training"
            yield from unless(drawn, {"seed": drawn.seed in run.seeds}, part=part, follows=run.seeds)
    if found.peers is not None:
        yield from peers(found.peers)
    if digits is not None:
        yield from parts.digits(digits, training)


def _ids(found: Document) -> Iterator[Remark]:
    """Nothing is there twice, and nothing that a whole run does not have."""
    whole, controls = found.whole, found.controls
    pairs: list[tuple[str, Iterable[str], Iterable[str]]] = [
        ("derivation", [derivation.id for derivation in found.derivations], list(whole.statements)),
        *(("statement", [s.id for s in d.statements], whole.statements.get(d.id, ())) for d in found.derivations),
        ("layer", [layer.operator for layer in found.layers], whole.layers),
        ("control", [control.id for control in controls.wrong], whole.wrong),
        ("control", [control.id for control in controls.right], whole.right),
        ("proof", [each.id for each in found.proofs.layers], whole.proofs),
        ("grid", [f"{each.operator}/{each.start}" for each in found.proofs.grids], _slices(found)),
        ("network", [each.id for each in found.proofs.networks], whole.networks),
        ("bound", [f"{each.layer.partition('(')[0]} {each.quantity}" for each in found.proofs.rounding], whole.rounding),
        ("size", [claim.id for claim in found.proofs.sizes.claims] if found.proofs.sizes else [], whole.sizes),
        ("twin", [each.id for each in found.proofs.twins], whole.twins),
        ("theorem", [each.name for each in found.proofs.theorems.theorems] if found.proofs.theorems else [], whole.theorems),
        ("defect", [each.defect for each in found.proofs.sights], whole.defects),
        ("checker", [each.name for each in found.peers.checkers] if found.peers else [], whole.peers),
        ("part", [name for name in get_args(Part) if getattr(found, name) is not None], whole.parts),
    ]
    for what, there, wanted in pairs:
        yield from twice(what, there)
        yield from twice(what, wanted)
        strays = sorted(set(there) - set(wanted))
        if strays:
            yield remark("status.strays", what=what, names=strays)
    yield from twice("limit", map(repr, found.not_covered))
    yield from twice("error", map(repr, found.raised))
    done = [each.name for each in found.raised if getattr(found, each.kind, None) is not None]
    if done:
        yield remark("status.raised-done", names=done)


def _slices(found: Document) -> list[str]:
    """The slices that the grids have, by the step in which they say they go."""
    steps = {each.operator: each.step for each in found.proofs.grids}
    return [f"{operator}/{start}" for operator in found.whole.grids for start in range(steps.get(operator, 0))]


def _derivation(found: Derivation, within: Document) -> Iterator[Remark]:
    """Sections, facets, the number of cases, and the commands."""
    run = within.provenance
    tested = [statement for statement in found.statements if statement.readings]
    facets = {facet for statement in tested for reading in statement.readings for facet in reading.facets}
    untitled = sorted({statement.section for statement in found.statements} - set(found.sections))
    unnamed = sorted(facets - set(found.facets))
    cases = sorted({statement.cases for statement in tested})
    checks = {"sections": not untitled, "facets": not unnamed, "statement-cases": len(cases) <= 1}
    yield from unless(found, checks, untitled=untitled, unnamed=unnamed, counts=cases)
    for what, told in (("sentence on the method", found.method), ("limit", found.not_covered)):
        yield from twice(what, (words["en"] for words in told))
    least = max(within.whole.points, min(run.examples, MOST_CASES * len(run.seeds)))  # whatever the file says of a whole run
    for statement in tested:
        follows = rerun(statement.id, run.seed, statement.cases)
        again = statement.rerun == follows if not run.merged else _of_one(statement, run)
        checks = {"statement-few": statement.cases >= least, "rerun": again}
        yield from unless(statement, checks, record=statement.id, says=statement.rerun, follows=follows)


def _of_one(found: Statement, run: Provenance) -> bool:
    """Whether it is the command of one of the runs, with as many cases as all have in turn."""
    return found.rerun in [rerun(found.id, seed, found.cases // len(run.seeds)) for seed in run.seeds]


def _layer(found: Layer, within: Document) -> Iterator[Remark]:
    """No more cases than there can be, and the command."""
    run, failure = within.provenance, found.failure
    checks = {
        "layer-cases": found.cases <= run.examples,
        "failure-number": failure is None or failure.number < run.origins[0].examples or found.cases == 1,
    }
    yield from unless(found, checks, record=found.operator, wanted=run.examples, number=failure.number if failure else 0)
    if failure is not None:
        follows = [rerun_case(found.operator, failure.number, seed) for seed in run.seeds]
        yield from unless(failure, {"rerun": failure.rerun in follows}, record=found.operator, says=failure.rerun, follows=follows)


def _control(found: Wrong | Right, whole: Whole) -> Iterator[Remark]:
    """It is one of a layer that there is, and what failed a right one does fail it."""
    failure = None if isinstance(found, Wrong) else found.failure
    checks = {
        "no-such-operator": not whole.layers or found.operator in whole.layers,
        "failure": failure is None or failure.status == "fail",
    }
    yield from verdict(failure) if failure else ()
    yield from unless(found, checks, record=found.id)


def _is_time(said: str) -> bool:
    """Whether it is a time with a zone."""
    try:
        return datetime.fromisoformat(said).tzinfo is not None
    except ValueError:
        return False
