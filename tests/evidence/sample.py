"""A small evidence document of a run in which everything happened once: every verdict, every kind of record."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from cnnbp.evidence import Evidence, Remark, Status, Verdict, remark
from cnnbp.evidence import records as r
from cnnbp.evidence.kinds import Kind
from cnnbp.evidence.records import rerun

SEED, EXAMPLES = 7, 12
NETWORK = "Network([Conv2d(kernel_size=3), Tanh()])"


def document() -> r.Document:
    """A complete run that holds."""
    derivation, layers, controls = (
        post(),
        (conv2d(), tanh()),
        r.Controls(wrong=(doubled(),), right=(right("conv-einsum"), right("conv-fft"))),
    )
    return r.Document(
        format="cnnbp-evidence-3", status="holds", trouble=None, provenance=provenance(), derivations=(derivation,), layers=layers,
        whole=r.Whole(
            statements={derivation.id: tuple(statement.id for statement in derivation.statements)},
            layers=tuple(layer.operator for layer in layers), wrong=("conv-doubled",), right=("conv-einsum", "conv-fft"),
            parts=("matrix", "digits", "training"),
        ),
        controls=controls, matrix=matrix(), digits=digits(), training=training(), not_covered=(remark("run.points"),),
    )  # fmt: skip


def provenance() -> r.Provenance:
    """Of a run on a made-up machine."""
    return r.Provenance(
        cnnbp="0.1.0", commit="4f0c2ab", seed=SEED, profile="quick", examples=EXAMPLES, jobs=2, python="3.11.7", numpy="2.4.1",
        scipy="1.18.0", torch="2.13.0+cpu", platform="Linux x86_64", processor="x86_64, 2 cores",
        started="2026-11-23T16:00:00+00:00", seconds=12.3, sources_sha256="9b1c" * 16,
    )  # fmt: skip


def post() -> r.Derivation:
    """A statement of each verdict that a run which holds can have."""
    statements = (
        statement("chain-rule", "holds", reading("as-printed")),
        statement(
            "step-size", "refuted as printed, holds as corrected", reading("as-printed", wrong=9), reading("mended", "corrected")
        ),
        statement("bracket", "holds under these readings only", reading("as-it-stands", wrong=20, senseless=20), reading("closed")),
        statement("net-input", "definition"),
        statement("purpose", "not mathematical"),
    )
    return r.Derivation(
        id="post", title=en("A derivation"), source=en("a post of 2016"), language="zh", question=en("Is it right?"),
        sections={"backward": {"en": "Backward", "zh": "反向"}}, facets={"size": en("Size of the maps")}, not_covered=(en("f"),),
        statements=statements,
    )  # fmt: skip


def statement(name: str, verdict: r.Outcome, *readings: r.Reading) -> r.Statement:
    """Named by its id, with a misprint where it is mended."""
    mended = verdict == "refuted as printed, holds as corrected"
    return r.Statement(
        id=name, label="E1", section="backward", claim=en(f"{name} is so."), quoted="", printed="w-w", verdict=verdict,
        corrected=r"w-\alpha w" if mended else None, misprints=(r.Misprint(start=2, end=3, what=en("α is missing")),) * mended,
        fault=en("the step size is missing" if mended else ""), why=en("That is why."), kind="exact at points" if readings else "",
        cases=20 if readings else 0, quantity=en("the weights") if readings else en(""), readings=readings,
        rerun=rerun(name, SEED, 20) if readings else "",
    )  # fmt: skip


def reading(name: str, role: r.Role = "printed", wrong: int = 0, senseless: int = 0) -> r.Reading:
    """Tried on 20 instances, of which one is vacuous if any can be."""
    given: dict[str, r.Given] = {"w": ((1, 2), (0, 1)), "f": "f(z) = z^2"}
    says = None if senseless else (1, "3/2")
    counterexample = r.Counterexample(given=given, says=says, truth=(1, "1/2"), working=en("1/2 is not 3/2"))
    return r.Reading(
        id=name, name=en(name), facets={"size": en("full")}, role=role, holds=not wrong, cases=20, wrong=wrong,
        vacuous=0 if senseless else 1, senseless=senseless, worst_error=None if senseless == 20 else 1.0 if wrong else 0.0,
        nonsense=en("it has no value") if senseless else en(""), counterexample=counterexample if wrong else None,
    )  # fmt: skip


def conv2d() -> r.Layer:
    """Twelve cases, in one of which nobody could judge w."""
    return r.Layer(
        operator="Conv2d", cases=12, passed=11, inconclusive=1, failed=0, failure=None,
        oracles={
            "masked_dense": tally(12, partly=1, left_out=3), "autograd": tally(11, abstained=1), "contract": tally(12, "contract"),
            "masked_dense, exact": tally(12, "exact at points"), "complex_step": tally(10, vacuous=2),
        },
        options={"stride": {"1": 7, "(2, 1)": 5}, "padding": {"0": 8, "2": 4}, "layout": {"C order": 12}},
        doubts=(r.Doubt(quantity="w", remark=remark("verification.nothing-left"), cases=1, left_out=4),),
    )  # fmt: skip


def tanh() -> r.Layer:
    """Twelve cases, in two of which both sides were 0."""
    oracles = {
        "masked_dense": tally(0, abstained=12), "autograd": tally(12), "contract": tally(12, "contract"),
        "masked_dense, exact": tally(0, "exact at points", abstained=12), "complex_step": tally(10, vacuous=2),
    }  # fmt: skip
    return r.Layer(
        operator="Tanh", cases=12, passed=12, inconclusive=0, failed=0, failure=None, oracles=oracles,
        options={"input shape": {"3": 12}}, doubts=(),
    )  # fmt: skip


def tally(passed: int, kind: Kind = "sampled", partly: int = 0, abstained: int = 0, vacuous: int = 0, left_out: int = 0) -> r.Tally:
    """Of an oracle that never failed the layer."""
    numbers = {"sampled": (0.25, 1e-12), "exact at points": (0.0, 0.0), "contract": (None, None)}
    worst, resolution = numbers[kind] if passed else (None, None)
    return r.Tally(
        passed=passed, partly=partly, failed=0, abstained=abstained, vacuous=vacuous, left_out=left_out, kinds=(kind,),
        judged=0 if kind == "contract" else 40 * (passed + vacuous), worst_ratio=worst, resolution=resolution,
    )  # fmt: skip


def failing_layer(*quantities: str) -> r.Layer:
    """`conv2d()`, but that it failed three cases in these quantities; ("x",) if none are named."""
    found, quantities = conv2d(), quantities or ("x",)
    failure = r.Failure(
        number=4, traits=("gaussian", "C order"), options={"stride": "1", "padding": "2"},
        verdict=failing_verdict("Conv2d(padding=2)", *quantities), failures=3, quantities=dict.fromkeys(quantities, 3),
        common=(remark("run.common-option", option="padding", value="2", count=3),), rerun=rerun("Conv2d/4", SEED),
    )  # fmt: skip
    oracles = {**found.oracles, "masked_dense": tally(9).model_copy(update={"failed": 3})}
    return found.model_copy(update={"passed": 8, "failed": 3, "failure": failure, "oracles": oracles})


def verdict(layer: str, *evidence: Evidence) -> Verdict:
    """A pass at 32 samples."""
    found = evidence or (piece("masked_dense", "y"), piece("masked_dense", "x"), piece("autograd", "x", "abstain"))
    return Verdict(layer, "pass", (*found, Evidence("contract", "determinism", "pass", "contract")), (), {"x": (32, 1, 8, 8)})


def failing_verdict(layer: str, *quantities: str) -> Verdict:
    """The same, wrong in these quantities."""
    found = verdict(layer, *(piece("masked_dense", name, "fail") for name in quantities))
    return replace(found, status="fail", wrong=tuple(remark("verification.wrong", quantity=name) for name in quantities))


def piece(oracle: str, quantity: str, status: Status = "pass") -> Evidence:
    """What an oracle says: 0.25 is 0.25, or 0.5, or nothing."""
    if status == "abstain":
        return Evidence(oracle, quantity, status, "sampled", remark=remark("oracles.no-torch"))
    error = 0.25 if status == "fail" else 0.0
    return Evidence(
        oracle, quantity, status, "sampled", error, 2.0**-40, error * 2.0**40, 2.0**-39, (0, 0, 1, 2), 0.25, 0.25 + error, 2048
    )


def digits() -> r.DigitsRun:
    """A network of two layers."""
    whole = replace(
        verdict(NETWORK, piece("masked_dense", "J"), piece("masked_dense", "w1"), piece("autograd", "w1")),
        shapes={"x": (32, 1, 8, 8), "y": (32, 1, 8, 8)},
    )
    layers = verdict("Conv2d(kernel_size=3)"), verdict("Tanh()")
    return r.DigitsRun(network=NETWORK, source="the digits", samples=32, whole=whole, layers=layers)


def training() -> r.Training:
    """Two epochs of three batches; at step 2 a sign was too close to call, and four steps were compared."""
    actual, error = 0.125, 2.0**-55
    worst = r.Entry(
        step=4, parameter="w1", index=(0, 1), actual=actual, expected=actual + error, error=error, bound=2.0**-50, ratio=2.0**-5
    )
    curve = tuple((step, 1.0 / step) for step in range(1, 7))
    return r.Training(
        network=NETWORK, source="the digits", train=80, test=20, batch=32, learning_rate=0.5, weight_decay=1e-4, seed=SEED, steps=6,
        wanted=4, left_out=(2,), vacuous=(), failure=None, worst=worst, ratios=(0.01, 0.02, 2.0**-5, 0.015), loss=curve,
        distance=curve, accuracy=0.95, accuracy_torch=0.9, expected_accuracy=0.9,
    )  # fmt: skip


def matrix() -> r.Matrix:
    """A 3 × 3 kernel on a 5 × 5 input, from the index relation."""
    taps = product(range(3), repeat=4)
    entries = tuple((3 * p + q, 3 * a + b, 5 * (p + a) + q + b) for p, q, a, b in taps)
    return r.Matrix(x_shape=(5, 5), kernel=(3, 3), y_shape=(3, 3), entries=entries)


def doubled() -> r.Wrong:
    """A wrong layer that was caught."""
    return r.Wrong(id="conv-doubled", operator="Conv2d", claim="dw is twice", source="", caught=True, cases=1, by="masked_dense w")


def right(name: str) -> r.Right:
    """A right layer that was left alone."""
    return r.Right(id=name, operator="Conv2d", claim="in another way", cases=3, failure=None)


def en(text: str) -> dict[str, str]:
    """A text that is told in English alone."""
    return {"en": text}


REMARK = Remark("run.ended", {"how": "SIGTERM"})
