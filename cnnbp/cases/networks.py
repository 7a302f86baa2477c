"""Small CNNs at random arguments."""

from __future__ import annotations

import numpy as np

from .. import layers
from .case import Case
from .choices import Choices


class _Network:
    """What stands in the place of an operator: a network is none."""

    name, layer, arguments, indices, unused = "Network", layers.Network, ("x",), (), ()


def network(choose: Choices) -> Case:
    """A small CNN: `args` are (x, params), `delta` is the residual at its output, so that x is trained towards h(x) − delta."""
    smooth = (layers.Tanh(), layers.Sigmoid(), layers.Softplus())
    kernel = (choose.integer(1, 3), choose.integer(1, 3))
    parts = (
        layers.Conv2d(padding=choose.integer(0, 1), out_channels=choose.integer(1, 3), kernel_size=kernel),
        choose.pick(smooth),
        choose.pick((layers.AvgPool2d(2), layers.MaxPool2d(2))),
        layers.Flatten(),
        layers.Dense(out_features=choose.integer(1, 3)),
        choose.pick((layers.Identity(), *smooth)),
    )
    shape = (choose.integer(1, 3), choose.integer(1, 2), choose.integer(4, 6), choose.integer(4, 7))
    rng = np.random.Generator(np.random.PCG64(choose.integer(0, 2**32 - 1)))
    net, x = layers.Network(parts), rng.normal(size=shape)
    params = [tuple(p + 0.1 * rng.normal(size=p.shape) for p in theta) for theta in net.init(shape[1:], rng)]
    delta = rng.normal(size=net.forward(x, params).shape)
    return Case(_Network(), {"layers": parts}, (x, params), delta, ("gaussian", "C order"))
