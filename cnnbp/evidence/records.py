"""The evidence of a run as classes, from whoever produces it to whoever reads it; the JSON schema is generated from them.

Nothing is stored that could be counted: page and terminal count for themselves, and `status` says what follows.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, FailFast, Field, PositiveInt, StringConstraints
from typing_extensions import TypeAliasType

from .kinds import Kind
from .verdict import Number, Place, Remark, Verdict

FORMAT: Literal["cnnbp-evidence-3"] = "cnnbp-evidence-3"
LONGEST, MOST = 20_000, 4_000  # characters of a text, points of a curve: what a page can show


def _in_english(words: dict[str, str]) -> dict[str, str]:
    if "en" not in words:
        raise ValueError('expected a text in English, under "en"')
    return words


def _not_empty(words: dict[str, str]) -> dict[str, str]:
    if not words["en"]:
        raise ValueError("expected a text that is not empty")
    return words


Text = Annotated[str, StringConstraints(max_length=LONGEST)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Words = Annotated[dict[Language, Text], AfterValidator(_in_english)]
"""One text in each language in which it is told; "en" is always among them, and empty where there is nothing to tell."""
Told = Annotated[Words, AfterValidator(_not_empty)]
"""A text that there must be."""
T = TypeVar("T")
Many = Annotated[tuple[T, ...], FailFast()]
"""Of a list of nonsense the first is enough to refuse it."""
Count = Annotated[int, Field(ge=0, le=10**12)]
Digits = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+(/[0-9]+)?$", max_length=400)]
Exact = TypeAliasType("Exact", "int | Digits | tuple[Exact, ...]")
"""An integer, a fraction such as "1/2", or arrays of these."""
Given = TypeAliasType("Given", "int | Text | tuple[Given, ...]")
"""A number of a counterexample, or in words what has no number, such as "f(z) = z^2"."""

RunStatus = Literal["holds", "refuted", "wrong", "void", "incomplete"]
Outcome = Literal[
    "holds", "refuted as printed, holds as corrected", "holds under these readings only", "refuted", "not tested",
    "definition", "not mathematical",
]  # fmt: skip
Role = Literal["printed", "corrected", "beyond"]
Part = Literal["matrix", "digits", "training"]


class Record(BaseModel):
    """Plain data: frozen, every field named, nothing else beside them."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


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
    sources_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Whole(Record):
    """What a whole run of these sources has: whatever of it is not in the document is missing, and shows as missing."""

    statements: dict[Id, tuple[Id, ...]]
    """By derivation, in its order."""
    layers: Many[Name]
    wrong: Many[Id]
    right: Many[Id]
    parts: Many[Part]


class Misprint(Record):
    """The characters from `start` to `end` of the printed TeX, and what is wrong with them."""

    start: Count
    end: Count
    what: Told


class Counterexample(Record):
    """The numbers of one instance on which a reading is wrong; `says` is None where the reading has no value there."""

    given: dict[Name, Given]
    says: Exact | None
    truth: Exact
    working: Words


class Reading(Record):
    """One way to read a statement, and how it fared."""

    id: Id
    name: Told
    facets: dict[Id, Told]
    """The columns of a truth table; what their ids mean stands in the derivation's `facets`."""
    role: Role
    holds: bool | None
    cases: Count
    wrong: Count
    vacuous: Count
    senseless: Count
    """Of the wrong ones, those in which it has no value at all."""
    worst_error: Number | None
    nonsense: Words
    counterexample: Counterexample | None


class Statement(Record):
    """One formula or claim of a derivation. `section` is the id of a section, `kind` empty where nothing was tested."""

    id: Id
    label: Name
    section: Id
    claim: Told
    quoted: Text
    printed: Text
    corrected: Text | None
    misprints: Many[Misprint]
    verdict: Outcome
    fault: Words
    why: Told
    kind: Kind | Literal[""]
    cases: Count
    quantity: Words
    readings: Many[Reading]
    rerun: Text


class Derivation(Record):
    """A published text under test, and its statements in the order in which a reader meets them."""

    id: Id
    title: Told
    source: Told
    language: Language
    """That of the words that are quoted."""
    question: Told
    sections: dict[Id, Told]
    facets: dict[Id, Told]
    not_covered: Many[Told]
    statements: Many[Statement]


class Tally(Record):
    """What one oracle said of one layer. Each case counts once; "autograd, exact" counts the exact runs apart.

    It counts as failed where the oracle found anything wrong, else as passed where it agreed on anything but zeros, else as
    abstained where it left anything to others, or was not asked at all, else as vacuous.
    """

    passed: Count
    partly: Count
    """Of these, the cases in which it left some quantity to others."""
    failed: Count
    abstained: Count
    vacuous: Count
    judged: Count
    """Entries."""
    left_out: Count
    worst_ratio: Number | None
    """Of what passed."""
    resolution: Number | None
    kinds: tuple[Kind, ...]


class Doubt(Record):
    """Why some quantity could not be judged, in how many cases, and how many entries were left out in them."""

    quantity: Name
    remark: Remark
    cases: PositiveInt
    left_out: Count


class Failure(Record):
    """A layer that is wrong: the simplest of its failing cases, and what all of them have in common."""

    number: Count
    """Of the case, so that `rerun` draws it again."""
    traits: Many[Name]
    options: dict[Name, Text]
    verdict: Verdict
    failures: PositiveInt
    quantities: dict[Name, PositiveInt]
    """In how many of the failing cases each quantity, or point of the contract, was wrong."""
    common: Many[Remark]
    rerun: Text


class Layer(Record):
    """One operator of the reference CNN over all its cases."""

    operator: Name
    cases: Count
    passed: Count
    inconclusive: Count
    failed: Count
    oracles: dict[Name, Tally]
    options: dict[Name, dict[Text, PositiveInt]]
    doubts: Many[Doubt]
    failure: Failure | None


class Wrong(Record):
    """A control: a layer that is wrong on purpose. `by` says which oracle caught it, on which quantity."""

    id: Id
    operator: Name
    claim: Text
    source: Text
    caught: bool
    cases: Count
    by: Text


class Right(Record):
    """A control: a layer that is right but unusual, and must not be failed."""

    id: Id
    operator: Name
    claim: Text
    cases: Count
    failure: Verdict | None


class Controls(Record):
    """Layers with which the harness itself is tested."""

    wrong: Many[Wrong]
    right: Many[Right]


class Matrix(Record):
    """A small convolution as a masked matrix: M[o, i] = w[t] for each entry (o, t, i), in flat indices; 0 elsewhere."""

    x_shape: tuple[PositiveInt, PositiveInt]
    kernel: tuple[PositiveInt, PositiveInt]
    y_shape: tuple[PositiveInt, PositiveInt]
    entries: Annotated[tuple[tuple[Count, Count, Count], ...], Field(max_length=MOST)]


class DigitsRun(Record):
    """A network at one batch of digits: its whole gradient, and each layer with what it meets there."""

    network: Text
    source: Text
    samples: Count
    whole: Verdict
    layers: Many[Verdict]


class Entry(Record):
    """One entry of one parameter after one step."""

    step: PositiveInt
    parameter: Name
    index: tuple[Count, ...]
    actual: Number
    expected: Number
    error: Number
    bound: Number
    ratio: Number


Curve = Annotated[tuple[tuple[Count, Number], ...], Field(max_length=MOST)]


class Training(Record):
    """A training run by the derivation's own update; PyTorch takes the first steps from the same parameters."""

    network: Text
    source: Text
    train: Count
    test: Count
    batch: PositiveInt
    learning_rate: Number
    weight_decay: Number
    seed: Count
    steps: Count
    wanted: Count
    """Steps that were to be compared."""
    left_out: tuple[PositiveInt, ...]
    """Steps at which a winner or a sign was too close to call."""
    vacuous: Many[Name]
    """Parameters in which nothing but zeros was compared."""
    failure: Remark | None
    """The first step beyond its bound, or the reason why no step could be compared."""
    worst: Entry | None
    ratios: Annotated[tuple[Number, ...], Field(max_length=MOST)]
    """Error over bound of the worst entry of each compared step."""
    loss: Curve
    distance: Curve
    """Between the parameters and those of a network that PyTorch trains on its own: recorded, not judged."""
    accuracy: Number
    accuracy_torch: Number | None
    expected_accuracy: Number


class Document(Record):
    """The evidence of one run. `status` follows from the records (`status.py`), which whoever reads it works out anew."""

    format: Literal["cnnbp-evidence-3"]
    status: RunStatus
    trouble: Remark | None
    """Why the run ended early."""
    provenance: Provenance
    whole: Whole
    derivations: Many[Derivation]
    layers: Many[Layer]
    controls: Controls
    matrix: Matrix | None
    digits: DigitsRun | None
    training: Training | None
    not_covered: Many[Remark]


def rerun(part: str, seed: int, examples: int | None = None) -> str:
    """The command that does `part` again: a statement, a layer, or "Conv2d/17", which is one case of it."""
    return f"cnnbp verify --only {part} --seed {seed}" + ("" if examples is None else f" --examples {examples}")


__all__ = [name for name, value in list(globals().items()) if isinstance(value, type) and issubclass(value, Record)]
__all__ += ["FORMAT", "Outcome", "Place", "Role", "RunStatus", "Told", "Words", "rerun"]
