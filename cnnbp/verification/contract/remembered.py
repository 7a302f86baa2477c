"""Memory: what a layer keeps from one call to the next must not show in an answer, nor in arrays of the caller."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import numpy as np

from ...adapters.layer import FromLayer
from ...evidence import Evidence, remark
from ...judge import agrees
from ...rounding import Array
from ..subject import Breach, restore
from .elsewhere import farthest, mirrored, one_sided, shifted, stretched
from .repeated import REPEATS
from .trial import Answers, Slack, Trial, all_same, found, left_alone, moved, other, others, same


def reads_only_inputs(trial: Trial) -> Evidence:
    """Neither the call that is given an array changes it, nor a later one. Who wrote is told: forward, backward, a later call."""
    point, right, writers = "reads-only-inputs", (trial.delta, *trial.args), dict[str, list[int]]()
    handed = tuple(map(np.array, right))
    with suppress(Breach):
        trial.subject.call("forward", *handed[1:])
        writers["forward"] = restore(handed, right)
        trial.subject.call("backward", *handed)
        writers["backward"] = restore(handed, right)
    with suppress(Breach):
        trial.subject.forward(*others(trial.args))
        trial.subject.backward(np.asarray(0.5 * trial.delta), *others(trial.args))
    writers["later"] = restore(handed, right)
    names = ("delta", *trial.subject.names)
    told = {writer: [names[j] for j in changed] for writer, changed in writers.items() if changed}
    if not told:
        return found(point)
    if told.keys() >= {"forward", "backward"}:
        return found(point, remark("contract.changes-inputs-both", inputs=told["forward"], by_backward=told["backward"]))
    writer, inputs = next(iter(told.items()))
    if writer == "later":
        return found(point, remark("contract.changes-inputs-later", inputs=inputs))
    return found(point, remark("contract.changes-inputs", method=writer, inputs=inputs))


def answers_stand(trial: Trial) -> Evidence:
    """An answer that was given is not overwritten by a later call."""
    handed = tuple(map(np.array, (trial.delta, *trial.args)))
    y, gradients = trial.subject.uncopied(handed[0], handed[1:])
    raw = (y, *gradients)
    kept = tuple(map(np.array, raw))
    with suppress(Breach):
        trial.subject.forward(*others(trial.args))
        trial.subject.backward(np.asarray(0.5 * trial.delta), *others(trial.args))
    for name, a, b in zip(trial.names, kept, raw, strict=True):
        if not same(a, np.asarray(b)):
            return found("answers-stand", remark("contract.overwrites-answers", quantity=name))
    return found("answers-stand")


def no_memory(trial: Trial) -> Evidence:
    """The same answer after calls with another input in between, of the same shape and of another."""
    point = "no-memory"
    again: Answers = _interleaved(trial)
    if not all_same(trial.first, again):
        code = "memory" if not all_same(trial.first, _interleaved(trial)) else "not-deterministic"
        told = remark(f"contract.{code}", quantity=moved(trial, trial.first, again))
        return found(point if code == "memory" else REPEATS, told)
    if hasattr(trial.subject.layer, "backward_after_another_forward"):
        handed = np.array(trial.delta), tuple(map(np.array, trial.args)), others(trial.args)
        gradients = trial.subject.form(trial.subject.call("backward_after_another_forward", *handed), trial.args)
        if not all_same(trial.first[1:], gradients):
            return found(point, remark("contract.memory-of-cache", quantity=moved(trial, trial.first[1:], gradients, 1)))
    layer = trial.subject.layer
    if isinstance(layer, FromLayer) and layer.accumulates:
        asked = trial.subject.call("backward_twice", trial.delta.copy(), *map(np.array, trial.args))
        added = trial.close(
            point, trial.first[1:], trial.subject.form(asked, trial.args), trial.slack, "contract.not-accumulated", 1
        )
        if added.status == "fail":
            return added
    for args in larger(trial.args):
        with suppress(Breach):
            delta = np.resize(trial.delta, trial.subject.forward(*args).shape)
            trial.subject.call("backward", np.asarray(delta), *map(np.array, args))
        again = trial.ask(trial.delta, trial.args)  # after each: a buffer may be made anew at the next
        if not all_same(trial.first, again):
            return found(point, remark("contract.memory-of-size", quantity=moved(trial, trial.first, again)))
    return found(point)


def _interleaved(trial: Trial) -> Answers:
    """The forward of another input between the forward and the backward of this one."""
    y = trial.subject.forward(*trial.args)
    with suppress(Breach):
        trial.subject.forward(*others(trial.args))
    return y, *trial.subject.backward(trial.delta, *trial.args)


def other_inputs(trial: Trial) -> Evidence:
    """Other inputs, asked right after this one, are answered as they must be: nothing is kept by shape, or by some arguments.

    With a reference x is asked `elsewhere` too. A layer may be made for one side of 0 alone, or for small numbers: where x has no
    others, a reference that is only trusted speaks there if the layer's forward is its own.
    """
    point, judged, sign = "other-inputs", 0, ""
    single = [(*trial.args[:j], other(a), *trial.args[j + 1 :]) for j, a in enumerate(trial.args)] if len(trial.args) > 1 else []
    far = (*stretched(trial),) if trial.bends is None else ()
    more = (mirrored(trial.args), *far, *shifted(trial.args), *farthest(trial)) if trial.bends is None else ()
    alike = (others(trial.args), *single, *more)
    for args, delta in (*((a, trial.delta) for a in alike), *((a, None) for a in larger(trial.args))):
        said, apart = trial.expected(args, delta), any(args is each for each in more)
        if said is None:
            continue
        asked, expected, slack = said
        trial.ask(trial.delta, trial.args)  # what is remembered, if anything is
        try:
            answers = trial.ask(asked, args)
        except Breach as breach:
            if (delta is None or apart) and breach.check == "raises":
                continue  # it is made for this size, or side
            raise
        doubtful = one_sided(trial.args[0]) or any(args is each for each in far)
        if apart and not _of_its_domain(expected, answers, slack, trial.everywhere or not doubtful):
            sign = one_sided(trial.args[0])
            continue
        judged += 1
        answer = trial.close(point, expected, answers, slack, "contract.other-input")
        if answer.status == "fail":
            unasked = trial.fresh(asked, args) if trial.fresh else expected
            if trial.bends is None:
                elsewhere = trial.close(point, expected, unasked, slack, "contract.wrong-elsewhere")
                return elsewhere if elsewhere.status == "fail" else answer
            remembered = trial.close(point, unasked, answers, slack, "contract.other-input")
            if remembered.status == "fail" or not trial.bends(asked, args):
                return answer
            if trial.bends(trial.delta, trial.args):
                continue  # here as well, which is told of the residual
            return trial.close(point, expected, unasked, slack, "contract.bends-elsewhere")
    if not judged:
        return left_alone(point, "others-refused")
    return replace(found(point), remark=remark("contract.one-side", sign=sign)) if sign else found(point)


def _of_its_domain(expected: Answers, answers: Answers, slack: Slack, known: bool) -> bool:
    """Whether the layer's forward is defined elsewhere and, unless it is known that it must be, is what is expected."""
    (y, *_), (right, *_) = answers, expected
    return bool(np.isfinite(y).all()) and (known or (y.shape == right.shape and agrees(y, right, slack(0, right))))


def same_arrays(trial: Trial) -> Evidence:
    """The very arrays of an earlier call with new numbers in them, as after `w -= lr * dw`, are answered by these numbers."""
    point, new = "same-arrays", (np.asarray(0.5 * trial.delta), *others(trial.args))
    held = tuple(map(np.array, (trial.delta, *trial.args)))
    try:
        fresh = trial.ask(new[0], new[1:])
    except Breach:
        return left_alone(point, "others-refused")
    trial.uncopied(*_refilled(held, (trial.delta, *trial.args)))
    answers = trial.uncopied(*_refilled(held, new))
    slack = trial.slack_at(new[1:], new[0])
    return trial.close(point, fresh, answers, slack, "contract.same-array")


def _refilled(held: Answers, numbers: Answers) -> tuple[Array, Answers]:
    for array, new in zip(held, numbers, strict=True):
        array[...] = new
    return held[0], held[1:]


def larger(args: Answers) -> Iterator[Answers]:
    """Inputs of other shapes, which a layer may refuse: each map one cell larger, and one sample more."""
    x, *params = args
    if x.ndim > 2:
        spatial = max(1, x.ndim - 2)
        yield np.resize(x, (*x.shape[:-spatial], *(n + 1 for n in x.shape[-spatial:]))), *params
    if x.ndim and x.size:
        along = [a.shape == x.shape or (a.dtype.kind in "iu" and a.shape[:1] == x.shape[:1]) for a in params]
        yield _longer(x), *(_longer(a) if grows else a for a, grows in zip(params, along, strict=True))


def _longer(a: Array) -> Array:
    """One sample more, like the first."""
    return np.concatenate([a, a[:1]])
