"""Memory: what a layer keeps from one call to the next must not show in an answer, nor in arrays of the caller."""

from __future__ import annotations

from contextlib import suppress

import numpy as np

from ...adapters.layer import FromLayer
from ...attributes import optional
from ...evidence import Evidence, remark
from ...rounding import Array
from .. import layouts
from ..subject import Breach, restore
from .elsewhere import larger
from .numbers import others
from .repeated import REPEATS
from .trial import Answers, Trial, all_same, found, left_alone, moved, same

NO_MEMORY = "no-memory"
BUFFERS = 3  # that a layer may answer in by turns: of more `together` does not know


def reads_only_inputs(trial: Trial) -> Evidence:
    """Neither the call that is given an array changes it, nor a later one. Who wrote is told: forward, backward, a later call.

    What is undone before the call ends shows in arrays that cannot be written to: raises Breach.
    """
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
        read_only(trial)
        return found(point)
    if told.keys() >= {"forward", "backward"}:
        return found(point, remark("contract.changes-inputs-both", inputs=told["forward"], by_backward=told["backward"]))
    writer, inputs = next(iter(told.items()))
    if writer == "later":
        return found(point, remark("contract.changes-inputs-later", inputs=inputs))
    return found(point, remark("contract.changes-inputs", method=writer, inputs=inputs))


def answers_stand(trial: Trial) -> Evidence:
    """An answer that was given is not overwritten by the calls after."""
    handed = tuple(map(np.array, (trial.delta, *trial.args)))
    y, gradients = trial.subject.uncopied(handed[0], handed[1:])
    raw = (y, *gradients)
    kept = tuple(map(np.array, raw))
    for _ in range(BUFFERS):
        with suppress(Breach):
            trial.subject.forward(*others(trial.args))
            trial.subject.backward(np.asarray(0.5 * trial.delta), *others(trial.args))
    for name, a, b in zip(trial.names, kept, raw, strict=True):
        if not same(a, np.asarray(b)):
            return found("answers-stand", remark("contract.overwrites-answers", quantity=name))
    return found("answers-stand")


def no_memory(trial: Trial) -> Evidence:
    """The same answer after calls with another input in between, of the same shape and of another."""
    told = in_between(trial)
    if told.status == "fail":
        return told
    for args in larger(trial.args):
        with suppress(Breach):
            delta = np.resize(trial.delta, trial.subject.forward(*args).shape)
            trial.subject.call("backward", np.asarray(delta), *map(np.array, args))
        again = trial.ask(trial.delta, trial.args)  # after each: a buffer may be made anew at the next
        if not all_same(trial.first, again):
            return of_size(trial, again)
    return found(NO_MEMORY)


def of_size(trial: Trial, again: Answers) -> Evidence:
    """The point is broken: after an input of another size the case was answered like this."""
    return found(NO_MEMORY, remark("contract.memory-of-size", quantity=moved(trial, trial.first, again)))


def in_between(trial: Trial) -> Evidence:
    """Of the same shape alone; what is kept by the layer for its backward, or added up there, is what was asked about."""
    again: Answers = _interleaved(trial)
    if not all_same(trial.first, again):
        code = "memory" if not all_same(trial.first, _interleaved(trial)) else "not-deterministic"
        told = remark(f"contract.{code}", quantity=moved(trial, trial.first, again))
        return found(NO_MEMORY if code == "memory" else REPEATS, told)
    if optional(trial.subject.layer, "backward_after_another_forward"):
        handed = np.array(trial.delta), tuple(map(np.array, trial.args)), others(trial.args)
        gradients = trial.subject.form(trial.subject.call("backward_after_another_forward", *handed), trial.args)
        if not all_same(trial.first[1:], gradients):
            return found(NO_MEMORY, remark("contract.memory-of-cache", quantity=moved(trial, trial.first[1:], gradients, 1)))
    layer = trial.subject.layer
    if isinstance(layer, FromLayer) and layer.accumulates:
        asked = trial.subject.call("backward_twice", trial.delta.copy(), *map(np.array, trial.args))
        gradients = trial.subject.form(asked, trial.args)
        return trial.close(NO_MEMORY, trial.first[1:], gradients, trial.slack, "contract.not-accumulated", 1)
    return found(NO_MEMORY)


def _interleaved(trial: Trial) -> Answers:
    """The forward of another input between the forward and the backward of this one."""
    y = trial.subject.forward(*trial.args)
    with suppress(Breach):
        trial.subject.forward(*others(trial.args))
    return y, *trial.subject.backward(trial.delta, *trial.args)


def same_arrays(trial: Trial) -> Evidence:
    """The very arrays of an earlier call with new numbers in them, as after `w -= lr * dw`, are answered by these numbers."""
    point, new = "same-arrays", refilling(trial)
    held = tuple(map(np.array, (trial.delta, *trial.args)))
    try:
        fresh = trial.ask(new[0], new[1:])
    except Breach:
        return left_alone(point, "others-refused")
    trial.uncopied(*refilled(held, (trial.delta, *trial.args)))
    answers = trial.uncopied(*refilled(held, new))
    slack = trial.slack_at(new[1:], new[0])
    return trial.close(point, fresh, answers, slack, "contract.same-array")


def read_only(trial: Trial) -> Answers:
    """The case, asked with arrays that cannot be written to. Raises Breach."""
    delta, *args = (layouts.read_only(np.array(a)) for a in (trial.delta, *trial.args))
    return trial.uncopied(delta, tuple(args))


def refilling(trial: Trial) -> Answers:
    """A residual and arguments to be put into arrays that were asked about."""
    return np.asarray(0.5 * trial.delta), *others(trial.args)


def refilled(held: Answers, numbers: Answers) -> tuple[Array, Answers]:
    """The same arrays with these numbers in them: a residual and arguments."""
    for array, new in zip(held, numbers, strict=True):
        array[...] = new
    return held[0], held[1:]
