"""Small layers to be put under test, right and bent, and what was found against them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import cnnbp
from cnnbp.cases import Case, Counter
from cnnbp.evidence import Evidence, Verdict
from cnnbp.faults.catalogue import distort
from cnnbp.layers.checks import Array
from cnnbp.operators import OPERATORS
from cnnbp.verification.question import Question
from cnnbp.verification.subject import Subject

OPTIONS: dict[str, Any] = {
    "ConvTranspose2d": {"stride": (2, 1), "padding": (1, 0), "output_padding": (1, 0)},
    "MaxPool2d": {"kernel_size": 2, "stride": 1},
    "AvgPool2d": {"kernel_size": 2, "stride": 1},
}
SHAPES: dict[str, list[tuple[int, ...]]] = {  # of x and the parameters, no two sizes equal where they need not be
    "Conv2d": [(3, 2, 5, 4), (3, 2, 2, 3), (3,)],
    "ConvTranspose2d": [(3, 2, 4, 3), (2, 3, 2, 3), (3,)],
    "Dense": [(3, 4), (2, 4), (2,)],
    "MaxPool2d": [(2, 2, 5, 4)],
    "AvgPool2d": [(2, 2, 5, 4)],
    "BatchNorm2d": [(3, 2, 5, 4), (2,), (2,)],
}


def case(operator: str, name: object, seed: int = 5, **fixed: Any) -> Case:
    """The drawn case with this name."""
    return OPERATORS[operator].draw(Counter(seed, f"{operator}/{name}"), **fixed)


def question(drawn: Case) -> Question:
    """What the oracles are asked at a case."""
    return Question.of(drawn.layer, drawn.args, drawn.delta)


def subject(layer: Any, asked: Question) -> Subject:
    """The layer, to be asked a question."""
    names, integers = asked.operator.arguments[: len(asked.args)], [j for j, a in enumerate(asked.args) if j >= len(asked.operands)]
    return Subject(layer, names, [asked.position(quantity) for quantity in asked.operands], integers)


def gaussian(*shapes: tuple[int, ...], seed: int = 3) -> list[Array]:
    """One array of normal numbers for each shape."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


def arguments(operator: str) -> list[Array]:
    """x and the parameters of a small layer."""
    classes = {"SoftmaxCrossEntropy": [np.array([1, 0, 3])], "HalfSquaredError": gaussian((3, 4), seed=4)}
    return gaussian(*SHAPES.get(operator, [(3, 4)])) + classes.get(operator, [])


def reference(operator: str) -> Any:
    """The layer that `arguments` are for."""
    return getattr(cnnbp, operator)(**OPTIONS.get(operator, {}))


def bent(operator: str, **bends: Callable[..., Any]) -> Any:
    """The reference with y, dx, dw, db or the whole tuple of gradients bent by (right answer, call) → answer."""
    return distort(getattr(cnnbp, operator), **bends)(**OPTIONS.get(operator, {}))


def opaque(layer: Any) -> Any:
    """The same two functions, about which nothing is known."""
    return cnnbp.from_functions(layer.forward, layer.backward)


def raised(relative: float, which: int = 0) -> Callable[[Array, Any], Array]:
    """A bend: one non-zero entry is larger by a relative error."""

    def bend(g: Array, _: Any) -> Array:
        g = g.copy()
        entries = np.flatnonzero(g)
        if entries.size:
            g.ravel()[entries[which % entries.size]] *= 1 + relative
        return g

    return bend


def on_integers(a: Any) -> bool:
    """Whether the layer is asked about integers."""
    return np.array_equal(a.x, np.rint(a.x))


def against(verdict: Verdict) -> set[str]:
    """The checks that failed, by name: a point of the contract, an oracle at the case, or where else it was asked."""
    return {_name(item) for item in verdict.evidence if item.status == "fail"}


def oracles_against(verdict: Verdict) -> set[str]:
    """The oracles against the layer, wherever they were asked."""
    return {item.oracle for item in verdict.evidence if item.status == "fail"}


def codes(verdict: Verdict) -> list[str]:
    """What is wrong, or could not be judged, as codes."""
    return [said.code for said in verdict.wrong]


def code(item: Evidence) -> str:
    """What an item of evidence has to say; empty where that is nothing."""
    return item.remark.code if item.remark else ""


def at_the_case(verdict: Verdict, oracle: str, quantity: str) -> Evidence:
    """What the oracle says first of a quantity."""
    return next(e for e in verdict.evidence if (e.oracle, e.quantity, e.at) == (oracle, quantity, "case"))


def _name(item: Evidence) -> str:
    if item.oracle == "contract":
        return item.quantity
    return item.oracle if item.at == "case" else item.at


@dataclass
class Glitch:
    """Right, but in the `wrong`-th call of backward dx is off by one unit in the last place."""

    reference: Any
    wrong: int
    calls: int = 0

    def forward(self, *args: Array) -> Any:
        return self.reference.forward(*args)

    def backward(self, *args: Array) -> Any:
        self.calls += 1
        dx, *rest = self.reference.backward(*args)
        return np.nextafter(dx, np.inf) if self.calls == self.wrong else dx, *rest
