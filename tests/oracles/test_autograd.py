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
from cnnbp.oracles.abstention import Abstention
from cnnbp.oracles.masked_dense import Array

torch.set_num_threads(1)
PLAIN = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
MAX = {"kernel_size": 2, "stride": None, "padding": 0, "dilation": 1, "ceil_mode": False}
MEAN = {"kernel_size": 2, "stride": None, "padding": 0, "ceil_mode": False, "count_include_pad": True}
SQUARE = [[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]]
LOG2 = float(np.log(2))
GRADIENTS = dict.fromkeys(("Conv2d", "ConvTranspose2d", "BatchNorm2d", "Dense"), ("x", "w", "b"))

# operator, options, args, delta, answers
WORKED: list[tuple[str, dict[str, Any], list[Any], Any, dict[str, Any]]] = [
    (
        "Conv2d", PLAIN, [SQUARE, [[[[1, 0], [0, -1]]]], [10]], [[[[1, 2], [3, 4]]]],
        {"y": [[[[6, 6], [6, 6]]]], "x": [[[[1, 2, 0], [3, 3, -2], [0, -3, -4]]]], "w": [[[[37, 47], [67, 77]]]], "b": [10]},
    ),
    (
        "Conv2d", PLAIN | {"stride": 3, "padding": 1, "dilation": 2}, [SQUARE, [[[[1, 2], [3, 4]]]]], [[[[7]]]],
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
    (
        "ConvTranspose2d", PLAIN | {"output_padding": 0}, [[[[[1, 2]]]], [[[[3, 4]]]], [10]], [[[[1, 2, 3]]]],
        {"y": [[[[13, 20, 18]]]], "x": [[[[11, 18]]]], "w": [[[[5, 8]]]], "b": [6]},
    ),
    (
        "ConvTranspose2d", PLAIN | {"stride": 2, "padding": (0, 1), "output_padding": (1, 0)}, [[[[[5]]]], [[[[1, 2, 3]]]]],
        [[[[7], [9]]]], {"y": [[[[10], [0]]]], "x": [[[[14]]]], "w": [[[[0, 35, 0]]]]},
    ),
    (
        "BatchNorm2d", {"eps": 3.0, "training": True}, [[[[[1, 3]]]], [2], [5]], [[[[4, 8]]]],
        {"y": [[[[4, 6]]]], "x": [[[[-1.5, 1.5]]]], "w": [2], "b": [12]},
    ),
    (
        "BatchNorm2d", {"eps": 3.0, "training": False}, [[[[[1, 5]]]], [2], [5], [3], [1]], [[[[4, 8]]]],
        {"y": [[[[3, 7]]]], "x": [[[[4, 8]]]], "w": [4], "b": [12]},
    ),
    ("MaxPool2d", MAX, [[[[[1, 3], [3, 2]]]]], [[[[5]]]], {"y": [[[[3]]]], "x": [[[[0, 5], [0, 0]]]]}),
    (
        "MaxPool2d", MAX | {"stride": 1, "padding": 1, "dilation": 2}, [-np.array(SQUARE)], np.ones((1, 1, 3, 3)),
        {"y": [[[[-5, -4, -5], [-2, -1, -2], [-5, -4, -5]]]], "x": [[[[1, 2, 0], [2, 4, 0], [0, 0, 0]]]]},
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
        "AvgPool2d", MEAN | {"kernel_size": (1, 2), "ceil_mode": True}, [[[[[1, 3, 5]], [[2, 2, 7]]]]], [[[[2, 3]], [[4, 5]]]],
        {"y": [[[[2, 5]], [[2, 7]]]], "x": [[[[1, 1, 3]], [[2, 2, 5]]]]},
    ),
    ("Flatten", {}, [[[[1, 2]], [[3, 4]]]], [[5, 6], [7, 8]], {"y": [[1, 2], [3, 4]], "x": [[[5, 6]], [[7, 8]]]}),
    ("Identity", {}, [[-1, 0]], [2, 3], {"y": [-1, 0], "x": [2, 3]}),
    ("ReLU", {}, [[-1, 0, 2]], [3, 5, 7], {"y": [0, 0, 2], "x": [0, 0, 7]}),
    ("LeakyReLU", {"negative_slope": 0.5}, [[-1, 0, 2]], [3, 5, 7], {"y": [-0.5, 0, 2], "x": [1.5, 2.5, 7]}),
    ("Sigmoid", {}, [[0, LOG2]], [8, 9], {"y": [0.5, 2 / 3], "x": [2, 2]}),
    ("Tanh", {}, [[0, LOG2]], [3, 25], {"y": [0, 0.6], "x": [3, 16]}),
    ("Softplus", {}, [[0, LOG2, 1000, -1000]], [4, 3, 2, 1], {"y": [LOG2, np.log(3), 1000, 0], "x": [2, 2, 2, 0]}),
    ("Softplus", {}, [[25]], [1], {"y": [25 + np.exp(-25)], "x": [1 - np.exp(-25)]}),  # beyond the threshold of F.softplus
    ("HalfSquaredError", {}, [[[1, 2], [3, 5]], [[0, 2], [3, 1]]], 2, {"y": 4.25, "x": [[1, 0], [0, 4]]}),
    ("SoftmaxCrossEntropy", {}, [[[0, 0], [0, LOG2]], np.array([0, 1])], 6, {"y": np.log(3) / 2, "x": [[-1.5, 1.5], [1, -1]]}),
]  # fmt: skip


def asked(operator: str, options: dict[str, Any], args: list[Any], delta: Any) -> dict[str, Array]:
    arrays = tuple(a if operator == "SoftmaxCrossEntropy" and i else np.array(a, float) for i, a in enumerate(args))
    return autograd.answer(operator, options, arrays, np.array(delta, float), GRADIENTS.get(operator, ("x",)))


@pytest.mark.parametrize("worked", WORKED, ids=lambda worked: worked[0])
def test_by_hand(worked: tuple[str, dict[str, Any], list[Any], Any, dict[str, Any]]) -> None:
    """y, and the gradients of ⟨y, δ⟩ by x and by the parameters that are there, in the shapes of their arguments."""
    operator, options, args, delta, expected = worked
    answers = asked(operator, options, args, delta)
    assert list(answers) == list(expected)
    for name, value in expected.items():
        assert answers[name].shape == np.shape(value)
        np.testing.assert_allclose(answers[name], value, rtol=1e-15, atol=0, err_msg=name)


@pytest.mark.parametrize(
    "order",
    [
        "C",
        "F",
        "strided",
        "read-only",
        "reversed",
    ],
)
def test_layout_does_not_matter(order: str) -> None:
    """However an array lies in memory, it is the same array; and it is left as it was."""
    x, delta = np.array([[1.0, -2, 3], [4, 5, -6]]), np.array([[1.0, 2, 3], [4, 5, 6]])

    def laid(a: Array) -> Array:
        a = {"C": a, "F": np.asfortranarray(a), "strided": np.repeat(a, 2, 1)[:, ::2], "reversed": a[::-1].copy()[::-1]}.get(
            order, a.copy()
        )
        a.flags.writeable = order != "read-only"
        return a

    answers = autograd.answer("ReLU", {}, (laid(x),), laid(delta), ("x",))
    np.testing.assert_array_equal(answers["y"], np.maximum(x, 0))
    np.testing.assert_array_equal(answers["x"], delta * (x > 0))
    np.testing.assert_array_equal(x, [[1, -2, 3], [4, 5, -6]])


def test_a_whole_network_by_hand() -> None:
    """h = 3·2 + 1 = 7, J = ½(7 − 5)² + ½·½·3² = 4.25, ∂J/∂w = 2·2 + ½·3, ∂J/∂b = 2: weight decay leaves the bias alone."""
    one = np.ones((1, 1))
    loss, gradients = autograd.whole(
        [("Dense", {}), ("Identity", {})], 2 * one, 5 * one, [(3 * one, np.ones(1)), ()], weight_decay=0.5
    )
    assert loss == 4.25
    assert [[g.tolist() for g in theta] for theta in gradients] == [[[[5.5]], [2]], []]


@pytest.mark.parametrize("whole", [False, True])
def test_abstains_from_an_unknown_operator(whole: bool) -> None:
    """An operator that PyTorch does not have is an abstention which names it."""
    x = np.ones((1, 1))
    with pytest.raises(Abstention, match="Maxout"):
        autograd.whole([("Maxout", {})], x, x, [()]) if whole else autograd.answer("Maxout", {}, (x,), x, ("x",))


@pytest.mark.parametrize("whole", [False, True])
def test_abstains_without_pytorch(whole: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyTorch is not installed the oracle says so, and nothing breaks."""
    monkeypatch.setitem(sys.modules, "torch", None)
    x = np.ones((1, 1))
    with pytest.raises(Abstention, match="no-torch"):
        autograd.whole([("ReLU", {})], x, x, [()]) if whole else autograd.answer("ReLU", {}, (x,), x, ("x",))


@pytest.fixture
def every_warning() -> Iterator[None]:
    """PyTorch gives each warning, not only the first in the life of the process."""
    before = torch.is_warn_always_enabled()
    torch.set_warn_always(True)
    yield
    torch.set_warn_always(before)


@pytest.mark.usefixtures("every_warning")
def test_a_whole_network_is_asked_silently() -> None:
    """A user who treats warnings as errors gets an answer."""
    one = np.ones((1, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        autograd.whole([("Dense", {})], one, one, [(one,)])


@pytest.mark.parametrize("weights", [2, 3])
def test_the_threads_of_a_process_are_left_as_they_were(weights: int) -> None:
    """Also where PyTorch refuses the question, here three weights for two features."""
    torch.set_num_threads(2)
    try:
        autograd.answer("Dense", {}, (np.ones((1, 2)), np.ones((1, weights))), np.ones((1, 1)), ("x", "w"))
    except RuntimeError:
        assert weights == 3
    else:
        assert weights == 2
    finally:
        left = torch.get_num_threads()
        torch.set_num_threads(1)
    assert left == 2
