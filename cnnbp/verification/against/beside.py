"""A layer beside a reference of which nothing is known but its numbers: what both answer at a point, and what is right there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from ...evidence import Evidence, remark
from ...evidence.verdict import Place
from ...judge import compare
from ...rounding import Array
from .. import measured, scattered
from ..findings import record
from ..measured import Answers, Measured
from ..neighbours import largest, of_wide_range
from ..reference import Trusted
from ..subject import Breach, Subject

ORACLE, STREAM = "reference", 0x72656665
Known = dict[str, Measured]
"""Of right answers, by quantity."""


@dataclass(frozen=True)
class Beside:
    """What is measured of the reference raises ValueError out of its domain. What widens that is then left as it is."""

    subject: Subject
    reference: Trusted
    seed: int

    @property
    def rng(self) -> np.random.Generator:
        """The same for each question."""
        return np.random.default_rng((self.seed, STREAM))

    def answers(self, args: tuple[Array, ...], delta: Array) -> Answers:
        """Of the layer, by quantity. Raises Breach."""
        y = self.subject.forward(*args)
        if y.shape != delta.shape:
            raise Breach("shape", "y-shape", got=y.shape, expected=delta.shape)
        gradients = self.subject.backward(delta, *args)
        names = ("y", *(self.subject.names[position] for position in self.subject.judged))
        return dict(zip(names, (y, *gradients), strict=True))

    def known(self, args: tuple[Array, ...], delta: Array) -> Known:
        """How far right answers may lie from the reference's, entry by entry."""
        return measured.measure(self.reference.answers, args, delta, self.rng)

    def usual(self, args: tuple[Array, ...], delta: Array) -> Known:
        """Likewise at the same numbers without their exponents."""
        return self.known(scaled(args), np.frexp(delta)[0])

    def levelled(self, known: Known, args: tuple[Array, ...], delta: Array) -> Known:
        """With what algorithms need that mix all entries."""
        return measured.levelled(self.reference.answers, known, args, delta, self.rng)

    def widened(self, known: Known, args: tuple[Array, ...], delta: Array) -> Known:
        """With every way in which last bits may decide: before a layer is failed, or believed to have another convention."""
        with suppress(ValueError):
            return measured.widened(self.reference.answers, known, args, delta, self.rng)
        return known

    def as_rough(self, known: Known, args: tuple[Array, ...], delta: Array) -> Known:
        """What is small may carry the roundings of larger numbers that cancel in a layer, as in 2σ(2x) − 1 for tanh, or 1 − y².

        They show as roughness of the layer's own answers, at numbers between these and 1, where these do not vanish in it; and are
        no larger than the reference's at numbers of about 1, at which the layer is asked too. Those of a gradient are as large as
        delta.
        """
        *sizes, residual = (largest(a) if a.dtype.kind == "f" else 1.0 for a in (*args, delta))
        try:
            own = measured.measure(self.answers, scaled(args, np.sqrt(sizes)), delta, self.rng)
            usual = self.usual(args, delta)
        except (Breach, ValueError):  # out of a domain, or never the same
            return known
        most = {q: min(own[q].by_norm, m.by_norm * (1.0 if q == "y" else residual)) for q, m in usual.items() if q in own}
        return {q: replace(m, by_norm=max(m.by_norm, most.get(q, 0.0))) for q, m in known.items()}

    def with_own(self, known: Known, args: tuple[Array, ...], delta: Array) -> Known:
        """An algorithm that rounds more than the reference does is right to what it rounds, and is seen no further.

        Among numbers of wide range that is what the largest round, and most others would not be seen at all.
        """
        if of_wide_range(*args, delta):
            return known
        with suppress(Breach, ValueError):
            return scattered.widened(self.answers, self.reference.answers, known, args, delta, self.rng)
        return known


def scaled(args: tuple[Array, ...], sizes: Sequence[float] | Array | None = None) -> tuple[Array, ...]:
    """The numbers without their exponents, each array times its size; indices as they are."""
    factors = [1.0] * len(args) if sizes is None else sizes
    return tuple(size * np.frexp(a)[0] if a.dtype.kind == "f" else a for a, size in zip(args, factors, strict=True))


def rounds_more(known: Known) -> bool:
    """Whether room was given to what the layer itself rounds."""
    return any(m.own for m in known.values())


def compared(known: Known, answers: Answers, tier: int, at: Place = "case") -> Iterator[Evidence]:
    """Each quantity, without the entries in which the layer follows another convention where last bits decide."""
    for quantity, actual in answers.items():
        right = known[quantity]
        others = right.conventions(actual)
        found = compare(actual, right.expected, right.conventional if tier == 1 else right.slack, others)
        note = remark("verification.last-bits-decide", entries=int(others.sum())) if others.any() else None
        if right.shortened:
            note = remark("verification.short-cut")
        if tier == 2 and found is not None:
            way = "own-rounding" if right.own else "by-norm"
            note = remark(f"verification.{way}" if found.status != "fail" else "verification.not-by-norm")
        yield record(ORACLE, quantity, "estimated", found, at=at, note=note)
