"""Made-up results of tasks, so that tests of what becomes of them wait for none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cnnbp.derivations import DERIVATIONS
from cnnbp.evidence import VerdictStatus, records
from cnnbp.evidence.kinds import ALWAYS, TALLIES
from cnnbp.operators import OPERATORS
from cnnbp.run.plan import Plan
from cnnbp.run.provenance import provenance
from cnnbp.run.slices import Slice, Tried
from cnnbp.run.tasks import Result, Task
from cnnbp.run.whole import known, part, whole
from tests.evidence import sample

SECTION = next(s.section for s in DERIVATIONS[0].statements if s.id == "delta-output")
DENSE = known(OPERATORS["Dense"])
CLASSES = {"bias": "on", "sizes": "small", "special": "nothing"}
SEED, EXAMPLES = sample.SEED, 4
RUN = ["verify", "--examples", str(EXAMPLES), "--seed", str(SEED), "--jobs", "1", "--out"]
ORIGIN = provenance(SEED, "quick", EXAMPLES, 2, "2026-01-01T00:00:00+00:00")
STATEMENT = sample.statement("delta-output", "holds", sample.reading("as-printed"))
PLAN = Plan(
    (
        Task("matrix", "matrix", 1, SEED), Task("digits", "digits", 4, SEED), Task("training", "training", 4, SEED),
        Task("statement", "delta-output", 3, SEED), Task("layer", "Dense", 2, SEED), Task("layer", "Dense", 2, SEED, 2),
        Task("proof", "Dense", 1, SEED), Task("right", "dense-einsum", 1, SEED), Task("wrong", "dense-dw-doubled", 20, SEED),
    ),
    part(whole(EXAMPLES), ("delta-output", "Dense", "dense-dw-doubled", "dense-einsum", "matrix", "digits", "training")).model_copy(
        update={"statements": {"post": {"delta-output": {"as-printed": "printed"}}}, "directions": 1, "steps": 4, "theorems": {}}
    ),
)  # fmt: skip


def results() -> dict[Task, Result]:
    """Of a run that holds."""
    wrong = sample.doubled().model_copy(update={"id": "dense-dw-doubled", "operator": "Dense"})
    right = sample.right("dense-einsum").model_copy(update={"operator": "Dense", "cases": 1})
    statement = STATEMENT.model_copy(update={"section": SECTION, "readings": (_without_facets(STATEMENT.readings[0]),)})
    found: list[Result] = [
        sample.matrix(), sample.digits(), sample.training(), statement, Slice("Dense", (tried(0), tried(1))),
        Slice("Dense", (tried(2), tried(3))), records.Proved(id="Dense", of="Dense", proof=sample.proof("Dense()")), right, wrong,
    ]  # fmt: skip
    return dict(zip(PLAN.tasks, found, strict=True))


def recalled(*_: object) -> Plan:
    """The plan of that run, whose tasks wait for nothing."""
    return replace(PLAN, perform=results().__getitem__)


def _without_facets(reading: records.Reading) -> records.Reading:
    return reading.model_copy(update={"facets": {}})


def tried(number: int, status: VerdictStatus = "pass", wrong: Sequence[str] = ("x",), size: int = 10, **options: str) -> Tried:
    """One case of Dense."""
    failed = status == "fail"
    of = {quantity: _of(quantity, quantity in wrong and failed) for quantity in ("y", "x", "w", *ALWAYS)}
    found = sample.failing_verdict("Dense()", *wrong, known=DENSE)
    verdict = replace(found, shapes={**found.shapes, "of no gradient": (size,)}) if failed else None
    drawn = {"layout": "C order", **options}
    return Tried(
        number,
        status,
        _summed(of),
        of,
        options,
        drawn,
        CLASSES,
        (),
        tuple(wrong) if failed else (),
        ("gaussian",),
        verdict,
    )


def _of(quantity: str, failed: bool) -> dict[str, records.Tally]:
    """What whoever can speak of it says of one quantity; or contract alone of its points."""
    able = [name for name, quantities in DENSE.oracles.items() if quantity in quantities]
    return {name: sample.tally(int(not failed), TALLIES[name][1], failed=int(failed)) for name in able or ["contract"]}


def _summed(of: dict[str, dict[str, records.Tally]]) -> dict[str, records.Tally]:
    """The same by case."""
    found = {}
    for name, (_, kind) in TALLIES.items():
        cells = [said[name] for said in of.values() if name in said]
        failed, judged = any(cell.failed for cell in cells), sum(cell.judged for cell in cells)
        told = sample.tally(int(bool(cells) and not failed), kind, failed=int(failed), abstained=int(not cells))
        found[name] = told.model_copy(update={"judged": judged})
    return found
