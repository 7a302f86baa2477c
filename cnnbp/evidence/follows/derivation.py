"""What is objected to a derivation: its statements, and whatever leaves nothing to follow for them."""

from __future__ import annotations

from collections.abc import Iterator

from ..records import Document
from ..verdict import remark
from .objections import Objection, lacking, theorems
from .records import of_statement


def wrong_forward(document: Document) -> tuple[str, ...]:
    """The layers that give wrong values, not only wrong gradients."""
    found = [layer.operator for layer in document.layers if layer.failure is not None and "y" in layer.failure.quantities]
    for verdict in document.digits.layers if document.digits else ():
        if any(item.quantity == "y" and item.status == "fail" for item in verdict.evidence):
            found.append(verdict.layer.partition("(")[0])
    return tuple(dict.fromkeys(found))


def derivation(name: str, document: Document, void: bool) -> Iterator[Objection]:
    """Refuted where a statement is; incomplete where one is missing, not tested or contradicts itself. void: the harness is."""
    statements = [s for book in document.derivations if book.id == name for s in book.statements]
    wrong, whole = wrong_forward(document), document.whole
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
    yield from lacking("statement", whole.statements.get(name, ()), (s.id for s in statements))
    named = [theorem for theorem, of in whole.theorems.items() if any(each.startswith(f"{name}/") for each in of)]
    yield from lacking("theorem", named, theorems(document))
