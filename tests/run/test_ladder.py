"""The ladder is measured by the lines that judge a layer: truncation, rounding and the choice between them are theirs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.evidence.contradictions import ladder as contradictions
from cnnbp.evidence.status import of_ladder
from cnnbp.layers import Tanh
from cnnbp.run import ladder as module
from cnnbp.run.ladder import STEPS, ladder
from cnnbp.run.tasks import Task, perform


@settings(max_examples=5)
@given(st.integers(0, 2**63))
def test_it_passes_and_fits_itself_whatever_is_drawn(seed: int) -> None:
    found = ladder(seed)
    assert list(contradictions(found)) == []
    assert of_ladder(found) == "pass"
    assert [rung.step for rung in found.rungs] == list(STEPS)


def test_truncation_falls_with_the_square_of_the_step_and_rounding_rises_with_its_inverse() -> None:
    """The slope of the error over the step, both as logarithms; the complex step ends within a few roundings."""
    found = ladder(1)
    steps, errors = np.log2([rung.step for rung in found.rungs]), np.log2([rung.error for rung in found.rungs])
    long, short = steps > -13, steps < -20
    assert np.polyfit(steps[long], errors[long], 1)[0] == pytest.approx(2, abs=0.05)
    assert np.polyfit(steps[short], errors[short], 1)[0] == pytest.approx(-1, abs=0.05)
    assert max(rung.complex for rung in found.rungs if rung.step < 2.0**-28) <= 2.0**-50
    assert perform(Task("ladder", "ladder", 1, 1)) == found


class OffByAMillionth(Tanh):
    def backward(self, delta: Any, x: Any) -> tuple[Any, ...]:
        return tuple((1 + 1e-6) * gradient for gradient in super().backward(delta, x))


def test_a_wrong_gradient_fails_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a millionth: seen where the bound is least, and at no step that is far from it."""
    monkeypatch.setattr(module, "Tanh", OffByAMillionth)
    monkeypatch.setattr(module.Question, "of", _as_tanh(module.Question.of))
    found = ladder(1)
    beyond = {rung.step for rung in found.rungs if rung.error > rung.bound}
    assert of_ladder(found) == "fail"
    assert found.chosen in beyond
    assert not beyond & {STEPS[0], STEPS[-1]}


def test_a_complex_step_that_is_off_by_a_millionth_fails_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a central difference is allowed as much, it is allowed none."""
    right = module.finite_difference.complex_step
    monkeypatch.setattr(module.finite_difference, "complex_step", lambda *given: (1 + 1e-6) * right(*given))
    found = ladder(1)
    beyond = {rung.step for rung in found.rungs if rung.complex > rung.complex_bound}
    assert of_ladder(found) == "fail"
    assert STEPS[-1] in beyond
    assert found.rungs[-1].complex < found.rungs[-1].bound


def _as_tanh(of: Any) -> Any:
    return lambda _, *given: of(Tanh(), *given)
