"""What a layer owes beyond right numbers: each check asks the layer again in another way, and wants the same answer.

The checks, in their order: the same call twice, inputs unchanged, answers that stand, a call with another input in
between, read-only and Fortran-ordered and non-contiguous arrays, the residual doubled and split, a batch answered as its samples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ..evidence import Evidence
from ..judge import compare, within
from ..rounding import UNDERFLOW, Array
from .subject import Breach, Subject

Slack = Callable[[int, Array], Array]  # how far answer number j (0: y, 1: dx, ...) may move when it is computed in another order
Answers = tuple[Array, ...]


def check(subject: Subject, args: Answers, delta: Array, first: Answers, slack: Slack, by_sample: bool) -> Iterator[Evidence]:
    """One piece of evidence for each check, against the `first` answers y, dx, ... Raises Breach where the layer gives none."""
    others = _others(args)
    yield from _once_more(subject, first, delta, args, others)
    afterwards = _interleaved(subject, delta, args, others)
    yield _same("no memory", first, afterwards, "answers differently after a call with another input in between")
    for name, variant in (("read-only Fortran order", _fortran), ("non-contiguous", _strided)):
        yield _layout(subject, name, variant, first, delta, args, slack)
    yield _doubled(subject, first[1:], delta, args)
    yield _added(subject, first[1:], delta, args, slack)
    if by_sample and args[0].ndim and len(args[0]) > 1:
        yield _by_sample(subject, first, delta, args, slack)


def _ask(subject: Subject, delta: Array, args: Answers) -> Answers:
    return subject.forward(*args), *subject.backward(delta, *args)


def _once_more(subject: Subject, first: Answers, delta: Array, args: Answers, others: Answers) -> Iterator[Evidence]:
    """The same question again, on arrays that are looked at afterwards, its answers kept over a call with another input."""
    given = (delta.copy(), *(a.copy() for a in args))
    answers = subject.uncopied(given[0], given[1:])
    again = tuple(np.array(answer) for answer in answers)
    yield _same("determinism", first, again, "answers differently when asked twice")
    names = ("delta", "x", "w", "b")
    changed = [name for name, a, b in zip(names, given, (delta, *args), strict=False) if not np.array_equal(a, b)]
    yield _finding("inputs unchanged", not changed, f"changes its input {' and '.join(changed)}")
    subject.forward(*others)
    subject.backward(0.5 * delta, *others)
    stand = all(_equal(a, np.asarray(b)) for a, b in zip(again, answers, strict=True))
    yield _finding("answers stand", stand, "overwrites an answer that it gave before when it is called again")


def _others(args: Answers) -> Answers:
    """Another input of the same shapes."""
    return tuple(a if a.dtype.kind in "iu" else 0.75 * np.roll(a.ravel(), 1).reshape(a.shape) for a in args)


def _interleaved(subject: Subject, delta: Array, args: Answers, others: Answers) -> Answers:
    """Another input was asked about before each of the two calls: answers must not come from a memory of the last one."""
    y = subject.forward(*args)  # the last call, in `_once_more`, was about the others
    subject.forward(*others)
    gradients = subject.backward(delta, *args)
    if hasattr(subject.layer, "backward_after_another_forward"):
        gradients = subject.form(subject.call("backward_after_another_forward", delta.copy(), args, others), args)
    return y, *gradients


def _layout(
    subject: Subject, name: str, variant: Callable[[Array], Array], first: Answers, delta: Array, args: Answers, slack: Slack
) -> Evidence:
    try:
        answers = tuple(map(np.asarray, subject.uncopied(variant(delta), tuple(variant(a) for a in args))))
    except Breach as breach:
        raise Breach(name, f"on {name} arrays {breach}") from breach.__cause__
    return _close(name, first, answers, slack, f"answers differently on {name} arrays")


def _doubled(subject: Subject, gradients: Answers, delta: Array, args: Answers) -> Evidence:
    """Scaling by 2 commutes with every rounding, so backward(2·δ) is 2·backward(δ) to the bit, but for underflow."""
    if float(np.max(np.abs(delta), initial=0.0)) > 2.0**1000:
        return Evidence("contract", "linearity: 2·delta", "abstain", "contract", reason="2·delta would overflow")
    sentence = "answers 2·delta with something else than twice its answer to delta: backward is not linear in delta"
    twice = tuple(2 * g for g in gradients)
    return _close(
        "linearity: 2·delta", twice, subject.backward(2 * delta, *args), lambda _, a: np.array(a.size * UNDERFLOW), sentence
    )


def _added(subject: Subject, gradients: Answers, delta: Array, args: Answers, slack: Slack) -> Evidence:
    """Two residuals that add up to delta, neither larger in any entry: what bounds the whole bounds the parts."""
    even = np.where(np.arange(delta.size) % 2 == 0, delta.ravel(), 0.0).reshape(delta.shape)
    sums = tuple(a + b for a, b in zip(subject.backward(even, *args), subject.backward(delta - even, *args), strict=True))
    sentence = "answers the sum of two residuals differently from the sum of its answers: backward is not linear in delta"
    return _close("linearity: sums", gradients, sums, lambda j, a: 2 * slack(j + 1, a), sentence)


def _by_sample(subject: Subject, first: Answers, delta: Array, args: Answers, slack: Slack) -> Evidence:
    """The first sample alone and the rest alone: values side by side, parameter gradients added."""
    x, *params = args
    cuts = (slice(0, 1), slice(1, None))
    answers = [_ask(subject, delta[cut], (x[cut], *params)) for cut in cuts]
    joined = tuple(np.concatenate(pair) if j < 2 else pair[0] + pair[1] for j, pair in enumerate(zip(*answers, strict=True)))
    return _close("batch as samples", first, joined, lambda j, a: 2 * slack(j, a), "answers a batch differently from its samples")


def _close(name: str, expected: Answers, actual: Answers, slack: Slack, sentence: str) -> Evidence:
    for j, (a, b) in enumerate(zip(actual, expected, strict=True)):
        if a.shape != b.shape:
            return _finding(name, False, f"{sentence}: shape {a.shape} instead of {b.shape}")
        if a.size == 0 or within(a, b, slack(j, b)):
            continue
        judged = compare(a, b, slack(j, b))
        if judged is not None:
            return _finding(name, False, f"{sentence}: {judged.actual:.6g} instead of {judged.expected:.6g} at {judged.index}")
    return _finding(name, True, "")


def _same(name: str, first: Answers, again: Answers, sentence: str) -> Evidence:
    return _finding(name, all(_equal(a, b) for a, b in zip(first, again, strict=True)), sentence)


def _equal(a: Array, b: Array) -> bool:
    """Entry by entry the same, NaN where NaN was. NaN is rare and dear to look for, so first without."""
    return np.array_equal(a, b) or np.array_equal(a, b, equal_nan=True)


def _finding(name: str, holds: bool, sentence: str) -> Evidence:
    return Evidence("contract", name, "pass" if holds else "fail", "contract", reason="" if holds else f"the layer {sentence}")


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
