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


def record(
    oracle: str, quantity: str, kind: Kind, judgement: Judgement | None, *, at: str = "the case", reason: str = ""
) -> Evidence:
    """The judgement as evidence. None, where nothing was left to judge, is an abstention: it needs a reason."""
    if judgement is None:
        return Evidence(oracle, quantity, "abstain", kind, reason=reason or "nothing was left to compare", at=at)
    j = judgement
    reason = reason or ("left out: their expected values or bounds are not finite" if j.left_out else "")
    return Evidence(
        oracle,
        quantity,
        j.status,
        kind,
        j.error,
        j.bound,
        j.ratio,
        j.resolution,
        j.index,
        j.actual,
        j.expected,
        j.judged,
        j.left_out,
        reason,
        at,
    )


def abstain(oracle: str, quantity: str, kind: Kind, reason: str, at: str = "the case") -> Evidence:
    """The oracle does not speak about this quantity."""
    return Evidence(oracle, quantity, "abstain", kind, reason=reason, at=at)


def entry(operator: str, quantity: str, index: tuple[int, ...]) -> str:
    """The entry in words: "output channel 2, input channel 0, kernel row 1, kernel column 3"."""
    if not index:
        return "its only entry"
    letters = AXES.get((operator, quantity), "")
    if len(letters) == len(index):
        return ", ".join(f"{WORDS[letter]} {i}" for letter, i in zip(letters, index, strict=True))
    return f"index {list(index)}"


def accusation(operator: str, finding: Evidence, answers: Mapping[str, Array]) -> str:
    """One wrong quantity for people: where, what came, what each oracle expected, how far beyond the bound."""
    name = NAMES.get(finding.quantity, f"the gradient of {finding.quantity}")
    if finding.oracle in ("finite_difference", "complex_step") and finding.kind != "estimated" and not finding.index:
        where, answers = "along a ±1 direction", {}
    else:
        where = "at " + entry(operator, finding.quantity, finding.index or ())
    said: dict[str, float | None] = {oracle: float(value[finding.index or ()]) for oracle, value in answers.items()} or {
        finding.oracle: finding.expected
    }
    lines = [f"{name} is wrong {where}" + (f", on {finding.at}" if finding.at != "the case" else "")]
    lines += [f"    {who:<18} {value!r}" for who, value in {"the layer": finding.actual, **said}.items()]
    lines.append(f"    {'error':<18} {_times(finding)}")
    return "\n".join(lines)


def _times(finding: Evidence) -> str:
    error, bound, ratio = (float("nan") if v is None else v for v in (finding.max_error, finding.bound, finding.ratio))
    return f"{error:.3g}, where only equality passes" if bound == 0 else f"{error:.3g}, {ratio:.2g} times the bound {bound:.2g}"
