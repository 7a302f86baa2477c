"""A small evidence document of a run in which everything happened once: every verdict, every kind of record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, cast

from cnnbp.evidence import Evidence, Remark, Status, Verdict, remark
from cnnbp.evidence import records as r
from cnnbp.evidence.kinds import ALWAYS, BATCH, FORM, TALLIES, Kind
from cnnbp.evidence.proof import Claim, ClaimName, GridProof, Hypothesis, Proof, RoundingBound, Sight
from cnnbp.evidence.records import rerun

SEED, EXAMPLES = 7, 12
NETWORK = "Network([Conv2d(kernel_size=3), Tanh()])"


def document() -> r.Document:
    """A complete run that holds."""
    derivation, layers = post(), (conv2d(), tanh())
    controls = r.Controls(wrong=(doubled(),), right=(right("conv-einsum"), right("conv-fft")))
    return r.Document(
        format=r.FORMAT, status="holds", trouble=None, provenance=provenance(), derivations=(derivation,), layers=layers,
        whole=whole((derivation,), layers, controls), controls=controls, proofs=proofs(), matrix=matrix(), digits=digits(),
        training=training(), not_covered=(remark("run.points"),),
    )  # fmt: skip


def whole(derivations: Sequence[r.Derivation], layers: Sequence[r.Layer], controls: r.Controls) -> r.Whole:
    """As if a whole run were made of just these, and had all parts."""
    return r.Whole(
        statements=wanted(derivations), layers={layer.operator: KNOWN.get(layer.operator, KNOWN["Conv2d"]) for layer in layers},
        wrong={control.id: control.operator for control in controls.wrong}, tries=20,
        right={control.id: control.operator for control in controls.right}, trials=3,
        proofs={"Conv2d": "Conv2d", "Tanh": "Tanh"}, networks=("conv-conv",), grids={"Conv2d": 6}, rounding=("Tanh dx",),
        defects=("one-entry", "padding"), sizes=("outputs.floor",), twins=("last-output-lost",),
        contract=r.Contract(always=ALWAYS, batch=BATCH, form=FORM), directions=1, steps=4, parts=("matrix", "digits", "training"),
    )  # fmt: skip


def wanted(derivations: Sequence[r.Derivation]) -> dict[str, dict[str, dict[str, r.Role]]]:
    """Their statements with their readings."""
    return {book.id: {s.id: {reading.id: reading.role for reading in s.readings} for s in book.statements} for book in derivations}


def proofs() -> r.Proofs:
    """Two layers, a network, a grid in two slices, two planted defects, all sizes, and a theorem."""
    bound = RoundingBound("Tanh()", "dx", (-350.0, 350.0), 15.0, 116, 2.0, {"tanh": 1.4}, 5.0, 2000)
    return r.Proofs(
        layers=(
            r.Proved(id="Conv2d", of="Conv2d", proof=proof("Conv2d()")),
            r.Proved(id="Tanh", of="Tanh", proof=proof_in_orders()),
        ),
        networks=(r.Proved(id="conv-conv", of="Network", proof=network_proof()),), rounding=(bound,),
        grids=tuple(GridProof("Conv2d", start, 2, 3, 40, "2e" * 32, 3 * 2.0**-81) for start in (0, 1)),
        sights=(Sight("one-entry", True, True, None, None), Sight("padding", False, False, ((1, 2, 1, 5), (2, 2, 2, 3)), None)),
        sizes=sizes(), twins=(twin(),), theorems=theorems(),
    )  # fmt: skip


def theorems() -> r.Theorems:
    """One, without axioms."""
    told = r.Theorem(
        name="gradient_by_input", file="Convolution", meaning="dx is the gradient.", statement="forall x, x = x", axioms=()
    )
    return r.Theorems(status="checked for this source", version="8.16.1", theorems=(told,), reasons=())


def sizes() -> r.Sizes:
    """One claim about all sizes, with a kernel of one line."""
    text = "pass\n"
    claim = r.SizeClaim(
        id="outputs.floor", hypotheses=("size ≥ 1",), paths=2, conditions=5, refused=(), vacuous=(), instances=({"size": 3},)
    )
    return r.Sizes(claims=(claim,), source="3d" * 32, kernel=hashlib.sha256(text.encode()).hexdigest(), kernel_text=text)


def twin() -> r.Twin:
    """The last output lost."""
    return r.Twin(
        id="last-output-lost", claim="outputs.floor", old="outputs + 1", new="outputs", goal="there-is-an-output",
        numbers={"size": 1}, short=1, conditions=5, false=2,
    )  # fmt: skip


def proof(layer: str) -> Proof:
    """For all real numbers at one shape, of 4 numbers of x and 2 of w; the floats were asked at random integers."""
    claims = claimed("gradient 6", "forward 2", "gradients 6", floats=Claim("floats", "proved", "probabilistic", 24))
    lines = Hypothesis(remark("proof.assumes.same-lines"), remark("proof.checked.probabilistic", compared=24, bits=81))
    return Proof(
        layer, "proved", "symbolic", {"x": (1, 1, 2, 2), "w": (1, 1, 1, 2)}, claims, hypotheses=(lines, TWICE), like=layer, paths=1,
        certificate="1f" * 32, products=4, error=2.0**-81,
    )  # fmt: skip


def proof_in_orders() -> Proof:
    """Of 2 numbers in 3 orders, one of which is a tie."""
    claims = claimed("gradient 4", "forward 6", "gradients 6", floats=Claim("floats", "proved", "sampled", 8))
    scope = (remark("proof.scope.orders", paths=3, ties=1),)
    return Proof("Tanh()", "proved", "symbolic", {"x": (1, 2)}, claims, scope, (sampled(8), TWICE), like="Tanh()", paths=3)


def network_proof() -> Proof:
    """With 2 parameters, in 3 orders and at 2 ties."""
    claims = claimed("loss 5", "loss-gradient 6", "update 10", floats=Claim("floats", "proved", "sampled", 8))
    ties = remark("proof.scope.update-at-ties", ties=2)
    scope = (remark("proof.scope.letters"), remark("proof.scope.orders", paths=3, ties=0), ties)
    shapes = {"x": (1, 2), "w1": (1, 2), "lambda": (), "alpha": ()}
    return Proof("Network([Dense()], HalfSquaredError())", "proved", "symbolic", shapes, claims, scope, (sampled(8),), paths=5)


def claimed(*each: str, floats: Claim) -> tuple[Claim, ...]:
    """Of unknown numbers: names, and how many entries were compared."""
    named = (text.split() for text in each)
    return (*(Claim(cast(ClaimName, name), "proved", "symbolic", int(count)) for name, count in named), floats)


TWICE = Hypothesis(remark("proof.assumes.function"), remark("proof.checked.twice"))


def sampled(compared: int) -> Hypothesis:
    """That floats run the same lines, as far as drawn numbers show it."""
    return Hypothesis(remark("proof.assumes.same-lines"), remark("proof.checked.sampled", compared=compared))


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
        statement("bracket", "holds under a named condition", reading("as-it-stands", wrong=20, senseless=20), reading("closed")),
        statement("net-input", "definition"),
        statement("purpose", "not mathematical"),
        statement("sharing", "incomplete, completed here", reading("alone", wrong=9), reading("all", "supplied")),
        statement("decay", "half of it judged", reading("first-half")),
        statement("activation", "misprinted, meaning clear"),
    )
    return r.Derivation(
        id="post", title=en("A derivation"), source=en("a post of 2016"), language="zh", question=en("Is it right?"),
        method=(en("By letters."),), sections={"backward": {"en": "Backward", "zh": "反向"}},
        facets={"size": en("Size of the maps")}, not_covered=(en("f"),), statements=statements,
    )  # fmt: skip


WRONG = ("refuted as printed, holds as corrected", "incomplete, completed here")


def statement(name: str, verdict: r.Outcome, *readings: r.Reading) -> r.Statement:
    """Named by its id, with whatever its verdict asks for: a misprint, a fault, a condition, what is left unjudged."""
    tested, mended, marked = bool(readings), verdict in WRONG, verdict in (*WRONG, "misprinted, meaning clear")
    return r.Statement(
        id=name, label="E1", section="backward", claim=en(f"{name} is so."), quoted="", printed="w-w", verdict=verdict,
        corrected=r"w-\alpha w" if mended else None, misprints=(r.Misprint(start=2, end=3, what=en("α is missing")),) * marked,
        fault=en("the step size is missing" if mended else ""), why=en("That is why."),
        condition=en("of size 1" if verdict == "holds under a named condition" else ""),
        unjudged=en("The rest is not judged." if verdict == "half of it judged" else ""),
        kind="exact at points" if tested else "", cases=20 if tested else 0, shapes=("1–1", "1–2") if tested else (),
        quantity=en("the weights" if tested else ""), readings=readings, rerun=rerun(name, SEED, 20) if tested else "",
    )  # fmt: skip


def reading(name: str, role: r.Role = "printed", wrong: int = 0, senseless: int = 0) -> r.Reading:
    """Tried on 20 instances, of which one is vacuous if any can be."""
    given: dict[str, r.Given] = {"w": ((1, 2), (0, 1)), "f": "f(z) = z^2"}
    says = None if senseless else (1, "3/2")
    counterexample = r.Counterexample(given=given, says=says, truth=(1, "1/2"), working=en("1/2 is not 3/2"))
    return r.Reading(
        id=name, name=en(name), facets={"size": en("full")}, role=role, holds=not wrong, cases=20, wrong=wrong,
        vacuous=0 if senseless else 1, senseless=senseless, worst_error=None if senseless == 20 else 1.0 if wrong else 0.0,
        nonsense=en("it has no value" if senseless else ""), letters=letters(wrong),
        counterexample=counterexample if wrong else None,
    )  # fmt: skip


def letters(wrong: int = 0) -> r.Letters:
    """Asked at two shapes."""
    return r.Letters(kind="symbolic", instances=2, shapes=("holds", "differs" if wrong else "holds"), abstains=en(""))


EVERY, GRADIENTS = ("y", "x", "w"), ("x", "w")
KNOWN = {
    "Conv2d": r.Known(
        gradients=GRADIENTS, apart=True,
        oracles={"masked_dense": EVERY, "autograd": EVERY, "contract": (), "masked_dense, exact": EVERY, "complex_step": GRADIENTS},
    ),
    "Tanh": r.Known(
        gradients=("x",), apart=True,
        oracles={"masked_dense": (), "autograd": ("y", "x"), "contract": (), "masked_dense, exact": (), "complex_step": ("x",)},
    ),
}  # fmt: skip


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
        pairs=(r.Met(one="sizes", other="special", counts=((9, 2), (1, 0))),),
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
    failure = r.Failure(
        number=4, traits=("gaussian", "C order"), options={"stride": "1", "padding": "2"},
        verdict=failing_verdict("Conv2d(padding=2)", *quantities), failures=3, quantities=dict.fromkeys(quantities, 3),
        common=(remark("run.common-option", option="padding", value="2", count=3),), rerun=rerun("Conv2d/4", SEED),
    )  # fmt: skip
    rows = dict(found.quantities)
    for name in quantities:
        said = rows[name].oracles["masked_dense"]
        wrong = said.model_copy(update={"passed": said.passed - 3, "failed": 3})
        rows[name] = rows[name].model_copy(update={"oracles": {**rows[name].oracles, "masked_dense": wrong}})
    wrong = found.oracles["masked_dense"].model_copy(update={"passed": 9, "failed": 3})
    oracles = {**found.oracles, "masked_dense": wrong}
    return found.model_copy(update={"passed": 8, "failed": 3, "failure": failure, "oracles": oracles, "quantities": rows})


def verdict(layer: str, *evidence: Evidence, known: r.Known | None = None) -> Verdict:
    """A pass at 32 samples: what every oracle says of each quantity, and every point; `evidence` instead of what is of the same."""
    known = known or KNOWN.get(layer.partition("(")[0], KNOWN["Conv2d"])
    quantities = ("y", *(name for name in known.gradients if name != "b"))
    said = {("contract", "contract", name): Evidence("contract", name, "pass", "contract") for name in (*ALWAYS, *BATCH)}
    for name, able in known.oracles.items():
        oracle, kind = TALLIES[name]
        for quantity in [q for q in quantities if q in able or (not able and kind == "sampled")]:
            found = piece(oracle, quantity, "pass" if able else "abstain")
            exact = replace(found, kind="exact at points", bound=0.0, resolution=0.0, at="integers")
            said[oracle, kind, quantity] = found if kind == "sampled" else exact
    said |= {(item.oracle, item.kind, item.quantity): item for item in evidence}
    ordered = sorted(said.values(), key=lambda item: ORDER.index((item.oracle, item.kind)))
    return Verdict(layer, "pass", tuple(ordered), (), {"x": (32, 1, 8, 8), **dict.fromkeys(quantities[2:], (32, 1, 8, 8))})


ORDER = sorted(TALLIES.values(), key=lambda which: ("sampled", "exact at points", "contract").index(which[1]))


def failing_verdict(layer: str, *quantities: str, known: r.Known | None = None) -> Verdict:
    """The same, wrong in these quantities."""
    wrong = {name: piece("masked_dense", name, "fail") for name in quantities}
    found = digits().whole if layer == NETWORK else verdict(layer, *wrong.values(), known=known)
    said = tuple(wrong.get(e.quantity, e) if (e.oracle, e.kind) == ("masked_dense", "sampled") else e for e in found.evidence)
    told = tuple(remark("verification.wrong", quantity=name) for name in quantities)
    return replace(found, status="fail", wrong=told, evidence=said)


def piece(oracle: str, quantity: str, status: Status = "pass") -> Evidence:
    """What an oracle says: 0.25 is 0.25, or 0.5, or nothing."""
    if status == "abstain":
        return Evidence(oracle, quantity, status, "sampled", remark=remark("oracles.no-torch"))
    error = 0.25 if status == "fail" else 0.0
    return Evidence(
        oracle, quantity, status, "sampled", error, 2.0**-40, error * 2.0**40, 2.0**-39, (0, 0, 1, 2), 0.25, 0.25 + error, 2048,
        scale=0.5,
    )  # fmt: skip


def digits() -> r.DigitsRun:
    """A network of two layers."""
    judged = [piece(oracle, name) for oracle in ("masked_dense", "autograd") for name in ("J", "w1")]
    along = replace(piece("finite_difference", "direction 1"), kind="estimated", index=(), judged=1)
    whole = Verdict(NETWORK, "pass", (*judged, along), (), {"x": (32, 1, 8, 8), "y": (32, 1, 8, 8)})
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
