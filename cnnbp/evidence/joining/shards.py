"""Shards of one run: different records, put in the order in which a whole run has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ..follows.records import bounded
from ..records import Controls, Derivation, Document, Layer, Proofs
from .layers import joined
from .origin import origin

T = TypeVar("T")
ONCE = ("matrix", "ladder", "digits", "training", "peers", "trouble")  # what one task makes, and one shard has


def shards(found: Sequence[Document]) -> Document:
    """In the order of their numbers."""
    first, whole = found[0], found[0].whole
    if len(found) == 1:
        return first
    controls = Controls(
        wrong=_in_order((each for d in found for each in d.controls.wrong), lambda each: each.id, whole.wrong),
        right=_in_order((each for d in found for each in d.controls.right), lambda each: each.id, whole.right),
    )
    return first.model_copy(
        update={
            **{name: next((value for each in found if (value := getattr(each, name)) is not None), None) for name in ONCE},
            "provenance": origin([each.provenance for each in found]), "derivations": _derivations(found),
            "layers": _layers(found), "controls": controls, "proofs": _proofs(found),
            "raised": tuple(dict.fromkeys(each for document in found for each in document.raised)),
        }
    )  # fmt: skip


def _in_order(found: Iterable[T], name: Callable[[T], str], wanted: Iterable[str]) -> tuple[T, ...]:
    """Those that are not wanted come last."""
    place = {each: number for number, each in enumerate(wanted)}
    return tuple(sorted(found, key=lambda each: place.get(name(each), len(place))))


def _derivations(found: Sequence[Document]) -> tuple[Derivation, ...]:
    books: dict[str, list[Derivation]] = {}
    for each in (book for document in found for book in document.derivations):
        books.setdefault(each.id, []).append(each)
    wanted = found[0].whole.statements
    merged = (
        those[0].model_copy(
            update={"statements": _in_order((s for book in those for s in book.statements), lambda s: s.id, wanted.get(name, ()))}
        )
        for name, those in books.items()
    )
    return _in_order(merged, lambda book: book.id, wanted)


def _layers(found: Sequence[Document]) -> tuple[Layer, ...]:
    parts: dict[str, list[Layer]] = {}
    for each in (layer for document in found for layer in document.layers):
        parts.setdefault(each.operator, []).append(each)
    return _in_order(map(joined, parts.values()), lambda layer: layer.operator, found[0].whole.layers)


def _proofs(found: Sequence[Document]) -> Proofs:
    proofs, whole = [each.proofs for each in found], found[0].whole
    grids = sorted((each for p in proofs for each in p.grids), key=lambda each: each.start)
    return Proofs(
        layers=_in_order((each for p in proofs for each in p.layers), lambda each: each.id, whole.proofs),
        networks=_in_order((each for p in proofs for each in p.networks), lambda each: each.id, whole.networks),
        grids=_in_order(grids, lambda each: each.operator, whole.grids),
        sights=_in_order((each for p in proofs for each in p.sights), lambda each: each.defect, whole.defects),
        sizes=next((p.sizes for p in proofs if p.sizes is not None), None),
        twins=_in_order((each for p in proofs for each in p.twins), lambda each: each.id, whole.twins),
        rounding=_in_order((each for p in proofs for each in p.rounding), bounded, whole.rounding),
        theorems=next((p.theorems for p in proofs if p.theorems is not None), None),
    )  # fmt: skip
