"""The benchmark asks the other checkers the right way: each passes a right layer, and sees a residual that is not the transpose."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest

import cnnbp
from cnnbp.faults import FAULTS, RIGHT

from . import peers
from .checkers import CHECKERS, Problem, answer, missing
from .peers import COURSE, ended, problems

BY_ID = {control.id: control for control in (*FAULTS, *RIGHT)}
ASKED = [name for name in CHECKERS if not missing(name)]


@pytest.fixture
def convolution() -> Problem:
    rng = np.random.default_rng(0)
    args = tuple(map(rng.standard_normal, ((1, 2, 4, 3), (2, 2, 2, 2), (2,))))
    return Problem("Conv2d", cnnbp.Conv2d(), cnnbp.Conv2d(), args, rng.standard_normal((1, 2, 3, 2)), 0)


@pytest.mark.parametrize("name", ASKED)
def test_each_checker_tells_right_from_wrong(name: str, convolution: Problem) -> None:
    """On a convolution, whose kernel one layer forgets to rotate."""
    wrong = replace(convolution, layer=BY_ID["conv-kernel-not-flipped"].make())
    assert (answer(name, convolution), answer(name, wrong)) == ("pass", "fail")


@pytest.mark.parametrize("operator", ["SoftmaxCrossEntropy", "HalfSquaredError"])
@pytest.mark.parametrize("name", [name for name in ASKED if name != "dot test"])
def test_targets_are_held_fixed(name: str, operator: str) -> None:
    """They have no gradient, and no checker is asked for one."""
    right = next(problem for problem in problems(_control(operator), "course", 1, 1))
    assert right.wanted == [0]
    assert answer(name, replace(right, layer=right.like)) == "pass"


def test_the_dot_test_takes_linear_layers_alone() -> None:
    """A sigmoid has no transpose."""
    assert ended("dot test", BY_ID["sigmoid-half-angle"], "course", 1, 1)[0] == "n/a"


def test_a_checker_that_fails_the_reference_too_has_caught_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else one that always complains would win."""
    monkeypatch.setattr(peers, "answer", lambda checker, problem: "fail")
    assert ended("grumbler", BY_ID["conv-kernel-not-flipped"], "course", 1, 1)[0] == "false alarm"
    assert ended("grumbler", BY_ID["conv-fft"], "course", 1, 1)[0] == "fail"


def test_points_are_the_same_for_all_and_the_reference_takes_them() -> None:
    """Drawn from the seed and the control alone, standard normal, in every operator's own shapes."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for control in {control.operator: control for control in BY_ID.values()}.values():
            for setting in ("course", "drawn"):
                first, again = (list(problems(control, setting, 2, 7)) for _ in range(2))
                assert len(first) == (2 if setting == "drawn" else 1)
                for one, other in zip(first, again, strict=True):
                    assert all(map(np.array_equal, (*one.args, one.delta), (*other.args, other.delta)))
    assert set(COURSE) <= {control.operator for control in BY_ID.values()}


def _control(operator: str) -> object:
    return next(control for control in BY_ID.values() if control.operator == operator)
