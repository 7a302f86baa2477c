"""A training run: right updates pass, each wrong one is named at its step, and what nobody saw is no pass."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp import digits, faults
from cnnbp.evidence import contradictions, records
from cnnbp.evidence.status import of_training
from cnnbp.layers.checks import Array
from cnnbp.oracles import masked_network
from cnnbp.text import sentence
from cnnbp.training.train import NETWORK, POINTS, Settings, train
from tests.training.bars import LAYERS, bars

SMALL = Settings(batch=16, epochs=25, learning_rate=2.0, weight_decay=1e-3, compared=12)


def trained(network: cnnbp.Network | None = None, settings: Settings = SMALL, **options: Any) -> records.Training:
    found = train(network or cnnbp.Network(LAYERS), *bars(), "bars", settings, **options)
    assert list(contradictions.training(found)) == []
    return found


def failure(found: records.Training) -> tuple[str, Any]:
    """The code of what failed, and its step."""
    assert found.failure is not None
    return found.failure.code, found.failure.values.get("step")


class Bent(cnnbp.Network):
    """A network whose update is bent: `bend` gets the gradients without decay, the parameters, the batch and λ."""

    def __init__(self, bend: Callable[[Any, Any, int, float], Any]) -> None:
        super().__init__(LAYERS)
        self.bend = bend

    def loss_and_gradients(self, x: Array, y: Array, params: Any, *_: Any, weight_decay: float = 0) -> Any:  # type: ignore[override]
        loss, gradients = super().loss_and_gradients(x, y, params)
        return loss, self.bend(gradients, params, len(x), weight_decay)


def decayed(gradients: Any, params: Any, kinds: int = 1, scale: float = 1.0) -> Any:
    """gradients + λ·parameter, for the first `kinds` of parameters of a layer."""
    pairs = zip(gradients, params, strict=True)
    return [tuple(g + scale * p if j < kinds else g for j, (g, p) in enumerate(zip(gs, ps, strict=True))) for gs, ps in pairs]


def test_a_right_network_passes() -> None:
    """On any images PyTorch agrees at each step, and both networks know the test images."""
    found = trained(seed=3)
    assert (of_training(found), found.failure) == ("pass", None)
    assert (found.train, found.test, found.steps, found.wanted, len(found.ratios)) == (64, 16, 100, 12, 12)
    assert found.worst is not None
    assert 0 < max(found.ratios) == found.worst.ratio <= 1
    assert found.accuracy == found.accuracy_torch >= 0.95  # type: ignore[operator]
    assert found.loss[-1][1] < found.loss[0][1] / 3
    assert 0 < max(value for _, value in found.distance) < 1e-12


def test_the_network_of_the_digits() -> None:
    """One epoch of the digits: every step agrees, and the accuracy that is still missing is what is said against it."""
    settings = Settings(epochs=1, compared=5)
    found = train(cnnbp.Network(NETWORK), *digits.load(), digits.SOURCE, settings)
    assert (found.train, found.test, found.steps, len(found.ratios)) == (1438, 359, 45, 5)
    assert (of_training(found), found.failure) == ("fail", None)
    assert max(found.ratios) <= 1
    assert list(contradictions.training(found)) == []


BENDS: dict[str, tuple[Callable[[Any, Any, int, float], Any], int]] = {
    "a sum instead of the mean": (lambda g, p, m, λ: decayed([tuple(m * v for v in t) for t in g], p, 1, λ), 1),
    "decay divided by m": (lambda g, p, m, λ: decayed(g, p, 1, λ / m), 1),
    "no decay": (lambda g, p, m, λ: g, 1),
    "decay of biases too": (lambda g, p, m, λ: decayed(g, p, 2, λ), 2),  # at the first step they are 0
    "twice the step of one bias": (lambda g, p, m, λ: decayed([*g[:6], (g[6][0], 2 * g[6][1]), *g[7:]], p, 1, λ), 1),
}


@pytest.mark.parametrize("name", BENDS)
def test_a_wrong_update_fails(name: str) -> None:
    """It fails at the first step at which it makes a difference, in a sentence with the entry and the numbers."""
    bend, step = BENDS[name]
    found = trained(Bent(bend), replace(SMALL, epochs=1))
    assert (of_training(found), failure(found)) == ("fail", ("training.beyond", step))
    assert found.worst is not None
    assert found.worst.ratio > 1
    assert (found.worst.parameter[0] == "b") == ("bias" in name)


def test_a_missing_rotation_fails() -> None:
    """The residual correlated with w instead of w rotated: only what lies below the second convolution is wrong."""
    fault = next(f for f in faults.FAULTS if f.id == "conv-kernel-not-flipped")
    wrong = cnnbp.Network([*LAYERS[:2], fault.make(), *LAYERS[3:]])
    network = cnnbp.Network(LAYERS)
    network.loss_and_gradients = wrong.loss_and_gradients  # type: ignore[method-assign]
    found = trained(network, replace(SMALL, epochs=1))
    assert (of_training(found), failure(found)) == ("fail", ("training.beyond", 1))
    assert found.failure is not None
    assert found.failure.values["parameter"] in ("w1", "b1")


class Hasty(cnnbp.Network):
    """A network whose learning rate is one part in 10¹² too large."""

    @staticmethod
    def sgd_step(params: Any, gradients: Any, learning_rate: float = 1.0) -> Any:
        return cnnbp.Network.sgd_step(params, gradients, learning_rate * (1 + 1e-12))


def test_a_learning_rate_off_by_one_part_in_a_trillion_fails() -> None:
    """It is seen at the first step: where w is small beside its update, 10⁻¹² of the update is more than all rounding."""
    found = trained(Hasty(LAYERS), replace(SMALL, epochs=1))
    assert (of_training(found), failure(found)) == ("fail", ("training.beyond", 1))


def test_too_low_an_accuracy_fails() -> None:
    """Steps that all agree do not make up for a network that has learnt nothing."""
    found = trained(settings=replace(SMALL, learning_rate=1e-3, epochs=3))
    assert (of_training(found), found.failure) == ("fail", None)
    assert max(found.ratios) <= 1
    assert of_training(found.model_copy(update={"expected_accuracy": 1e-9})) == "pass"


def test_without_pytorch_it_abstains(monkeypatch: pytest.MonkeyPatch) -> None:
    """The network is trained all the same and its accuracy told, but that alone is no pass."""
    monkeypatch.setitem(sys.modules, "torch", None)
    found = trained(seed=3)
    assert of_training(found) == "inconclusive"
    assert found.failure is not None
    assert "PyTorch" in sentence(found.failure)
    assert (found.worst, found.ratios, found.distance, found.accuracy_torch) == (None, (), (), None)
    assert found.accuracy >= 0.95


def test_a_tie_is_left_out_and_named() -> None:
    """A maximum over a blank region is won by whichever cell rounds up: such steps are named, and without others no pass."""
    layers = [cnnbp.Conv2d(out_channels=2, kernel_size=2), cnnbp.MaxPool2d((1, 2)), cnnbp.Flatten(), cnnbp.Dense(out_features=3)]
    x, y = bars()
    x[..., :3] = 1.1
    settings = replace(SMALL, epochs=3, learning_rate=0.1, expected_accuracy=1e-9)
    found = train(cnnbp.Network(layers), x, y, "blank margins", settings)
    assert (of_training(found), found.left_out, found.ratios) == ("inconclusive", tuple(range(1, 13)), ())


def test_a_step_left_out_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the second step cannot be judged, the thirteenth is, and the reason names the second."""
    answer, calls = masked_network.answer, []

    def doubtful(*args: Any) -> Any:
        whole = answer(*args)
        calls.append(whole)
        whole.uncertified = int(len(calls) == 2)
        return whole

    monkeypatch.setattr(masked_network, "answer", doubtful)
    found = trained(seed=3)
    assert (of_training(found), len(found.ratios), len(calls), found.left_out) == ("pass", 12, 13, (2,))


def test_what_runs_away_fails() -> None:
    """A learning rate that drives the parameters to infinity is a failure with a reason, not an exception."""
    network = cnnbp.Network([cnnbp.Flatten(), cnnbp.Dense(out_features=3)])
    found = trained(network, replace(SMALL, learning_rate=1e30))
    assert (of_training(found), failure(found)[0]) == ("fail", "training.not-finite")


def test_what_was_only_zeros_is_not_agreed_upon() -> None:
    """Blank images: the weights below have no gradient and start at 0, so that nobody has said anything about them."""
    x, y = bars()
    network = cnnbp.Network([cnnbp.Flatten(), cnnbp.Dense(out_features=3), cnnbp.Sigmoid()])
    network.init = lambda *_: [(), (np.zeros((3, 60)), np.zeros(3)), ()]  # type: ignore[method-assign]
    found = train(network, 0 * x, y, "nothing", replace(SMALL, expected_accuracy=1e-9))
    assert (of_training(found), found.vacuous) == ("inconclusive", ("w2",))


def test_same_seed_same_record() -> None:
    """To the last digit; and another seed trains another network on another split."""
    first, again, other = (trained(settings=replace(SMALL, epochs=2, compared=4), seed=seed) for seed in (5, 5, 6))
    assert first == again
    assert first.loss != other.loss


def test_progress_and_curves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress counts every step; the curves are thinned to what a page can draw."""
    assert POINTS >= 100
    monkeypatch.setattr("cnnbp.training.train.POINTS", 30)
    told: list[tuple[int, int]] = []
    found = trained(settings=replace(SMALL, epochs=10, compared=1), progress=lambda done, total: told.append((done, total)))
    assert told == [(step, 40) for step in range(1, 41)]
    assert [step for step, _ in found.loss] == [step for step, _ in found.distance] == list(range(1, 41, 2))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": np.ones((3, 2, 5, 6))}, "x and y must hold"),
        ({"y": np.full((80, 3), 0.5)}, "one-hot"),
        ({"x": np.full((80, 2, 5, 6), np.nan)}, "finite"),
        ({"network": cnnbp.Network([cnnbp.Flatten()])}, "must have parameters"),
    ],
)
def test_mistakes_of_the_caller_are_refused(change: dict[str, Any], message: str) -> None:
    """Images and targets that do not fit, and a network with nothing to train, are a ValueError."""
    x, y = bars()
    with pytest.raises(ValueError, match=message):
        train(**{"network": cnnbp.Network(LAYERS), "x": x, "y": y, "source": "", "settings": SMALL} | change)


@pytest.mark.parametrize("change", [{"batch": 0}, {"epochs": 0}, {"learning_rate": np.nan}, {"weight_decay": -1.0}])
def test_settings_that_make_no_sense_are_refused(change: dict[str, Any]) -> None:
    """The message names the setting."""
    with pytest.raises(ValueError, match=next(iter(change))):
        Settings(**change)
