"""What is usually wrong with a loss beside a factor: a term that is missing, another axis, the target of another sample."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..faults.catalogue import Call
from ..rounding import Array
from .candidate import by_bends, by_faults


def _targets(change: object, a: Call) -> Call:
    target = change(a.params[0])  # type: ignore[operator]  # a function
    return replace(a, params=(target, *a.params[1:]))


def _moved(step: int) -> object:
    return lambda target: np.roll(target, step, 0)


def _residual_ignored(_: Array, a: Call) -> Array:
    return a.backward(delta=np.ones_like(a.delta))[0]


SHARED = (
    by_bends("residual-ignored", dx=_residual_ignored),
    by_bends("residual-twice", dx=lambda dx, a: a.delta * dx),
    *(
        by_bends(
            "target-of-another-sample",
            y=lambda _, a, by=step: _targets(_moved(by), a).y,  # type: ignore[misc]
            dx=lambda _, a, by=step: _targets(_moved(by), a).backward()[0],  # type: ignore[misc]
        )
        for step in (1, -1)
    ),
)
HALF_SQUARED_ERROR = (
    by_bends("half-left-out", y=lambda y, _: 2 * y, dx=lambda dx, _: 2 * dx),
    by_bends("target-left-out", dx=lambda _, a: a.delta * a.x / len(a.x)),
    by_bends("error-for-square", dx=lambda _, a: a.delta * np.sign(a.x - a.params[0]) / len(a.x)),
    *SHARED,
)
SOFTMAX_CROSS_ENTROPY = (
    by_faults("one-hot-left-out", dx="cross-entropy-without-one-hot"),
    by_faults("over-the-batch", dx="cross-entropy-softmax-over-batch"),
    by_faults("target-alone", dx="cross-entropy-target-only"),
    by_bends("one-hot-alone", dx=lambda _, a: -a.delta * np.eye(a.x.shape[1])[a.params[0]] / len(a.x)),
    *SHARED,
)
