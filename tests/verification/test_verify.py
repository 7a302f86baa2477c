"""`verify` answers in three values, repeats itself, and tells a person what is wrong and where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.cases import DRAW
from cnnbp.layers.checks import Array

from tests.verification.accused import bent, case, gaussian, opaque

X, W, B = gaussian((2, 2, 6, 5), (3, 2, 3, 2), (3,))
DELTA = gaussian((2, 3, 4, 4))[0]
CONV = cnnbp.Conv2d()


@pytest.mark.parametrize("operator", DRAW)
def test_own_layers_are_never_accused(operator: str) -> None:
    """On forty drawn cases of each operator, nearly always "pass"; what is inconclusive says why."""
    verdicts = [cnnbp.verify(c.layer, *c.args, delta=c.delta, seed=i) for i, c in enumerate(case(operator, i) for i in range(40))]
    assert [v.reasons for v in verdicts if v.status == "fail"] == []
    assert sum(v.passed for v in verdicts) >= 30
    assert all("shows nothing" in " ".join(v.reasons) for v in verdicts if v.status == "inconclusive")


TIED = np.ones((1, 1, 4, 4))
POOL = cnnbp.MaxPool2d(2)
THREE_VALUES: dict[str, tuple[Callable[[], Any], str, str]] = {
    "dead ReLU, known": (lambda: cnnbp.verify(cnnbp.ReLU(), -np.abs(X)), "pass", ""),  # the integers are alive
    "dead ReLU, unknown": (lambda: cnnbp.verify(opaque(cnnbp.ReLU()), -np.abs(X)), "inconclusive", "both sides are 0"),
    "ReLU at 0, known": (lambda: cnnbp.verify(cnnbp.ReLU(), np.zeros((2, 3))), "pass", ""),
    "ReLU at 0, unknown": (lambda: cnnbp.verify(opaque(cnnbp.ReLU()), np.zeros((2, 3))), "inconclusive", "6 entries hang on"),
    "ties, known": (lambda: cnnbp.verify(POOL, TIED), "pass", ""),
    "ties, unknown": (lambda: cnnbp.verify(opaque(POOL), TIED), "inconclusive", "16 entries hang on a kink"),
    "ties, like": (lambda: cnnbp.verify(opaque(POOL), TIED, like=POOL), "pass", ""),
    "ties to the last, like": (
        lambda: cnnbp.verify(bent("MaxPool2d", dx=lambda dx, _: dx[..., ::-1]), TIED, like=cnnbp.MaxPool2d(2, 1)),
        "fail", "residual dx",
    ),
    "saturated sigmoid": (lambda: cnnbp.verify(cnnbp.Sigmoid(), np.full((2, 2), 800.0)), "inconclusive", "no oracle could judge x"),
    "only padding": (
        lambda: cnnbp.verify(cnnbp.Conv2d(padding=2, stride=6), np.ones((1, 1, 1, 1)), np.ones((1, 1, 2, 2))),
        "inconclusive", "no oracle could judge y",
    ),
}  # fmt: skip


@pytest.mark.parametrize("situation", THREE_VALUES)
def test_three_values(situation: str) -> None:
    """Where nothing can be shown the verdict is inconclusive and says so; it does not raise."""
    ask, status, reason = THREE_VALUES[situation]
    verdict = ask()
    assert verdict.status == status
    assert verdict.passed == (status == "pass")
    assert reason in " ".join(verdict.reasons)
    assert bool(verdict.reasons) == (status != "pass")


def test_same_seed_same_verdict() -> None:
    """All evidence is repeated to the last digit; another seed draws another residual."""
    first, again, other = (cnnbp.verify(CONV, X, W, B, seed=seed).record() for seed in (4, 4, 5))
    assert first == again
    assert first != other


def test_residual_drawn_is_no_special_one() -> None:
    """delta=None draws numbers that differ from each other: sums and flips show."""
    rotated = bent("Conv2d", dw=lambda dw, _: dw[..., ::-1, ::-1])
    assert all(cnnbp.verify(rotated, X, W, like=CONV, seed=seed).status == "fail" for seed in range(5))


def test_error_is_a_readable_assertion() -> None:
    """GradientError is an AssertionError that holds the verdict and says quantity, entry in words, answer and all oracles."""

    def shifted(dw: Array, _: Any) -> Array:
        dw = dw.copy()
        dw[2, 1, 0, 1] += 0.25
        return dw

    with pytest.raises(AssertionError) as raised:
        cnnbp.assert_gradients(bent("Conv2d", dw=shifted), X, W, B, delta=DELTA, like=CONV)
    error, right = raised.value, CONV.backward(DELTA, X, W)[1][2, 1, 0, 1]
    assert isinstance(error, cnnbp.GradientError)
    assert error.verdict.status == "fail"
    assert str(error) == str(error.verdict)
    sentence = error.verdict.reasons[0]
    words = ["the weight gradient dw is wrong", "output channel 2, input channel 1, kernel row 0, kernel column 1"]
    numbers = [f"{right + 0.25:.9f}"[:-2], f"{right:.9f}"[:-2], "masked_dense", "autograd", "times the bound"]
    assert [word for word in [*words, *numbers] if word not in sentence] == []
    assert not any("residual dx" in reason for reason in error.verdict.reasons)
    assert "x (2, 2, 6, 5), w (3, 2, 3, 2), b (3,)" in str(error)


def test_assert_gradients_returns_the_verdict() -> None:
    """ "pass" and "inconclusive" are returned."""
    assert cnnbp.assert_gradients(CONV, X, W, B).passed
    assert cnnbp.assert_gradients(opaque(POOL), TIED).status == "inconclusive"


def test_every_quantity_has_a_witness_with_a_resolution() -> None:
    """A pass names, for each of y, x, w, b, at least two oracles that compared entries, with bound and resolution."""
    evidence = [e for e in cnnbp.verify(CONV, X, W, B).evidence if e.status == "pass" and e.kind == "sampled"]
    for quantity in ("x", "w", "b"):
        found = {e.oracle: e for e in evidence if e.quantity == quantity}
        assert set(found) >= {"masked_dense", "autograd", "finite_difference"}
        assert all(0 <= e.max_error <= e.bound <= e.resolution for e in found.values())
