"""What a verdict knows beyond its record: the arrays of the case, from which a failure is diagnosed when somebody looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..evidence import Cause, Evidence, Remark, remark
from ..evidence.verdict import Place
from ..rounding import Array
from .arguments import Given
from .contract.remembered import larger
from .contract.trial import others
from .examination import Examination
from .methods.estimated import Estimate
from .subject import Breach, Subject


@dataclass
class Explained:
    """One question put to a layer, and its answers at the case and wherever else it was asked."""

    layer: Any
    like: Any
    given: Given
    delta: Array | None
    """As the caller gave it: None where it was drawn."""
    asked: Mapping[str, Any]
    met: list[tuple[Place, Examination]] = field(default_factory=list)
    """The case first."""
    subject: Subject | None = None
    fresh: Subject | None = None
    """The layer as it was before it was asked anything."""
    estimates: dict[str, Estimate] = field(default_factory=dict)
    answers: Mapping[str, Array] = field(default_factory=dict)
    residual: Array | None = None
    evidence: Sequence[Evidence] = ()

    def diagnosed(self) -> tuple[tuple[Remark, ...], tuple[Cause, ...]]:
        """By `diagnosis`, which is loaded when it is needed. That it fails is said, and hides no verdict."""
        from ..diagnosis import diagnosed

        try:
            with np.errstate(all="ignore"):
                return diagnosed(list(self._points()), self._missing)
        except Exception as error:
            return (remark("diagnosis.failed", error=type(error).__name__, message=str(error)),), ()

    def reproduce(self) -> str:
        """The case; where it fails elsewhere only, the arrays at which it does."""
        from ..diagnosis import reproduce

        arrays = dict(zip(self.given.shown, self.given.laid_out, strict=True))
        return reproduce(self.layer, self.like, arrays, self.delta, self.asked)

    @property
    def _missing(self) -> dict[str, int]:
        subject = self.subject
        if subject is None:
            return {}
        return {subject.names[position]: place for place, position in enumerate(subject.wanted) if position in subject.missing}

    @property
    def _accused(self) -> frozenset[str]:
        """What the verdict finds wrong: a layer that is computed another way is not."""
        return frozenset(item.quantity for item in self.evidence if item.status == "fail" and item.oracle != "contract")

    @property
    def _steady(self) -> frozenset[str]:
        """Gradients that differences of the layer's own forward agree with."""
        of = [item for item in self.evidence if item.oracle == "finite_difference" and item.status in ("pass", "fail")]
        failed = {item.quantity for item in of if item.status == "fail"}
        return frozenset(item.quantity for item in of) - failed

    def _points(self) -> Iterator[Any]:
        from ..diagnosis import Point

        shown = dict(zip(self.given.names, self.given.shown, strict=True))
        shared: dict[str, Any] = {
            "names": self.given.names,
            "shown": shown,
            "steady": self._steady,
            "ask": self._raw,
            "accused": self._accused,
        }
        for place, examination in self.met:
            question, right = examination.question, examination.question.right()
            if right is None:
                continue
            bounds = {q: question.bound(1, q) for q in right if q in question.quantities or q in self._missing}
            yield Point(
                question.operator, question.options, question.args, question.delta, examination.answers,
                {q: right[q] for q in bounds}, bounds, at=place, **shared,
            )  # fmt: skip
        for examination in self._elsewhere():
            question, right = examination.question, examination.question.right() or {}
            bounds = {q: np.maximum(question.bound(1, q), question.bound(2, q)) for q in examination.answers if q in right}
            shared["accused"] = frozenset(bounds)
            yield Point(
                question.operator, question.options, question.args, question.delta, examination.answers,
                {q: right[q] for q in bounds}, bounds, at="other-inputs", **shared,
            )  # fmt: skip
        if self.estimates and self.residual is not None:
            expected, bounds, unknown = ({q: found[j] for q, found in self.estimates.items()} for j in range(3))
            answers = {q: a for q, a in self.answers.items() if q in expected}
            yield Point(None, {}, self.given.args, self.residual, answers, expected, bounds, unknown=unknown, whole=False, **shared)

    def _elsewhere(self) -> Iterator[Examination]:
        """Where a layer that is right at the case was found wrong: at the other numbers of the contract, in its order."""
        codes = [item.remark.code for item in self.evidence if item.status == "fail" and item.remark]
        if self.fresh is None or not any(code.startswith("contract.wrong-elsewhere") for code in codes):
            return
        _, first = self.met[0]
        for args in (others(first.question.args), *larger(first.question.args)):
            with suppress(Breach, ValueError, TypeError):
                question = first.question
                y = question.operator.layer(**question.options).forward(*args)
                yield Examination.of(self.fresh, question.at(args, np.resize(question.delta, np.shape(y))), first.seed)

    def _raw(self) -> Sequence[Any]:
        """The gradients as the layer hands them over."""
        if self.subject is None or not self.met:
            return ()
        question = self.met[0][1].question
        found = self.subject.call("backward", question.delta.copy(), *map(np.array, question.args))
        return tuple(found) if isinstance(found, (tuple, list)) else (found,)
