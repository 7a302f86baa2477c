"""From a judgement to a record, and from a record to a sentence: the entry in words, every oracle's answer side by side."""

from __future__ import annotations

from collections.abc import Mapping

from ..evidence import Evidence, Kind
from ..judge import Judgement
from ..rounding import Array

AXES = {
    ("Conv2d", "y"): "nkpq", ("Conv2d", "x"): "nchw", ("Conv2d", "w"): "kcrs", ("Conv2d", "b"): "k",
    ("Dense", "y"): "no", ("Dense", "x"): "ni", ("Dense", "w"): "oi", ("Dense", "b"): "o",
    ("MaxPool2d", "y"): "ncpq", ("MaxPool2d", "x"): "nchw", ("AvgPool2d", "y"): "ncpq", ("AvgPool2d", "x"): "nchw",
}  # fmt: skip
WORDS = {
    "n": "sample", "c": "input channel", "k": "output channel", "h": "row", "w": "column", "p": "output row", "q": "output column",
    "r": "kernel row", "s": "kernel column", "o": "output", "i": "input",
}  # fmt: skip
NAMES = {"y": "the forward value y", "x": "the residual dx", "w": "the weight gradient dw", "b": "the bias gradient db"}


def record(oracle: str, quantity: str, kind: Kind, judgement: Judgement | None, *, at: str = "the case", reason: str = "") -> Evidence:
    """The judgement as evidence. None, where nothing was left to judge, is an abstention: it needs a reason."""
    if judgement is None:
        return Evidence(oracle, quantity, "abstain", kind, reason=reason or "nothing was left to compare", at=at)
    j = judgement
    return Evidence(
        oracle, quantity, j.status, kind, j.error, j.bound, j.ratio, j.resolution, j.index, j.actual, j.expected, j.judged, j.left_out, reason, at
    )


def abstain(oracle: str, quantity: str, kind: Kind, reason: str, at: str = "the case") -> Evidence:
    """The oracle does not speak about this quantity."""
    return Evidence(oracle, quantity, "abstain", kind, reason=reason, at=at)


def entry(operator: str, quantity: str, index: tuple[int, ...]) -> str:
    """The entry in words: "dw at output channel 2, input channel 0, kernel row 1, kernel column 3"."""
    letters = AXES.get((operator, quantity), "")
    if len(letters) == len(index):
        return "at " + ", ".join(f"{WORDS[letter]} {i}" for letter, i in zip(letters, index, strict=True))
    return f"at index {index}" if index else "(a single number)"


def accusation(operator: str, finding: Evidence, answers: Mapping[str, Array | None]) -> str:
    """One wrong quantity in a sentence for people: where, what came, what each oracle expected, how far beyond the bound."""
    index = finding.index or ()
    where = entry(operator, finding.quantity, index) if finding.oracle != "finite_difference" else "along a ±1 direction"
    name = NAMES.get(finding.quantity, f"the gradient of {finding.quantity}")
    said = [f"{oracle} says {float(value[index]):.17g}" for oracle, value in answers.items() if value is not None and where.startswith(("at", "("))]
    if not said and finding.expected is not None:
        said = [f"{finding.oracle} says {finding.expected:.17g}"]
    return (
        f"{name} is wrong {where}, on {finding.at}: the layer says {finding.actual:.17g}, {', '.join(said)}; "
        f"the error {finding.max_error:.3g} is {finding.ratio:.3g} times the bound {finding.bound:.3g}"
    )
