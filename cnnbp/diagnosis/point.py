"""One point at which a layer answered wrong: what it was asked, what it answered, and what is right to within which bound."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from ..faults.catalogue import Call
from ..judge import Judgement, compare
from ..operators import Operator
from ..operators.record import EntryByEntry, Integers, Silent
from ..rounding import Array

BENT = {"y": "y", "x": "dx", "w": "dw", "b": "db"}
"""Under which name `faults` bend a quantity."""

ONE_BY_ONE = 16  # products take as long as one entry that is gone through


@dataclass(frozen=True)
class Point:
    """The arrays of one case, by the name of their quantity where they are answers.

    operator, options: of the reference; None and empty where there is none.
    names, shown: of the arguments, as quantities have them and as sentences do.
    expected, bounds: as far as they are known; `unknown`: entries of which nobody knows what is right.
    failed: the quantities that the verdict finds wrong.
    steady: the gradients that are those of the layer's own forward, as differences of it have found.
    ask: the gradients as the layer hands them over, whatever their form.
    """

    operator: Operator | None
    options: Mapping[str, Any]
    args: tuple[Array, ...]
    delta: Array
    answers: Mapping[str, Array]
    expected: Mapping[str, Array]
    bounds: Mapping[str, Array]
    names: Sequence[str]
    shown: Mapping[str, str]
    at: str = "case"
    unknown: Mapping[str, Array] = field(default_factory=dict)
    steady: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset(BENT)
    ask: Callable[[], Sequence[Any]] = tuple
    whole: bool = True
    """Whether what is expected comes from an oracle, and not from differences of the layer's own forward."""
    confirm: Callable[[str, Callable[[Array], Array]], bool] = lambda quantity, change: False
    """Whether differences agree with what this change makes of a gradient."""
    agrees: Callable[[str, tuple[Array, ...], Array], bool] = lambda quantity, args, delta: False
    """Whether differences of the forward at these arguments, with this residual, agree with a gradient."""
    trusted: Callable[[tuple[Array, ...], Array], Mapping[str, Array]] = lambda args, delta: {}
    """What is right there, by a reference that is no layer of cnnbp."""

    @cached_property
    def call(self) -> Call:
        """The same as `faults` take it. For operators alone."""
        assert self.operator is not None
        return Call(self.operator.layer(**self.options), self.delta, self.args[0], self.args[1:])

    def otherwise(self, args: tuple[Array, ...], delta: Array) -> Mapping[str, Array]:
        """What is right at other arguments, with another residual. Raises what the reference raises."""
        if self.operator is None:
            return self.trusted(args, delta)
        layer = self.operator.layer(**self.options)
        return {"y": layer.forward(*args), **dict(zip(self.operator.gradients, layer.backward(delta, *args), strict=False))}

    def answers_as(self, quantity: str, said: Array, bound: Array) -> bool:
        """Whether the layer's answer equals this within the bound, and what is right does not."""
        unknown = self.unknown.get(quantity)
        same, apart = (compare(a, b, bound, unknown) for a, b in ((self.answers[quantity], said), (said, self.expected[quantity])))
        return same is not None and apart is not None and same.status != "fail" and apart.status == "fail"

    def judged(self, quantity: str) -> Judgement | None:
        """The answer beside what is right."""
        if quantity not in self.expected or quantity not in self.answers:
            return None
        answer, right = self.answers[quantity], self.expected[quantity]
        if answer.shape != right.shape or not answer.size:
            return None
        return compare(answer, right, self.bounds[quantity], self.unknown.get(quantity))

    @cached_property
    def wrong(self) -> dict[str, Judgement]:
        """The quantities that are wrong here."""
        found = {quantity: self.judged(quantity) for quantity in self.answers if quantity in self.failed}
        return {quantity: judged for quantity, judged in found.items() if judged is not None and judged.status == "fail"}

    def axes(self, quantity: str) -> str:
        """A letter for each axis, empty where nobody knows them."""
        letters = "" if self.operator is None else self.operator.axes.get(quantity, "")
        return letters if len(letters) == self.answers[quantity].ndim else ""

    def called(self, quantity: str) -> str:
        """What sentences call a quantity."""
        return self.shown.get(quantity, quantity)

    def sums(self, quantity: str) -> bool:
        """Whether it is a sum of products, so that magnitudes make a bound."""
        connected = self.operator is not None and not isinstance(self.operator.network, Silent)
        return connected and (len(self.args) > 1 or quantity != "y")

    @property
    def apart(self) -> bool:
        """Whether each entry of y hangs on one of x alone."""
        return self.operator is not None and isinstance(self.operator.differences["x"], EntryByEntry)

    def terms(self, quantity: str) -> int:
        """No entry of a quantity has more terms."""
        x, delta = self.args[0], self.delta
        if self.apart:
            return 1
        if len(self.args) < 2 or self.args[1].ndim < 2:
            return x.size
        return int(self.args[1].size + 1 if quantity in "yx" else delta.size)

    @cached_property
    def magnitudes(self) -> Point:
        """The same asked about absolute values; x as it is where its order decides who wins."""
        x, *params = self.args
        return replace(self, args=(np.abs(x) if params else x, *map(np.abs, params)), delta=np.abs(self.delta))

    @cached_property
    def products(self) -> int:
        """About how many products the operator sums up, or entries it goes through."""
        entries = ONE_BY_ONE * sum(a.size for a in (*self.args, self.delta))
        if self.operator is None or len(self.args) < 2 or self.args[1].ndim < 2:
            kernel = self.options.get("kernel_size", 1)
            return entries * (prod(kernel) if isinstance(kernel, tuple) else int(kernel) ** 2)
        return entries + max(self.args[0].size, self.delta.size) * prod(self.args[1].shape[1:])

    @property
    def tied(self) -> bool:
        """Whether windows of the operator may have ties."""
        facts = None if self.operator is None else self.operator.integers
        return isinstance(facts, Integers) and facts.tied

    @cached_property
    def sizes(self) -> dict[str, int]:
        """What a factor may be made of, by the letters of the axes: n samples, p·q cells of y, r·s taps, …"""
        x, y = self.args[0], self.answers.get("y", self.delta)
        found = {"n": x.shape[0] if x.ndim else 1}
        layer = None if self.operator is None else self.operator.layer(**self.options)
        if x.ndim == 4:
            found |= {"c": x.shape[1], "h·w": prod(x.shape[2:])}
            found |= {"n·h·w": found["n"] * found["h·w"]}
        if y.ndim == 4:
            found |= {"k": y.shape[1], "p·q": prod(y.shape[2:])}
            found |= {"n·p·q": found["n"] * found["p·q"]}
        window = getattr(layer, "kernel_size", None) or (self.args[1].shape[2:] if _taps(self.args) else None)
        if window is not None:
            r, s = np.broadcast_to(window, 2)
            found["r·s"] = int(r * s)
        stride = getattr(layer, "stride", None)
        if stride is not None:
            down, right = np.broadcast_to(stride, 2)
            found |= {"stride": int(down)} if down == right else {}
            found["stride²" if down == right else "stride·stride"] = int(down * right)
        if getattr(layer, "groups", 1) != 1:
            found["groups"] = int(layer.groups)  # type: ignore[union-attr]  # it has some
        if x.ndim == 2:
            found |= {"columns": x.shape[1], "n·columns": x.size}
        if y.ndim == 2:
            found["outputs"] = y.shape[1]
        return {name: size for name, size in found.items() if size > 1}


def _taps(args: Sequence[Array]) -> bool:
    return len(args) > 1 and args[1].ndim == 4
