"""The layers on trial as the page shows them: operator by oracle, every failure in full, and the options that were drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import words
from .document import Record
from .words import Mark


@dataclass(frozen=True)
class Cell:
    """What one oracle said of one layer, counted over all cases."""

    oracle: str
    passed: int
    failed: int
    abstained: int
    vacuous: int
    worst_ratio: Any
    resolution: Any
    kinds: str

    @property
    def mark(self) -> Mark:
        """A failure shows; silence and empty comparisons never count as agreement."""
        if self.failed:
            return words.status("fail")
        return words.status("pass" if self.passed else "abstain" if self.abstained else "vacuous")


@dataclass(frozen=True)
class Verdict:
    """One verdict: the layer, what followed, the sentences, and the evidence as it was recorded."""

    layer: str
    status: str
    reasons: list[str]
    shapes: list[tuple[str, str]]
    evidence: list[Mapping[str, Any]]

    @property
    def mark(self) -> Mark:
        """pass, fail or inconclusive"""
        return words.status(self.status)


@dataclass(frozen=True)
class Layer:
    """One operator over all its cases."""

    operator: str
    anchor: str
    cases: int
    passed: int
    inconclusive: int
    failed: int
    cells: list[Cell]
    failures: list[Verdict]
    options: list[tuple[str, list[tuple[str, int]]]]

    @property
    def mark(self) -> Mark:
        """A layer agrees if some case passed and none failed."""
        if self.failed or self.failures or any(cell.failed for cell in self.cells):
            return words.status("fail")
        return words.status("pass" if self.passed else "inconclusive")

    @property
    def abstained(self) -> int:
        """How often an oracle did not speak about this layer."""
        return sum(cell.abstained for cell in self.cells)

    def cell(self, oracle: str) -> Cell | None:
        """What `oracle` said of this layer; None where it was not asked."""
        return next((cell for cell in self.cells if cell.oracle == oracle), None)


@dataclass(frozen=True)
class Digits:
    """The network that was trained or run on digits, judged whole and layer by layer."""

    network: str
    source: str
    samples: int
    whole: Verdict
    layers: list[Verdict]


def layers(root: Record) -> list[Layer]:
    """The layers in the order of the document, each with an anchor of its own."""
    taken: set[str] = set()
    return [_layer(record, words.anchor("layer-" + record.text("operator"), taken)) for record in root.records("layers")]


def digits(root: Record) -> Digits | None:
    """The run on digits; None where the document has none."""
    if root.any("digits") is None:
        return None
    record = root.record("digits")
    whole, parts = verdict(record.record("whole")), [verdict(part) for part in record.records("layers")]
    network, source = record.text("network", "a network"), record.text("source", "not recorded")
    return Digits(network, source, record.whole("samples", 0), whole, parts)


def verdict(record: Record) -> Verdict:
    """One `Verdict.record()` of the package."""
    shapes = [(name, " × ".join(map(str, shape)) or "a number") for name, shape in record.record("shapes", {}).value.items()]
    evidence: list[Mapping[str, Any]] = [{**_EVIDENCE, **item.value} for item in record.records("evidence")]
    return Verdict(record.text("layer"), record.text("status"), record.texts("reasons"), shapes, evidence)


def _layer(record: Record, anchor: str) -> Layer:
    options = [(name, [(value, values.whole(value)) for value in values.value]) for name, values in record.named("options")]
    return Layer(
        operator=record.text("operator"),
        anchor=anchor,
        cases=record.whole("cases", 0),
        passed=record.whole("pass", 0),
        inconclusive=record.whole("inconclusive", 0),
        failed=record.whole("fail", 0),
        cells=[_cell(name, cell) for name, cell in record.named("oracles")],
        failures=[verdict(failure) for failure in record.records("failures")],
        options=options,
    )


def _cell(oracle: str, record: Record) -> Cell:
    passed, failed, abstained, vacuous = (record.whole(key, 0) for key in ("pass", "fail", "abstain", "vacuous"))
    kinds = ", ".join(record.texts("kinds"))
    return Cell(oracle, passed, failed, abstained, vacuous, record.any("worst_ratio"), record.any("resolution"), kinds)


_EVIDENCE: dict[str, Any] = {
    "oracle": "?", "quantity": "", "status": "?", "kind": "", "max_error": None, "bound": None, "ratio": None, "resolution": None,
    "index": None, "actual": None, "expected": None, "judged": 0, "left_out": 0, "reason": "", "at": "the case",
}  # fmt: skip
