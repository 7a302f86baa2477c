"""The document of one run: who ran it, what a whole run has, and every record of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, PositiveInt, StringConstraints

from ..verdict import Remark
from .base import Count, Id, Many, Name, Record, Text
from .layers import Controls, Layer
from .parts import DigitsRun, Ladder, Matrix, Raised, Training
from .peers import Peers
from .proofs import Proofs
from .statements import Derivation, Role

MOST_CASES = 1000  # of a layer in the largest profile but the campaign; what names a later one says of how many
FORMAT: Literal["cnnbp-evidence-8"] = "cnnbp-evidence-8"
RunStatus = Literal["holds", "refuted", "wrong", "void", "incomplete"]
Part = Literal["matrix", "ladder", "digits", "training"]


class Provenance(Record):
    """Which program said this, on what machine, about which cases, and when."""

    cnnbp: Name
    commit: Text
    seed: Count
    profile: Name
    examples: PositiveInt
    jobs: PositiveInt
    python: Name
    numpy: Name
    scipy: Name
    torch: Name
    platform: Text
    processor: Text
    started: Name
    seconds: Annotated[float, Field(ge=0)]
    repository: Annotated[str, StringConstraints(pattern=r"^(https://[A-Za-z0-9._~/@:+-]+)?$", max_length=500)] = ""
    """Where the program is kept, as its package says; empty where that says nothing."""
    sources_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    shard: PositiveInt = 1
    """Which of the shards in which the tasks of the run were shared out."""
    shards: PositiveInt = 1
    merged: Many[Provenance] = ()
    """Of what several runs and shards have found, where each comes from; then the rest says what all have in common."""

    @property
    def origins(self) -> tuple[Provenance, ...]:
        """The runs and shards that are in it: itself, or those that were merged."""
        return self.merged or (self,)

    @property
    def seeds(self) -> tuple[int, ...]:
        """Those of its runs, each once."""
        return tuple(dict.fromkeys(origin.seed for origin in self.origins))

    @property
    def absent(self) -> tuple[int, ...]:
        """The shards that are not there; of several runs each has all of its own."""
        there = {origin.shard for origin in self.origins}
        return tuple(number for number in range(1, self.shards + 1) if number not in there)


class Known(Record):
    """What is known of an operator before any case of it."""

    gradients: tuple[Name, ...]
    """Those that `backward` returns, as far as their arguments are given."""
    oracles: dict[Name, tuple[Name, ...]]
    """Before whom it is put, and of which quantities each can say anything: of none where it always abstains."""
    apart: bool
    """Whether each sample of a batch is answered as if it were alone."""
    classes: dict[Name, Many[Name]]
    """Of each factor in which its cases differ, the classes that are told apart."""


class Contract(Record):
    """The points of the contract by when they are checked."""

    always: Many[Name]
    batch: Many[Name]
    """Of a batch of several samples that are answered apart."""
    form: Many[Name]
    """Without which nothing can be asked: they show only where they are broken."""


class Whole(Record):
    """What a whole run of these sources has: whatever of it is not in the document is missing, and shows as missing."""

    statements: dict[Id, dict[Id, dict[Id, Role]]]
    """By derivation, in its order; of each statement its readings, none where there is nothing to test."""
    layers: dict[Name, Known]
    wrong: dict[Id, Name]
    """Of each control the operator."""
    right: dict[Id, Name]
    proofs: dict[Name, Name]
    """Of each layer that is proved at a shape the operator."""
    grids: dict[Name, Count]
    """How many geometries the grid of an operator has."""
    defects: Many[Name]
    """The planted ones, each of which a proof must see."""
    networks: Many[Name]
    rounding: Many[Name]
    """The layers whose rounding is bounded over an interval, each with the quantity: "Tanh dx"."""
    sizes: Many[Name]
    """The claims about all sizes."""
    twins: Many[Name]
    """Wrong sources, of which a claim about all sizes must be false."""
    theorems: dict[Name, Many[Name]]
    """Of each theorem the statements that name it, each after its derivation: "post/delta-hidden"."""
    peers: Many[Name]
    """Checkers, ours among them, that were asked about the same wrong layers."""
    tries: Count
    """Cases within which a wrong layer must be caught."""
    points: Count
    """Instances on which a statement must be tested."""
    trials: Count
    """Cases in which a right layer must not be failed."""
    contract: Contract
    directions: Count
    """Along which the whole network is differentiated."""
    steps: Count
    """Of the training that are to be compared, if it has so many."""
    rungs: Count
    """Of the ladder."""
    parts: Many[Part]


class Document(Record):
    """The evidence of one run. `status` follows from the records (`status.py`), which whoever reads it works out anew."""

    format: Literal["cnnbp-evidence-8"]
    status: RunStatus
    trouble: Remark | None
    """Why the run ended early."""
    provenance: Provenance
    whole: Whole
    derivations: Many[Derivation]
    layers: Many[Layer]
    controls: Controls
    proofs: Proofs
    matrix: Matrix | None
    ladder: Ladder | None
    digits: DigitsRun | None
    training: Training | None
    peers: Peers | None
    raised: Many[Raised]
    not_covered: Many[Remark]


def rerun(part: str, seed: int, examples: int | None = None) -> str:
    """The command that does `part` again: a statement, or a layer."""
    return f"cnnbp verify --only {part} --seed {seed}" + ("" if examples is None else f" --examples {examples}")


def rerun_case(operator: str, number: int, seed: int) -> str:
    """The command that does one case of a layer again."""
    return rerun(f"{operator}/{number}", seed, None if number < MOST_CASES else number + 1)
