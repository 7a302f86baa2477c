"""Runs from different seeds, each whole: cases are added up, and of what cannot be added the worst is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ..follows.records import bounded, of_ladder, of_proof, of_training, of_verdict
from ..proof import GridProof
from ..records import Controls, Derivation, DigitsRun, Document, Proofs, Proved, Right, Wrong
from .layers import joined
from .statements import statement
from .together import together

ADDED = ("points", "trials")  # what a whole run has more of, the more runs there are

T = TypeVar("T")
WORST = ("contradicted", "refuted", "fail", "abstains", "inconclusive", "proved", "pass")


def several(found: Sequence[Document]) -> Document:
    """In the order of their seeds."""
    first, raised = found[0], tuple(dict.fromkeys(each for document in found for each in document.raised))
    parts: dict[str, Callable[[Any], str]] = {
        "matrix": lambda _: "pass",
        "ladder": of_ladder,
        "digits": _of_digits,
        "training": of_training,
    }
    controls = Controls(
        wrong=tuple(map(_wrong, together([each.controls.wrong for each in found], lambda each: each.id))),
        right=tuple(map(_right, together([each.controls.right for each in found], lambda each: each.id))),
    )
    return first.model_copy(
        update={
            "whole": first.whole.model_copy(update={name: sum(getattr(each.whole, name) for each in found) for name in ADDED}),
            "derivations": tuple(map(_derivation, together([each.derivations for each in found], lambda each: each.id))),
            "layers": tuple(map(joined, together([each.layers for each in found], lambda each: each.operator))),
            "controls": controls, "proofs": _proofs([each.proofs for each in found]),
            "raised": raised, **{name: _part(found, name, status) for name, status in parts.items()},
        }
    )  # fmt: skip


def _derivation(those: Sequence[Derivation]) -> Derivation:
    statements = together([each.statements for each in those], lambda each: each.id)
    return those[0].model_copy(update={"statements": tuple(map(statement, statements))})


def _part(found: Sequence[Document], name: str, status: Callable[[Any], str]) -> Any:
    """The worst; none where one of them came to no end, which is worse than any."""
    if any(each.kind == name for document in found for each in document.raised):
        return None
    return _worst([part for document in found if (part := getattr(document, name))], status)


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
    return found[0].model_copy(
        update={
            "layers": tuple(map(worst_proof, together([p.layers for p in found], lambda each: each.id))),
            "networks": tuple(map(worst_proof, together([p.networks for p in found], lambda each: each.id))),
            "grids": tuple(map(worst_grid, together([p.grids for p in found], _slice))),
            "sights": tuple(
                min(those, key=lambda each: each.caught) for those in together([p.sights for p in found], lambda each: each.defect)
            ),
            "rounding": tuple(min(those, key=lambda each: each.holds) for those in together([p.rounding for p in found], bounded)),
        }
    )  # fmt: skip


def worst_proof(found: Sequence[Proved]) -> Proved:
    """That of one layer, or network, which is kept."""
    return min(found, key=lambda each: WORST.index(of_proof(each)))


def worst_grid(found: Sequence[GridProof]) -> GridProof:
    """That of one slice which is kept."""
    return min(found, key=lambda each: WORST.index(_of_grid(each)))


def _slice(found: GridProof) -> tuple[str, int]:
    return found.operator, found.start


def _of_grid(found: GridProof) -> str:
    return min((proof.status for proof in found.failures), key=WORST.index, default="proved")
