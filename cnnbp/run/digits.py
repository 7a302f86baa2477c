"""A small CNN on real handwritten digits: its whole gradient, each layer with what it meets there, and its training."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import digits as data
from ..evidence import records
from ..layers import Network
from ..proof.question import title
from ..training.train import NETWORK, drawn, train
from ..training.train import fixed as of_training
from ..verification.network import residuals, verify_network
from ..verification.verify import verify

SAMPLES = 32  # images in the batch


def fixed() -> dict[str, Any]:
    """What the record says whatever images and parameters are drawn: of the network and of each layer in it, what it meets."""
    x, y = (array[:SAMPLES] for array in data.load())
    network = Network(NETWORK)
    met = residuals(network, x, y, network.init(x.shape[1:], np.random.default_rng(0)))
    asked = [(repr(network), {"x": x.shape, "y": y.shape})]
    asked += [(title(each), {name: a.shape for name, a in zip("xwb", of.args, strict=False)}) for each, of in met]
    return {
        "network": repr(network),
        "source": data.SOURCE,
        "samples": SAMPLES,
        "asked": [(*each, "float64", "") for each in asked],
    }


def fixed_training() -> dict[str, Any]:
    """The same of the training, and at which steps its curves have points."""
    found = of_training(Network(NETWORK), len(data.load()[0]), data.SOURCE)
    return {**found, "points": list(drawn(found["steps"]))}


def digits(seed: int) -> records.DigitsRun:
    """The network and its layers, on images drawn for `seed`."""
    x, y = data.load()
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(x), SAMPLES, replace=False)
    network = Network(NETWORK)
    params = network.init(x.shape[1:], rng)
    whole = verify_network(network, x[chosen], y[chosen], params, weight_decay=1e-3, seed=seed)
    met = residuals(network, x[chosen], y[chosen], params)
    parts = tuple(verify(layer, *question.args, delta=question.delta, seed=seed) for layer, question in met)
    return records.DigitsRun(network=repr(network), source=data.SOURCE, samples=SAMPLES, whole=whole, layers=parts)


def training(seed: int) -> records.Training:
    """The same network's training on the digits by the derivation's own update."""
    return train(Network(NETWORK), *data.load(), data.SOURCE, seed=seed)
