"""Estimated: a layer about which nothing is known, its backward against differences of its own forward, by measured noise."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...evidence import Evidence, Remark, remark
from ...judge import compare
from ...rounding import Array, promised
from ..alone import State
from ..claim import Claim
from ..examination import moved
from ..findings import abstain, record, wrong
from ..patience import Patience
from ..search import Search
from ..subject import Breach, Subject
from . import contract

ORACLE = "finite_difference"
NAMES = ("x", "w", "b", *(f"argument {j}" for j in range(3, 16)))
REORDERED = 1e-6  # how far, in parts of the largest entry, an unknown computation may move when its order changes


def evidence(subject: Subject, args: tuple[Array, ...], delta: Array, patience: Patience) -> tuple[list[Evidence], list[Remark]]:
    """All evidence, and what is wrong. Raises Breach."""
    y = subject.forward(*args)
    gradients = subject.backward(delta, *args)
    checks = list(contract.check(subject, args, delta, (y, *gradients), partial(_slack, delta), by_sample=False))
    found = [*_differences(subject, args, delta, gradients, y, patience), *checks]
    found.append(abstain("reference", "y", "estimated", remark("verification.no-reference")))
    missing = _floating(args)[len(gradients) :]
    found += [abstain(ORACLE, NAMES[j], "estimated", remark("verification.no-gradient")) for j in missing]
    failed = [item for item in found if item.status == "fail"]
    return found, [item.remark if item.oracle == "contract" and item.remark else wrong(item, "", {}) for item in failed]


def _differences(
    subject: Subject, args: tuple[Array, ...], delta: Array, gradients: tuple[Array, ...], y: Array, patience: Patience
) -> Iterator[Evidence]:
    for number, (position, gradient) in enumerate(zip(_floating(args), gradients, strict=False)):
        name = NAMES[position]
        if gradient.size == 0 or y.size == 0:
            yield abstain(ORACLE, name, "estimated", remark("verification.empty"))
            continue

        claim = _claim(subject, args, delta, y, gradient, position, number)
        search = Search(claim, name, patience)
        search.run()
        yield _judged(name, gradient, search)


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
    expected, bound = np.where(finite, search.expected, 0.0), promised(np.where(finite, search.error, 0.0))  # NaN is wrong as it is
    judged = compare(gradient, expected, bound, finite & (search.state != State.JUDGED))
    kinks, unreached = counts[State.KINK], counts[State.UNREACHED]
    beyond = {state: counts[state] for state in State if state >= State.NOISE}
    if judged is not None and judged.status == "fail":
        return record(ORACLE, name, "estimated", judged, note=_left_out(kinks, sum(beyond.values()), unreached))
    why = (
        f"beyond-{max(beyond, key=beyond.__getitem__).name.lower()}" if any(beyond.values())
        else "unreached" if unreached
        else "mostly-kinks" if 2 * counts[State.JUDGED] < gradient.size
        else None
    )  # fmt: skip
    if why is None:
        return record(ORACLE, name, "estimated", judged, note=_left_out(kinks, 0, 0))
    said = {"judged": counts[State.JUDGED], "of": gradient.size, "kinks": kinks, "unreached": unreached}
    return abstain(ORACLE, name, "estimated", remark(f"verification.{why}", beyond=sum(beyond.values()), **said))


def _left_out(kinks: int, beyond: int, unreached: int) -> Remark | None:
    if not kinks and not beyond and not unreached:
        return None
    if unreached:
        return remark("verification.left-out-at-first", kinks=kinks, noisy=beyond, unreached=unreached)
    why = "left-out" if kinks and beyond else "left-out-at-kinks" if kinks else "left-out-as-noise"
    return remark(f"verification.{why}", kinks=kinks, noisy=beyond)


def _floating(args: tuple[Array, ...]) -> list[int]:
    """Which arguments have a gradient: integers are indices."""
    return [j for j, a in enumerate(args) if a.dtype.kind == "f"]


def _slack(delta: Array, _: int, answer: Array) -> Array:
    """Relative to the largest entry, and, where all of them are what is left of larger terms, to the residual."""
    largest = float(np.max(np.abs(answer[np.isfinite(answer)]), initial=0.0))
    return np.full(answer.shape, REORDERED * largest + REORDERED**2 * float(np.abs(delta).sum()) + 1e-300)
