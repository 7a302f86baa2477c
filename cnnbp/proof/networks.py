"""The networks that a run proves, small enough that every order of what they compare can be walked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..evidence.proof import Proof
from ..layers import AvgPool2d, BatchNorm2d, Conv2d, Dense, Flatten, MaxPool2d, Network, ReLU, Sigmoid, SoftmaxCrossEntropy
from .network import prove_network

# The layers, the shapes of x and of each layer's parameters, and where y is not as h(x): the targets and the loss.
NETWORKS: Mapping[str, tuple[Any, ...]] = {
    "conv-avg-dense": ([Conv2d(1, 1), AvgPool2d(2), Flatten(), Dense()], (1, 1, 4, 4),
                       [((1, 1, 3, 3), (1,)), (), (), ((2, 4), (2,))]),
    "conv-relu-max-dense": ([Conv2d(), ReLU(), MaxPool2d(2), Flatten(), Dense()], (1, 1, 3, 3),
                            [((1, 1, 2, 2), (1,)), (), (), (), ((2, 1), (2,))]),
    "conv-conv": ([Conv2d(), Conv2d()], (1, 1, 2, 3), [((2, 1, 2, 2), (2,)), ((1, 2, 1, 2), (1,))]),
    "dense-dense-batch": ([Dense(), Dense()], (2, 3), [((3, 3), (3,)), ((2, 3), (2,))]),
    "dense-relu-dense": ([Dense(), ReLU(), Dense()], (2, 2), [((2, 2), (2,)), (), ((1, 2), (1,))]),
    "dense-sigmoid-dense": ([Dense(), Sigmoid(), Dense()], (1, 2), [((2, 2), (2,)), (), ((1, 2), (1,))]),
    "dense-softmax": ([Dense()], (1, 2), [((3, 2), (3,))], np.array([1]), SoftmaxCrossEntropy()),
    "dense-relu-dense-softmax": ([Dense(), ReLU(), Dense()], (1, 2), [((2, 2), (2,)), (), ((2, 2), (2,))], np.array([1]),
                                 SoftmaxCrossEntropy()),
    "conv-norm-conv": ([Conv2d(), BatchNorm2d(), Conv2d()], (2, 1, 1, 1),
                       [((1, 1, 1, 1), (1,)), ((1,), (1,)), ((1, 1, 1, 1), (1,))]),
}  # fmt: skip


def network_proof(name: str) -> Proof:
    """One of them."""
    layers, *arguments = NETWORKS[name]
    return prove_network(Network(layers), *arguments)
