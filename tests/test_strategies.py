"""Hypothesis on the case space: options as values or strategies, and failures that shrink to what a person can follow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st

import cnnbp
from cnnbp import strategies
from cnnbp.cases import Case
from cnnbp.faults import FAULTS

QUIET = settings(max_examples=12, suppress_health_check=list(HealthCheck))
UNSHRUNK = settings(QUIET, phases=(Phase.generate,))
SEARCH = settings(max_examples=300, phases=(Phase.generate, Phase.shrink))
STRATEGIES = {
    "dense": (cnnbp.Dense, {}),
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
    "activation": (cnnbp.Tanh, {}),
    "loss": (cnnbp.HalfSquaredError, {}),
}


@pytest.mark.parametrize("name", STRATEGIES)
def test_draws_cases_that_the_layer_takes(name: str) -> None:
    """options, args and delta fit together, as the docstring's example uses them."""
    layer, _ = STRATEGIES[name]

    @QUIET
    @seed(1)
    @given(case=getattr(strategies, name)())
    def check(case: Case) -> None:
        assert layer(**case.options).forward(*case.args).shape == case.delta.shape
        assert cnnbp.verify(layer(**case.options), *case.args, delta=case.delta).status != "fail"

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
            if not isinstance(wanted, st.SearchStrategy):
                assert case.options[option] == wanted
        assert layer(**case.options).forward(*case.args).shape == case.delta.shape

    check()


@pytest.mark.parametrize("name", ["conv2d", "conv_transpose2d", "max_pool2d", "avg_pool2d", "batch_norm2d"])
def test_unknown_options_are_refused(name: str) -> None:
    """TypeError that names the option and the ones there are, before anything is drawn."""
    with pytest.raises(TypeError, match=f"cases of {STRATEGIES[name][0].__name__} have no option 'strides': expected one of "):
        getattr(strategies, name)(strides=2)
    for other in ("dense", "activation", "loss"):
        with pytest.raises(TypeError):
            getattr(strategies, other)(strides=2)


def test_activation_reaches_zeros_and_saturation() -> None:
    """One strategy serves every elementwise layer: exact zeros and arguments beyond 30 turn up."""
    assert (find(strategies.activation(), lambda c: bool((c.args[0] == 0).any()), settings=SEARCH).args[0] == 0).any()
    assert find(strategies.activation(), lambda c: bool((c.args[0] > 30).any()), settings=SEARCH).options == {}


def _smallest(fault: str, strategy: str) -> Case:
    """The simplest case on which the fault is seen."""
    entry = next(f for f in FAULTS if f.id == fault)

    def wrong(case: Case) -> bool:
        layer = entry.make(**case.options)
        return cnnbp.verify(layer, *case.args, delta=case.delta, like=case.layer).status == "fail"

    found: Case = find(getattr(strategies, strategy)(), wrong, settings=SEARCH)
    return found


PLAIN = {"groups": 1, "dilation": 1, "padding": 0, "ceil_mode": False}
SMALL = {  # fault: strategy, the most numbers in the smallest x that shows it
    "conv-kernel-not-flipped": ("conv2d", 12),
    "conv-dw-rotated": ("conv2d", 12),
    "conv-dx-stride-forgotten": ("conv2d", 12),
    "max-pool-ties-last": ("max_pool2d", 12),
    "avg-pool-not-divided": ("avg_pool2d", 12),
    "dense-dw-over-batch": ("dense", 6),
}


@pytest.mark.parametrize("fault", SMALL)
def test_failures_shrink_to_what_can_be_followed_by_hand(fault: str) -> None:
    """Few cells, plain options; of a convolution also small integers, to be recomputed in one's head."""
    strategy, most = SMALL[fault]
    case = _smallest(fault, strategy)
    assert case.args[0].size <= most, case
    assert case.traits[1] == "C order"
    assert {name: value for name, value in case.options.items() if value != PLAIN.get(name, value)} == {}
    if strategy == "conv2d":
        assert case.traits[0] == "small integers"
        assert max(float(np.max(np.abs(a))) for a in (*case.args, case.delta)) <= 3


def test_the_example_of_the_docstring_runs() -> None:
    """A user's own layer against the reference, found wrong by search: GradientError, and the case in its text."""

    @UNSHRUNK
    @seed(3)
    @given(case=strategies.conv2d(stride=st.integers(1, 3)))
    def check(case: Case) -> None:
        layer = next(f for f in FAULTS if f.id == "conv-dw-rotated").make(**case.options)
        cnnbp.assert_gradients(layer, *case.args, delta=case.delta, like=cnnbp.Conv2d(**case.options))

    with pytest.raises(cnnbp.GradientError, match="weight gradient dw is wrong"):
        check()


@settings(max_examples=5)
@given(case=strategies.network())
def test_drawn_networks_pass_as_a_whole(case: Case) -> None:
    """A small CNN of drawn layers, trained towards h(x) − delta: its whole gradient agrees with all oracles."""
    net, (x, params) = cnnbp.Network(**case.options), case.args
    verdict = cnnbp.verify_network(net, x, net.forward(x, params) - case.delta, params, weight_decay=0.01)
    assert verdict.passed, str(verdict)
