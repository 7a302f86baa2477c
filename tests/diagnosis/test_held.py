"""What objects hold is compared to the last bit, and whatever cannot be compared counts as different."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from cnnbp.diagnosis.held import alike, held, parameters
from tests.helpers import made

OTHERS: list[tuple[Any, Any]] = [
    (1, 2), (1, 1.0), (0.1, 0.1 + 2**-56), (Fraction(1, 2), Fraction(1, 3)), ((1, 2), (1, 3)), ([1], [1, 1]), ({"a": 1}, {"b": 1}),
    (np.zeros(3), np.zeros((3, 1))), (np.zeros(3), np.zeros(3, np.float32)), (np.ones(2), np.array([1, 1 + 2**-52])),
    (made.Times(2), made.Times(3)), (made.Slotted(2), made.Slotted(3)), (made.Times(np.ones(2)), made.Times(np.zeros(2))),
    (made.Held(np.ones(2)), made.Held(np.zeros(2))), (np.random.default_rng(0), np.random.default_rng(1)),
]  # fmt: skip


@pytest.mark.parametrize("pair", OTHERS, ids=range(len(OTHERS)))
def test_what_differs_is_seen(pair: tuple[Any, Any]) -> None:
    """In a number, a shape, a dtype, an attribute, in a slot, or in what cannot be looked into; a copy is alike."""
    a, b = pair
    assert not alike(a, b)
    assert alike(a, copy.deepcopy(a)) == (not isinstance(a, np.random.Generator))


def test_what_goes_round_in_a_circle_is_not_alike() -> None:
    """And comes to an end."""
    a, b = list[Any](), list[Any]()
    a.append(a)
    b.append(b)
    assert not alike(a, b)


def test_what_a_class_is_made_from() -> None:
    """By the name of the parameter, with a line before it too; defaults go without saying; None where something is kept nowhere."""
    assert parameters(made.Times(2)) == {"factor": 2}
    assert parameters(made.Hidden(0.3)) == {"by": 0.3}
    assert parameters(made.Slotted(2)) == {"factor": 2} == held(made.Slotted(2))
    assert parameters(made.Worked(2)) is None
