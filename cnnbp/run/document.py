"""From the results of tasks to one evidence document, whether all of them are there or only the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..derivations import DERIVATION
from ..evidence import FORMAT
from .slices import merge
from .tasks import Task
from .verdict import verdict

NOT_COVERED = (
    "Only this derivation is on trial: nothing follows for other texts, nor for the framework that a reader may use.",
    "A statement is tried on small networks and images with exact numbers: what holds there holds at the points drawn.",
    "In the statements f is one of four polynomials. A formula meets f in finitely many values and slopes only, and a polynomial "
    "can have any of these; but only these four were drawn.",
    "Floating-point evidence speaks about the points drawn; only the integer cases show identity there, and no other points.",
    "At kinks and ties the derivative is a convention: entries that hang on one are counted, and named in the evidence.",
    "The shapes drawn are small (up to 3 samples and 9 channels); larger ones are covered as far as the code treats them alike.",
)


def assemble(
    done: Mapping[Task, dict[str, Any]], planned: Sequence[Task], origin: Mapping[str, Any], trouble: str = ""
) -> dict[str, Any]:
    """The document. Whatever was planned and is not done makes it incomplete, and no incomplete document passes.

    `trouble` says in a sentence why nothing more will come, where that is so.
    """
    kinds: dict[str, list[dict[str, Any]]] = {}
    for task in planned:
        if task in done:
            kinds.setdefault(task.kind, []).append(done[task])
    operators = dict.fromkeys(part["operator"] for part in kinds.get("layer", []))
    document: dict[str, Any] = {
        "format": FORMAT,
        "status": "incomplete",
        "complete": len(done) == len(planned),
        "summary": "",
        "derivation": {"id": DERIVATION.id, "title": DERIVATION.title, "source": DERIVATION.source},
        "provenance": dict(origin),
        "statements": kinds.get("statement", []),
        "layers": [merge([part for part in kinds["layer"] if part["operator"] == name]) for name in operators],
        **{kind: kinds[kind][0] for kind in ("matrix", "digits", "training") if kind in kinds},
        "controls": {"wrong": kinds.get("wrong", []), "unusual": kinds.get("unusual", [])},
        "not_covered": list(NOT_COVERED),
    }
    missing = (
        ""
        if document["complete"]
        else f"{len(done)} of {len(planned)} tasks are done; what the others would have shown is not known."
    )
    document["status"], document["summary"] = verdict(document, " ".join(filter(None, (trouble, missing))))
    return document
