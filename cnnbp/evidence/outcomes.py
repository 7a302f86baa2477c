"""Everything that a run judged, one after the other, with what came of it: what page, badge and test reports for machines count.

None of it is better than what follows for its subject: where the harness is void, or a layer gives wrong values, nothing follows
of what was judged by them. What a whole run has and this one has not is there, and missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from .records import Document, Layer, Statement
from .status import (
    Standing,
    bounded,
    examine,
    of_control,
    of_grid,
    of_ladder,
    of_layer,
    of_proof,
    of_size_claim,
    of_statement,
    of_training,
    of_verdict,
    settled,
    void,
)
from .verdict import Remark

T = TypeVar("T")
Came = Literal["pass", "fail", "open", "none"]
"""It holds; it is wrong; nothing follows; there was nothing to test."""
What = Literal["run", "subject", "statement", "layer", "part", "proof", "network", "grid", "size", "bound", "control", "defect"]

CAME: Mapping[str, Came] = {
    "holds": "pass", "misprinted, meaning clear": "pass", "holds under a named condition": "pass", "half of it judged": "pass",
    "incomplete, completed here": "pass", "refuted as printed, holds as corrected": "pass", "pass": "pass", "proved": "pass",
    "caught": "pass", "spared": "pass", "definition": "none", "not mathematical": "none",
    "refuted": "fail", "fail": "fail", "wrong": "fail", "void": "fail", "missed": "fail", "wrongly failed": "fail",
}  # fmt: skip
"""What a word of the evidence comes to; any other leaves it open."""
MISSING, UNFOUNDED = "missing", "nothing follows"


@dataclass(frozen=True)
class Outcome:
    """`word` is that of the evidence; `why` says why it is no better, as far as that is told."""

    what: What
    of: str
    """The subject that it belongs to: the id of a derivation, "reference" or "controls"."""
    id: str
    word: str
    why: tuple[Remark, ...] = ()
    record: Statement | Layer | None = None

    @property
    def came(self) -> Came:
        """In one of four ways."""
        return CAME.get(self.word, "open")


def outcomes(document: Document, standing: Standing | None = None) -> list[Outcome]:
    """The run, its subjects, and what belongs to each; `standing` where it is known already."""
    standing = standing or examine(document)
    found = [Outcome("run", "run", "run", standing.status, (*_trouble(document), *standing.contradictions))]
    found += [Outcome("subject", s.id, s.id, s.status, s.objections) for s in standing.subjects]
    unfounded = void(document)
    judged = [*_statements(document), *_code(document)]
    if unfounded:
        judged = [_without(each) for each in judged]
    elif not settled(document):
        judged = [_without(each) if each.what == "statement" else each for each in judged]
    return [*found, *judged, *_harness(document)]


def _trouble(document: Document) -> list[Remark]:
    return [document.trouble] if document.trouble is not None else []


def _without(found: Outcome) -> Outcome:
    return found if found.came == "none" else Outcome(found.what, found.of, found.id, UNFOUNDED, found.why, found.record)


def _each(wanted: Iterable[str], there: Iterable[T], name: Callable[[T], str]) -> Iterator[tuple[str, T | None]]:
    """In the order in which a whole run has them, and what it has not last."""
    found: dict[str, T] = {name(each): each for each in there}
    yield from ((id, found.get(id)) for id in dict.fromkeys((*wanted, *found)))


def _statements(document: Document) -> Iterator[Outcome]:
    books = {book.id: book.statements for book in document.derivations}
    for of in dict.fromkeys((*document.whole.statements, *books)):
        for id, found in _each(document.whole.statements.get(of, ()), books.get(of, ()), lambda each: each.id):
            yield Outcome("statement", of, id, of_statement(found) if found else MISSING, (), found)


def _code(document: Document) -> Iterator[Outcome]:
    whole, proofs, of = document.whole, document.proofs, "reference"
    for id, layer in _each(whole.layers, document.layers, lambda each: each.operator):
        short = layer is not None and layer.cases < document.provenance.examples
        why = layer.failure.verdict.wrong if layer and layer.failure else ()
        word = MISSING if layer is None else of_layer(layer)
        yield Outcome("layer", of, id, "inconclusive" if short and word == "pass" else word, why, layer)
    yield from _parts(document, of)
    for id, proof in _each(whole.proofs, proofs.layers, lambda each: each.id):
        yield Outcome("proof", of, id, of_proof(proof) if proof else MISSING)
    for id, network in _each(whole.networks, proofs.networks, lambda each: each.id):
        yield Outcome("network", of, id, of_proof(network) if network else MISSING)
    for id in dict.fromkeys((*whole.grids, *(each.operator for each in proofs.grids))):
        slices = [each for each in proofs.grids if each.operator == id]
        all_ = sum(each.shapes for each in slices) == whole.grids.get(id, 0)
        yield Outcome("grid", of, id, MISSING if not slices else of_grid(slices) if all_ else "abstains")
    for id, claim in _each(whole.sizes, proofs.sizes.claims if proofs.sizes else (), lambda each: each.id):
        yield Outcome("size", of, id, MISSING if claim is None else "proved" if of_size_claim(claim) else "abstains")
    for id, bound in _each(whole.rounding, proofs.rounding, bounded):
        yield Outcome("bound", of, id, MISSING if bound is None else "holds" if bound.holds else "abstains")


def _parts(document: Document, of: str) -> Iterator[Outcome]:
    """The ladder, the digits and the training; one in which the reference code raised fails."""
    ladder, digits, training = document.ladder, document.digits, document.training
    verdicts = [of_verdict(each) for each in (digits.whole, *digits.layers)] if digits else []
    words = {
        "ladder": of_ladder(ladder) if ladder else None,
        "digits": next((word for word in verdicts if word != "pass"), "pass") if digits else None,
        "training": of_training(training) if training else None,
    }
    raised = {each.name: (each.said,) for each in document.raised if each.kind == each.name}
    for id, word in words.items():
        if word or id in document.whole.parts:
            yield Outcome("part", of, id, word or ("fail" if id in raised else MISSING), raised.get(id, ()))


def _harness(document: Document) -> Iterator[Outcome]:
    whole, of = document.whole, "controls"
    for id, wrong in _each(whole.wrong, document.controls.wrong, lambda each: each.id):
        yield Outcome("control", of, id, MISSING if wrong is None else "caught" if of_control(wrong) else "missed")
    for id, right in _each(whole.right, document.controls.right, lambda each: each.id):
        yield Outcome("control", of, id, MISSING if right is None else "spared" if of_control(right) else "wrongly failed")
    for id, sight in _each(whole.defects, document.proofs.sights, lambda each: each.defect):
        yield Outcome("defect", of, id, MISSING if sight is None else "caught" if sight.caught else "missed")
    for id, twin in _each(whole.twins, document.proofs.twins, lambda each: each.id):
        yield Outcome("defect", of, id, MISSING if twin is None else "caught")
