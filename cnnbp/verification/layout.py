"""`layout=`: in which order the axes of a layer's arrays stand, by the letters of the reference's; and what might be meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from ..adapters.layout import Axes, LaidOut
from ..operators import Operator, operator_of
from ..rounding import Array

USUAL: Mapping[str, tuple[str, ...]] = {
    "nchw": ("nhwc", "chw", "hwc", "hw"),
    "kcrs": ("rsck", "krsc", "rs", "crs"),
    "ckrs": ("rsck", "rskc", "ckrs", "rs"),
    "ni": ("i", "in"),
    "oi": ("io",),
    "o": ("1o", "o1"),
    "k": ("1k", "k1", "1k11", "k11", "111k"),
    "c": ("1c", "1c11", "111c", "c11"),
}
"""How people have arrays, by the axes that the reference has."""


class Layout:
    """The axes of every array, as the caller says; the arrays turned to the reference's order, and the layer with them."""

    def __init__(self, said: Any, reference: Any, count: int, names: Sequence[str] | None = None) -> None:
        """Raises TypeError and ValueError for a layout that is none."""
        operator = operator_of(reference)
        if operator is None or not operator.axes.get("x"):
            what = "an operator whose axes have names" if operator else "a layer of cnnbp"
            raise ValueError(f"layout needs like= {what}, for example cnnbp.Conv2d(), got like={reference!r}")
        said = {"x": said} if isinstance(said, str) else said
        if not isinstance(said, Mapping) or not all(isinstance(v, str) for v in (*said, *said.values())):
            raise TypeError(f'layout must be a string of axes or a dict of such by argument, as {{"x": "nhwc"}}, got {said!r}')
        known, self._operator, self._reference = operator.arguments[:count], operator, reference
        called = dict(zip((*(names or ()),), known[-len(names) :] if names else (), strict=False))
        said = {called.get(name, name): axes for name, axes in said.items()}
        unknown = [name for name in said if name not in (*known, "y")]
        if unknown:
            raise ValueError(f"layout must name arguments ({', '.join(known)}) or y, got {unknown[0]!r}")
        self._said = said
        self.args = tuple(_axes(name, operator.axes.get(name, ""), said.get(name)) for name in known)
        self.y = _axes("y", operator.axes["y"], said.get("y", _of_y(operator, self.args[0].layer)))

    def arguments(self, arrays: Sequence[Any]) -> tuple[Any, ...]:
        """The arrays in the order of the reference. Raises ValueError, also where the reference refuses them so."""
        turned = tuple(_turned(name, axes, a) for name, axes, a in zip(self._operator.arguments, self.args, arrays, strict=False))
        refused = _refused(self._reference, turned)
        if refused is not None:
            fits = _refused(self._reference, arrays) is None
            way = "; without layout= they fit" if fits else suggestion(self._reference, arrays)
            raise ValueError(f"{refused}, with layout={self._said}{way}") from refused
        return turned

    def delta(self, delta: Any) -> Any:
        """The residual likewise."""
        return _turned("delta", self.y, delta)

    def layer(self, layer: Any, skip: Any) -> LaidOut:
        """The layer, asked in the order of the reference."""
        skipped = {skip} if isinstance(skip, str) else set(skip)
        named = zip(self._operator.arguments, self.args, strict=False)
        wanted = [j for j, (name, _) in enumerate(named) if name in self._operator.gradients and name not in skipped]
        return LaidOut(layer, self.args, self.y, tuple(wanted))


def suggestion(reference: Any, args: Sequence[Array]) -> str:
    """What the arrays might be, where the reference refuses their shapes as they are; empty where nothing usual fits."""
    operator = operator_of(reference)
    if operator is None or not operator.axes.get("x"):
        return ""
    for said in _guesses(operator, args):
        try:
            reference.forward(*(axes.to_reference(a) for axes, a in zip(said, args, strict=False)))
        except Exception:  # this one does not fit either
            continue
        named = {name: axes.layer for name, axes in zip(operator.arguments, said, strict=False) if axes.layer != axes.reference}
        if named:
            return f": if their axes stand in another order, say so; layout={named} fits"
    return ""


def _refused(reference: Any, arrays: Sequence[Any]) -> ValueError | None:
    """Why the reference refuses the shapes of these arrays; what is no array is refused by name later."""
    try:
        reference.forward(*(np.zeros(np.shape(a)) for a in arrays))
    except ValueError as error:
        return error
    except Exception:  # not for its shapes
        return None
    return None


def _guesses(operator: Operator, args: Sequence[Array]) -> Iterator[tuple[Axes, ...]]:
    """The usual ones with as many axes as the arrays have, those that change the fewest first."""
    letters = [operator.axes.get(name, "") for name in operator.arguments[: len(args)]]
    choices = [
        [said for said in (own, *USUAL.get(own, ())) if len(said) == np.ndim(a)] or [own]
        for own, a in zip(letters, args, strict=True)
    ]
    every = product(*choices)
    for said in sorted(every, key=lambda row: sum(a != b for a, b in zip(row, letters, strict=True))):
        yield tuple(Axes(own, axes) for own, axes in zip(letters, said, strict=True))


def _axes(name: str, own: str, said: str | None) -> Axes:
    """Of a kernel, "hwio" and "oihw", as libraries have them, are "rsck" and "kcrs". Raises ValueError."""
    if said is not None and set(own) == {*"kcrs"} and {*said} <= {*"oihw1"}:
        said = said.translate(str.maketrans("oihw", "kcrs"))
    letters = (own if said is None else said).replace("1", "")
    if len(set(letters)) < len(letters) or not set(letters) <= set(own):
        raise ValueError(f"layout of {name} must consist of the letters {own!r}, each once at most, and of 1, got {said!r}")
    return Axes(own, own if said is None else said)


def _of_y(operator: Operator, x: str) -> str | None:
    """Where x has its axes, y has its own."""
    own, answer = operator.axes["x"], operator.axes["y"]
    if len(own) != len(answer):
        return None
    return "".join(dict(zip(own, answer, strict=True)).get(letter, letter) for letter in x)


def _turned(name: str, axes: Axes, a: Any) -> Any:
    if not isinstance(a, np.ndarray):
        return a  # refused by name later
    try:
        return axes.to_reference(a)
    except ValueError as error:
        raise ValueError(f"{name} {error}, as layout= says") from None
