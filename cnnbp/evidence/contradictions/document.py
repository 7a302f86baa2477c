"""What belongs to no single record: ids, counts that hold for all, commands that run it again, and what a whole run has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, product

from ..kinds import GIVEN
from ..records import Derivation, DigitsRun, Document, Layer, Matrix, Provenance, Right, Training, Wrong, rerun
from ..verdict import Remark, remark
from .unless import twice, unless
from .verdicts import placed, verdict


def document(found: Document) -> Iterator[Remark]:
    """Everything that is held against something else than itself."""
    run, digits, training = found.provenance, found.digits, found.training
    yield from unless(run, {"started": _is_time(run.started)})
    yield from _ids(found)
    yield from chain.from_iterable(_derivation(derivation, run) for derivation in found.derivations)
    yield from chain.from_iterable(_layer(layer, found) for layer in found.layers)
    yield from chain.from_iterable(_control(control, found) for control in found.controls.wrong)
    yield from chain.from_iterable(_control(control, found) for control in found.controls.right)
    if found.matrix is not None:
        yield from _matrix(found.matrix)
    if training is not None:
        yield from unless(training, {"seed": training.seed == run.seed}, follows=run.seed)
    if digits is not None:
        yield from _digits(digits, training)


def _ids(found: Document) -> Iterator[Remark]:
    """Nothing is there twice, and nothing that a whole run does not have."""
    whole, controls = found.whole, found.controls
    pairs: list[tuple[str, Iterable[str], Iterable[str]]] = [
        ("derivation", [derivation.id for derivation in found.derivations], list(whole.statements)),
        *(("statement", [s.id for s in d.statements], whole.statements.get(d.id, ())) for d in found.derivations),
        ("layer", [layer.operator for layer in found.layers], whole.layers),
        ("control", [control.id for control in controls.wrong], whole.wrong),
        ("control", [control.id for control in controls.right], whole.right),
        ("part", [name for name in ("matrix", "digits", "training") if getattr(found, name) is not None], whole.parts),
    ]
    for what, there, wanted in pairs:
        yield from twice(what, there)
        yield from twice(what, wanted)
        strays = sorted(set(there) - set(wanted))
        if strays:
            yield remark("status.strays", what=what, names=strays)
    yield from twice("limit", map(repr, found.not_covered))


def _derivation(found: Derivation, run: Provenance) -> Iterator[Remark]:
    """Sections, facets, the number of cases, and the commands."""
    tested = [statement for statement in found.statements if statement.readings]
    facets = {facet for statement in tested for reading in statement.readings for facet in reading.facets}
    untitled = sorted({statement.section for statement in found.statements} - set(found.sections))
    unnamed = sorted(facets - set(found.facets))
    cases = sorted({statement.cases for statement in tested})
    checks = {"sections": not untitled, "facets": not unnamed, "statement-cases": len(cases) <= 1}
    yield from unless(found, checks, untitled=untitled, unnamed=unnamed, counts=cases)
    for statement in tested:
        follows = rerun(statement.id, run.seed, statement.cases)
        checks = {"statement-few": statement.cases >= run.examples, "rerun": statement.rerun == follows}
        yield from unless(statement, checks, record=statement.id, says=statement.rerun, follows=follows)


def _layer(found: Layer, within: Document) -> Iterator[Remark]:
    """The same oracles as every other, no more cases than there can be, and the command."""
    run, failure = within.provenance, found.failure
    checks = {
        "layer-oracles": set(found.oracles) == set(within.layers[0].oracles),
        "layer-cases": found.cases <= run.examples,
        "failure-number": failure is None or failure.number < run.examples or found.cases == 1,
    }
    yield from unless(found, checks, record=found.operator, wanted=run.examples, number=failure.number if failure else 0)
    if failure is not None:
        follows = rerun(f"{found.operator}/{failure.number}", run.seed)
        yield from unless(failure, {"rerun": failure.rerun == follows}, record=found.operator, says=failure.rerun, follows=follows)


def _control(found: Wrong | Right, within: Document) -> Iterator[Remark]:
    """It is one of a layer that there is; whatever caught it has a name; right ones are all tried on as many cases."""
    layers, first = within.whole.layers, within.controls.right[:1]
    checks = {"control-operator": not layers or found.operator in layers}
    if isinstance(found, Wrong):
        named = found.by.partition(" ")[0] in GIVEN if found.caught else found.by == ""
        checks["caught-by"] = named and found.cases > 0
    else:
        checks["right-cases"] = found.cases == first[0].cases > 0
        checks["failure"] = found.failure is None or found.failure.status == "fail"
        yield from verdict(found.failure) if found.failure else ()
    yield from unless(found, checks, record=found.id)


def _matrix(found: Matrix) -> Iterator[Remark]:
    """Every connection of a convolution with stride 1 and no padding, once: input = output + tap along either axis."""
    (h, w), (r, s), (p, q) = found.x_shape, found.kernel, found.y_shape
    shaped, count = (p, q) == (h - r + 1, w - s + 1), p * q * r * s
    entries = shaped and len(found.entries) == count and set(found.entries) == {
        (a * q + b, c * s + d, (a + c) * w + b + d) for a, b, c, d in product(range(p), range(q), range(r), range(s))
    }  # fmt: skip
    checks = {"matrix-shape": shaped, "matrix-entries": entries or not shaped}
    yield from unless(found, checks, x=found.x_shape, kernel=found.kernel, y=found.y_shape, wanted=count)


def _digits(found: DigitsRun, training: Training | None) -> Iterator[Remark]:
    """The layers are those of the network, each meets as many samples as there are, and training tells of the same network."""
    names = [name for name in re.findall(r"(\w+)\(", found.network) if name != "Network"]
    met = {shape[0] for shape in found.whole.shapes.values() if shape}
    inner = [each.shapes.get("x", ()) for each in found.layers]
    outer = [found.whole.shapes.get(name, ()) for name in ("x", "y")]
    met |= {next(iter(shape), 0) for shape in inner}
    gives = zip(found.layers, (*inner[1:], *outer[1:]), strict=False)  # each layer, and what the next one gets
    checks = {
        "digits-network": found.network == found.whole.layer and names == [v.layer.partition("(")[0] for v in found.layers],
        "digits-samples": met == {found.samples},
        "digits-sizes": inner[:1] == outer[:1]
        and all(placed(item, shape) for each, shape in gives for item in each.evidence if item.quantity == "y"),
        "two-networks": training is None or (found.network, found.source) == (training.network, training.source),
        "few-images": training is None or found.samples <= training.train + training.test,
    }
    yield from unless(found, checks, record="digits", count=len(found.layers), met=sorted(met))


def _is_time(said: str) -> bool:
    """Whether it is a time with a zone."""
    try:
        return datetime.fromisoformat(said).tzinfo is not None
    except ValueError:
        return False
