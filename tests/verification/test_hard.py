"""Hard functions: no right one fails, none with an entry wrong by a hundredth passes, and most are judged.

`python -m tests.verification.hard` does this with all of them, and prints what is said of each; here are some.
"""

from __future__ import annotations

import pytest

import cnnbp

from .hard import HARD
from .hard.__main__ import residual, verdict
from .hard.errors import wrong

CONCLUSIVE = (
    "offsets: batch norm at 100 + N",
    "offsets: batch norm at 1 + 3e-4 N",
    "offsets: layer norm at 1000 + N",
    "offsets: softmax at 1e4 + N",
    "scales: |x| at 1e-300 N",
    "scales: norm at 1e-12 N",
    "scales: x w at 1e200 N and 1e-200 N",
    "steep: sin(1000 x)",
    "steep: tanh(500 (x - 1)) near 1",
    "steep: x + 1e-6 sin(1e6 x)",
    "kinks: relu with zeros",
    "noise: sin with noise of 1e-08",
    "noise: Newton's √x to 1e-08",
    "linear_algebra: inverse, condition 10000",
)
INHERENT = (  # nobody can tell from their values: said to be beyond reach
    "noise: Jacobi's iteration to 1e-07",
    "linear_algebra: inverse, condition 1e14",
    "steep: exp(100 x)",
    "kinks: floor",
)


def test_there_are_many() -> None:
    """Of every kind some."""
    assert len(HARD) >= 120
    assert set(CONCLUSIVE + INHERENT) <= set(HARD)


@pytest.mark.parametrize("name", CONCLUSIVE)
def test_right_ones_pass(name: str) -> None:
    """And keep the contract."""
    hard = HARD[name]
    assert cnnbp.verify(hard.layer, *hard.args, delta=hard.delta).passed


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("name", CONCLUSIVE)
def test_wrong_ones_do_not(name: str) -> None:
    """With the largest and the least entry wrong by a hundredth."""
    hard = HARD[name]
    for error, layer in list(wrong(hard.layer, hard.args, residual(hard)))[:2]:
        assert verdict(hard, layer) != "pass", error


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("name", INHERENT)
def test_what_is_beyond_reach_is_said_to_be(name: str) -> None:
    """Inconclusive, with a reason for each quantity."""
    hard = HARD[name]
    found = cnnbp.verify(hard.layer, *hard.args, delta=hard.delta)
    assert found.status == "inconclusive"
    silent = [e for e in found.evidence if e.oracle == "finite_difference" and e.status in ("abstain", "vacuous")]
    assert silent
    assert all(e.status == "vacuous" or e.reason for e in silent)


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("name", list(HARD)[::13])
def test_no_right_one_fails(name: str) -> None:
    """Whatever the residual."""
    hard = HARD[name]
    for seed in (1, 2):
        found = cnnbp.verify(hard.layer, *hard.args, delta=hard.delta, seed=seed)
        assert not [e for e in found.evidence if e.oracle == "finite_difference" and e.status == "fail"]
