"""What a verdict knows beyond its record: the arrays of the case, from which a failure is diagnosed when somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import numpy as np

from ..evidence import Cause, Evidence, Remark, remark
from ..rounding import Array
from .arguments import Given
from .contract.elsewhere import larger, mirrored
from .contract.numbers import others
from .examination import Examination
from .methods import estimated
from .methods.estimated import Estimate
from .patience import Patience
from .subject import Breach, Subject

SECONDS = 1.0  # for each thing that is tried by differences
FEW, SMALL = 40, (1, 3, 9)  # numbers that can be followed by hand, and how large they are


class Asked(Protocol):
    """A layer, and what it was asked: the points at which it may be wrong."""

    @property
    def subject(self) -> Subject:
        """The layer."""

    @property
    def missing(self) -> frozenset[int]:
        """The positions of the gradients that came in no form to be judged."""

    def points(self, evidence: Sequence[Evidence], **shared: Any) -> Iterator[Any]:
        """The case first; `shared` is what every point is told."""


@dataclass
class Explained:
    """One question put to a layer, in the caller's words; `of` comes from whoever judged it."""

    like: Any
    arrays: tuple[Any, ...]
    delta: Any
    """As the caller gave them; no residual where it was drawn."""
    asked: Mapping[str, Any]
    """Other arguments of `verify`."""
    given: Given | None = None
    """What became of the arrays."""
    layer: Any = None
    """As it was before it was asked."""
    of: Asked | None = None
    evidence: Sequence[Evidence] = ()

    def diagnosed(self) -> tuple[tuple[Remark, ...], tuple[Cause, ...]]:
        """By `diagnosis`, which is loaded when it is needed. That it fails is said, and hides no verdict."""
        from ..diagnosis import diagnosed

        try:
            with np.errstate(all="ignore"):
                return diagnosed(self._points(), self._missing())
        except Exception as error:
            return (remark("diagnosis.failed", error=type(error).__name__, message=str(error)),), ()

    def reproduce(self) -> str:
        """The case; where it is right there, the point at which it is not."""
        from ..diagnosis import reproduce

        arrays, delta, place = tuple(map(np.asarray, self.arrays)), self.delta, ""
        points = self._points() if any(item.status == "fail" for item in self.evidence) else []
        wrong = [point for point in points if point.wrong]
        if wrong and wrong[0].at != "case":
            simplest = next((point for point in wrong if point.at == "small-integers"), wrong[0])
            arrays, delta, place = simplest.args, simplest.delta, simplest.at
        return reproduce(
            self.layer, self.like, dict(zip(self.given.shown if self.given else (), arrays, strict=True)), delta, self.asked, place
        )

    def _missing(self) -> dict[str, int]:
        """The gradients that came in no form to be judged, each with its place in the answer."""
        if self.of is None:
            return {}
        names, missing = self.of.subject.names, self.of.missing
        return {names[position]: place for place, position in enumerate(self.of.subject.wanted) if position in missing}

    def _points(self) -> list[Any]:
        if self.of is None or self.given is None:
            return []
        differences = [e for e in self.evidence if e.oracle == "finite_difference" and e.status in ("pass", "fail")]
        failed = {e.quantity for e in self.evidence if e.status == "fail" and e.oracle != "contract"}
        shown = dict(zip(self.given.names, self.given.shown, strict=True))
        steady = {e.quantity for e in differences} - {e.quantity for e in differences if e.status == "fail"}
        return list(
            self.of.points(self.evidence, names=self.given.names, shown=shown, failed=frozenset(failed), steady=frozenset(steady))
        )


@dataclass
class OfOperator:
    """Against a layer of cnnbp. `fresh`: the layer as it was before it was asked anything."""

    examination: Examination
    fresh: Subject

    @property
    def subject(self) -> Subject:
        """The layer."""
        return self.examination.subject

    @property
    def missing(self) -> frozenset[int]:
        """All, where no answer was taken."""
        return self.subject.missing if self.examination.answers else frozenset(self.subject.wanted)

    def points(self, evidence: Sequence[Evidence], **shared: Any) -> Iterator[Any]:
        """The case, wherever else it was asked, numbers for following by hand, and other inputs where it is wrong there only."""
        first = self.examination
        yield from self._point(first, "case", shared)
        for place, found in first.met:
            yield from self._point(found, place, shared)
        for found in self._small():
            yield from self._point(found, "small-integers", shared)
        codes = [item.remark.code for item in evidence if item.status == "fail" and item.remark]
        if any(code.startswith("contract.wrong-elsewhere") for code in codes):
            for found in self._elsewhere():
                yield from self._point(found, "other-inputs", shared | {"failed": frozenset(found.answers)})

    def _point(self, found: Examination, place: str, shared: Mapping[str, Any]) -> Iterator[Any]:
        from ..diagnosis import Point

        question, right = found.question, found.question.right() or {}
        bounds = {q: np.maximum(question.bound(1, q), question.bound(2, q) if place == "other-inputs" else 0.0) for q in right}
        if right:
            yield Point(
                question.operator, question.options, question.args, question.delta, found.answers, right, bounds,
                at=place, ask=self._raw, **shared,
            )  # fmt: skip

    def _small(self) -> Iterator[Examination]:
        """The same shapes with small whole numbers, where there are few and none is a target or a variance."""
        question, seed = self.examination.question, self.examination.seed
        arrays = *question.args, question.delta
        if sum(a.size for a in arrays) > FEW or len(question.args) > len(question.operator.gradients):
            return
        rng = np.random.default_rng(seed)
        for size in SMALL:
            *args, delta = (np.asarray(rng.integers(-size, size + 1, a.shape), float) for a in arrays)
            with suppress(Breach):
                yield Examination.of(self.fresh, question.at(tuple(args), delta), seed)

    def _elsewhere(self) -> Iterator[Examination]:
        """Other numbers such as the contract has, where a layer that is right here may show what is wrong."""
        question, seed = self.examination.question, self.examination.seed
        for args in (others(question.args), mirrored(question.args), *larger(question.args)):
            with suppress(Breach, ValueError, TypeError):
                y = question.operator.layer(**question.options).forward(*args)
                yield Examination.of(self.fresh, question.at(args, np.resize(question.delta, np.shape(y))), seed)

    def _raw(self) -> Sequence[Any]:
        """The gradients as the layer hands them over."""
        return _raw(self.subject, self.examination.question.args, self.examination.question.delta)


@dataclass
class OfDifferences:
    """Of a layer that nobody knows, by differences of its own forward: estimates of what its gradients should be."""

    subject: Subject
    args: tuple[Array, ...]
    delta: Array
    answers: Mapping[str, Array]
    missing: frozenset[int] = frozenset()
    estimates: dict[str, Estimate] = field(default_factory=dict)

    def points(self, evidence: Sequence[Evidence], **shared: Any) -> Iterator[Any]:
        """The case."""
        from ..diagnosis import Point

        expected, bounds, unknown = ({q: found[j] for q, found in self.estimates.items()} for j in range(3))
        yield Point(
            None, {}, self.args, self.delta, self.answers, expected, bounds,
            unknown=unknown, whole=False, confirm=self._confirm, agrees=self._agreeing(Patience(SECONDS)),
            **shared,
        )  # fmt: skip

    def _agreeing(self, patience: Patience) -> Callable[[str, tuple[Array, ...], Array], bool]:
        """All questions together have this time."""

        def agrees(quantity: str, args: tuple[Array, ...], delta: Array) -> bool:
            ask = partial(estimated.agrees, self.subject, self.args, self.delta, self.answers, quantity, patience)
            return not patience.over and ask(asked=(args, delta))

        return agrees

    def _confirm(self, quantity: str, change: Callable[[Array], Array]) -> bool:
        return estimated.agrees(self.subject, self.args, self.delta, self.answers, quantity, Patience(SECONDS), change)


@dataclass
class OfNumbers:
    """Against numbers that are trusted; `others`: entries in which the layer follows another convention; `trusted`: who answers."""

    subject: Subject
    args: tuple[Array, ...]
    delta: Array
    answers: Mapping[str, Array]
    expected: Mapping[str, Array]
    bounds: Mapping[str, Array]
    others: Mapping[str, Array]
    trusted: Callable[[tuple[Array, ...], Array], Mapping[str, Array]]

    @property
    def missing(self) -> frozenset[int]:
        """Those of the layer."""
        return self.subject.missing

    def points(self, evidence: Sequence[Evidence], **shared: Any) -> Iterator[Any]:
        """The case."""
        from ..diagnosis import Point

        yield Point(
            None, {}, self.args, self.delta, self.answers, self.expected, self.bounds,
            unknown=self.others, trusted=self._within(Patience(SECONDS)),
            ask=partial(_raw, self.subject, self.args, self.delta), **shared,
        )  # fmt: skip

    def _within(self, patience: Patience) -> Callable[[tuple[Array, ...], Array], Mapping[str, Array]]:
        """Whoever is trusted, who answers no more once the time is over that all questions have together."""
        return lambda args, delta: {} if patience.over else self.trusted(args, delta)


def _raw(subject: Subject, args: tuple[Array, ...], delta: Array) -> Sequence[Any]:
    found = subject.call("backward", delta.copy(), *map(np.array, args))
    return tuple(found) if isinstance(found, (tuple, list)) else (found,)
