"""What is objected to the harness: its controls, the planted defects, and the wrong sources."""

from __future__ import annotations

from collections.abc import Iterator

from ..records import Document
from ..verdict import remark
from .objections import Objection, lacking
from .records import of_control


def harness(document: Document) -> Iterator[Objection]:
    """Void where a control failed; incomplete where one was not tried."""
    wrong, right, whole = document.controls.wrong, document.controls.right, document.whole
    yield from (("void", remark("status.missed", control=c.id)) for c in wrong if not of_control(c))
    yield from (("void", remark("status.wrongly-failed", control=c.id)) for c in right if not of_control(c))
    sights = document.proofs.sights
    yield from (("void", remark("status.unseen", defect=sight.defect)) for sight in sights if not sight.caught)
    yield from lacking("twin", whole.twins, (twin.id for twin in document.proofs.twins))
    yield from lacking("defect", whole.defects, (sight.defect for sight in sights))
    yield from lacking("control", whole.wrong, (c.id for c in wrong))
    yield from lacking("control", whole.right, (c.id for c in right))
    yield from lacking("peer", whole.peers, (each.name for each in (document.peers.checkers if document.peers else ())))
    if not (wrong and right):
        yield "incomplete", remark("status.uncontrolled")
