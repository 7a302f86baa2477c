"""The case space for Hypothesis, which searches it and shrinks what fails to something that a person can follow by hand.

    @given(case=cnnbp.strategies.conv2d(stride=st.integers(1, 3)))
    def test_my_conv(case):
        cnnbp.assert_gradients(MyConv(**case.options), *case.args, delta=case.delta, like=cnnbp.Conv2d(**case.options))

Every strategy takes any option of its layer as a value or as a strategy, and draws a `Case`. `bias=False` leaves the bias out of
`args`; `kernel_size` and `out_channels` of convolutions, and `out_features` of dense layers, are the shape of `w`, and no option.
A layer that takes ints has its options drawn as ints: `conv2d(stride=st.integers(1, 3), padding=st.integers(0, 2), dilation=1)`.
An option that is not fixed is left out of `case.options` in every other case in which it has its default.
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
from .layers import checks
from .operators import OPERATORS
from .oracles import autograd
from .oracles.abstention import Abstention

Check = Callable[[str, Any], Any]

with contextlib.suppress(Abstention):  # now, since loading PyTorch takes a second or two, past the deadline of a first example
    autograd.answer("Tanh", {}, (np.ones(1),), np.ones(1), ("x",))


def conv2d(**options: Any) -> st.SearchStrategy[Case]:
    """Cases of Conv2d: stride, padding, dilation, groups, kernel_size, out_channels, bias."""
    return _cases("Conv2d", options, "stride padding dilation groups kernel_size out_channels bias")


def conv_transpose2d(**options: Any) -> st.SearchStrategy[Case]:
    """Cases of ConvTranspose2d: stride, padding, output_padding, dilation, groups, kernel_size, out_channels, bias."""
    return _cases("ConvTranspose2d", options, "stride padding output_padding dilation groups kernel_size out_channels bias")


def dense(**options: Any) -> st.SearchStrategy[Case]:
    """Cases of Dense: out_features, bias."""
    return _cases("Dense", options, "out_features bias")


def max_pool2d(**options: Any) -> st.SearchStrategy[Case]:
    """Cases of MaxPool2d: kernel_size, stride (None: that of the kernel), padding, dilation, ceil_mode."""
    return _cases("MaxPool2d", options, "kernel_size stride padding dilation ceil_mode")


def avg_pool2d(**options: Any) -> st.SearchStrategy[Case]:
    """Cases of AvgPool2d: kernel_size, stride (None: that of the kernel), padding, ceil_mode, count_include_pad."""
    return _cases("AvgPool2d", options, "kernel_size stride padding ceil_mode count_include_pad")


def batch_norm2d(**options: Any) -> st.SearchStrategy[Case]:
    """Cases of BatchNorm2d: eps, training, bias (in training; else `args` has the statistics after it)."""
    return _cases("BatchNorm2d", options, "eps training bias")


def flatten() -> st.SearchStrategy[Case]:
    """Cases of Flatten: arrays with a batch axis and up to three more."""
    return _cases("Flatten", {}, "")


def activation() -> st.SearchStrategy[Case]:
    """Cases for every elementwise layer: `options` is empty, the numbers include exact zeros and deep saturation."""
    return _cases("ReLU", {}, "")


def leaky_relu(**options: Any) -> st.SearchStrategy[Case]:
    """Cases of LeakyReLU: negative_slope, also 0, above 1 and negative."""
    return _cases("LeakyReLU", options, "negative_slope")


def loss() -> st.SearchStrategy[Case]:
    """Cases of HalfSquaredError: `args` are (x, target), `delta` is a single number."""
    return _cases("HalfSquaredError", {}, "")


def softmax_cross_entropy() -> st.SearchStrategy[Case]:
    """Cases of SoftmaxCrossEntropy: `args` are (x, classes), also with logits so far apart that their exp overflows."""
    return _cases("SoftmaxCrossEntropy", {}, "")


def network() -> st.SearchStrategy[Case]:
    """Small CNNs: `Network(**case.options)` at `case.args`, which are (x, params). `verify_network` judges them as a whole."""
    return st.composite(lambda draw: draw_network(Drawn(draw)))()


def _size(least: int) -> Check:
    return lambda name, value: checks.pair(name, value, least)


def _count(name: str, value: object) -> object:
    return checks.integer(name, value, 1)


CHECKS: dict[str, Check] = {
    **dict.fromkeys(("kernel_size", "stride", "dilation"), _size(1)),
    **dict.fromkeys(("padding", "output_padding"), _size(0)),
    **dict.fromkeys(("groups", "out_channels", "out_features"), _count),
    **dict.fromkeys(("bias", "ceil_mode", "count_include_pad", "training"), checks.flag),
    **dict.fromkeys(("eps", "negative_slope"), checks.number),
}


def _cases(name: str, options: dict[str, Any], allowed: str) -> st.SearchStrategy[Case]:
    """Raises TypeError for options that there are not, TypeError and ValueError for values that make no sense."""
    for option, value in options.items():
        if option not in allowed.split():
            raise TypeError(f"cases of {name} have no option {option!r}: expected one of {', '.join(allowed.split())}")
        if not isinstance(value, st.SearchStrategy):
            _check(name, option, value)

    @st.composite
    def drawn(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Case:
        fixed = {option: draw(value) if isinstance(value, st.SearchStrategy) else value for option, value in options.items()}
        for option, value in fixed.items():
            _check(name, option, value)
        return OPERATORS[name].draw(Drawn(draw), **fixed)

    return drawn()


def _check(name: str, option: str, value: object) -> None:
    if not (option == "stride" and value is None and name.endswith("Pool2d")):
        CHECKS[option](option, value)
