"""Hypothesis on the case space: options as values or strategies, and failures that shrink to what a person can follow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st

import cnnbp
from cnnbp import strategies
from cnnbp.cases import Case
from cnnbp.faults import FAULTS

QUIET = settings(max_examples=6, suppress_health_check=list(HealthCheck))
JUDGED = settings(QUIET, max_examples=4)  # each example is a whole verification
UNSHRUNK = settings(QUIET, phases=(Phase.generate,))
SEARCH = settings(max_examples=300, phases=(Phase.generate, Phase.shrink))
STRATEGIES = {
    "dense": (cnnbp.Dense, {"bias": st.just(False)}),
    "conv2d": (cnnbp.Conv2d, {"stride": 2, "padding": st.integers(0, 2), "dilation": (1, 2), "groups": st.just(2)}),
    "max_pool2d": (
        cnnbp.MaxPool2d,
        {"kernel_size": 2, "stride": st.integers(1, 2), "padding": 1, "dilation": 2, "ceil_mode": st.booleans()},
    ),
    "avg_pool2d": (
        cnnbp.AvgPool2d,
        {"kernel_size": st.just((2, 3)), "stride": 1, "padding": 0, "ceil_mode": True, "count_include_pad": False},
    ),
    "conv_transpose2d": (
        cnnbp.ConvTranspose2d,
        {"stride": (2, 3), "padding": st.integers(0, 1), "output_padding": (1, 0), "dilation": st.just(1), "groups": 2},
    ),
    "batch_norm2d": (cnnbp.BatchNorm2d, {"eps": st.sampled_from((1e-5, 1.0)), "training": False}),
    "flatten": (cnnbp.Flatten, {}),
    "activation": (cnnbp.Tanh, {}),
    "leaky_relu": (cnnbp.LeakyReLU, {"negative_slope": st.sampled_from((0.0, 0.25))}),
    "loss": (cnnbp.HalfSquaredError, {}),
    "softmax_cross_entropy": (cnnbp.SoftmaxCrossEntropy, {}),
}


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("name", STRATEGIES)
def test_draws_cases_that_the_layer_takes(name: str) -> None:
    """options, args and delta fit together, as the docstring's example uses them."""
    layer, _ = STRATEGIES[name]

    @JUDGED
    @seed(1)
    @given(case=getattr(strategies, name)())
    def check(case: Case) -> None:
        taken = layer(**case.options)
        assert taken.forward(*case.args).shape == case.delta.shape
        assert cnnbp.verify(taken, *case.args, delta=case.delta, like=taken).status != "fail"

    check()


@pytest.mark.parametrize("name", [name for name, (_, options) in STRATEGIES.items() if options])
def test_options_are_values_or_strategies(name: str) -> None:
    """Every option of the layer is taken either way, and kept."""
    layer, options = STRATEGIES[name]

    @QUIET
    @seed(2)
    @given(case=getattr(strategies, name)(**options))
    def check(case: Case) -> None:
        for option, wanted in options.items():
            if option in ("bias", "kernel_size", "out_channels"):
                assert option not in case.options or option == "kernel_size"
            else:
                assert isinstance(wanted, st.SearchStrategy) or case.options[option] == wanted
                assert option in case.options
        assert layer(**case.options).forward(*case.args).shape == case.delta.shape

    check()


SHAPED = {  # what is fixed, and the shape of w, whether there is a bias, in each case
    "conv2d": ({"kernel_size": (1, 3), "out_channels": 6, "bias": False}, lambda w: (w[0], w[2:]) == (6, (1, 3)), 2),
    "conv_transpose2d": (
        {"kernel_size": 2, "out_channels": 4, "groups": 2, "bias": True},
        lambda w: (w[1], w[2:]) == (2, (2, 2)),
        3,
    ),
    "dense": ({"out_features": 3, "bias": True}, lambda w: w[0] == 3, 3),
}


@pytest.mark.parametrize("name", SHAPED)
def test_what_is_no_option_of_the_layer_shapes_its_weights(name: str) -> None:
    """kernel_size, out_channels, out_features and bias are found in `args`, also where large sizes are drawn."""
    fixed, right, arguments = SHAPED[name]

    @UNSHRUNK
    @seed(4)
    @given(case=getattr(strategies, name)(**fixed))
    def check(case: Case) -> None:
        assert right(case.args[1].shape)
        assert len(case.args) == arguments
        assert not {"kernel_size", "out_channels", "out_features", "bias"} & set(case.options)
        assert STRATEGIES[name][0](**case.options).forward(*case.args).shape == case.delta.shape

    check()


@pytest.mark.parametrize(
    ("name", "fixed", "error", "words"),
    [
        ("conv2d", {"stride": 0}, ValueError, "stride must be at least 1, got 0"),
        ("conv2d", {"bias": "no"}, TypeError, "bias must be True or False, got 'no'"),
        ("conv2d", {"stride": None}, TypeError, "stride must be an integer, got None"),
        ("max_pool2d", {"padding": (1, -1)}, ValueError, r"padding\[1\] must be at least 0, got -1"),
        ("dense", {"out_features": 0}, ValueError, "out_features must be at least 1, got 0"),
        ("leaky_relu", {"negative_slope": "steep"}, TypeError, "negative_slope must be a real number, got 'steep'"),
    ],
)
def test_values_that_make_no_sense_are_refused(name: str, fixed: dict[str, Any], error: type[Exception], words: str) -> None:
    """At once where they are values, at the first example where they are drawn."""
    with pytest.raises(error, match=words):
        getattr(strategies, name)(**fixed)
    with pytest.raises(error, match=words):
        find(getattr(strategies, name)(**{option: st.just(value) for option, value in fixed.items()}), lambda case: True)


def test_options_that_do_not_go_together_are_refused() -> None:
    """Each by what is wrong with both."""
    with pytest.raises(ValueError, match="out_channels must be a multiple of groups, got out_channels=4 with groups=3"):
        find(strategies.conv2d(out_channels=4, groups=3), lambda case: True)


@pytest.mark.parametrize(
    ("name", "fixed"),
    [
        ("max_pool2d", {"padding": 2}),
        ("avg_pool2d", {"stride": None}),
        ("conv_transpose2d", {"output_padding": (3, 1)}),
        ("conv_transpose2d", {"output_padding": 7}),
    ],
)
def test_what_is_not_fixed_is_drawn_to_fit(name: str, fixed: dict[str, Any]) -> None:
    """A padding that only large kernels allow, an output padding that only large strides do, a stride left to the kernel."""

    @UNSHRUNK
    @seed(5)
    @given(case=getattr(strategies, name)(**fixed))
    def check(case: Case) -> None:
        assert {option: case.options[option] for option in fixed} == fixed
        assert STRATEGIES[name][0](**case.options).forward(*case.args).shape == case.delta.shape

    check()


@pytest.mark.parametrize("name", ["conv2d", "conv_transpose2d", "max_pool2d", "avg_pool2d", "batch_norm2d", "dense", "leaky_relu"])
def test_unknown_options_are_refused(name: str) -> None:
    """TypeError that names the option and the ones there are, before anything is drawn."""
    with pytest.raises(TypeError, match=f"cases of {STRATEGIES[name][0].__name__} have no option 'strides': expected one of "):
        getattr(strategies, name)(strides=2)
    for other in ("flatten", "activation", "loss", "softmax_cross_entropy"):
        with pytest.raises(TypeError):
            getattr(strategies, other)(strides=2)


def test_activation_reaches_zeros_and_saturation() -> None:
    """One strategy serves every elementwise layer: exact zeros and arguments beyond 30 turn up."""
    anywhere = settings(SEARCH, phases=(Phase.generate,))
    assert (find(strategies.activation(), lambda c: bool((c.args[0] == 0).any()), settings=anywhere).args[0] == 0).any()
    assert find(strategies.activation(), lambda c: bool((c.args[0] > 30).any()), settings=anywhere).options == {}


PLAIN = {"groups": 1, "dilation": 1, "padding": 0}


def test_failures_shrink_to_what_can_be_followed_by_hand() -> None:
    """Few cells, plain options, and small integers, to be recomputed in one's head.

    At each step it is asked whether the answers are others, which is cheaper; at the end the simplest case is judged.
    """
    entry = next(f for f in FAULTS if f.id == "conv-dx-stride-forgotten")

    def wrong(case: Case) -> bool:
        if case.args[0].size > 200:  # Hypothesis shrinks from the first that it meets, and would take long from a large one
            return False
        layer = entry.make(**case.options)
        pairs = zip(layer.backward(case.delta, *case.args), case.layer.backward(case.delta, *case.args), strict=True)
        return not all(np.allclose(actual, expected, rtol=1e-9, atol=0) for actual, expected in pairs)

    case = find(strategies.conv2d(), wrong, settings=SEARCH)
    verdict = cnnbp.verify(entry.make(**case.options), *case.args, delta=case.delta, like=case.layer)
    assert verdict.status == "fail"
    assert case.args[0].size <= 12, case
    assert {name: value for name, value in case.options.items() if value != PLAIN.get(name, value)} == {}
    assert case.traits == ("small integers", "C order", "nothing", "small")
    assert max(float(np.max(np.abs(a))) for a in (*case.args, case.delta)) <= 3
    assert len(np.unique(case.args[0])) == case.args[0].size  # numbers that can be told apart


def test_the_example_of_the_docstring_runs() -> None:
    """A user's own layer against the reference, found wrong by search: GradientError, and the case in its text."""

    @UNSHRUNK
    @seed(3)
    @given(case=strategies.conv2d(stride=st.integers(1, 3)))
    def check(case: Case) -> None:
        layer = next(f for f in FAULTS if f.id == "conv-dw-rotated").make(**case.options)
        cnnbp.assert_gradients(layer, *case.args, delta=case.delta, like=cnnbp.Conv2d(**case.options))

    with pytest.raises(cnnbp.GradientError, match="weight gradient dw is"):
        check()


@settings(max_examples=3)
@given(case=strategies.network())
def test_drawn_networks_pass_as_a_whole(case: Case) -> None:
    """A small CNN of drawn layers, trained towards h(x) − delta: its whole gradient agrees with all oracles."""
    net, (x, params) = cnnbp.Network(**case.options), case.args
    verdict = cnnbp.verify_network(net, x, net.forward(x, params) - case.delta, params, weight_decay=0.01)
    assert verdict.passed, str(verdict)
