"""One question: an operator with its options, at arrays of numbers, with a residual."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from ..rounding import Array
from .choices import Choices
from .layouts import LAYOUTS, arranged
from .numbers import KINDS, numbers
from .sizes import SCALES
from .special import NAMES, special

READABLE = 100  # numbers
OF_RESIDUALS = ("small integers", "gaussian", "wide range")  # whatever else x holds, the residual is gaussian


class Operator(Protocol):
    """What a case has to know of its operator: `operators` has the records."""

    @property
    def name(self) -> str:
        """As the class of its layer is called."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """What `forward` takes."""

    @property
    def indices(self) -> tuple[str, ...]:
        """Of these, what holds integers."""

    @property
    def unused(self) -> tuple[str, ...]:
        """Options that change no answer."""

    @property
    def layer(self) -> Callable[..., Any]:
        """The class of its layer."""


@dataclass(frozen=True)
class Case:
    """`operator(**options)` at `args` with residual `delta`.

    `traits`: the kind of the numbers, how they lie in memory, what is special about them, and the scale of the sizes.
    """

    operator: Operator
    options: dict[str, Any]
    args: tuple[Any, ...]
    delta: Array
    traits: tuple[str, ...] = field(default=())

    @cached_property
    def layer(self) -> Any:
        """The reference layer, which keeps nothing of what it is asked."""
        return self.operator.layer(**self.options)

    def __repr__(self) -> str:
        """Numbers as far as a person would read them; Hypothesis prints this of a case that fails."""
        options = ", ".join(f"{name}={value!r}" for name, value in self.options.items())
        args = ", ".join(map(_told, self.args))
        return f"Case({self.operator.name}({options}), args=({args},), delta={_told(self.delta)}, traits={self.traits})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


def _told(a: Any) -> str:
    if isinstance(a, np.ndarray) and a.size > READABLE:
        return f"<array of shape {a.shape}>"
    return " ".join(repr(a).split())


def assemble(
    choose: Choices,
    operator: Operator,
    options: dict[str, Any],
    shapes: Sequence[tuple[int, ...]],
    output: tuple[int, ...],
    kinds: Sequence[str] = KINDS,
    scale: str = SCALES[0],
    specials: Sequence[str] = NAMES,
) -> Case:
    """A case with arguments of these shapes, all of one kind of numbers and in one layout, and a residual of shape `output`."""
    kind, layout = choose.pick(kinds), choose.pick(LAYOUTS)
    args = [numbers(choose, kind, shape) for shape in shapes]
    delta = _telling(numbers(choose, kind if kind in OF_RESIDUALS else "gaussian", output))
    what, arrays = special(choose, [arranged(a, layout) for a in (*args, delta)], specials)
    return Case(operator, options, tuple(arrays[:-1]), arrays[-1], (kind, layout, what, scale))


def _telling(delta: Array) -> Array:
    """Residuals that are all alike, or a single one that is 0 or 1, hide too much."""
    alike = delta.size > 1 and np.all(delta == delta.flat[0])
    if alike or (delta.size == 1 and delta.flat[0] in (0.0, 1.0)):
        delta.flat[0] = 2.0 if delta.flat[0] != 2.0 else -1.0
    return delta
