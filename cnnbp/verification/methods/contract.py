"""The contract: what a layer owes beyond right numbers. Each check asks the layer again in another way, and wants the same answer.

The checks, in their order: the same call twice, inputs unchanged, answers that stand, a call with another input in
between, read-only and Fortran-ordered and non-contiguous arrays, the residual doubled and split, a batch answered as its samples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ...evidence import Evidence, Remark, remark
from ...judge import compare
from ...rounding import UNDERFLOW, Array
from ..examination import Examination
from ..subject import Breach, Subject

Slack = Callable[[int, Array], Array]  # how far answer number j (0: y, 1: dx, ...) may move when it is computed in another order
Answers = tuple[Array, ...]


def evidence(examination: Examination) -> Iterator[Evidence]:
    """One piece of evidence for each check. Computed in another order, an answer may move by the larger of both tiers' bounds."""
    question = examination.question
    larger = [np.maximum(question.bound(2, quantity), question.bound(1, quantity)) for quantity in question.quantities]
    answers = tuple(examination.answers.values())
    apart = question.operator.samples_apart(question.options)
    return check(examination.subject, question.args, question.delta, answers, lambda j, _: larger[j], apart)


def check(subject: Subject, args: Answers, delta: Array, first: Answers, slack: Slack, by_sample: bool) -> Iterator[Evidence]:
    """One piece of evidence for each check, against the `first` answers y, dx, ... Raises Breach where the layer gives none."""
    yield from _asked_again(subject, first, delta, args)
    for name, variant in (("read-only Fortran order", _fortran), ("non-contiguous", _strided)):
        yield _layout(subject, name, variant, first, delta, args, slack)
    yield _doubled(subject, first[1:], delta, args)
    yield _added(subject, first[1:], delta, args, slack)
    if by_sample and args[0].ndim and len(args[0]) > 1:
        yield _by_sample(subject, first, delta, args, slack)


def _ask(subject: Subject, delta: Array, args: Answers) -> Answers:
    return subject.forward(*args), *subject.backward(delta, *args)


def _asked_again(subject: Subject, first: Answers, delta: Array, args: Answers) -> Iterator[Evidence]:
    """The same question, another one in between, on arrays that are looked at afterwards; its answers kept over more calls."""
    others, given = _others(args), (delta.copy(), *(a.copy() for a in args))
    y = subject.call("forward", *given[1:])
    kept = np.array(y)
    subject.forward(*others)
    gradients = subject.raw(subject.call("backward", *given))
    again = kept, *subject.form(gradients, args)
    yield from _remembered(subject, first, again, delta, args, others)
    names = ("delta", "x", "w", "b")
    changed = [name for name, a, b in zip(names, given, (delta, *args), strict=False) if not np.array_equal(a, b)]
    yield _finding("inputs unchanged", not changed, remark("contract.changes-inputs", inputs=changed))
    subject.forward(*others)
    subject.backward(0.5 * delta, *others)
    stand = all(_equal(a, np.asarray(b)) for a, b in zip(again, (y, *gradients), strict=True))
    yield _finding("answers stand", stand, remark("contract.overwrites-answers"))


def _remembered(
    subject: Subject, first: Answers, again: Answers, delta: Array, args: Answers, others: Answers
) -> Iterator[Evidence]:
    """Whether the answer was the same; if not, whether a memory of the call in between made the difference, or chance."""
    same = _same(first, again)
    if same and hasattr(subject.layer, "backward_after_another_forward"):
        answer = subject.call("backward_after_another_forward", delta.copy(), args, others)
        remembers = not _same(first[1:], subject.form(answer, args))
        determined = True
    else:
        determined = same or _same(first, _ask(subject, delta, args))
        remembers = not same and determined and not _same(first, _interleaved(subject, delta, args, others))
        determined = same or remembers
    yield _finding("determinism", determined, remark("contract.not-deterministic"))
    yield _finding("no memory", not remembers, remark("contract.memory"))


def _interleaved(subject: Subject, delta: Array, args: Answers, others: Answers) -> Answers:
    """Another input was asked about before each of the two calls: answers must not come from a memory of the last one."""
    subject.backward(0.5 * delta, *others)
    y = subject.forward(*args)
    subject.forward(*others)
    return y, *subject.backward(delta, *args)


def _others(args: Answers) -> Answers:
    """Another input of the same shapes."""
    return tuple(a if a.dtype.kind in "iu" else 0.75 * np.roll(a.ravel(), 1).reshape(a.shape) for a in args)


def _layout(
    subject: Subject, name: str, variant: Callable[[Array], Array], first: Answers, delta: Array, args: Answers, slack: Slack
) -> Evidence:
    try:
        answers = tuple(map(np.asarray, subject.uncopied(variant(delta), tuple(variant(a) for a in args))))
    except Breach as breach:
        code, values = breach.remark.code.removeprefix("contract."), breach.remark.values
        raise Breach(name, code, **{**values, "at": name}) from breach.__cause__
    return _close(name, first, answers, slack, remark("contract.layout", layout=name))


def _doubled(subject: Subject, gradients: Answers, delta: Array, args: Answers) -> Evidence:
    """Scaling by 2 commutes with every rounding, so backward(2·δ) is 2·backward(δ) to the bit, but for underflow."""
    if float(np.max(np.abs(delta), initial=0.0)) > 2.0**1000:
        return Evidence("contract", "linearity: 2·delta", "abstain", "contract", remark=remark("contract.would-overflow"))
    twice, answers = tuple(2 * g for g in gradients), subject.backward(2 * delta, *args)
    return _close("linearity: 2·delta", twice, answers, lambda _, a: np.array(a.size * UNDERFLOW), remark("contract.not-doubled"))


def _added(subject: Subject, gradients: Answers, delta: Array, args: Answers, slack: Slack) -> Evidence:
    """Two residuals that add up to delta, neither larger in any entry: what bounds the whole bounds the parts."""
    even = np.where(np.arange(delta.size) % 2 == 0, delta.ravel(), 0.0).reshape(delta.shape)
    sums = tuple(a + b for a, b in zip(subject.backward(even, *args), subject.backward(delta - even, *args), strict=True))
    return _close("linearity: sums", gradients, sums, lambda j, a: 2 * slack(j + 1, a), remark("contract.not-additive"))


def _by_sample(subject: Subject, first: Answers, delta: Array, args: Answers, slack: Slack) -> Evidence:
    """The first sample alone and the rest alone: values side by side, parameter gradients added."""
    x, *params = args
    cuts = (slice(0, 1), slice(1, None))
    answers = [_ask(subject, delta[cut], (x[cut], *params)) for cut in cuts]
    for cut, (y, *_) in zip(cuts, answers, strict=True):
        if y.shape != delta[cut].shape:
            shapes = {"actual_shape": y.shape, "expected_shape": delta[cut].shape}
            return _finding("batch as samples", False, remark("contract.samples-mixed-shape", **shapes))
    joined = tuple(np.concatenate(pair) if j < 2 else pair[0] + pair[1] for j, pair in enumerate(zip(*answers, strict=True)))
    return _close("batch as samples", first, joined, lambda j, a: 2 * slack(j, a), remark("contract.samples-mixed"))


def _close(name: str, expected: Answers, actual: Answers, slack: Slack, otherwise: Remark) -> Evidence:
    for j, (a, b) in enumerate(zip(actual, expected, strict=True)):
        if a.shape != b.shape:
            return _finding(name, False, _with(otherwise, "shape", actual_shape=a.shape, expected_shape=b.shape))
        if np.array_equal(a, b):  # as a rule, and quickly seen
            continue
        judged = compare(a, b, slack(j, b))
        if judged is not None and judged.status == "fail":
            values = {"answer": j, "actual": judged.actual, "expected": judged.expected, "index": judged.index}
            return _finding(name, False, _with(otherwise, "entry", **values))
    return _finding(name, True, otherwise)


def _with(said: Remark, what: str, **values: object) -> Remark:
    """The remark with what moved: its code says whether a shape or an entry did."""
    return remark(f"{said.code}-{what}", **said.values, **values)


def _same(first: Answers, again: Answers) -> bool:
    return all(_equal(a, b) for a, b in zip(first, again, strict=True))


def _equal(a: Array, b: Array) -> bool:
    """Entry by entry the same, NaN where NaN was. NaN is rare and dear to look for, so first without."""
    return np.array_equal(a, b) or np.array_equal(a, b, equal_nan=True)


def _finding(name: str, holds: bool, otherwise: Remark) -> Evidence:
    return Evidence("contract", name, "pass" if holds else "fail", "contract", remark=None if holds else otherwise)


def _fortran(a: Array) -> Array:
    ordered = a.copy(order="F")
    ordered.flags.writeable = False
    return ordered


def _strided(a: Array) -> Array:
    """The same numbers, two apart on every axis, NaN in between: reading past the strides shows."""
    if a.ndim == 0:
        return a.copy()
    filler = np.nan if a.dtype.kind == "f" else 0
    wide = np.full([2 * size for size in a.shape], filler, a.dtype)
    view = wide[tuple(slice(None, None, 2) for _ in a.shape)]
    view[...] = a
    return view
