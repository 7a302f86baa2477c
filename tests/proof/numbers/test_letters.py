"""By every unknown number that an element depends on it has a derivative, and by no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from cnnbp import Sigmoid, prove
from cnnbp.proof.numbers.element import Element
from cnnbp.proof.numbers.field import Field
from cnnbp.proof.numbers.letters import letters

DEPENDS: dict[str, tuple[Callable[[Any], Any], set[int]]] = {
    "nothing": (lambda v: 0 * v[0], set()),
    "itself": (lambda v: v[2] + 1, {2}),
    "a product": (lambda v: v[0] * v[3], {0, 3}),
    "a denominator": (lambda v: 1 / (1 + v[1] * v[1]), {1}),
    "a symbol": (lambda v: np.exp(v[1:2])[0] * v[0], {0, 1}),
    "a symbol of a symbol": (lambda v: np.log(1 + np.exp(v[1:3] * v[2:4]))[1], {2, 3}),
    "what cancels": (lambda v: v[0] * v[1] - v[1] * v[0] + v[3], {3}),
}


@pytest.mark.parametrize("name", DEPENDS)
def test_an_element_depends_on_its_letters_alone(name: str) -> None:
    made, wanted = DEPENDS[name]
    field = Field(4)
    element = field.element(made(field.array((4,))))
    assert letters(field, element) == wanted
    assert {number for number in range(4) if field.derivative(element, number).p != 0} == wanted


def test_derivatives_that_are_0_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where each output depends on one entry, an output of an order costs no more where there are more entries."""
    derivative, taken = Field.derivative, list[int]()

    def counted(self: Field, element: Element, number: int) -> Element:
        taken.append(number)
        return derivative(self, element, number)

    monkeypatch.setattr(Field, "derivative", counted)
    each = []
    for size in (1, 2, 3):
        taken.clear()
        paths = prove(Sigmoid(), (size,)).paths
        each.append(len(taken) / (paths * size))
    assert each == sorted(each, reverse=True)
