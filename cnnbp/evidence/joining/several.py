"""Runs from different seeds, each whole: cases are added up, and of what cannot be added the worst is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ..follows.records import of_proof, of_training, of_verdict
from ..proof import GridProof
from ..records import Controls, DigitsRun, Document, Proofs, Right, Wrong
from .layers import joined
from .statements import statement

T = TypeVar("T")
WORST = ("contradicted", "refuted", "fail", "abstains", "inconclusive", "proved", "pass")


def several(found: Sequence[Document]) -> Document:
    """In the order of their seeds."""
    first = found[0]
    derivations = [
        books[0].model_copy(update={"statements": tuple(map(_statements, zip(*(book.statements for book in books), strict=True)))})
        for books in zip(*(each.derivations for each in found), strict=True)
    ]
    controls = Controls(
        wrong=tuple(_wrong(those) for those in zip(*(each.controls.wrong for each in found), strict=True)),
        right=tuple(_right(those) for those in zip(*(each.controls.right for each in found), strict=True)),
    )
    return first.model_copy(
        update={
            "whole": first.whole.model_copy(update={"trials": sum(each.whole.trials for each in found)}),
            "derivations": tuple(derivations),
            "layers": tuple(joined(those) for those in zip(*(each.layers for each in found), strict=True)),
            "controls": controls, "proofs": _proofs([each.proofs for each in found]),
            "digits": _worst([each.digits for each in found if each.digits], _of_digits),
            "training": _worst([each.training for each in found if each.training], of_training),
        }
    )  # fmt: skip


def _statements(those: Any) -> Any:
    return statement(those)


def _worst(found: Sequence[T], status: Callable[[T], str]) -> T | None:
    """The first of the worst."""
    return min(found, key=lambda each: WORST.index(status(each)), default=None)


def _of_digits(found: DigitsRun) -> str:
    return min((of_verdict(verdict) for verdict in (found.whole, *found.layers)), key=WORST.index)


def _wrong(those: Sequence[Wrong]) -> Wrong:
    """Missed where it was missed once; else as late as it was caught."""
    return max(those, key=lambda each: (not each.caught, each.cases))


def _right(those: Sequence[Right]) -> Right:
    failure = next((each.failure for each in those if each.failure is not None), None)
    return those[0].model_copy(update={"cases": sum(each.cases for each in those), "failure": failure})


def _proofs(found: Sequence[Proofs]) -> Proofs:
    """Each by the worst; what no seed changes is that of the first."""
    first = found[0]
    return first.model_copy(
        update={
            "layers": tuple(_worst(those, of_proof) for those in zip(*(each.layers for each in found), strict=True)),
            "networks": tuple(_worst(those, of_proof) for those in zip(*(each.networks for each in found), strict=True)),
            "grids": tuple(_worst(those, _of_grid) for those in zip(*(each.grids for each in found), strict=True)),
            "sights": tuple(min(those, key=lambda each: each.caught) for those in zip(*(p.sights for p in found), strict=True)),
            "rounding": tuple(min(those, key=lambda each: each.holds) for those in zip(*(p.rounding for p in found), strict=True)),
        }
    )  # fmt: skip


def _of_grid(found: GridProof) -> str:
    return min((proof.status for proof in found.failures), key=WORST.index, default="proved")
