"""What a step of an optimiser owes its caller: the same way twice, arrays that are left alone, no memory of another w."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..evidence import Evidence, remark
from ..judge import agrees
from .contract.trial import found, left_alone, same
from .step_question import Descent
from .step_walk import Walker, Walks
from .subject import Breach

REPEATS, INPUTS, MEMORY = "repeats", "reads-only-inputs", "no-memory"


def points(walks: Walks, asked: Descent, first: Walker, right: bool, seed: int) -> Iterator[Evidence]:
    """One after the other; `first` has gone the whole way. Of a step that is wrong, or does not repeat itself, the last is
    not asked: it would show that again."""
    yield reads_only_inputs(first)
    again = _asked(REPEATS, lambda: repeats(walks, asked, first))
    yield again
    if right and again.status == "pass":
        yield _asked(MEMORY, lambda: no_memory(walks, asked, first, seed))


def _asked(point: str, ask: Callable[[], Evidence]) -> Evidence:
    """What the point shows, or that the contract was broken there."""
    try:
        return ask()
    except Breach as breach:
        return found(breach.check, breach.remark)


def reads_only_inputs(first: Walker) -> Evidence:
    """The gradients are what they were, at the end too; and each w that was handed over is what it was, or the new one.

    A step may work in place, and return that array or another with the same numbers, or nothing.
    """
    return found(INPUTS, remark(f"contract.{first.broken}") if first.broken else None)


def repeats(walks: Walks, asked: Descent, first: Walker) -> Evidence:
    """To the last bit."""
    (walker,) = walks.new(asked.start)
    moved = not same(first.path, walker.walk(asked.gradients))
    return found(REPEATS, remark("contract.step-repeats") if moved else None)


def no_memory(walks: Walks, asked: Descent, first: Walker, seed: int) -> Evidence:
    """Two w of one shape that are moved by turns come where each comes alone.

    A step that keeps its state in itself may do so for a single w. Where two w of different shapes come where they should, it
    tells them apart, and owes as much to those of one shape.
    """
    shape = asked.start.shape
    other = asked.another((shape[0] + 1, *shape[1:]) if shape else (2,), seed)
    if not (first.stateful or _apart(walks, asked, other)):
        return left_alone(MEMORY, "step-one-w")
    alike = asked.another(shape, seed)
    return found(MEMORY, None if by_turns(walks, asked, alike) else remark("contract.step-mixes"))


def _apart(walks: Walks, one: Descent, other: Descent) -> bool:
    try:
        return by_turns(walks, one, other)
    except Breach:
        return False


def by_turns(walks: Walks, *asked: Descent) -> bool:
    """Whether each comes where it should, one step of each at a time. Raises Breach."""
    walkers = walks.new(*(each.start for each in asked))
    for gradients in zip(*(each.gradients for each in asked), strict=True):
        for walker, gradient in zip(walkers, gradients, strict=True):
            walker.walk((gradient,))
    return all(agrees(walker.path, each.right, each.bound) for walker, each in zip(walkers, asked, strict=True))
