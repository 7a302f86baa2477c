"""What follows from the records of a run: the only place where anything is said to hold, to be refuted, wrong or void.

Three subjects, each judged by its own records: the derivations by their statements, the reference code by its layers, digits
and training, the harness by its controls. From one to the next only two things follow. Where a control failed, this run
cannot tell wrong from right, and nothing follows about the others. Where the forward of a layer is wrong, so may be what a
derivation was held against, and nothing follows about it; a wrong gradient of a layer leaves the derivations alone.

The status of the run is the worst of theirs: void, wrong, refuted, incomplete, holds. What was found wrong stays so, however
early the run ended. What contradicts itself shows nothing, and counts as incomplete.

What is objected to a subject stands in `follows/`, a file each, and what follows for one record in `follows/records.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from ..text import can_be_said
from . import contradictions as against
from .follows.code import code
from .follows.derivation import derivation, wrong_forward
from .follows.harness import harness
from .follows.objections import WORST as WORST
from .follows.objections import Objection, part, worst
from .follows.records import bounded as bounded
from .follows.records import follows
from .follows.records import of_control as of_control
from .follows.records import of_grid as of_grid
from .follows.records import of_ladder as of_ladder
from .follows.records import of_layer as of_layer
from .follows.records import of_proof as of_proof
from .follows.records import of_reading as of_reading
from .follows.records import of_size_claim as of_size_claim
from .follows.records import of_statement as of_statement
from .follows.records import of_training as of_training
from .follows.records import of_verdict as of_verdict
from .follows.records import outcome as outcome
from .records import Document, RunStatus, Whole
from .remarks import remarks
from .verdict import Remark, remark

SubjectKind = Literal["derivation", "code", "harness"]


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
    cannot show that something was left out of it and of what it says a whole run has; nor that it says something for which these
    sources have no words, as newer ones may have.
    """
    found, subjects = list(_contradictions(document)), _subjects(document)
    differs = [name for name, has in installed or () if getattr(document.whole, name) != has]
    if differs:
        found.append(remark("status.not-as-installed", names=differs))
    unsaid = sorted({told.code for told in remarks(document) if not can_be_said(told)}) if installed else []
    if unsaid:
        found.append(remark("status.unsaid", codes=unsaid))
    following = worst(subject.status for subject in subjects)
    missing = any("missing" in why.code for subject in subjects for why in subject.objections)
    if document.trouble is not None and not missing:
        found.append(remark("status.trouble"))
    if document.status != following:
        found.append(remark("status.says-of-itself", says=document.status, follows=following))
    if found:  # no subject holds while this is so
        why = remark("status.contradictions", count=len(found))
        subjects = tuple(replace(s, status=worst((s.status, "incomplete")), objections=(*s.objections, why)) for s in subjects)
    return Standing(worst((document.status, *(subject.status for subject in subjects))), subjects, tuple(found))


def concluded(document: Document) -> Document:
    """The document with the status that follows from its records."""
    return document.model_copy(update={"status": worst(subject.status for subject in _subjects(document))})


def settled(document: Document) -> bool:
    """Whether anything follows for a derivation: the harness stood, and no layer gives wrong values."""
    return not wrong_forward(document) and not void(document)


def void(document: Document) -> bool:
    """Whether a control failed: then nothing follows about anything else."""
    return _harness(document).status == "void"


def _subjects(document: Document) -> tuple[Subject, ...]:
    """In their order: derivations, code, harness."""
    controls, there, whole = _harness(document), [d.id for d in document.derivations], document.whole
    less = list(part(document))
    failed = controls.status == "void"
    names = dict.fromkeys((*whole.statements, *there))
    subjects = [_subject("derivation", name, [*less, *derivation(name, document, failed)]) for name in names]
    if document.layers or document.digits or document.training or whole.layers or whole.parts:
        subjects.append(_subject("code", "reference", [*less, *code(document, failed)]))
    return *subjects, controls


def _harness(document: Document) -> Subject:
    return _subject("harness", "controls", [*part(document), *harness(document)])


def _subject(kind: SubjectKind, name: str, found: Iterable[Objection]) -> Subject:
    """Worst first."""
    raised = sorted(found, key=lambda objection: WORST.index(objection[0]))
    return Subject(kind, name, worst(status for status, _ in raised), tuple(why for _, why in raised))


def _contradictions(document: Document) -> Iterator[Remark]:
    """All of them, each with the record in which it stands."""
    ladder, digits, training = document.ladder, document.digits, document.training
    records: list[tuple[str, Iterable[Remark]]]
    records = [(s.id, against.statement(s, follows(s))) for d in document.derivations for s in d.statements]
    records += [(layer.operator, against.layer(layer)) for layer in document.layers]
    records += [("ladder", against.ladder(ladder))] if ladder else []
    records += [("digits", against.verdict(verdict)) for verdict in ((digits.whole, *digits.layers) if digits else ())]
    records += [("training", against.training(training))] if training else []
    for record, found in (*records, ("document", against.document(document))):
        yield from (Remark(told.code, {"record": record, **told.values}) for told in found)
