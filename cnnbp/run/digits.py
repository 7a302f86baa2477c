"""A small CNN on real handwritten digits: its whole gradient, each layer with what it meets there, and its training."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import digits as data
from .. import layers
from ..verification.network import residuals, verify_network
from ..training.train import NETWORK, train
from ..verification.verify import verify

SAMPLES = 32  # images in the batch


def digits(seed: int) -> dict[str, Any]:
    """The record of the network and of its layers, on images drawn for `seed`."""
    x, y = data.load()
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(x), SAMPLES, replace=False)
    network = layers.Network(NETWORK)
    params = network.init(x.shape[1:], rng)
    whole = verify_network(network, x[chosen], y[chosen], params, weight_decay=1e-3, seed=seed)
    questions = residuals(network, x[chosen], y[chosen], params)
    parts = [verify(q.reference, *q.args, delta=q.delta, seed=seed) for q in questions]
    return {
        "network": repr(network), "source": data.SOURCE, "samples": SAMPLES,
        "whole": whole.record(), "layers": [part.record() for part in parts],
    }  # fmt: skip


def training(seed: int) -> dict[str, Any]:
    """The record of the same network's training on the digits by the derivation's own update."""
    return train(layers.Network(NETWORK), *data.load(), data.SOURCE, seed=seed)
