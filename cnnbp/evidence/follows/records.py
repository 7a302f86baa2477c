"""What follows for one record, unless it contradicts itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from .. import contradictions as against
from ..proof import GridProof, ProofStatus, RoundingBound
from ..records import Ladder, Layer, Outcome, Proved, Reading, Right, SizeClaim, Statement, Training, Wrong
from ..verdict import Verdict, VerdictStatus

Contradicted = Literal["contradicted"]
ReadingStatus = Literal["holds", "refuted", "not tested"]

ENOUGH = 0.5  # of a layer's cases, so many must pass


def of_reading(reading: Reading) -> ReadingStatus | Contradicted:
    """How a reading fared: one wrong case refutes it, nothing but vacuous ones test nothing."""
    return "contradicted" if any(against.reading(reading)) else against.fared(reading)


def outcome(readings: Sequence[Reading], misprinted: bool = False, halved: bool = False) -> Outcome:
    """What follows for a statement from how its readings fared; those "beyond" it count for nothing.

    `misprinted` says that the print has to be mended before it can be read, `halved` that a part of the claim is not judged.
    """
    fared = {role: [against.fared(r) for r in readings if r.role == role] for role in ("printed", "corrected", "supplied")}
    printed, given = fared["printed"], fared["corrected"] + fared["supplied"]
    if not printed or "not tested" in (*printed, *given):
        return "not tested"
    if "refuted" in given:
        return "refuted"
    if "refuted" not in printed:
        return "half of it judged" if halved else "misprinted, meaning clear" if misprinted else "holds"
    if "holds" in printed:
        return "holds under a named condition"
    if fared["supplied"]:
        return "incomplete, completed here"
    return "refuted as printed, holds as corrected" if given else "refuted"


def follows(statement: Statement) -> Outcome:
    """The verdict that its readings bear out, whatever it says of itself."""
    return outcome(statement.readings, bool(statement.misprints), bool(statement.unjudged["en"]))


def of_statement(statement: Statement) -> Outcome | Contradicted:
    """The verdict on a statement, if its readings bear it out."""
    return "contradicted" if any(against.statement(statement, follows(statement))) else statement.verdict


def of_verdict(verdict: Verdict) -> VerdictStatus | Contradicted:
    """The status of a verdict, if its evidence bears it out."""
    return "contradicted" if any(against.verdict(verdict)) else verdict.status


def of_layer(layer: Layer) -> VerdictStatus | Contradicted:
    """One failing case is enough to fail; at least half of the cases must come to a verdict."""
    if any(against.layer(layer)):
        return "contradicted"
    return "fail" if layer.failed else "pass" if layer.cases and layer.passed >= ENOUGH * layer.cases else "inconclusive"


def of_training(training: Training) -> VerdictStatus | Contradicted:
    """Every step that was to be compared must be within its bound, and the network must have learnt."""
    if any(against.training(training)):
        return "contradicted"
    beyond = training.failure is not None and training.ratios != ()
    if beyond or not training.accuracy >= training.expected_accuracy:
        return "fail"
    return "pass" if len(training.ratios) == training.wanted and not training.vacuous else "inconclusive"


def of_ladder(ladder: Ladder) -> VerdictStatus | Contradicted:
    """At every step the central difference and the complex step must lie within the bound of each, and there must be a step."""
    if any(against.ladder(ladder)):
        return "contradicted"
    return "fail" if ladder.beyond else "pass"


def of_proof(found: Proved) -> ProofStatus | Contradicted:
    """The status of a proof, if its claims bear it out."""
    return "contradicted" if any(against.proved(found)) else found.proof.status


def of_grid(grids: Sequence[GridProof]) -> ProofStatus:
    """Of the slices of one grid: one geometry that is refuted refutes, one that is not proved leaves it open."""
    found = [proof.status for each in grids for proof in each.failures]
    return "refuted" if "refuted" in found else "abstains" if found or not grids else "proved"


def bounded(found: RoundingBound) -> str:
    """Of which layer and quantity it bounds the rounding: "Tanh dx"."""
    return f"{found.layer.partition('(')[0]} {found.quantity}"


def of_size_claim(found: SizeClaim) -> bool:
    """Every condition has a certificate, and none is about nothing."""
    return found.conditions > 0 and not found.refused and not found.vacuous


def of_control(control: Wrong | Right) -> bool:
    """A wrong layer must have been caught, a right one must not have been failed."""
    return control.caught if isinstance(control, Wrong) else control.failure is None
