"""A layer beside a reference: room for roundings is given where they are, and nothing changes out of a domain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import cnnbp
from cnnbp.layers.checks import Array
from cnnbp.verification import arguments
from cnnbp.verification.against.beside import Beside, compared, rounds_more
from cnnbp.verification.reference import Trusted
from cnnbp.verification.subject import Breach

X, DELTA = np.random.default_rng(0).normal(size=(2, 3)), np.random.default_rng(1).normal(size=(2, 3))


def beside(forward: Callable[[Array], Array], like: Callable[[Any], Any], x: Array = X) -> Beside:
    layer = cnnbp.from_functions(forward, lambda delta, x: delta / np.cosh(x) ** 2)
    given = arguments.checked(None, layer, x, ())
    return Beside(arguments.subject(layer, given), Trusted(like, given), 0)


def statuses(of: Beside, known: Any, tier: int) -> set[str]:
    return {item.status for item in compared(known, of.answers((X,), DELTA), tier)}


def test_roundings_of_larger_numbers_are_measured_on_the_layer() -> None:
    """2σ(2x) − 1 at small numbers is off by roundings of 1; a millionth is not one."""
    small = 1e-6 * X

    def rewritten(x: Array) -> Array:
        return 2 / (1 + np.exp(-2 * x)) - 1

    for forward, status in ((rewritten, "pass"), (lambda x: (1 + 1e-6) * rewritten(x), "fail")):
        of = beside(forward, torch.tanh, small)
        known, answers = of.known((small,), DELTA), of.answers((small,), DELTA)
        assert next(compared(known, answers, 2)).status == "fail"
        assert next(compared(of.as_rough(known, (small,), DELTA), answers, 2)).status == status


def test_who_rounds_as_the_reference_does_is_given_no_room() -> None:
    """Nor is who is off by as much at every neighbouring number."""
    for factor in (1.0, 1.001):
        of = beside(lambda x, factor=factor: factor * np.tanh(x), torch.tanh)
        known = of.known((X,), DELTA)
        assert not rounds_more(of.with_own(known, (X,), DELTA))
        assert statuses(of, known, 1) == ({"pass"} if factor == 1 else {"fail", "pass"})


def test_out_of_the_domain_nothing_is_widened() -> None:
    """Where the reference refuses what it is asked, what was known stays."""

    def positive(x: Any) -> Any:
        if (x <= 0).any():
            raise RuntimeError("x must be positive")
        return x.tanh()

    of = beside(np.tanh, positive, np.abs(X))
    known = of.known((np.abs(X),), DELTA)
    for wider in (of.widened, of.as_rough, of.with_own):
        assert wider(known, (-np.abs(X),), DELTA) == known
    with pytest.raises(ValueError, match="x must be positive"):
        of.known((-np.abs(X),), DELTA)


def test_another_shape_is_a_breach() -> None:
    """Of y, where the reference has one of its own."""
    with pytest.raises(Breach) as raised:
        beside(np.tanh, torch.tanh).answers((X,), DELTA[:1])
    assert raised.value.remark.code == "contract.y-shape"
