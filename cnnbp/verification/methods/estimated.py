"""Estimated: a layer about which nothing is known, its backward against differences of its own forward, by measured noise."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...evidence import Evidence, Remark, remark
from ...judge import compare
from ...rounding import Array, promised
from ..examination import moved
from ..findings import abstain, record, wrong
from ..patience import Patience
from ..search import Search, State
from ..subject import Breach, Subject
from . import contract

ORACLE = "finite_difference"
NAMES = ("x", "w", "b", *(f"argument {j}" for j in range(3, 16)))
REORDERED = 1e-6  # how far, in parts of the largest entry, an unknown computation may move when its order changes


def evidence(
    subject: Subject, args: tuple[Array, ...], delta: Array, patience: Patience
) -> tuple[list[Evidence], list[Remark]]:
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

        def values(theta: Array, position: int = position) -> Array:
            try:
                return subject.forward(*moved(args, position, theta))
            except Breach:
                return np.full(y.shape, np.nan)  # the step left the domain of the forward: smaller steps are tried

        def backward(theta: Array, number: int = number, position: int = position) -> Array:
            try:
                return subject.backward(delta, *moved(args, position, theta))[number]
            except (Breach, IndexError):
                return np.full(theta.shape, np.nan)

        search = Search(values, backward, args[position], y, gradient, delta, patience, name)
        search.run()
        yield _judged(name, gradient, search)


def _judged(name: str, gradient: Array, search: Search) -> Evidence:
    """A pass is said where all but kinks was seen, and kinks are the lesser half; what is wrong is told in any case."""
    finite = np.isfinite(gradient)
    counts = {state: int((finite & (search.state == state)).sum()) for state in State}
    expected = np.where(finite, search.expected, 0.0)  # a gradient that is not finite is wrong whatever was expected
    bound = promised(np.where(finite, search.error, 0.0))
    judged = compare(gradient, expected, bound, finite & (search.state != State.JUDGED))
    kinks, noisy, unreached = counts[State.KINK], counts[State.BEYOND], counts[State.UNREACHED]
    if judged is not None and judged.status == "fail":
        return record(ORACLE, name, "estimated", judged, note=_left_out(kinks, noisy + unreached))
    said = {"judged": counts[State.JUDGED], "of": gradient.size, "kinks": kinks, "noisy": noisy, "unreached": unreached}
    if unreached:
        return abstain(ORACLE, name, "estimated", remark("verification.unreached" if not noisy else "verification.beyond-reach", **said))
    if noisy:
        return abstain(ORACLE, name, "estimated", remark("verification.beyond-reach", **said))
    if 2 * counts[State.JUDGED] < gradient.size:
        return abstain(ORACLE, name, "estimated", remark("verification.mostly-kinks", **said))
    return record(ORACLE, name, "estimated", judged, note=_left_out(kinks, 0))


def _left_out(kinks: int, noisy: int) -> Remark | None:
    if not kinks and not noisy:
        return None
    why = "left-out" if kinks and noisy else "left-out-at-kinks" if kinks else "left-out-as-noise"
    return remark(f"verification.{why}", kinks=kinks, noisy=noisy)


def _floating(args: tuple[Array, ...]) -> list[int]:
    """Which arguments have a gradient: integers are indices."""
    return [j for j, a in enumerate(args) if a.dtype.kind == "f"]


def _slack(delta: Array, _: int, answer: Array) -> Array:
    """Relative to the largest entry, and, where all of them are what is left of larger terms, to the residual."""
    largest = float(np.max(np.abs(answer[np.isfinite(answer)]), initial=0.0))
    return np.full(answer.shape, REORDERED * largest + REORDERED**2 * float(np.abs(delta).sum()) + 1e-300)
