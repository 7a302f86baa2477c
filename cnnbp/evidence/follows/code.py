"""What is objected to the reference code: its layers and their ladder, digits and training, and what is proved of it."""

from __future__ import annotations

from collections.abc import Iterator

from ..records import Document
from ..verdict import remark
from .objections import Objection, lacking, theorems
from .records import bounded, of_grid, of_ladder, of_layer, of_proof, of_size_claim, of_training, of_verdict

PROVED = {"proved": "pass", "refuted": "fail", "abstains": "inconclusive"}


def code(document: Document, void: bool) -> Iterator[Objection]:
    """Wrong where a part is; incomplete where one is missing or came to no verdict. void: the harness is."""
    if void:
        yield "incomplete", remark("status.void-harness")
    for name, status in dict.fromkeys((*_tried(document), *_proved(document))):
        if status == "contradicted":
            yield "incomplete", remark("status.contradicted", record=name)
        elif status == "fail" and not void:
            yield "wrong", remark("status.wrong", part=name)
        elif status == "inconclusive":
            yield "incomplete", remark("status.inconclusive", part=name)
    yield from (("wrong", each.said) for each in document.raised if not void)
    yield from _missing(document)
    yield from _fewer(document)


def _tried(document: Document) -> Iterator[tuple[str, str]]:
    """Each layer, the ladder, the digits and the training, and how it fared."""
    ladder, digits, training = document.ladder, document.digits, document.training
    yield from ((layer.operator, of_layer(layer)) for layer in document.layers)
    yield from [("ladder", of_ladder(ladder))] if ladder else ()
    yield from (("digits", of_verdict(verdict)) for verdict in ((digits.whole, *digits.layers) if digits else ()))
    yield from [("training", of_training(training))] if training else ()


def _proved(document: Document) -> Iterator[tuple[str, str]]:
    """Each proof, each claim about all sizes, each bound and each grid."""
    found, layers = document.proofs, document.whole.layers
    for each in (*found.layers, *found.networks):
        yield each.of if each.of in layers else each.id, PROVED.get(of_proof(each), "contradicted")
    yield from (
        (claim.id, "pass" if of_size_claim(claim) else "inconclusive") for claim in (found.sizes.claims if found.sizes else ())
    )
    yield from ((bounded(each), "pass" if each.holds else "inconclusive") for each in found.rounding)
    for operator in dict.fromkeys(each.operator for each in found.grids):
        yield operator, PROVED[of_grid([each for each in found.grids if each.operator == operator])]


def _missing(document: Document) -> Iterator[Objection]:
    """What a whole run has, by its name."""
    whole, found = document.whole, document.proofs
    yield from lacking("layer", whole.layers, (layer.operator for layer in document.layers))
    yield from lacking("proof", whole.proofs, (each.id for each in found.layers))
    yield from lacking("network", whole.networks, (each.id for each in found.networks))
    yield from lacking("grid", whole.grids, (each.operator for each in found.grids))
    yield from lacking("bound", whole.rounding, map(bounded, found.rounding))
    yield from lacking("size", whole.sizes, (claim.id for claim in (found.sizes.claims if found.sizes else ())))
    yield from lacking("theorem", whole.theorems, theorems(document))
    ended = {each.name for each in document.raised if each.kind == each.name}  # nothing is missing of what came to no end
    yield from lacking("part", whole.parts, (name for name in whole.parts if name in ended or getattr(document, name) is not None))


def _fewer(document: Document) -> Iterator[Objection]:
    """What is there, and not all of it: geometries of a grid, cases of a layer."""
    for operator in dict.fromkeys(each.operator for each in document.proofs.grids):
        there = sum(each.shapes for each in document.proofs.grids if each.operator == operator)
        wanted = document.whole.grids.get(operator, 0)
        if there < wanted:
            yield "incomplete", remark("status.grid-missing", layer=operator, shapes=there, wanted=wanted)
    for layer in document.layers:
        wanted = document.provenance.examples
        if layer.cases < wanted:
            yield "incomplete", remark("status.cases-missing", layer=layer.operator, cases=layer.cases, wanted=wanted)
