"""Without a reference: what nobody was asked about is said."""

from __future__ import annotations

import numpy as np

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import against


def test_what_is_not_asked_is_said() -> None:
    """Without a reference: between which numbers x lies, or on which side of 0."""
    x, layer = np.array([[-2.5, 1.0, 3.0]]), cnnbp.from_functions(lambda x: 2 * x, lambda d, x: 2 * d)
    said = {e.remark.code: e.remark.values for e in cnnbp.verify(layer, x).evidence if e.remark}
    assert said["verification.no-reference-between"] == {"least": -2.5, "most": 3.0}
    said = {e.remark.code: e.remark.values for e in cnnbp.verify(layer, np.abs(x)).evidence if e.remark}
    assert said["verification.no-reference-one-side"] == {"sign": "<"}


def test_another_shape_at_the_second_call() -> None:
    """It is told as what it is, and nothing is raised."""

    class Shrinking:
        asked = 0

        def forward(self, x: Array) -> Array:
            self.asked += 1
            return np.tanh(x if self.asked == 1 else x[:1])

        def backward(self, delta: Array, x: Array) -> Array:
            return np.asarray(delta * (1 - np.tanh(x) ** 2))

    verdict = cnnbp.verify(Shrinking(), np.arange(12.0).reshape(3, 4) / 8)
    assert (verdict.status, against(verdict)) == ("fail", {"repeats"})
    assert "differently when asked twice (the forward value y moves)" in str(verdict)
