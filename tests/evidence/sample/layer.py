"""Two layers over their cases, and one that fails some."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnnbp.evidence import records as r
from cnnbp.evidence import remark
from cnnbp.evidence.joining.common import common, others
from cnnbp.evidence.kinds import ALWAYS, BATCH, TALLIES, Kind
from cnnbp.evidence.records import rerun

from .judged import failing_verdict
from .names import SEED


def conv2d(silent: int = 1) -> r.Layer:
    """Twelve cases, in one of which, or more, nobody could judge w."""
    spoke, left = 12 - silent, remark("verification.nothing-left")
    exact = tally(12, "exact at points")
    quantities = {
        "y": {"masked_dense": tally(12), "autograd": tally(spoke, abstained=silent), "masked_dense, exact": exact},
        "x": {"masked_dense": tally(12, left_out=3), "autograd": tally(spoke, abstained=silent), "masked_dense, exact": exact,
              "complex_step": tally(10, vacuous=2)},
        "w": {"masked_dense": tally(spoke, abstained=silent), "autograd": tally(spoke, abstained=silent),
              "masked_dense, exact": tally(spoke, "exact at points", abstained=silent),
              "complex_step": tally(min(10, spoke), vacuous=max(2, silent))},
    }  # fmt: skip
    counts = {
        "masked_dense": {"passed": 12, "partly": silent}, "autograd": {"passed": spoke, "abstained": silent},
        "contract": {"passed": 12},
        "masked_dense, exact": {"passed": 12, "partly": silent}, "complex_step": {"passed": 10, "vacuous": 2},
    }  # fmt: skip
    return r.Layer(
        operator="Conv2d", cases=12, passed=spoke, inconclusive=silent, failed=0, failure=None,
        **counted(quantities, counts, w=silent),
        options={"stride": {"1": 7, "(2, 1)": 5}, "padding": {"0": 8, "2": 4}, "layout": {"C order": 12}},
        classes={"stride": ("1", "2 and more"), "padding": ("0", "2"), "sizes": ("small", "large")}, pairs=CONV_PAIRS,
        resolution=2.0**-38,
        doubts=(r.Doubt(quantity="w", remark=left, cases=silent, left_out=4),),
    )  # fmt: skip


def tanh() -> r.Layer:
    """Twelve cases, in two of which both sides were 0."""
    quantities = {"y": {"autograd": tally(12)}, "x": {"autograd": tally(12), "complex_step": tally(10, vacuous=2)}}
    counts = {
        "masked_dense": {"abstained": 12}, "autograd": {"passed": 12}, "contract": {"passed": 12},
        "masked_dense, exact": {"abstained": 12}, "complex_step": {"passed": 10, "vacuous": 2},
    }  # fmt: skip
    return r.Layer(
        operator="Tanh", cases=12, passed=12, inconclusive=0, failed=0, failure=None, **counted(quantities, counts),
        options={"input shape": {"3": 12}}, doubts=(), classes={"sizes": ("small", "large"), "special": ("nothing", "denormals")},
        pairs=(r.Met(one="sizes", other="special", counts=((9, 2), (1, 0))),), resolution=2.0**-39,
    )  # fmt: skip


CONV_PAIRS = (
    r.Met(one="stride", other="padding", counts=((4, 3), (4, 1))),
    r.Met(one="stride", other="sizes", counts=((7, 0), (4, 1))),
    r.Met(one="padding", other="sizes", counts=((8, None), (3, 1))),
)


def counted(
    by_quantity: Mapping[str, Mapping[str, r.Tally]], by_case: Mapping[str, Mapping[str, int]], cases: int = 12, **silent: int
) -> dict[str, Any]:
    """Both counts of a layer, from its tallies by quantity and from how its cases ended; every point of the contract is kept."""
    points = {point: {"contract": tally(cases, "contract")} for point in (*ALWAYS, *BATCH)}
    rows = {
        name: r.Quantity(cases=cases, silent=silent.get(name, 0), oracles=dict(said))
        for name, said in {**by_quantity, **points}.items()
    }
    oracles = {}
    for name, counts in by_case.items():
        cells = [row.oracles[name] for row in rows.values() if name in row.oracles]
        largest = {part: max((v for cell in cells if (v := getattr(cell, part)) is not None), default=None) for part in MEASURES}
        sums = {part: sum(getattr(cell, part) for cell in cells) for part in ("judged", "left_out")}
        oracles[name] = r.Tally(**{**NOTHING, **counts, **largest, **sums}, kinds=(TALLIES[name][1],))
    return {"oracles": oracles, "quantities": rows}


MEASURES = ("worst_ratio", "resolution")
NOTHING = dict.fromkeys(("passed", "partly", "failed", "abstained", "vacuous"), 0)


def tally(passed: int, kind: Kind = "sampled", abstained: int = 0, vacuous: int = 0, left_out: int = 0, failed: int = 0) -> r.Tally:
    """What one oracle said of one quantity."""
    numbers = {"sampled": (0.25, 1e-12), "exact at points": (0.0, 0.0), "contract": (None, None)}
    worst, resolution = numbers[kind] if passed else (None, None)
    return r.Tally(
        passed=passed, partly=0, failed=failed, abstained=abstained, vacuous=vacuous, left_out=left_out, kinds=(kind,),
        judged=0 if kind == "contract" else 40 * (passed + failed + vacuous), worst_ratio=worst, resolution=resolution,
    )  # fmt: skip


def failing_layer(*quantities: str) -> r.Layer:
    """`conv2d()`, but that it failed three cases in these quantities; ("x",) if none are named."""
    found, quantities = conv2d(), quantities or ("x",)
    of = dict.fromkeys(quantities, 3)
    among = {"stride": {"1": 2, "(2, 1)": 1}, "padding": {"2": 3}, "layout": {"C order": 3}}
    failure = r.Failure(
        number=4, traits=("gaussian", "C order"), options={"stride": "1", "padding": "2"},
        verdict=failing_verdict("Conv2d(padding=2)", *quantities), failures=3, quantities=of,
        common=common(3, of, among, others(found.options, among)), rerun=rerun("Conv2d/4", SEED), among=among,
    )  # fmt: skip
    rows = dict(found.quantities)
    for name in quantities:
        said = rows[name].oracles["masked_dense"]
        wrong = said.model_copy(update={"passed": said.passed - 3, "failed": 3})
        rows[name] = rows[name].model_copy(update={"oracles": {**rows[name].oracles, "masked_dense": wrong}})
    wrong = found.oracles["masked_dense"].model_copy(update={"passed": 9, "failed": 3})
    oracles = {**found.oracles, "masked_dense": wrong}
    return found.model_copy(update={"passed": 8, "failed": 3, "failure": failure, "oracles": oracles, "quantities": rows})
