"""The tasks of a run: every kind of them, and the names by which a person knows them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnnbp import layers
from cnnbp.evidence.records import DigitsRun, Matrix
from cnnbp.run import digits
from cnnbp.run.tasks import Task, perform
from cnnbp.training.train import NETWORK


def test_digits_pass() -> None:
    """The small CNN on real digits passes as a whole and layer by layer."""
    found = perform(Task("digits", "digits", 1, 5))
    assert isinstance(found, DigitsRun)
    assert (found.whole.status, found.whole.wrong) == ("pass", ())
    assert [part.status for part in found.layers] == ["pass"] * len(NETWORK)


def test_training_is_that_of_the_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same network and images, from the seed of the run: what is compared is tested with the training."""
    asked: list[Any] = []
    monkeypatch.setattr(digits, "train", lambda *given, **named: asked.append((given, named)))
    perform(Task("training", "training", 1, 5))
    ((network, x, y, source), named) = asked[0]
    assert repr(network) == repr(layers.Network(NETWORK))
    assert (x.shape, y.shape, source, named) == ((1797, 1, 8, 8), (1797, 10), digits.data.SOURCE, {"seed": 5})


def test_the_matrix_is_the_convolution() -> None:
    """The entries, filled with weights, do what the layer does; every output has as many connections as there are taps."""
    found, rng = perform(Task("matrix", "matrix", 1, 1)), np.random.default_rng(0)
    assert isinstance(found, Matrix)
    x, w = rng.integers(-9, 9, found.x_shape), rng.integers(-9, 9, found.kernel)
    m = np.zeros((np.prod(found.y_shape), x.size), int)
    for o, t, i in found.entries:
        m[o, i] += w.flat[t]
    assert len(found.entries) == len({(o, i) for o, _, i in found.entries}) == m.shape[0] * w.size
    assert np.array_equal((m @ x.ravel()).reshape(found.y_shape), layers.Conv2d().forward(x[None, None], w[None, None])[0, 0])


def test_a_task_is_named_for_people() -> None:
    """By its kind, its name and its cases."""
    assert str(Task("matrix", "matrix", 1, 1)) == "matrix"
    assert str(Task("statement", "delta-hidden", 40, 1)) == "statement delta-hidden"
    assert str(Task("layer", "Conv2d", 20, 1, 40)) == "layer Conv2d, cases 40 to 59"
