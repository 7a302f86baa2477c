"""The points of the contract in their order, and what a waived or a broken one means for the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from ...evidence import Evidence, remark
from ...evidence.kinds import ALWAYS, BATCH, UNREACHED, WAIVED
from ..patience import Patience
from ..subject import Breach
from . import laid_out, linear, other_inputs, remembered, repeated, sampled, together
from .trial import Trial, found, left_alone

Point = Callable[[Trial], Evidence]

POINTS: Mapping[str, Point] = dict(
    zip(
        (*ALWAYS, *BATCH),
        (
            repeated.repeats,
            remembered.reads_only_inputs, remembered.answers_stand, remembered.no_memory, other_inputs.other_inputs,
            remembered.same_arrays,
            laid_out.as_given, laid_out.fortran_order, laid_out.non_contiguous, laid_out.negative_strides, laid_out.broadcast,
            linear.multiples, linear.sums,
            sampled.batch_as_samples,
        ),
        strict=True,
    )
)  # fmt: skip


def check(trial: Trial, waive: Collection[str] = (), patience: Patience | None = None) -> Iterator[Evidence]:
    """One piece of evidence for each point. One that is broken silences no other.

    But a layer that does not repeat itself cannot be held against its own answers: then the points after the first are left alone.
    So are those for which no time is left.
    """
    known = dict[str, Evidence]()
    for point, ask in POINTS.items():
        if point in BATCH and not (trial.by_sample and trial.args[0].ndim and len(trial.args[0]) > 1):
            continue
        if repeated.REPEATS in trial.broken:
            yield left_alone(point, "does-not-repeat")
            continue
        if patience and patience.over:
            late = Evidence("contract", point, "abstain", "contract", remark=remark(UNREACHED))
            yield left_alone(point, "waived-unasked") if point in waive else late
            continue
        if point not in known:
            known |= together.known(trial, point)
        item = known.get(point) or _asked(trial, point, ask)
        if item.quantity != point:  # it was chance
            yield left_alone(point, "does-not-repeat")
        if item.status == "fail":
            trial.broken.add(item.quantity)
        yield waived(item) if item.quantity in waive and item.status == "fail" else item


def _asked(trial: Trial, point: str, ask: Point) -> Evidence:
    try:
        return ask(trial)
    except Breach as breach:
        trial.subject.cause = trial.subject.cause or breach.__cause__
        values = dict(breach.remark.values)
        if values.get("at") == "case":
            values["at"] = point
        return found(point, remark(breach.remark.code, **values))


def waived(item: Evidence) -> Evidence:
    """Broken, and allowed to be."""
    return left_alone(item.quantity, "waived")


def checked_waivers(waive: object) -> tuple[str, ...]:
    """The names of points. Raises ValueError for one that is unknown, TypeError for what is no collection of names."""
    names = (waive,) if isinstance(waive, str) else waive
    if not isinstance(names, Collection) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"waive must be names of contract points, got {waive!r}")
    unknown = [name for name in names if name not in WAIVED]
    if unknown:
        raise ValueError(f"waive must name points of the contract ({', '.join(WAIVED)}), got {unknown[0]!r}")
    return tuple(names)
