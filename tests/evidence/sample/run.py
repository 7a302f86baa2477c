"""The document of the whole run."""

from __future__ import annotations

from collections.abc import Sequence

from cnnbp.evidence import records as r
from cnnbp.evidence import remark
from cnnbp.evidence.kinds import ALWAYS, BATCH, FORM

from .derivation import post
from .judged import KNOWN, digits
from .layer import conv2d, tanh
from .parts import doubled, ladder, matrix, provenance, right, training
from .peers import peers
from .proved import proofs, theorems


def document() -> r.Document:
    """A complete run that holds."""
    derivation, layers = post(), (conv2d(), tanh())
    controls = r.Controls(wrong=(doubled(),), right=(right("conv-einsum"), right("conv-fft")))
    return r.Document(
        format=r.FORMAT, status="holds", trouble=None, provenance=provenance(), derivations=(derivation,), layers=layers,
        whole=whole((derivation,), layers, controls), controls=controls, proofs=proofs(), matrix=matrix(), ladder=ladder(),
        digits=digits(), training=training(), peers=peers(), raised=(), not_covered=(remark("run.not-covered.exact-points"),),
    )  # fmt: skip


def whole(derivations: Sequence[r.Derivation], layers: Sequence[r.Layer], controls: r.Controls) -> r.Whole:
    """As if a whole run were made of just these, and had all parts."""
    return r.Whole(
        statements=wanted(derivations), layers={layer.operator: KNOWN.get(layer.operator, KNOWN["Conv2d"]) for layer in layers},
        wrong={control.id: control.operator for control in controls.wrong}, tries=20,
        right={control.id: control.operator for control in controls.right}, points=20, trials=3,
        proofs={"Conv2d": "Conv2d", "Tanh": "Tanh"}, networks=("conv-conv",), grids={"Conv2d": 6}, rounding=("Tanh dx",),
        defects=("one-entry", "padding"), sizes=("outputs.floor",), twins=("last-output-lost",),
        theorems=named(derivations),
        contract=r.Contract(always=ALWAYS, batch=BATCH, form=FORM), directions=1, steps=4, rungs=10,
        parts=("matrix", "ladder", "digits", "training"), peers=tuple(each.name for each in peers().checkers),
    )  # fmt: skip


def named(derivations: Sequence[r.Derivation]) -> dict[str, tuple[str, ...]]:
    """The theorems of the sample, each with those of their statements that name it."""
    of = [(f"{book.id}/{s.id}", s.theorems) for book in derivations for s in book.statements]
    return {each.name: tuple(name for name, those in of if each.name in those) for each in theorems().theorems}


def wanted(derivations: Sequence[r.Derivation]) -> dict[str, dict[str, dict[str, r.Role]]]:
    """Their statements with their readings."""
    return {book.id: {s.id: {reading.id: reading.role for reading in s.readings} for s in book.statements} for book in derivations}
