"""Made-up results of tasks, so that tests of what becomes of them wait for none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cnnbp.derivations import DERIVATIONS
from cnnbp.evidence import Verdict, VerdictStatus, records
from cnnbp.run.plan import Plan
from cnnbp.run.provenance import provenance
from cnnbp.run.slices import ORACLES, Slice, Tried
from cnnbp.run.tasks import Result, Task
from tests.evidence import sample

SECTION = next(s.section for s in DERIVATIONS[0].statements if s.id == "delta-output")
SEED, EXAMPLES = sample.SEED, 4
RUN = ["verify", "--examples", str(EXAMPLES), "--seed", str(SEED), "--jobs", "1", "--out"]
ORIGIN = provenance(SEED, "quick", EXAMPLES, 2, "2026-01-01T00:00:00+00:00")
STATEMENT = sample.statement("delta-output", "holds", sample.reading("as-printed"))
PLAN = Plan(
    (
        Task("matrix", "matrix", 1, SEED), Task("digits", "digits", 4, SEED), Task("training", "training", 4, SEED),
        Task("statement", "delta-output", 3, SEED), Task("layer", "Dense", 2, SEED), Task("layer", "Dense", 2, SEED, 2),
        Task("right", "dense-einsum", 1, SEED), Task("wrong", "dense-dw-doubled", 20, SEED),
    ),
    records.Whole(
        statements={"post": ("delta-output",)}, layers=("Dense",), wrong=("dense-dw-doubled",), right=("dense-einsum",),
        parts=("matrix", "digits", "training"),
    ),
)  # fmt: skip


def results() -> dict[Task, Result]:
    """Of a run that holds."""
    wrong = sample.doubled().model_copy(update={"id": "dense-dw-doubled", "operator": "Dense"})
    right = sample.right("dense-einsum").model_copy(update={"operator": "Dense", "cases": 1})
    statement = STATEMENT.model_copy(update={"section": SECTION, "readings": (_without_facets(STATEMENT.readings[0]),)})
    found: list[Result] = [
        sample.matrix(), sample.digits(), sample.training(), statement, Slice("Dense", (tried(0), tried(1))),
        Slice("Dense", (tried(2), tried(3))), right, wrong,
    ]  # fmt: skip
    return dict(zip(PLAN.tasks, found, strict=True))


def recalled(*_: object) -> Plan:
    """The plan of that run, whose tasks wait for nothing."""
    return replace(PLAN, perform=results().__getitem__)


def _without_facets(reading: records.Reading) -> records.Reading:
    return reading.model_copy(update={"facets": {}})


def tried(number: int, status: VerdictStatus = "pass", wrong: Sequence[str] = ("x",), size: float = 10, **options: str) -> Tried:
    """One case of Dense."""
    failed = status == "fail"
    oracles = {name: _of(name, failed) for name in ORACLES}
    verdict: Verdict | None = sample.failing_verdict("Dense()", *wrong) if failed else None
    drawn = {"layout": "C order", **options}
    return Tried(
        number, status, oracles, options, drawn, (), tuple(wrong) if failed else (), ("gaussian",), (size, number), verdict
    )


def _of(name: str, failed: bool) -> records.Tally:
    found = sample.tally(1, ORACLES[name])
    if not failed or name == "contract":
        return found
    return found.model_copy(update={"passed": 0, "failed": 1, "judged": 40, "worst_ratio": None, "resolution": None})
