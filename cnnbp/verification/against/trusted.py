"""Against numbers that are trusted: a function or layer of which nothing is known but its answers, and how these round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from ...adapters.outputs import Joined
from ...evidence import Evidence, Remark, remark
from ...evidence.verdict import Place
from ...judge import compare
from ...rounding import Array
from .. import arguments, findings, measured, scattered
from ..conclusion import not_finite
from ..contract import trials
from ..contract.form import broken
from ..explained import OfNumbers
from ..findings import abstain, record
from ..measured import Measured
from ..neighbours import largest, of_wide_range
from ..reference import Trusted
from ..subject import Breach, Subject
from ..twin import twin_of
from .asking import Asking, Found, as_laid_out, contract

ORACLE = "reference"
STREAM, TINY = 0x72656665, 2.0**-30
Answers = dict[str, Array]


def judge(asking: Asking, like: Any) -> Found:
    """Whether the layer equals what `like` answers. Raises ValueError where that is no reference here, and Breach."""
    asking = replace(asking, given=arguments.promoted(twin_of(asking.twin), asking.given, asking.delta, asking.seed))
    given, subject, reference = asking.given, asking.subject(), Trusted(like, asking.given)
    residual = arguments.residual(asking.delta, reference.forward(given.args).shape, asking.seed)
    _same_outputs(asking, reference)
    asking.patience.tell("progress-method", method=ORACLE)
    if residual.size == 0 or given.args[0].size == 0:
        empty = [abstain(ORACLE, q, "estimated", remark("verification.empty")) for q in reference.quantities]
        return Found(empty, [], reference.quantities, None)
    said = measured.measure(reference.answers, given.args, residual, _rng(asking))
    first = as_laid_out(subject, residual, given)
    answers = _answers(subject, given.args, residual)
    expected, bounds = {q: m.expected for q, m in said.items()}, {q: m.conventional for q, m in said.items()}
    evidence = list(_compared(said, answers, 1))
    if any(item.status == "fail" or item.remark for item in evidence):
        said = _widened(reference, said, given.args, residual, asking)
        in_full = reference.in_full(given.args, residual)
        said = said if in_full is None else measured.between(said, in_full)
        evidence = list(_compared(said, answers, 1))
    others = {q: m.conventions(answers[q]) for q, m in said.items() if q in answers}
    asking.explain(OfNumbers(subject, given.args, residual, answers, expected, bounds, others))
    wrong = list[Remark]()
    if any(item.status == "fail" for item in evidence):
        with suppress(ValueError):  # out of the reference's domain
            said = measured.levelled(reference.answers, said, given.args, residual, _rng(asking))
        evidence, wrong, said = _by_norm(subject, reference, asking, said, answers, residual, evidence)
    infinite = not_finite(answers, expected)

    def checked(said: dict[str, Measured]) -> list[Evidence]:
        trial = trials.trusted(subject, asking.fresh(), reference, given.args, residual, answers, first, said, _rng(asking))
        return contract(asking, subject, trial, infinite)

    checks = checked(said)
    if any(item.status == "fail" for item in checks) and not _own(said):
        said = _with_own(asking, subject, reference, said, given.args, residual)
        checks = checked(said) if _own(said) else checks  # in another layout a layer may add up in another order
    return Found([*evidence, *checks], [*wrong, *broken(checks)], tuple(answers), subject.cause)


def _widened(
    reference: Trusted, said: dict[str, Measured], args: tuple[Array, ...], delta: Array, asking: Asking
) -> dict[str, Measured]:
    """Before a layer is failed, or believed to have another convention, every way in which last bits may decide is looked for."""
    try:
        return measured.widened(reference.answers, said, args, delta, _rng(asking))
    except ValueError:  # out of the reference's domain
        return said


def _same_outputs(asking: Asking, reference: Trusted) -> None:
    """As many outputs, in the same shapes; the sizes of all together are compared later. Raises Breach."""
    theirs, ours = reference.layer, asking.layer
    if not isinstance(theirs, Joined) and not isinstance(ours, Joined):
        return
    shapes = [layer.shapes(*asking.given.args) if isinstance(layer, Joined) else None for layer in (ours, theirs)]
    if shapes[0] != shapes[1]:
        got, expected = (", ".join(map(str, found)) if found else "one array" for found in shapes)
        raise Breach("shape", "outputs", got=got, expected=expected)


def _rng(asking: Asking) -> np.random.Generator:
    return np.random.default_rng((asking.seed, STREAM))


def _answers(subject: Subject, args: tuple[Array, ...], delta: Array) -> Answers:
    """Of the layer, by quantity. Raises Breach."""
    y = subject.forward(*args)
    if y.shape != delta.shape:
        raise Breach("shape", "y-shape", got=y.shape, expected=delta.shape)
    gradients = subject.backward(delta, *args)
    return dict(zip(("y", *(subject.names[position] for position in subject.judged)), (y, *gradients), strict=True))


def _by_norm(
    subject: Subject,
    reference: Trusted,
    asking: Asking,
    said: dict[str, Measured],
    answers: Answers,
    delta: Array,
    tier1: list[Evidence],
) -> tuple[list[Evidence], list[Remark], dict[str, Measured]]:
    """Of what fails entry by entry: right and computed another way, here and where what is small at the case is not, or wrong.

    With what is known of right answers in the end.
    """
    failed = [item for item in tier1 if item.status == "fail"]
    found = list(_compared(said, answers, 2))
    if any(item.status == "fail" for item in found):
        said = _as_rough(asking, subject, reference, said, asking.given.args, delta)
        found = list(_compared(said, answers, 2))
    if any(item.status == "fail" for item in found):
        said = _with_own(asking, subject, reference, said, asking.given.args, delta)
        found = list(_compared(said, answers, 2))
    wrong = [(item, said) for item in found if item.status == "fail"]
    wide = _why_doubted(asking, reference, said, answers, delta) if wrong else ""
    elsewhere = []
    for at, args, residual in _variants(asking, delta) if wide or not wrong else ():
        try:
            more = measured.measure(reference.answers, args, residual, _rng(asking))
            more = measured.levelled(reference.answers, more, args, residual, _rng(asking))
        except ValueError:
            continue  # out of the reference's domain
        there = _answers(subject, args, residual)
        items = list(_compared(more, there, 2, at))
        if any(item.status == "fail" or said[q].conventions(answers[q]).any() for item in items for q in [item.quantity]):
            more = _widened(reference, more, args, residual, asking)
            more = _as_rough(asking, subject, reference, more, args, residual)
            if at == "mantissas":  # which lie as close together as those of the case, in parts of their size
                more = _with_own(asking, subject, reference, more, args, residual)
            items = list(_compared(more, there, 2, at))
        elsewhere += [(item, more) for item in items if item.status == "fail"]
        found += () if wide else items
    if wide and not elsewhere:
        return [_doubted(item, wide) if item.status == "fail" else item for item in tier1], [], said
    wrong += elsewhere
    suspects = {item.quantity for item in failed}
    told = [item for item in found if item.status == "fail" or (item.status == "pass" and item.quantity in suspects)]
    if not wrong:
        return [*(_doubted(item, "unconventional") if item in failed else item for item in tier1), *told], [], said
    sharpest = {item.quantity: (item, where) for item, where in reversed([*((i, said) for i in failed), *wrong])}
    bad = {item.quantity for item, _ in wrong}
    remarks = [findings.wrong(i, "", {ORACLE: m[q].expected}) for q, (i, m) in sharpest.items() if q in bad]
    return [*tier1, *told], remarks[::-1], said


def _why_doubted(asking: Asking, reference: Trusted, said: dict[str, Measured], answers: Answers, delta: Array) -> str:
    """Why an answer beyond all bounds may be right here: an algorithm mixes numbers of wide range, or subtracts large ones.

    So exp(x − log Σ exp(x)) does, and carries the last bits of x: the roundings of the reference at numbers of about 1, as much
    larger as the arguments are. Empty where neither can be.
    """
    args = asking.given.args
    if of_wide_range(*args, delta):
        return "wide-range"
    try:
        size = largest(*(a for a in args if a.dtype.kind == "f"))
        usual = measured.measure(reference.answers, _scaled(args), np.frexp(delta)[0], _rng(asking))
    except ValueError:  # out of its domain
        return ""
    factors = {q: size * (1.0 if q == "y" else largest(delta)) for q in usual}
    most = {q: replace(m, by_norm=max(m.by_norm, factors[q] * usual[q].by_norm)) for q, m in said.items()}
    small = size <= 1 or any(item.status == "fail" for item in _compared(most, answers, 2))
    return "" if small else "large-arguments"


def _as_rough(
    asking: Asking, subject: Subject, reference: Trusted, known: dict[str, Measured], args: tuple[Array, ...], delta: Array
) -> dict[str, Measured]:
    """What is small may carry the roundings of larger numbers that cancel in a layer, as in 2σ(2x) − 1 for tanh, or 1 − y².

    They show as roughness of the layer's own answers, at numbers between these and 1, where these do not vanish in it; and are no
    larger than the reference's at numbers of about 1, at which the layer is asked too. Those of a gradient are as large as delta.
    """
    *sizes, residual = (largest(a) if a.dtype.kind == "f" else 1.0 for a in (*args, delta))
    try:
        own = measured.measure(lambda a, d: _answers(subject, a, d), _scaled(args, np.sqrt(sizes)), delta, _rng(asking))
        usual = measured.measure(reference.answers, _scaled(args), np.frexp(delta)[0], _rng(asking))
    except (Breach, ValueError):  # out of a domain, or never the same
        return known
    most = {q: min(own[q].by_norm, m.by_norm * (1.0 if q == "y" else residual)) for q, m in usual.items() if q in own}
    return {q: replace(m, by_norm=max(m.by_norm, most.get(q, 0.0))) for q, m in known.items()}


def _with_own(
    asking: Asking, subject: Subject, reference: Trusted, known: dict[str, Measured], args: tuple[Array, ...], delta: Array
) -> dict[str, Measured]:
    """An algorithm that rounds more than the reference does is right to what it rounds, and is seen no further.

    Among numbers of wide range that is what the largest round, and most others would not be seen at all.
    """
    if of_wide_range(*args, delta):
        return known
    try:
        return scattered.widened(lambda a, d: _answers(subject, a, d), reference.answers, known, args, delta, _rng(asking))
    except (Breach, ValueError):  # out of a domain
        return known


def _own(known: dict[str, Measured]) -> bool:
    return any(m.own for m in known.values())


def _scaled(args: tuple[Array, ...], sizes: Sequence[float] | Array | None = None) -> tuple[Array, ...]:
    """The mantissas of the case, each array times its size; indices as they are."""
    factors = [1.0] * len(args) if sizes is None else sizes
    return tuple(size * np.frexp(a)[0] if a.dtype.kind == "f" else a for a, size in zip(args, factors, strict=True))


def _doubted(item: Evidence, why: str) -> Evidence:
    return replace(item, status="abstain", remark=remark(f"verification.{why}"))


def _compared(said: dict[str, Measured], answers: Answers, tier: int, at: Place = "case") -> Iterator[Evidence]:
    """Each quantity, without the entries in which the layer follows another convention where last bits decide."""
    for quantity, actual in answers.items():
        known = said[quantity]
        others = known.conventions(actual)
        bound = known.conventional if tier == 1 else known.slack
        found = compare(actual, known.expected, bound, others)
        note = remark("verification.last-bits-decide", entries=int(others.sum())) if others.any() else None
        if known.shortened:
            note = remark("verification.short-cut")
        if tier == 2 and found is not None:
            right = "own-rounding" if known.own else "by-norm"
            note = remark(f"verification.{right}" if found.status != "fail" else "verification.not-by-norm")
        yield record(ORACLE, quantity, "estimated", found, at=at, note=note)


def _variants(asking: Asking, delta: Array) -> Iterator[tuple[Place, tuple[Array, ...], Array]]:
    """The same shapes at numbers of one size, at small ones, and at small integers."""
    args, rng = asking.given.args, _rng(asking)
    sizes: dict[Place, float] = {"mantissas": 1.0, "tiny": TINY}
    for at, size in sizes.items():
        yield at, _scaled(args, [size] * len(args)), size * np.frexp(delta)[0]
    small = [rng.integers(-3, 4, a.shape).astype(float) if a.dtype.kind == "f" else a for a in (*args, delta)]
    yield "small-integers", tuple(small[:-1]), small[-1]
