"""What follows from the records of a run: the only place where anything is said to hold, to be refuted, wrong or void.

Three subjects, each judged by its own records: the derivations by their statements, the reference code by its layers, digits
and training, the harness by its controls. From one to the next only two things follow. Where a control failed, this run
cannot tell wrong from right, and nothing follows about the others. Where the forward of a layer is wrong, so may be what a
derivation was held against, and nothing follows about it; a wrong gradient of a layer leaves the derivations alone.

The status of the run is the worst of theirs: void, wrong, refuted, incomplete, holds. What was found wrong stays so, however
early the run ended. What contradicts itself shows nothing, and counts as incomplete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from . import contradictions as against
from .proof import GridProof, ProofStatus, RoundingBound
from .records import Document, Layer, Outcome, Proved, Reading, Right, RunStatus, SizeClaim, Statement, Training, Whole, Wrong
from .verdict import Remark, Verdict, VerdictStatus, remark

SubjectKind = Literal["derivation", "code", "harness"]
Contradicted = Literal["contradicted"]
ReadingStatus = Literal["holds", "refuted", "not tested"]
Objection = tuple[RunStatus, Remark]

WORST: tuple[RunStatus, ...] = ("void", "wrong", "refuted", "incomplete", "holds")
ENOUGH = 0.5  # of a layer's cases, so many must pass
MOST = 8  # names in one objection
PROVED = {"proved": "pass", "refuted": "fail", "abstains": "inconclusive"}


@dataclass(frozen=True)
class Subject:
    """One of the things that a run is about, what follows for it, and why it is no better than that."""

    kind: SubjectKind
    id: str
    status: RunStatus
    objections: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Standing:
    """What follows from a document. `contradictions` are places where records do not fit each other, or what it says of itself."""

    status: RunStatus
    subjects: tuple[Subject, ...]
    contradictions: tuple[Remark, ...] = ()

    def of(self, kind: SubjectKind) -> tuple[Subject, ...]:
        """The subjects of a kind."""
        return tuple(subject for subject in self.subjects if subject.kind == kind)


def examine(document: Document, installed: Whole | None = None) -> Standing:
    """What follows from the records, whatever the document says of itself.

    `installed`: what a whole run of the very sources has that the document names, where they are at hand. A document alone
    cannot show that something was left out of it and of what it says a whole run has.
    """
    found, subjects = list(_contradictions(document)), _subjects(document)
    differs = [name for name, has in installed or () if getattr(document.whole, name) != has]
    if differs:
        found.append(remark("status.not-as-installed", names=differs))
    follows = _worst(subject.status for subject in subjects)
    missing = any("missing" in why.code for subject in subjects for why in subject.objections)
    if document.trouble is not None and not missing:
        found.append(remark("status.trouble"))
    if document.status != follows:
        found.append(remark("status.says-of-itself", says=document.status, follows=follows))
    if found:  # no subject holds while this is so
        why = remark("status.contradictions", count=len(found))
        subjects = tuple(replace(s, status=_worst((s.status, "incomplete")), objections=(*s.objections, why)) for s in subjects)
    return Standing(_worst((document.status, *(subject.status for subject in subjects))), subjects, tuple(found))


def concluded(document: Document) -> Document:
    """The document with the status that follows from its records."""
    return document.model_copy(update={"status": _worst(subject.status for subject in _subjects(document))})


# One record: what follows for it, unless it contradicts itself


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


def of_statement(statement: Statement) -> Outcome | Contradicted:
    """The verdict on a statement, if its readings bear it out."""
    return "contradicted" if any(against.statement(statement, _follows(statement))) else statement.verdict


def _follows(statement: Statement) -> Outcome:
    return outcome(statement.readings, bool(statement.misprints), bool(statement.unjudged["en"]))


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


def wrong_forward(document: Document) -> tuple[str, ...]:
    """The layers that give wrong values, not only wrong gradients."""
    found = [layer.operator for layer in document.layers if layer.failure is not None and "y" in layer.failure.quantities]
    for verdict in document.digits.layers if document.digits else ():
        if any(item.quantity == "y" and item.status == "fail" for item in verdict.evidence):
            found.append(verdict.layer.partition("(")[0])
    return tuple(dict.fromkeys(found))


def settled(document: Document) -> bool:
    """Whether anything follows for a derivation: the harness stood, and no layer gives wrong values."""
    return not wrong_forward(document) and not void(document)


def void(document: Document) -> bool:
    """Whether a control failed: then nothing follows about anything else."""
    return _harness(document).status == "void"


def _contradictions(document: Document) -> Iterator[Remark]:
    """All of them, each with the record in which it stands."""
    digits, training = document.digits, document.training
    records = [(s.id, against.statement(s, _follows(s))) for d in document.derivations for s in d.statements]
    records += [(layer.operator, against.layer(layer)) for layer in document.layers]
    records += [("digits", against.verdict(verdict)) for verdict in ((digits.whole, *digits.layers) if digits else ())]
    records += [("training", against.training(training))] if training else []
    for record, found in (*records, ("document", against.document(document))):
        yield from (Remark(told.code, {"record": record, **told.values}) for told in found)


# The three subjects: what is objected to each, and the worst of it


def _subjects(document: Document) -> tuple[Subject, ...]:
    """In their order: derivations, code, harness."""
    harness = _harness(document)
    void, there, whole = harness.status == "void", [d.id for d in document.derivations], document.whole
    derivations = dict.fromkeys((*whole.statements, *there))
    subjects = [_subject("derivation", name, _of_derivation(name, document, void)) for name in derivations]
    if document.layers or document.digits or document.training or whole.layers or whole.parts:
        subjects.append(_subject("code", "reference", _of_code(document, void)))
    return *subjects, harness


def _harness(document: Document) -> Subject:
    return _subject("harness", "controls", _of_controls(document))


def _subject(kind: SubjectKind, name: str, found: Iterable[Objection]) -> Subject:
    """Worst first."""
    raised = sorted(found, key=lambda objection: WORST.index(objection[0]))
    return Subject(kind, name, _worst(status for status, _ in raised), tuple(why for _, why in raised))


def _worst(statuses: Iterable[RunStatus]) -> RunStatus:
    return min(statuses, key=WORST.index, default="holds")


def _of_controls(document: Document) -> Iterator[Objection]:
    wrong, right, whole = document.controls.wrong, document.controls.right, document.whole
    yield from (("void", remark("status.missed", control=c.id)) for c in wrong if not of_control(c))
    yield from (("void", remark("status.wrongly-failed", control=c.id)) for c in right if not of_control(c))
    sights = document.proofs.sights
    yield from (("void", remark("status.unseen", defect=sight.defect)) for sight in sights if not sight.caught)
    twins = document.proofs.twins
    yield from _lacking("twin", whole.twins, (twin.id for twin in twins))
    yield from _lacking("defect", whole.defects, (sight.defect for sight in sights))
    yield from _lacking("control", whole.wrong, (c.id for c in wrong))
    yield from _lacking("control", whole.right, (c.id for c in right))
    if not (wrong and right):
        yield "incomplete", remark("status.uncontrolled")


def _of_derivation(name: str, document: Document, void: bool) -> Iterator[Objection]:
    statements = [s for derivation in document.derivations if derivation.id == name for s in derivation.statements]
    wrong = wrong_forward(document)
    if wrong:
        yield "incomplete", remark("status.wrong-forward", layers=wrong)
    if void:
        yield "incomplete", remark("status.void-harness")
    for statement in statements:
        says = of_statement(statement)
        if says == "contradicted":
            yield "incomplete", remark("status.contradicted", record=statement.id)
        elif says == "not tested":
            yield "incomplete", remark("status.not-tested", statement=statement.id)
        elif says == "refuted" and not void and not wrong:
            yield "refuted", remark("status.refuted", statement=statement.id, label=statement.label)
    yield from _lacking("statement", document.whole.statements.get(name, ()), (s.id for s in statements))
    named = [theorem for theorem, of in document.whole.theorems.items() if any(each.startswith(f"{name}/") for each in of)]
    yield from _lacking("theorem", named, _theorems(document))


def _of_code(document: Document, void: bool) -> Iterator[Objection]:
    whole, digits, training, cases = document.whole, document.digits, document.training, document.provenance.examples
    judged: list[tuple[str, str]] = [(layer.operator, of_layer(layer)) for layer in document.layers]
    judged += [("digits", of_verdict(verdict)) for verdict in ((digits.whole, *digits.layers) if digits else ())]
    judged += [("training", of_training(training))] if training else []
    sizes = document.proofs.sizes
    judged += [(claim.id, "pass" if of_size_claim(claim) else "inconclusive") for claim in (sizes.claims if sizes else ())]
    yield from _lacking("size", whole.sizes, (claim.id for claim in (sizes.claims if sizes else ())))
    proved = (*document.proofs.layers, *document.proofs.networks)
    judged += [(each.of if each.of in whole.layers else each.id, PROVED.get(of_proof(each), "contradicted")) for each in proved]
    judged += [(bounded(each), "pass" if each.holds else "inconclusive") for each in document.proofs.rounding]
    yield from _lacking("theorem", whole.theorems, _theorems(document))
    yield from _lacking("network", whole.networks, (each.id for each in document.proofs.networks))
    yield from _lacking("bound", whole.rounding, map(bounded, document.proofs.rounding))
    for operator in dict.fromkeys(each.operator for each in document.proofs.grids):
        slices = [each for each in document.proofs.grids if each.operator == operator]
        judged.append((operator, PROVED[of_grid(slices)]))
        there, wanted = sum(each.shapes for each in slices), whole.grids.get(operator, 0)
        if there < wanted:
            yield "incomplete", remark("status.grid-missing", layer=operator, shapes=there, wanted=wanted)
    if void:
        yield "incomplete", remark("status.void-harness")
    for name, status in dict.fromkeys(judged):
        if status == "contradicted":
            yield "incomplete", remark("status.contradicted", record=name)
        elif status == "fail" and not void:
            yield "wrong", remark("status.wrong", part=name)
        elif status == "inconclusive":
            yield "incomplete", remark("status.inconclusive", part=name)
    for layer in document.layers:
        if layer.cases < cases:
            yield "incomplete", remark("status.cases-missing", layer=layer.operator, cases=layer.cases, wanted=cases)
    yield from _lacking("layer", whole.layers, (layer.operator for layer in document.layers))
    yield from _lacking("proof", whole.proofs, (each.id for each in document.proofs.layers))
    yield from _lacking("grid", whole.grids, (each.operator for each in document.proofs.grids))
    yield from _lacking("part", whole.parts, (name for name in whole.parts if getattr(document, name) is not None))


def _theorems(document: Document) -> Iterator[str]:
    yield from (each.name for each in (document.proofs.theorems.theorems if document.proofs.theorems else ()))


def _lacking(what: str, wanted: Iterable[str], there: Iterable[str]) -> Iterator[Objection]:
    """What a whole run has and this one lacks, in one objection."""
    present = set(there)
    missing = [name for name in wanted if name not in present]
    if missing:
        named = missing if len(missing) <= MOST else [*missing[:MOST], "..."]
        yield "incomplete", remark(f"status.missing-{what}", names=named, count=len(missing))
