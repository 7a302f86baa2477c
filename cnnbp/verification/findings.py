"""From a judgement to a record: what an oracle says of a quantity, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ..evidence import Evidence, Remark, Verdict, remark
from ..evidence.kinds import Kind
from ..evidence.verdict import Place
from ..judge import Judgement
from ..oracles.abstention import Abstention
from ..rounding import Array

WRONG = {
    "verification.ties-together": "verification.wrong-ties",
    "verification.at-one-number": "verification.wrong-at-one-number",
    "verification.at-one-number-first": "verification.wrong-at-one-number",
}
"""What is said of a wrong quantity, by the remark on its evidence, where that is more than which entry it is."""


def record(
    oracle: str, quantity: str, kind: Kind, judgement: Judgement | None, *, at: Place = "case", note: Remark | None = None
) -> Evidence:
    """The judgement as evidence. None, where nothing was left to judge, is an abstention."""
    if judgement is None:
        return abstain(oracle, quantity, kind, note or remark("verification.nothing-left"), at)
    j = judgement
    return Evidence(
        oracle, quantity, j.status, kind, j.error, j.bound, j.ratio, j.resolution, j.index, j.actual, j.expected,
        j.judged, j.left_out, note or (remark("verification.not-finite") if j.left_out else None), at, j.scale,
    )  # fmt: skip


def abstain(oracle: str, quantity: str, kind: Kind, reason: Remark, at: Place = "case") -> Evidence:
    """The oracle does not speak about this quantity."""
    return Evidence(oracle, quantity, "abstain", kind, remark=reason, at=at)


def reason(abstention: Abstention) -> Remark:
    """Why an oracle does not speak."""
    return remark(abstention.code, **abstention.values)


def wrong(finding: Evidence, axes: str, answers: Mapping[str, Array]) -> Remark:
    """A wrong quantity: where, what the layer answers there and what each oracle, how far beyond the bound."""
    index = finding.index
    along = finding.oracle in ("finite_difference", "complex_step") and finding.kind != "estimated" and not index
    said = {} if along else {oracle: float(np.asarray(value)[index or ()]) for oracle, value in answers.items()}
    said = said or {finding.oracle: _number(finding.expected)}
    plainly = "verification.wrong-along" if along else "verification.wrong-entry"
    return remark(
        WRONG.get(finding.remark.code if finding.remark else "", plainly),
        quantity=finding.quantity, index=list(index or ()), axes=axes, at=finding.at, actual=_number(finding.actual),
        oracles=list(said), expected=list(said.values()),
        error=_number(finding.max_error), bound=_number(finding.bound), ratio=_number(finding.ratio),
    )  # fmt: skip


def shown(verdict: Verdict, names: Mapping[str, str]) -> Verdict:
    """The verdict with the names that the caller uses."""
    if all(name == said for name, said in names.items()):
        return verdict

    def renamed(said: Remark | None) -> Remark | None:
        if said is None:
            return None
        values = dict(said.values)
        if "quantity" in values:
            values["quantity"] = names.get(str(values["quantity"]), values["quantity"])
        for several in values.keys() & {"inputs", "by_backward", "quantities"}:
            values[several] = [names.get(str(name), str(name)) for name in values[several]]  # type: ignore[union-attr]  # a list
        return remark(said.code, **values)

    evidence = tuple(replace(e, quantity=names.get(e.quantity, e.quantity), remark=renamed(e.remark)) for e in verdict.evidence)
    return replace(verdict, evidence=evidence, wrong=tuple(said for said in map(renamed, verdict.wrong) if said))


def _number(value: float | None) -> float:
    return float("nan") if value is None else value
