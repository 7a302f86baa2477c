"""A small CNN on real handwritten digits: its whole gradient, each layer with what it meets there, and its training."""

from __future__ import annotations

import numpy as np

from .. import digits as data
from ..evidence import records
from ..layers import Network
from ..training.train import NETWORK, train
from ..verification.network import residuals, verify_network
from ..verification.verify import verify

SAMPLES = 32  # images in the batch


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
