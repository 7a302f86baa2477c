"""What belongs to no single record: ids, counts that hold for all, commands that run it again, and what a whole run has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import product
from math import prod

from ..kinds import GIVEN
from ..records import Derivation, DigitsRun, Document, Matrix, Wrong
from ..rerun import rerun
from ..verdict import Remark
from .unless import twice, unless
from .verdicts import verdict


def document(found: Document) -> Iterator[Remark]:
    """Everything that is held against something else than itself."""
    yield from _ids(found)
    for derivation in found.derivations:
        yield from _derivation(derivation, found)
    yield from _layers(found)
    for control in found.controls.wrong:
        yield from _wrong(control)
    yield from _right(found)
    if found.matrix is not None:
        yield from _matrix(found.matrix)
    if found.digits is not None:
        yield from _digits(found.digits)
    yield from _one_run(found)


def _ids(found: Document) -> Iterator[Remark]:
    """Nothing is there twice, and nothing that a whole run does not have."""
    whole, controls = found.whole, found.controls
    statements = {derivation.id: [s.id for s in derivation.statements] for derivation in found.derivations}
    yield from twice("derivation", (derivation.id for derivation in found.derivations))
    yield from _strays("derivation", statements, whole.statements)
    pairs: list[tuple[str, Iterable[str], Iterable[str]]] = [
        ("layer", [layer.operator for layer in found.layers], whole.layers),
        ("control", [c.id for c in controls.wrong], whole.wrong),
        ("control", [c.id for c in controls.right], whole.right),
        ("part", [name for name in ("matrix", "digits", "training") if getattr(found, name) is not None], whole.parts),
        *(("statement", ids, whole.statements.get(name, ())) for name, ids in statements.items()),
    ]
    yield from twice("limit", map(repr, found.not_covered))
    for what, there, wanted in pairs:
        yield from twice(what, there)
        yield from twice(what, wanted)
        yield from _strays(what, there, wanted)


def _strays(what: str, there: Iterable[str], wanted: Iterable[str]) -> Iterator[Remark]:
    strays = sorted(set(there) - set(wanted))
    yield from unless(not strays, "strays", what=what, names=strays)


def _derivation(found: Derivation, within: Document) -> Iterator[Remark]:
    """Sections, facets, the number of cases, and the commands."""
    sections = {statement.section for statement in found.statements}
    yield from unless(sections <= set(found.sections), "sections", names=sorted(sections - set(found.sections)))
    facets = {facet for statement in found.statements for reading in statement.readings for facet in reading.facets}
    yield from unless(facets <= set(found.facets), "facets", names=sorted(facets - set(found.facets)))
    cases = {statement.cases for statement in found.statements if statement.readings}
    yield from unless(len(cases) <= 1, "statement-cases", counts=sorted(cases))
    for statement in found.statements:
        if statement.readings:
            enough = statement.cases >= within.provenance.examples
            yield from unless(enough, "statement-few", statement=statement.id, cases=statement.cases)
            yield from _again(statement.id, statement.rerun, statement.id, within, statement.cases)


def _layers(found: Document) -> Iterator[Remark]:
    """The same oracles, as many cases as there can be, and the commands."""
    oracles = {frozenset(layer.oracles) for layer in found.layers}
    strays = sorted(frozenset.union(*oracles) - frozenset.intersection(*oracles)) if oracles else []
    yield from unless(not strays, "layer-oracles", names=strays)
    for layer in found.layers:
        name, examples = layer.operator, found.provenance.examples
        yield from unless(layer.cases <= examples, "layer-cases", layer=name, cases=layer.cases, wanted=examples)
        if layer.failure is not None:
            yield from unless(layer.failure.number < examples or layer.cases == 1, "failure-number", number=layer.failure.number)
            yield from _again(name, layer.failure.rerun, f"{name}/{layer.failure.number}", found)


def _again(what: str, said: str, part: str, within: Document, cases: int | None = None) -> Iterator[Remark]:
    wanted = rerun(part, within.provenance.seed, cases)
    yield from unless(said == wanted, "rerun", what=what, says=said, follows=wanted)


def _wrong(found: Wrong) -> Iterator[Remark]:
    """Whoever caught it has a name, and whoever did not has none."""
    named = found.by.partition(" ")[0] in GIVEN if found.caught else found.by == ""
    yield from unless(named and found.cases > 0, "caught-by", control=found.id, by=found.by)


def _right(found: Document) -> Iterator[Remark]:
    controls = found.controls.right
    cases = sorted({control.cases for control in controls})
    yield from unless(len(cases) <= 1 and 0 not in cases, "right-cases", counts=cases)
    for control in controls:
        if control.accusation is not None:
            yield from verdict(control.accusation)
            yield from unless(control.accusation.status == "fail", "accusation", control=control.id)
    operators = {c.operator for c in found.controls.wrong} | {c.operator for c in controls}
    operators -= set(found.whole.layers)
    yield from unless(not operators or not found.whole.layers, "control-operators", names=sorted(operators))


def _matrix(found: Matrix) -> Iterator[Remark]:
    """Every connection of a convolution with stride 1 and no padding, once: input = output + tap along either axis."""
    (h, w), (r, s), (p, q) = found.x_shape, found.kernel, found.y_shape
    shaped = (p, q) == (h - r + 1, w - s + 1)
    yield from unless(shaped, "matrix-shape", x=list(found.x_shape), kernel=list(found.kernel), y=list(found.y_shape))
    if not shaped or len(found.entries) != prod((p, q, r, s)):
        yield from unless(not shaped, "matrix-entries", count=len(found.entries), wanted=prod((p, q, r, s)))
        return
    every = {(a * q + b, c * s + d, (a + c) * w + b + d) for a, b, c, d in product(range(p), range(q), range(r), range(s))}
    lacking = len(every - set(found.entries))
    yield from unless(lacking == 0, "matrix-entries", count=len(every) - lacking, wanted=len(every))


def _digits(found: DigitsRun) -> Iterator[Remark]:
    """The layers are those of the network, and each meets as many samples as there are."""
    names = [name for name in re.findall(r"(\w+)\(", found.network) if name != "Network"]
    ours = names == [verdict.layer.partition("(")[0] for verdict in found.layers] and found.network == found.whole.layer
    yield from unless(ours, "digits-network", count=len(found.layers))
    samples = {shapes.get("x", (0,))[0] for shapes in (v.shapes for v in (found.whole, *found.layers))}
    samples |= {shape[0] for shape in found.whole.shapes.values() if shape}
    yield from unless(samples == {found.samples}, "digits-samples", says=found.samples, counts=sorted(samples))


def _one_run(found: Document) -> Iterator[Remark]:
    """Digits and training tell of one network, drawn from the seed of the run."""
    digits, training, origin = found.digits, found.training, found.provenance
    if training is not None:
        yield from unless(training.seed == origin.seed, "seed", says=training.seed, follows=origin.seed)
    if digits is not None and training is not None:
        same = (digits.network, digits.source) == (training.network, training.source)
        yield from unless(same, "two-networks")
        yield from unless(digits.samples <= training.train + training.test, "digits-samples", says=digits.samples, counts=[])
    try:
        told = datetime.fromisoformat(origin.started).tzinfo is not None
    except ValueError:
        told = False
    yield from unless(told, "started", says=origin.started)
