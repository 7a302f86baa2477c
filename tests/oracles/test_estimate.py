"""What an estimate makes of a claim: at a kink, and where the steps are divided."""

from __future__ import annotations

import math

import pytest

from cnnbp.oracles.estimate import Estimate

KINK = Estimate(2.0, 1.0, True, sides=((0.0, 1e-9), (4.0, 1e-9)), turns=(1.5, 0.5))


@pytest.mark.parametrize(
    ("claim", "allowed"),
    [(0, True), (4, True), (2, True), (4 / 3, True), (0.5, True), (3, True), (1, True), (0.01, False), (3.96, False), (5, False)],
)
def test_conventions_at_a_kink(claim: float, allowed: bool) -> None:
    """A side, the mean, the share of one in k, or one output on its one side and the other on its other."""
    assert KINK.allows(claim) == allowed


def test_a_side_that_is_not_known_allows_nothing() -> None:
    """At a jump only the side that has a slope does."""
    jump = Estimate(9.0, 9.0, True, sides=((-7.0, math.inf), (1.0, 1e-9)))
    assert jump.allows(1.0)
    assert not jump.allows(-7.0)
    assert not jump.allows(-3.0)


def test_steps_that_are_divided() -> None:
    """Three steps that are much nearer to the claim dispute the estimate; two do not, nor do three that are not near."""
    slopes = (1.0, 1.0, 1.001, 2.0, 2.0)
    assert Estimate(2.0, 0.0, False, slopes).disputed(1.0)
    assert not Estimate(1.0, 0.0, False, slopes).disputed(2.0)
    assert not Estimate(2.0, 0.0, False, slopes).disputed(1.3)
