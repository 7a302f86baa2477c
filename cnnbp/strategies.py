"""The case space for Hypothesis, which searches it and shrinks what fails to something that a person can follow by hand.

    @given(case=cnnbp.strategies.conv2d(stride=st.integers(1, 3)))
    def test_my_conv(case):
        cnnbp.assert_gradients(MyConv(**case.options), *case.args, delta=case.delta, like=cnnbp.Conv2d(**case.options))

Every strategy takes any option of its layer as a value or as a strategy, and draws a `Case`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

from .cases import Case
from .cases.from_hypothesis import Drawn
from .cases.networks import network as draw_network
from .operators import OPERATORS
from .oracles import autograd
from .oracles.abstention import Abstention

with contextlib.suppress(Abstention):  # now, since loading PyTorch takes a second or two, past the deadline of a first example
    autograd.answer("Tanh", {}, (np.ones(1),), np.ones(1), ("x",))


def conv2d(**options: Any) -> st.SearchStrategy[Case]:
    """Cases of Conv2d: stride, padding, dilation, groups."""
    return _cases("Conv2d", options, ("stride", "padding", "dilation", "groups", "kernel_size"))


def conv_transpose2d(**options: Any) -> st.SearchStrategy[Case]:
    """Cases of ConvTranspose2d: stride, padding, output_padding, dilation, groups."""
    return _cases("ConvTranspose2d", options, ("stride", "padding", "output_padding", "dilation", "groups", "kernel_size"))


def dense() -> st.SearchStrategy[Case]:
    """Cases of Dense."""
    return _cases("Dense", {}, ())


def max_pool2d(**options: Any) -> st.SearchStrategy[Case]:
    """Cases of MaxPool2d: kernel_size, stride, padding, dilation, ceil_mode."""
    return _cases("MaxPool2d", options, ("kernel_size", "stride", "padding", "dilation", "ceil_mode"))


def avg_pool2d(**options: Any) -> st.SearchStrategy[Case]:
    """Cases of AvgPool2d: kernel_size, stride, padding, ceil_mode, count_include_pad."""
    return _cases("AvgPool2d", options, ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad"))


def batch_norm2d(**options: Any) -> st.SearchStrategy[Case]:
    """Cases of BatchNorm2d: eps, training."""
    return _cases("BatchNorm2d", options, ("eps", "training"))


def activation() -> st.SearchStrategy[Case]:
    """Cases for every elementwise layer: `options` is empty, the numbers include exact zeros and deep saturation."""
    return _cases("ReLU", {}, ())


def loss() -> st.SearchStrategy[Case]:
    """Cases of HalfSquaredError: `args` are (x, target), `delta` is a single number."""
    return _cases("HalfSquaredError", {}, ())


def network() -> st.SearchStrategy[Case]:
    """Small CNNs: `Network(**case.options)` at `case.args`, which are (x, params). `verify_network` judges them as a whole."""
    return st.composite(lambda draw: draw_network(Drawn(draw)))()


def _cases(name: str, options: dict[str, Any], allowed: tuple[str, ...]) -> st.SearchStrategy[Case]:
    for option in options:
        if option not in allowed:
            raise TypeError(f"cases of {name} have no option {option!r}: expected one of {', '.join(allowed)}")

    @st.composite
    def drawn(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Case:
        fixed = {name: draw(value) if isinstance(value, st.SearchStrategy) else value for name, value in options.items()}
        return OPERATORS[name].draw(Drawn(draw), **fixed)

    return drawn()
