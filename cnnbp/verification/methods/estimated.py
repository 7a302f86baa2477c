"""Estimated: a layer about which nothing is known, its backward against differences of its own forward, by measured noise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from ...evidence import Evidence, Remark, remark
from ...judge import agrees as within
from ...judge import compare
from ...rounding import Array, promised
from ..alone import State
from ..claim import Claim
from ..examination import moved, signs
from ..findings import abstain, record
from ..patience import Patience
from ..search import Search
from ..subject import Breach, Subject

ORACLE = "finite_difference"
STEP, ROUGHLY = 2.0**-16, 2.0**-7  # of what an entry may be moved by, and of what a direction may be off by
Estimate = tuple[Array, Array, Array]
"""What differences found of a gradient, how far it may be off, and which entries they did not judge."""


def evidence(
    subject: Subject,
    args: tuple[Array, ...],
    delta: Array,
    answers: Mapping[str, Array],
    patience: Patience,
    estimates: dict[str, Estimate] | None = None,
) -> list[Evidence]:
    """What differences of its forward say of each gradient of a layer that answered so, kept in `estimates`. Raises Breach."""
    y, *gradients = answers.values()
    if np.isfinite(y).all():
        kept = {} if estimates is None else estimates
        return list(_differences(subject, args, delta, tuple(gradients), y, patience, kept))
    return [abstain(ORACLE, quantity, "estimated", remark("verification.y-not-finite")) for quantity in list(answers)[1:]]


def agrees(
    subject: Subject,
    args: tuple[Array, ...],
    delta: Array,
    answers: Mapping[str, Array],
    quantity: str,
    patience: Patience,
    change: Callable[[Array], Array] = lambda gradient: gradient,
    asked: tuple[tuple[Array, ...], Array] | None = None,
) -> bool:
    """Whether differences of its forward agree with what `change` makes of a gradient that the layer answered.

    asked: other arguments and another residual, where the answer is tried as that to another question.
    """
    number = list(answers).index(quantity) - 1
    position, gradient = subject.judged[number], change(answers[quantity])
    own = _claim(subject, args, delta, answers["y"], gradient, position, number)
    claim = replace(own, gradients=lambda theta: change(own.gradients(theta)))
    if asked is not None:
        other = _claim(subject, *asked, answers["y"], gradient, position, number)
        claim = replace(other, y=other.values(other.at), gradients=own.gradients)
        if not np.isfinite(claim.y).all() or not np.isfinite(gradient).all() or not _roughly(claim):
            return False
    search = Search(claim, quantity, patience)
    search.run()
    return _judged(quantity, gradient, search).status == "pass"


def wrong(
    subject: Subject, args: tuple[Array, ...], delta: Array, answers: Mapping[str, Array], patience: Patience
) -> Iterator[Evidence]:
    """The gradients that are wrong at these arguments: looked at closely where one direction is not as claimed."""
    y, *gradients = answers.values()
    if y.shape != delta.shape or not all(np.isfinite(a).all() for a in answers.values()):
        return
    for number, (position, gradient) in enumerate(zip(subject.judged, gradients, strict=True)):
        claim = _claim(subject, args, delta, y, gradient, position, number)
        if gradient.size and not patience.over and not _roughly(claim):
            search = Search(claim, subject.names[position], patience)
            search.run()
            found = _judged(subject.names[position], gradient, search)
            if found.status == "fail":
                yield found


def _roughly(claim: Claim) -> bool:
    """Whether one direction is as claimed: most that is wrong shows, for two values."""
    way = claim.scale * signs(claim.at.shape, np.random.default_rng(claim.at.size))
    up, down = (claim.values(claim.at + step * way) for step in (STEP, -STEP))
    slope, parts = (claim.delta * (up - down)).sum() / (2 * STEP), claim.gradient * way
    return within(slope, parts.sum(), ROUGHLY * np.abs(parts).sum())


def _differences(
    subject: Subject,
    args: tuple[Array, ...],
    delta: Array,
    gradients: tuple[Array, ...],
    y: Array,
    patience: Patience,
    estimates: dict[str, Estimate],
) -> Iterator[Evidence]:
    for number, (position, gradient) in enumerate(zip(subject.judged, gradients, strict=True)):
        name = subject.names[position]
        if gradient.size == 0 or y.size == 0:
            yield abstain(ORACLE, name, "estimated", remark("verification.empty"))
            continue

        claim = _claim(subject, args, delta, y, gradient, position, number)
        search = Search(claim, name, patience)
        search.run()
        estimates[name] = search.expected, search.error, search.state != State.JUDGED
        found = _judged(name, gradient, search)
        yield _of_ties(name, gradient, search) or found if found.status != "fail" else found


def _claim(subject: Subject, args: tuple[Array, ...], delta: Array, y: Array, gradient: Array, position: int, number: int) -> Claim:
    """The gradient by the argument at `position`, which backward answers as its gradient number `number`."""

    def values(theta: Array) -> Array:
        try:
            found = subject.forward(*moved(args, position, theta))
        except Breach:
            return np.full(y.shape, np.nan)  # the step left the domain of the forward: smaller steps are tried
        return found if found.shape == y.shape else np.full(y.shape, np.nan)

    def gradients(theta: Array) -> Array:
        try:
            return subject.backward(delta, *moved(args, position, theta))[number]
        except (Breach, IndexError):
            return np.full(theta.shape, np.nan)

    return Claim(values, gradients, args[position], y, gradient, delta)


def _judged(name: str, gradient: Array, search: Search) -> Evidence:
    """A pass is said where all but kinks was seen, and kinks are the lesser half; what is wrong is told in any case."""
    finite = np.isfinite(gradient)
    counts = {state: int((finite & (search.state == state)).sum()) for state in State}
    judged = compare(gradient, search.expected, promised(search.error), search.state != State.JUDGED)  # what is not finite is told
    kinks, unreached = counts[State.KINK], counts[State.UNREACHED]
    beyond = {state: counts[state] for state in State if state >= State.NOISE}
    if judged is not None and judged.status == "fail":
        worst = int(np.ravel_multi_index(judged.index, gradient.shape))
        noisy = sum(beyond.values())
        note = _at_one_number(noisy, unreached) if worst in search.alone.exceptions else _left_out(kinks, noisy, unreached)
        return record(ORACLE, name, "estimated", judged, note=note)
    why = (
        f"beyond-{max(beyond, key=beyond.__getitem__).name.lower()}" if any(beyond.values())
        else "mostly-kinks" if 2 * kinks > gradient.size
        else "costly" if unreached and search.costly
        else "unreached" if unreached
        else "mostly-kinks" if 2 * counts[State.JUDGED] < gradient.size
        else None
    )  # fmt: skip
    if why is None:
        return record(ORACLE, name, "estimated", judged, note=_left_out(kinks, 0, 0))
    said = {"judged": counts[State.JUDGED], "of": gradient.size, "kinks": kinks, "unreached": unreached}
    return abstain(ORACLE, name, "estimated", remark(f"verification.{why}", beyond=sum(beyond.values()), **said))


def _of_ties(name: str, gradient: Array, search: Search) -> Evidence | None:
    """Several entries at kinks, where one that moves alone tells nothing: a tie may be shared out in any way, but once.

    With an entry that nobody could judge, a tie might not be moved as a whole.
    """
    tied = search.state == State.KINK
    if tied.sum() < 2 or (search.state[~tied] != State.JUDGED).any():
        return None
    state, slope, error = search.alone.together(tied)
    found = compare(np.asarray(gradient[tied].sum()), np.asarray(slope), promised(error), np.asarray(state != State.JUDGED))
    if found is None or found.status != "fail":
        return None
    return record(ORACLE, name, "estimated", found, note=remark("verification.ties-together", entries=int(tied.sum())))


def _at_one_number(beyond: int, unreached: int) -> Remark:
    """Nothing is at a kink then."""
    if not beyond and not unreached:
        return remark("verification.at-one-number")
    return remark("verification.at-one-number-first", noisy=beyond, unreached=unreached)


def _left_out(kinks: int, beyond: int, unreached: int) -> Remark | None:
    if not kinks and not beyond and not unreached:
        return None
    if unreached:
        return remark("verification.left-out-at-first", kinks=kinks, noisy=beyond, unreached=unreached)
    why = "left-out" if kinks and beyond else "left-out-at-kinks" if kinks else "left-out-as-noise"
    return remark(f"verification.{why}", kinks=kinks, noisy=beyond)
