"""Verdicts on layers and on a network: what each oracle says of each quantity, and every point of the contract."""

from __future__ import annotations

from dataclasses import replace

from cnnbp.evidence import Evidence, Status, Verdict, remark
from cnnbp.evidence import records as r
from cnnbp.evidence.kinds import ALWAYS, BATCH, TALLIES

from .names import NETWORK

EVERY, GRADIENTS = ("y", "x", "w"), ("x", "w")
KNOWN = {
    "Conv2d": r.Known(
        gradients=GRADIENTS, apart=True,
        oracles={"masked_dense": EVERY, "autograd": EVERY, "contract": (), "masked_dense, exact": EVERY, "complex_step": GRADIENTS},
        classes={"stride": ("1", "2 and more"), "padding": ("0", "2"), "sizes": ("small", "large")},
    ),
    "Tanh": r.Known(
        gradients=("x",), apart=True,
        oracles={"masked_dense": (), "autograd": ("y", "x"), "contract": (), "masked_dense, exact": (), "complex_step": ("x",)},
        classes={"sizes": ("small", "large"), "special": ("nothing", "denormals")},
    ),
}  # fmt: skip


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
