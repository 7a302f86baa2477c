"""One question: an operator with its options, at arrays of numbers, with a residual."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from ..rounding import Array
from .choices import Choices
from .layouts import LAYOUTS, arranged
from .numbers import KINDS, numbers


class Operator(Protocol):
    """What a case has to know of its operator: `operators` has the records."""

    @property
    def name(self) -> str:
        """As the class of its layer is called."""

    @property
    def layer(self) -> Callable[..., Any]:
        """The class of its layer."""


@dataclass(frozen=True)
class Case:
    """`operator(**options)` at `args` with residual `delta`. `traits` says what is special about the numbers."""

    operator: Operator
    options: dict[str, Any]
    args: tuple[Any, ...]
    delta: Array
    traits: tuple[str, ...] = field(default=())

    @property
    def layer(self) -> Any:
        """The reference layer."""
        return self.operator.layer(**self.options)


def assemble(
    choose: Choices,
    operator: Operator,
    options: dict[str, Any],
    shapes: Sequence[tuple[int, ...]],
    output: tuple[int, ...],
    kinds: Sequence[str] = KINDS,
) -> Case:
    """A case with arguments of these shapes, all of one kind of numbers and in one layout, and a residual of shape `output`."""
    kind, layout = choose.pick(kinds), choose.pick(LAYOUTS)
    arrays = [arranged(numbers(choose, kind, shape), layout) for shape in shapes]
    delta = numbers(choose, "gaussian" if kind in ("saturated", "exact zeros", "near ties") else kind, output)
    alike = delta.size > 1 and np.all(delta == delta.flat[0])
    if alike or (delta.size == 1 and delta.flat[0] in (0.0, 1.0)):  # residuals that are all alike, or 1, hide too much
        delta = delta.copy()
        delta.flat[0] = 2.0 if delta.flat[0] != 2.0 else -1.0
    return Case(operator, options, tuple(arrays), delta, (kind, layout))
