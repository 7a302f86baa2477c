"""The derivation's own update trains a CNN; PyTorch takes the same steps, and another network of its own runs along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import layers
from ..evidence import Remark, records, remark
from ..layers import Network
from ..layers.network import Parameters
from ..oracles.abstention import Abstention
from ..oracles.masked_network import Described
from ..oracles.sgd import Training
from ..rounding import Array
from ..verification.network import described
from .one_step import compare_step, named
from .tally import Compared

NETWORK = (
    layers.Conv2d(padding=1, out_channels=8, kernel_size=3),
    layers.Tanh(),
    layers.AvgPool2d(2),
    layers.Conv2d(padding=1, out_channels=16, kernel_size=3),
    layers.Tanh(),
    layers.MaxPool2d(2),  # last, where blank margins no longer tie
    layers.Flatten(),
    layers.Dense(out_features=10),
    layers.Sigmoid(),
)
POINTS = 200  # of a curve that is handed on


@dataclass(frozen=True)
class Settings:
    """How `NETWORK` learns the digits: from each of 60 seeds it then knew more than 96 % of the test images.

    Twice this learning rate saturates it from some seeds, and half of it takes twice as many epochs.
    """

    batch: int = 32
    epochs: int = 40
    learning_rate: float = 1.5
    weight_decay: float = 1e-4
    compared: int = 200  # steps that PyTorch takes from the same parameters
    expected_accuracy: float = 0.95

    def __post_init__(self) -> None:
        for name, least in (("batch", 1), ("epochs", 1), ("compared", 1), ("learning_rate", 0), ("weight_decay", 0)):
            value = getattr(self, name)
            if not (np.isfinite(value) and value >= least):
                raise ValueError(f"{name} must be finite and at least {least}, got {value}")


def fixed(network: Network, images: int, source: str, settings: Settings | None = None) -> dict[str, Any]:
    """What the record of a training on so many images says whatever comes of it: the first fifth of them is the test."""
    settings, test = settings or Settings(), max(1, images // 5)
    steps = settings.epochs * -(-(images - test) // settings.batch)
    named = {name: getattr(settings, name) for name in ("batch", "learning_rate", "weight_decay", "expected_accuracy")}
    counts = {"train": images - test, "test": test, "steps": steps, "wanted": min(settings.compared, steps)}
    return {"network": repr(network), "source": source, **named, **counts}


def drawn(steps: int) -> range:
    """The steps at which a curve has a point."""
    return range(1, steps + 1, -(-steps // POINTS))


def train(
    network: Network,
    x: Array,
    y: Array,
    source: str,
    settings: Settings | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> records.Training:
    """Trains `network` by w ← w − α(∂J/∂w + λw), b ← b − α ∂J/∂b, and hands back the record of it.

    x: images (n, c, h, w), y: one-hot targets (n, classes); `source` says where they are from. At each of the first
    `settings.compared` steps PyTorch starts from the same parameters, and must land within `one_step_bound`; where a winner
    or a sign is too close to call, the next step is compared instead. PyTorch also trains from the same start on its own:
    that distance is recorded, not judged. What follows from the record says `evidence.status.of_training`.

    All is drawn from `seed`, in this order: a permutation of the images, of which the first fifth is the test; the Gaussian
    weights; and for each epoch a permutation of the training images, cut into batches, the last one as short as it comes.
    Raises ValueError and TypeError for input that makes no sense.
    """
    settings, (x, y) = settings or Settings(), _checked(x, y)
    before = fixed(network, len(x), source, settings)
    rng = np.random.default_rng(seed)
    order, kept = rng.permutation(len(x)), before["test"]
    hidden, shown = order[:kept], order[kept:]
    params: Parameters = network.init(x.shape[1:], rng)
    if not any(params):
        raise ValueError(f"network must have parameters, got {network!r}")
    operators = described(network)
    twin, silence = _twin(operators, params, settings)
    batches = _batches(shown, settings, rng)
    run = _Run(network, operators, settings, twin)
    with np.errstate(over="ignore", invalid="ignore"):  # a training that runs away is a finding, not a warning
        params = run.take(x, y, params, batches, progress)
        accuracy = _accuracy(network.forward(x[hidden], params), y[hidden])
    compared = run.compared
    return records.Training(
        **before, seed=seed, left_out=tuple(compared.left_out), vacuous=tuple(sorted(compared.vacuous or ())),
        failure=silence or compared.failure, worst=compared.worst, ratios=tuple(compared.ratios), loss=tuple(run.loss),
        distance=tuple(run.distance), accuracy=accuracy,
        accuracy_torch=None if twin is None else _accuracy(twin.predict(x[hidden]), y[hidden]),
    )  # fmt: skip


class _Run:
    """Takes every step; what was compared, J of the batches, and the distance to the network that PyTorch trains."""

    def __init__(self, network: Network, operators: list[Described], settings: Settings, twin: Training | None) -> None:
        self._network, self._operators, self._settings, self._twin = network, operators, settings, twin
        self.compared, self.loss, self.distance = Compared(), list[tuple[int, float]](), list[tuple[int, float]]()

    def take(
        self, x: Array, y: Array, params: Parameters, batches: list[Array], progress: Callable[[int, int], None] | None
    ) -> Parameters:
        """The parameters at the end."""
        points = drawn(len(batches))
        for step, rows in enumerate(batches, 1):
            value, params = self._step(step, x[rows], y[rows], params)
            if step in points:
                self.loss.append((step, value))
                if self._twin is not None:
                    self.distance.append((step, _distance(params, self._twin.params)))
            if progress is not None:
                progress(step, len(batches))
        return params

    def _step(self, step: int, images: Array, targets: Array, before: Parameters) -> tuple[float, Parameters]:
        alpha, decay = self._settings.learning_rate, self._settings.weight_decay
        value, gradients = self._network.loss_and_gradients(images, targets, before, weight_decay=decay)
        after = self._network.sgd_step(before, gradients, alpha)
        if self._twin is not None:
            self._twin.step(images, targets)
            if len(self.compared.ratios) < self._settings.compared:
                found = compare_step(self._operators, images, targets, before, after, alpha, decay)
                self.compared.add(step, found)
        return float(value), after


def _checked(x: Array, y: Array) -> tuple[Array, Array]:
    """Both as float64, in which PyTorch and the layers are compared."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    if x.ndim < 2 or y.ndim != 2 or len(x) != len(y) or len(x) < 2:
        raise ValueError(f"x and y must hold at least two images and a row of targets for each, got shapes {x.shape} and {y.shape}")
    if not (np.isfinite(x).all() and np.isin(y, (0, 1)).all() and (y.sum(1) == 1).all()):
        raise ValueError("x must be finite and y one-hot, a single 1 in every row")
    return x, y


def _twin(operators: list[Described], params: Parameters, settings: Settings) -> tuple[Training | None, Remark | None]:
    """The network that PyTorch trains on its own, or why there is none."""
    try:
        return Training(named(operators), params, settings.learning_rate, settings.weight_decay), None
    except Abstention as abstention:
        return None, remark(abstention.code, **abstention.values)


def _batches(shown: Array, settings: Settings, rng: np.random.Generator) -> list[Array]:
    epochs = [rng.permutation(shown) for _ in range(settings.epochs)]
    return [order[start : start + settings.batch] for order in epochs for start in range(0, len(order), settings.batch)]


def _distance(mine: Parameters, theirs: Parameters) -> float:
    """The largest |ours − PyTorch's| over all parameters."""
    pairs = [pair for ours, others in zip(mine, theirs, strict=True) for pair in zip(ours, others, strict=True)]
    return max(float(np.max(abs(a - b))) for a, b in pairs)


def _accuracy(h: Array, y: Array) -> float:
    return float(np.mean(h.argmax(1) == y.argmax(1)))
