"""What other gradient checkers see of the catalogue: the record of the last `make bench-peers`, beside the sources of a run.

The record lies in this room, since its hash is of rooms in which it is not.
"""

from __future__ import annotations

from pathlib import Path

from ..evidence import file
from ..evidence.records import Measured, Peers
from .provenance import sources_sha256

PATH = Path(__file__).with_name("peers.json")
MADE_OF = (
    "adapters/", "attributes.py", "cases/", "diagnosis/", "evidence/gathering.py", "evidence/kinds.py", "evidence/verdict.py",
    "faults/", "judge.py", "layers/", "operators/", "oracles/", "precision.py", "rounding.py", "verification/",
)  # fmt: skip
"""The layers, the catalogue, and what the verdict of `verify` is made of: not the words and files in which it is told."""


def asked() -> str:
    """The hash of what the checkers are asked about, as it is installed."""
    return sources_sha256(*MADE_OF)


def read(path: Path = PATH) -> Measured:
    """The record in the package."""
    return Measured.model_validate_json(path.read_text(encoding="utf-8"))


def write(found: Measured, path: Path = PATH) -> None:
    """As JSON, all of it or nothing. Raises OSError."""
    file.write_text(path, found.model_dump_json(indent=1) + "\n")


def peers() -> Peers:
    """The record in a run, which knows whether it is of the same sources."""
    return Peers(**dict(read()), installed=asked())
