"""Documents of these very sources with a few true records, for whoever finds them again."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from cnnbp.evidence import records
from cnnbp.run import peers, proofs
from cnnbp.run.matrix import matrix
from cnnbp.run.provenance import sources_sha256
from tests.evidence import sample
from tests.evidence.changes import changed

SHORT = ("Dense", "ReLU", "Flatten")


@cache
def small() -> records.Document:
    """A document of these sources with a few true proofs."""
    document = sample.document()
    origin = document.provenance.model_copy(update={"sources_sha256": sources_sha256()})
    found = document.proofs.model_copy(
        update={
            "layers": tuple(proofs.proved(name, origin.seed) for name in SHORT), "networks": (), "grids": (),
            "sights": (proofs.sight("one-entry"),), "sizes": None, "twins": (), "rounding": (), "theorems": proofs.theorems(),
        }
    )  # fmt: skip
    rest = {"derivations": (), "matrix": matrix(), "peers": peers.peers()}
    return document.model_copy(update={"provenance": origin, "proofs": found, **rest})


def put(found: records.Document, path: str, value: Any) -> records.Document:
    """With another value in this place."""
    way = tuple(int(key) if key.isdecimal() else key for key in path.split("."))
    return records.Document.model_validate_json(json.dumps(changed(found.model_dump(mode="json"), way, value)))
