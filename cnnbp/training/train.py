"""The derivation's own update trains a CNN; PyTorch takes the same steps, and another network of its own runs along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import layers
from ..judge import within
from ..layers import Network
from ..layers.network import Parameters
from ..oracles.sgd import Training
from ..oracles.abstention import Abstention
from ..rounding import Array
from .tally import Compared
from .one_step import compare_step, described

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


def train(
    network: Network,
    x: Array,
    y: Array,
    source: str,
    settings: Settings | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Trains `network` by w ← w − α(∂J/∂w + λw), b ← b − α ∂J/∂b, and hands back the record of it as plain data.

    x: images (n, c, h, w), y: one-hot targets (n, classes); `source` says where they are from. At each of the first
    `settings.compared` steps PyTorch starts from the same parameters, and must land within `one_step_bound`; where a winner
    or a sign is too close to call, the next step is compared instead. PyTorch also trains from the same start on its own:
    that distance is recorded, not judged. "pass" takes every comparison and the accuracy; without PyTorch it is "abstain".

    All is drawn from `seed`, in this order: a permutation of the images, of which the first fifth is the test; the Gaussian
    weights; and for each epoch a permutation of the training images, cut into batches, the last one as short as it comes.
    Raises ValueError and TypeError for input that makes no sense.
    """
    settings, (x, y) = settings or Settings(), _checked(x, y)
    rng = np.random.default_rng(seed)
    order, kept = rng.permutation(len(x)), max(1, len(x) // 5)
    hidden, shown = order[:kept], order[kept:]
    params: Parameters = network.init(x.shape[1:], rng)
    if not any(params):
        raise ValueError(f"network must have parameters, got {network!r}")
    twin, silence = _twin(network, params, settings)
    batches = _batches(shown, settings, rng)
    with np.errstate(over="ignore", invalid="ignore"):  # a training that runs away is a finding, not a warning
        record, params = _run(network, x, y, params, batches, settings, twin, progress)
        accuracy = _accuracy(network.forward(x[hidden], params), y[hidden])
    compared: Compared = record.pop("compared")
    status, reason = _status(compared, min(settings.compared, len(batches)), silence, accuracy, settings.expected_accuracy)
    return {
        "network": repr(network), "source": source, "train": len(shown), "test": len(hidden),
        "batch": settings.batch, "learning_rate": settings.learning_rate, "weight_decay": settings.weight_decay,
        "seed": seed, "steps": len(batches), "compared": len(compared.ratios), "status": status, "reason": reason,
        "worst": compared.worst, "ratios": compared.ratios, **record,
        "accuracy": accuracy, "accuracy_torch": None if twin is None else _accuracy(twin.predict(x[hidden]), y[hidden]),
        "expected_accuracy": settings.expected_accuracy,
    }  # fmt: skip


def _run(
    network: Network,
    x: Array,
    y: Array,
    params: Parameters,
    batches: list[Array],
    settings: Settings,
    twin: Training | None,
    progress: Callable[[int, int], None] | None,
) -> tuple[dict[str, Any], Parameters]:
    """Takes every step; what was compared, J of the batches and the distance to the twin, and the parameters at the end."""
    operators, every, compared = described(network), -(-len(batches) // POINTS), Compared()
    loss: list[list[float]] = []
    distance: list[list[float]] = []
    alpha, decay = settings.learning_rate, settings.weight_decay
    for step, rows in enumerate(batches, 1):
        images, targets, before = x[rows], y[rows], params
        value, gradients = network.loss_and_gradients(images, targets, before, weight_decay=decay)
        params = network.sgd_step(before, gradients, alpha)
        if twin is not None:
            twin.step(images, targets)
            if len(compared.ratios) < settings.compared:
                compared.add(step, compare_step(operators, images, targets, before, params, alpha, decay))
        if (step - 1) % every == 0:
            loss.append([step, float(value)])
            if twin is not None:
                distance.append([step, _distance(params, twin.params)])
        if progress is not None:
            progress(step, len(batches))
    return {"compared": compared, "loss": loss, "distance": distance}, params


def _checked(x: Array, y: Array) -> tuple[Array, Array]:
    """Both as float64, in which PyTorch and the layers are compared."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    if x.ndim < 2 or y.ndim != 2 or len(x) != len(y) or len(x) < 2:
        raise ValueError(f"x and y must hold at least two images and a row of targets for each, got shapes {x.shape} and {y.shape}")
    if not (np.isfinite(x).all() and np.isin(y, (0, 1)).all() and (y.sum(1) == 1).all()):
        raise ValueError("x must be finite and y one-hot, a single 1 in every row")
    return x, y


def _twin(network: Network, params: Parameters, settings: Settings) -> tuple[Training | None, str]:
    """The network that PyTorch trains on its own, or why there is none."""
    try:
        return Training(described(network), params, settings.learning_rate, settings.weight_decay), ""
    except Abstention as abstention:
        return None, str(abstention)


def _batches(shown: Array, settings: Settings, rng: np.random.Generator) -> list[Array]:
    epochs = [rng.permutation(shown) for _ in range(settings.epochs)]
    return [order[start : start + settings.batch] for order in epochs for start in range(0, len(order), settings.batch)]


def _distance(mine: Parameters, theirs: Parameters) -> float:
    """The largest |ours − PyTorch's| over all parameters."""
    pairs = [pair for ours, others in zip(mine, theirs, strict=True) for pair in zip(ours, others, strict=True)]
    return max(float(np.max(abs(a - b))) for a, b in pairs)


def _accuracy(h: Array, y: Array) -> float:
    return float(np.mean(h.argmax(1) == y.argmax(1)))


def _status(compared: Compared, wanted: int, silence: str, accuracy: float, expected: float) -> tuple[str, str]:
    """The verdict on the run, and whatever speaks against it in sentences."""
    status, said = compared.status(wanted)
    if silence:
        said = [f"{silence}: no step was compared."]
    if not within(np.array(accuracy), np.array(1.0), 1 - expected):
        status = "fail"
        said.append(f"The trained network knows {accuracy:.2%} of the test images, where {expected:.2%} were expected.")
    return status, " ".join(said)
