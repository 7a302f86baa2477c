"""On integers nothing rounds, so nothing is forgiven: neither a unit in the last place nor an entry in a million."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.faults import FAULTS
from cnnbp.faults.catalogue import distort
from cnnbp.layers.checks import Array
from cnnbp.oracles.abstention import Abstention
from cnnbp.verification.integers import EXACT, KIND, exactly, integer_question
from cnnbp.verification.question import Question
from cnnbp.verification.subject import Subject

from tests.verification.accused import against, arguments, bent, case, gaussian, reference

EXACTLY = sorted(EXACT - {"HalfSquaredError"})


def _question(operator: str) -> Question:
    layer, args = reference(operator), arguments(operator)
    return Question(layer, tuple(args), np.ones(layer.forward(*args).shape))


@pytest.mark.parametrize("operator", EXACTLY)
def test_answers_are_exact(operator: str) -> None:
    """Our layers, PyTorch, the masked network and central differences agree with a bound of 0, in every quantity."""
    asked = integer_question(_question(operator), 1)
    subject = Subject(reference(operator), len(asked.args))
    found = list(exactly(subject, asked, np.random.default_rng(2)))
    assert {item.status for item in found} == {"pass"}
    assert {(item.kind, item.max_error, item.at) for item in found} == {(KIND, 0.0, "integers")}
    oracles = {"autograd", "finite_difference"} | ({"masked_dense"} if operator not in ("ReLU",) else set())
    assert {item.oracle for item in found} >= oracles
    assert {item.quantity for item in found if item.oracle == "finite_difference"} == set(asked.quantities) - {"y"}


@pytest.mark.parametrize("operator", EXACTLY)
def test_every_partial_sum_fits_into_53_bits(operator: str) -> None:
    """Σ|terms| of every entry stays below 2⁵³, and the numbers are integers other than 0."""
    for seed in range(5):
        asked = integer_question(_question(operator), seed)
        assert all(np.array_equal(a, np.rint(a)) and a.all() for a in (*asked.args, asked.delta))
        if operator not in ("ReLU", "Identity", "Flatten"):
            assert all(np.max(m) < 2.0**53 for m in asked.magnitudes.values())


def test_integers_use_the_room_there_is() -> None:
    """Products of two such integers fill more than float32's 24 bits: single precision in disguise shows."""
    for operator in ("Conv2d", "Dense", "AvgPool2d"):
        asked = integer_question(_question(operator), 0)
        assert max(np.max(np.abs(a)) for a in asked.args) > 2**12


def test_max_pooling_and_relu_stay_in_their_cell() -> None:
    """Integers are so far apart that a unit step changes no winner and crosses no kink."""
    x = np.sort(integer_question(_question("MaxPool2d"), 0).args[0].ravel())
    assert np.diff(x).min() >= 4
    assert np.abs(integer_question(_question("ReLU"), 0).args[0]).min() >= 2


@pytest.mark.parametrize("operator", EXACTLY)
def test_integers_are_the_same_for_every_case_of_a_shape(operator: str) -> None:
    """They are drawn once for a shape and a seed, whatever the case, and nobody can write into what is kept of them."""
    question = _question(operator)
    other = Question(reference(operator), tuple(2 * a + 1 for a in question.args), 3 * question.delta)
    asked = integer_question(question, 4)
    kept = [*asked.args, asked.delta, *(a for said in asked.witnesses.values() if isinstance(said, dict) for a in said.values())]
    assert not any(a.flags.writeable for a in kept)
    assert integer_question(other, 4) is asked
    assert not np.array_equal(integer_question(question, 5).args[0], asked.args[0])


def test_options_given_as_lists_are_welcome() -> None:
    """A layer with stride=[2, 1] is asked the same integers as one with stride=(2, 1)."""
    args = arguments("Conv2d")
    layers = cnnbp.Conv2d(stride=[2, 1]), cnnbp.Conv2d(stride=(2, 1))  # type: ignore[arg-type]
    first, second = (Question(layer, tuple(args), np.ones(layer.forward(*args).shape)) for layer in layers)
    assert integer_question(first, 0) is integer_question(second, 0)


@pytest.mark.parametrize("operator", ["Conv2d", "Dense"])
def test_numbers_without_room_abstain(operator: str) -> None:
    """Where the sums would leave 53 bits, the integers say so instead of rounding."""
    with pytest.raises(Abstention, match="do not fit into 53 bits"):
        integer_question(_question(operator), 0, most=2**30)


@pytest.mark.parametrize("operator", ["Sigmoid", "Tanh", "Softplus", "LeakyReLU", "SoftmaxCrossEntropy"])
def test_irrational_layers_abstain(operator: str) -> None:
    """There is nothing exact about them, and the verdict shows the abstention."""
    drawn = case(operator, 1)
    said = [item for item in cnnbp.verify(drawn.layer, *drawn.args, delta=drawn.delta).evidence if item.oracle == "integers"]
    assert said
    assert all(item.status == "abstain" and "does not map integers to integers" in item.reason for item in said)


def _only_on_integers(g: Array, a: Any) -> Array:
    return 2 * g if np.array_equal(a.x, np.rint(a.x)) else g


@pytest.mark.parametrize(("operator", "quantity"), [("Conv2d", "dw"), ("Dense", "dx"), ("AvgPool2d", "dx"), ("MaxPool2d", "y")])
def test_only_integers_catch_what_is_wrong_on_integers(operator: str, quantity: str) -> None:
    """Right at the case, wrong on whole numbers: the exact comparison objects, and the second tier on integers convicts."""
    verdict = cnnbp.verify(bent(operator, **{quantity: _only_on_integers}), *arguments(operator), like=reference(operator))
    assert verdict.status == "fail"
    assert against(verdict) <= {"integers", "tied integers", "small integers", "one connection"}
    assert "integers" in against(verdict)


def test_large_integers_alone_convict() -> None:
    """A layer that clips at ±1000 errs by 10⁸ on the integers and nowhere else at a small case: that is no other algorithm."""
    clipped = next(f for f in FAULTS if f.id == "conv-saturated").make()
    assert cnnbp.verify(clipped, *arguments("Conv2d"), like=cnnbp.Conv2d()).status == "fail"


def _raised(g: Array, relative: float, which: int) -> Array:
    """g with one non-zero entry larger by a relative error."""
    g = g.copy()
    entries = np.flatnonzero(g)
    if entries.size:
        g.ravel()[entries[which % entries.size]] *= 1 + relative
    return g


GRADIENTS = [(operator, quantity) for operator in ("Conv2d", "Dense") for quantity in ("dx", "dw", "db")]


@pytest.mark.parametrize(("operator", "quantity"), [*GRADIENTS, ("AvgPool2d", "dx"), ("MaxPool2d", "dx")])
def test_one_entry_off_by_1e_12_is_caught(operator: str, quantity: str) -> None:
    """A relative error of 10⁻¹² in one non-zero entry of one gradient is caught on every drawn case that has such an entry."""
    missed = []
    for number in range(12):
        drawn = case(operator, number)
        if quantity == "db" and len(drawn.args) < 3:
            continue
        bend = {quantity: lambda g, _, number=number: _raised(g, 1e-12, 7 * number)}
        wrong = distort(type(drawn.layer), **bend)(**drawn.options)
        right = dict(zip(("dx", "dw", "db"), drawn.layer.backward(drawn.delta, *drawn.args), strict=False))[quantity]
        verdict = cnnbp.verify(wrong, *drawn.args, delta=drawn.delta, like=drawn.layer)
        if verdict.status != "fail" and np.any(right):
            missed.append((number, drawn.traits[0], drawn.args[0].shape))
    assert missed == []


@pytest.mark.parametrize(("operator", "quantity"), [("AvgPool2d", "dx"), ("Dense", "db")])
def test_one_entry_off_by_1e_12_is_caught_in_large_arrays(operator: str, quantity: str) -> None:
    """Also where the norm of the residual is large beside the entry."""
    shapes = {"AvgPool2d": [(1, 6, 28, 28)], "Dense": [(200, 10), (6, 10), (6,)]}
    options = {"AvgPool2d": {"kernel_size": 2}, "Dense": {}}[operator]
    like, args = getattr(cnnbp, operator)(**options), gaussian(*shapes[operator])
    for which in range(12):
        bend = {quantity: lambda g, _, which=which: _raised(g, 1e-12, 37 * which)}
        wrong = distort(type(like), **bend)(**options)
        assert cnnbp.verify(wrong, *args, like=like, seed=which).status == "fail"
