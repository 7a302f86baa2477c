"""PyTorch's answers, on numbers that a reader can work out by hand; and its silence where it has nothing to say."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from cnnbp.oracles import autograd
from cnnbp.oracles.masked_dense import Array
from cnnbp.oracles.testimony import Abstention

torch.set_num_threads(1)
PLAIN = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
MAX = {"kernel_size": 2, "stride": None, "padding": 0, "dilation": 1, "ceil_mode": False}
MEAN = {"kernel_size": 2, "stride": None, "padding": 0, "ceil_mode": False, "count_include_pad": True}
SQUARE = [[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]]
LOG2 = float(np.log(2))

# operator, options, args, delta, answers
WORKED: list[tuple[str, dict[str, Any], list[Any], Any, dict[str, Any]]] = [
    (
        "Conv2d", PLAIN, [SQUARE, [[[[1, 0], [0, -1]]]], [10]], [[[[1, 2], [3, 4]]]],
        {"y": [[[[6, 6], [6, 6]]]], "x": [[[[1, 2, 0], [3, 3, -2], [0, -3, -4]]]], "w": [[[[37, 47], [67, 77]]]], "b": [10]},
    ),
    (
        "Conv2d", PLAIN | {"stride": 2, "padding": 1, "dilation": 2}, [SQUARE, [[[[1, 2], [3, 4]]]]], [[[[7]]]],
        {"y": [[[[20]]]], "x": [[[[0, 0, 0], [0, 28, 0], [0, 0, 0]]]], "w": [[[[0, 0], [0, 35]]]]},
    ),
    (
        "Conv2d", PLAIN | {"groups": 2}, [[[[[3]], [[5]]]], [[[[2]]], [[[7]]]], [1, -1]], [[[[1]], [[-1]]]],
        {"y": [[[[7]], [[34]]]], "x": [[[[2]], [[-7]]]], "w": [[[[3]]], [[[-5]]]], "b": [1, -1]},
    ),
    (
        "Dense", {}, [[[1, 2]], [[3, 4], [5, 6], [0, -1]], [1, 0, 2]], [[1, -1, 2]],
        {"y": [[12, 17, 0]], "x": [[-2, -4]], "w": [[1, 2], [-1, -2], [2, 4]], "b": [1, -1, 2]},
    ),
    ("Dense", {}, [[[1, 2]], [[3, 4]]], [[5]], {"y": [[11]], "x": [[15, 20]], "w": [[5, 10]]}),
    ("MaxPool2d", MAX, [[[[[1, 3], [3, 2]]]]], [[[[5]]]], {"y": [[[[3]]]], "x": [[[[0, 5], [0, 0]]]]}),
    (
        "MaxPool2d", MAX | {"stride": 1, "padding": 1, "dilation": 2}, [-np.array(SQUARE)], np.ones((1, 1, 3, 3)),
        {"y": [[[[-5, -4, -5], [-2, -1, -2], [-5, -4, -5]]]], "x": [[[[0, 0, 0], [0, 0, 0], [0, 0, 0]]]]},
    ),
    ("AvgPool2d", MEAN, [[[[[4, 8], [12, 16]]]]], [[[[8]]]], {"y": [[[[10]]]], "x": [[[[2, 2], [2, 2]]]]}),
    (
        "AvgPool2d", MEAN | {"padding": 1}, [[[[[4, 8], [12, 16]]]]], [[[[4, 0], [0, 8]]]],
        {"y": [[[[1, 2], [3, 4]]]], "x": [[[[1, 0], [0, 2]]]]},
    ),
    (
        "AvgPool2d", MEAN | {"padding": 1, "count_include_pad": False}, [[[[[4, 8], [12, 16]]]]], [[[[4, 0], [0, 8]]]],
        {"y": [[[[4, 8], [12, 16]]]], "x": [[[[4, 0], [0, 8]]]]},
    ),
    (
        "AvgPool2d", MEAN | {"ceil_mode": True}, [[[[[1, 3, 5]], [[2, 2, 7]]]]], [[[[2, 3]], [[4, 5]]]],
        {},  # replaced below: a kernel of (1, 2)
    ),
    ("Flatten", {}, [[[[1, 2]], [[3, 4]]]], [[5, 6], [7, 8]], {"y": [[1, 2], [3, 4]], "x": [[[5, 6]], [[7, 8]]]}),
    ("Identity", {}, [[-1, 0]], [2, 3], {"y": [-1, 0], "x": [2, 3]}),
    ("ReLU", {}, [[-1, 0, 2]], [3, 5, 7], {"y": [0, 0, 2], "x": [0, 0, 7]}),
    ("LeakyReLU", {"negative_slope": 0.5}, [[-1, 0, 2]], [3, 5, 7], {"y": [-0.5, 0, 2], "x": [1.5, 2.5, 7]}),
    ("Sigmoid", {}, [[0, LOG2]], [8, 9], {"y": [0.5, 2 / 3], "x": [2, 2]}),
    ("Tanh", {}, [[0, LOG2]], [3, 25], {"y": [0, 0.6], "x": [3, 16]}),
    ("Softplus", {}, [[0, LOG2, 1000, -1000]], [4, 3, 2, 1], {"y": [LOG2, np.log(3), 1000, 0], "x": [2, 2, 2, 0]}),
    ("HalfSquaredError", {}, [[[1, 2], [3, 5]], [[0, 2], [3, 1]]], 2, {"y": 4.25, "x": [[1, 0], [0, 4]]}),
    ("SoftmaxCrossEntropy", {}, [[[0, 0], [0, LOG2]], np.array([0, 1])], 6, {"y": np.log(3) / 2, "x": [[-1.5, 1.5], [1, -1]]}),
]  # fmt: skip
WORKED[10] = (
    "AvgPool2d", MEAN | {"kernel_size": (1, 2), "ceil_mode": True}, [[[[[1, 3, 5]], [[2, 2, 7]]]]], [[[[2, 3]], [[4, 5]]]],
    {"y": [[[[2, 5]], [[2, 7]]]], "x": [[[[1, 1, 3]], [[2, 2, 5]]]]},
)  # fmt: skip


def asked(operator: str, options: dict[str, Any], args: list[Any], delta: Any) -> dict[str, Array]:
    arrays = tuple(a if operator == "SoftmaxCrossEntropy" and i else np.array(a, float) for i, a in enumerate(args))
    return autograd.answer(operator, options, arrays, np.array(delta, float))
