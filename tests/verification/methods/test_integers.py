"""On integers nothing rounds, so nothing is allowed for: neither a unit in the last place nor an entry in a million."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.faults import FAULTS
from cnnbp.faults.catalogue import distort
from cnnbp.layers.checks import Array
from cnnbp.operators import OPERATORS
from cnnbp.operators.record import Silent
from cnnbp.oracles.abstention import Abstention
from cnnbp.verification.examination import Examination
from cnnbp.verification.methods import integers
from cnnbp.verification.methods.integers import KIND, drawn
from cnnbp.verification.question import Question
from tests.helpers.layers import against, arguments, bent, case, code, gaussian, on_integers, raised, reference, subject

SILENT = [name for name, record in OPERATORS.items() if isinstance(record.integers, Silent)]
EXACTLY = [name for name in OPERATORS if name not in SILENT]
NETWORKS = [name for name in EXACTLY if not isinstance(OPERATORS[name].network, Silent)]


def _question(operator: str) -> Question:
    layer, args = reference(operator), arguments(operator)
    return Question.of(layer, tuple(args), np.ones(np.shape(layer.forward(*args))))


@pytest.mark.parametrize("operator", EXACTLY)
def test_answers_are_exact(operator: str) -> None:
    """Our layers, PyTorch, the masked network and central differences agree with a bound of 0, in every quantity."""
    asked = _question(operator)
    found = [e for e in integers.evidence(Examination.of(subject(reference(operator), asked), asked, 1)) if e.at == "integers"]
    assert {item.status for item in found if item.oracle != "finite_difference"} == {"pass"}
    assert {item.status for item in found} <= {"pass", "vacuous"}  # along a direction, changes may cancel exactly
    assert {(item.kind, item.max_error, item.bound) for item in found} == {(KIND, 0.0, 0.0)}
    oracles = {"autograd", "finite_difference"} | ({"masked_dense"} if operator in NETWORKS else set())
    assert {item.oracle for item in found} >= oracles
    assert {item.quantity for item in found if item.oracle == "finite_difference"} == set(asked.quantities) - {"y"}


@pytest.mark.parametrize("operator", EXACTLY)
def test_every_partial_sum_fits_into_53_bits(operator: str) -> None:
    """Σ|terms| of every entry stays below 2⁵³, and the numbers are integers other than 0."""
    for seed in range(3):
        asked = drawn(_question(operator), seed)
        assert all(np.array_equal(a, np.rint(a)) and a.all() for a in (*asked.args, asked.delta))
        if operator in NETWORKS:
            assert all(np.max(asked.magnitude(quantity)) < 2.0**53 for quantity in asked.quantities)


def test_integers_use_the_room_there_is() -> None:
    """Products of two such integers fill more than float32's 24 bits: single precision in disguise shows."""
    for operator in ("Conv2d", "ConvTranspose2d", "Dense", "AvgPool2d"):
        asked = drawn(_question(operator), 0)
        assert max(np.max(np.abs(a)) for a in asked.args) > 2**12


def test_max_pooling_and_relu_stay_in_their_cell() -> None:
    """Integers are so far apart that a unit step changes no winner and crosses no kink."""
    x = np.sort(drawn(_question("MaxPool2d"), 0).args[0].ravel())
    assert np.diff(x).min() >= 4
    assert np.abs(drawn(_question("ReLU"), 0).args[0]).min() >= 2


@pytest.mark.parametrize("operator", EXACTLY)
def test_integers_are_the_same_for_every_case_of_a_shape(operator: str) -> None:
    """They hang on the shape and the seed, whatever the numbers of the case."""
    question = _question(operator)
    args = tuple(2 * a + 1 for a in question.args)
    other = Question(question.operator, question.options, args, 3 * question.delta)
    asked, again, else_drawn = drawn(question, 4), drawn(other, 4), drawn(question, 5)
    assert all(np.array_equal(a, b) for a, b in zip((*asked.args, asked.delta), (*again.args, again.delta), strict=True))
    assert not np.array_equal(else_drawn.args[0], asked.args[0])


def test_options_given_as_lists_are_welcome() -> None:
    """A layer with stride=[2, 1] is asked the same integers as one with stride=(2, 1)."""
    args = tuple(arguments("Conv2d"))
    layers = cnnbp.Conv2d(stride=[2, 1]), cnnbp.Conv2d(stride=(2, 1))  # type: ignore[arg-type]
    first, second = (drawn(Question.of(layer, args, np.ones(layer.forward(*args).shape)), 0) for layer in layers)
    assert all(np.array_equal(a, b) for a, b in zip(first.args, second.args, strict=True))


@pytest.mark.parametrize("operator", ["Conv2d", "Dense"])
def test_numbers_without_room_abstain(operator: str) -> None:
    """Where the sums would leave 53 bits, the integers say so instead of rounding."""
    with pytest.raises(Abstention, match="beyond-53-bits"):
        drawn(_question(operator), 0, most=2**30)


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("operator", SILENT)
def test_irrational_layers_abstain(operator: str) -> None:
    """There is nothing exact about them, and the verdict shows the abstention."""
    c = case(operator, 1)
    said = [item for item in cnnbp.verify(c.layer, *c.args, delta=c.delta).evidence if item.at == "integers"]
    assert {item.oracle for item in said} == set(integers.ORACLES)
    record = OPERATORS[operator].integers
    assert isinstance(record, Silent)
    assert all(item.status == "abstain" and code(item) == record.code for item in said)


def _only_on_integers(g: Array, a: Any) -> Array:
    return 2 * g if on_integers(a) else g


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize(("operator", "quantity"), [("Conv2d", "dw"), ("Dense", "dx"), ("AvgPool2d", "dx"), ("MaxPool2d", "y")])
def test_only_integers_catch_what_is_wrong_on_integers(operator: str, quantity: str) -> None:
    """Right at the case, wrong on whole numbers: the exact comparison objects, and so does the second tier on integers."""
    verdict = cnnbp.verify(bent(operator, **{quantity: _only_on_integers}), *arguments(operator), like=reference(operator))
    assert verdict.status == "fail"
    assert against(verdict) <= {"integers", "tied-integers", "small-integers", "connection"}
    assert "integers" in against(verdict)


@pytest.mark.usefixtures("methods_alone")
def test_large_integers_alone_suffice() -> None:
    """A layer that clips at ±1000 errs by 10⁸ on the integers and nowhere else at a small case: that is no other algorithm."""
    clipped = next(f for f in FAULTS if f.id == "conv-saturated").make()
    assert cnnbp.verify(clipped, *arguments("Conv2d"), like=cnnbp.Conv2d()).status == "fail"


GRADIENTS = [(operator, quantity) for operator in ("Conv2d", "ConvTranspose2d", "Dense") for quantity in ("dx", "dw", "db")]


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize(("operator", "quantity"), [*GRADIENTS, ("AvgPool2d", "dx"), ("MaxPool2d", "dx")])
def test_one_entry_off_by_1e_12_is_caught(operator: str, quantity: str) -> None:
    """A relative error of 10⁻¹² in one non-zero entry of one gradient is caught on every drawn case that has such an entry."""
    missed = []
    for number in range(2):
        c = case(operator, number)
        if quantity == "db" and len(c.args) < 3:
            continue
        wrong = distort(type(c.layer), **{quantity: raised(1e-12, 7 * number)})(**c.options)
        right = dict(zip(("dx", "dw", "db"), c.layer.backward(c.delta, *c.args), strict=False))[quantity]
        verdict = cnnbp.verify(wrong, *c.args, delta=c.delta, like=c.layer)
        if verdict.status != "fail" and np.any(right):
            missed.append((number, c.traits[0], c.args[0].shape))
    assert missed == []


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize(("operator", "quantity"), [("AvgPool2d", "dx"), ("Dense", "db")])
def test_one_entry_off_by_1e_12_is_caught_in_large_arrays(operator: str, quantity: str) -> None:
    """Also where the norm of the residual is large beside the entry."""
    shapes = {"AvgPool2d": [(1, 6, 28, 28)], "Dense": [(200, 10), (6, 10), (6,)]}
    options = {"AvgPool2d": {"kernel_size": 2}, "Dense": {}}[operator]
    like, args = getattr(cnnbp, operator)(**options), gaussian(*shapes[operator])
    for which in range(2):
        wrong = distort(type(like), **{quantity: raised(1e-12, 37 * which)})(**options)
        assert cnnbp.verify(wrong, *args, like=like, seed=which).status == "fail"


def test_average_windows_of_seven_are_exact_on_integers() -> None:
    """1/49 is rounded, but a sum of multiples of 49 divided by 49 is not."""
    verdict = cnnbp.verify(cnnbp.AvgPool2d(7), np.random.default_rng(0).normal(size=(2, 3, 9, 8)))
    assert {e.oracle for e in verdict.evidence if e.kind == KIND and e.status == "pass"} == set(integers.ORACLES)
    assert not any("norm" in code(e) for e in verdict.evidence)


def test_a_mask_by_equality_is_caught_at_ties() -> None:
    """mask = (x == max) is right on every window without a tie, and pays twice on one with."""
    pool = cnnbp.MaxPool2d(2)

    def backward(delta: Array, x: Array) -> Array:
        spread = np.kron(pool.forward(x), np.ones((1, 1, 2, 2)))
        return np.where(x == spread, np.kron(delta, np.ones((1, 1, 2, 2))), 0.0)

    (x,) = gaussian((1, 2, 4, 6))
    verdict = cnnbp.verify(cnnbp.from_functions(pool.forward, backward), x, like=pool)
    assert verdict.status == "fail"
    assert against(verdict) == {"tied-integers", "small-integers"}
