"""Right layers are proved at small shapes, in every order that is walked; wrong calls are the caller's mistake."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import process_time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnnbp
from cnnbp import AvgPool2d, BatchNorm2d, Conv2d, ConvTranspose2d, Dense, LeakyReLU, MaxPool2d, ReLU, Sigmoid, prove
from cnnbp.cases import Counter
from cnnbp.operators import OPERATORS
from cnnbp.proof import budget
from cnnbp.proof.numbers.codes import X
from cnnbp.proof.numbers.tags import generators
from cnnbp.proof.numbers.walk import Walk

from .given import Given

RIGHT: dict[str, tuple[Any, ...]] = {
    "convolution": (Conv2d(2, 1), (2, 2, 5, 4), (3, 2, 3, 2), (3,)),
    "without a bias": (Conv2d(), (1, 1, 3, 3), (2, 1, 2, 2)),
    "dilated in groups": (Conv2d(1, 2, 2, 2), (1, 4, 5, 5), (4, 2, 2, 3)),
    "transposed": (ConvTranspose2d(2, 1, 1, 2), (2, 2, 3, 4), (2, 1, 2, 2), (2,)),
    "dense": (Dense(), (3, 4), (2, 4), (2,)),
    "mean": (AvgPool2d(3, 2, 1, count_include_pad=False, ceil_mode=True), (2, 1, 4, 6)),
    "flatten": (cnnbp.Flatten(), (2, 3, 2)),
    "identity": (cnnbp.Identity(), (2, 2)),
    "maximum": (MaxPool2d(2, 1, 1), (1, 1, 2, 2)),
    "overhanging maximum": (MaxPool2d((1, 2), ceil_mode=True), (1, 1, 1, 5)),
    "relu": (ReLU(), (3,)),
    "leaky relu": (LeakyReLU(-0.3), (2,)),
    "sigmoid": (Sigmoid(), (2,)),
    "tanh": (cnnbp.Tanh(), (2,)),
    "softplus": (cnnbp.Softplus(), (2,)),
    "squared error": (cnnbp.HalfSquaredError(), (2, 3), (2, 3)),
    "cross-entropy": (cnnbp.SoftmaxCrossEntropy(), (2, 2), np.array([1, 0])),
    "batch norm": (BatchNorm2d(), (2, 2, 1, 2), (2,), (2,)),
    "batch norm of one entry": (BatchNorm2d(), (1, 1, 1, 1), (1,)),
    "given statistics": (BatchNorm2d(training=False), (2, 2, 1, 1), (2,), (2,), (2,), (2,)),
}


@pytest.mark.parametrize("name", RIGHT)
def test_every_layer_is_proved(name: str) -> None:
    layer, *shapes = RIGHT[name]
    proof = prove(layer, *shapes)
    assert proof, str(proof)
    assert proof.kind == "symbolic"
    assert {c.name for c in proof.claims} >= {"gradient", "forward", "gradients"}
    assert all(c.status == "proved" and c.compared for c in proof.claims if c.name != "floats")
    assert all(c.status != "refuted" for c in proof.claims)
    assert proof.witness is None


def test_every_operator_is_among_them() -> None:
    assert {type(layer) for layer, *_ in RIGHT.values()} == {operator.layer for operator in OPERATORS.values()}


@pytest.mark.parametrize("name", [n for n in OPERATORS if OPERATORS[n].layer in (Conv2d, ConvTranspose2d, Dense, AvgPool2d)])
@settings(max_examples=6)
@given(seed=st.integers(0, 10**6))
def test_drawn_shapes_are_proved(name: str, seed: int) -> None:
    case = OPERATORS[name].draw(Counter(seed, "proof"))
    if min(a.size for a in case.args) > 0 and sum(a.size for a in case.args) < 300:
        proof = prove(case.layer, *(a.shape for a in case.args))
        assert proof, str(proof)


def test_more_orders_than_can_be_walked_are_counted() -> None:
    proof = prove(MaxPool2d(2, 1), (1, 1, 4, 5), budget=0.05)
    assert proof.status == "abstains"
    assert "orders" in proof.reason


def test_strict_orders_stand_where_ties_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnnbp.proof.budget.PATHS", 100)
    proof = prove(MaxPool2d((1, 2), 1), (1, 1, 1, 6))
    assert proof.status == "proved"
    assert any(s.code == "proof.scope.ties-open" for s in proof.scope)


class OneWay:
    """No backward."""

    forward = ReLU().forward


@pytest.mark.parametrize(
    ("error", "said", "call"),
    [
        (TypeError, "layer must be an object, got the class Conv2d", lambda: prove(Conv2d, (1, 1, 3, 3))),
        (
            ValueError,
            "shapes must name one argument by its shape at least",
            lambda: prove(Dense(), np.ones((2, 3)), np.ones((4, 3))),
        ),
        (TypeError, "needs the shape of x", lambda: prove(Conv2d())),
        (TypeError, "x must be a shape", lambda: prove(ReLU(), 3)),
        (TypeError, "x must be a shape", lambda: prove(ReLU(), (2, -1))),
        (ValueError, "at least one entry", lambda: prove(ReLU(), (2, 0))),
        (TypeError, "class indices", lambda: prove(cnnbp.SoftmaxCrossEntropy(), (2, 2), (2,))),
        (TypeError, "takes x, w, perhaps b, got 4 shapes", lambda: prove(Conv2d(), (1, 1, 3, 3), (1, 1, 2, 2), (1,), (1,))),
        (ValueError, "kernel_size must not exceed", lambda: prove(Conv2d(), (1, 1, 2, 2), (1, 1, 3, 3))),
        (ValueError, "bits must be", lambda: prove(ReLU(), (2,), bits=0)),
        (TypeError, "bits must be an integer from 1 to 256, got True", lambda: prove(ReLU(), (2,), bits=True)),
        (TypeError, "bits must be", lambda: prove(ReLU(), (2,), bits="64")),  # type: ignore[arg-type]
        (TypeError, "budget must be a number of seconds", lambda: prove(ReLU(), (2,), budget="5")),  # type: ignore[arg-type]
        (ValueError, "budget must be a positive number of seconds, got nan", lambda: prove(ReLU(), (2,), budget=float("nan"))),
        (ValueError, "budget must be a positive", lambda: prove(ReLU(), (2,), budget=0)),
        (ValueError, "budget must be a positive", lambda: prove(ReLU(), (2,), budget=-1)),
        (ValueError, "dtypes must be", lambda: prove(ReLU(), (2,), dtypes=("float16",))),
        (ValueError, "dtypes must be", lambda: prove(ReLU(), (2,), dtypes=None)),  # type: ignore[arg-type]
        (ValueError, "x must be finite", lambda: prove(ReLU(), np.array([np.nan]))),
        (TypeError, "finite numbers that it is, got dtype complex", lambda: prove(ReLU(), np.array([1j]))),
        (TypeError, "x must be a shape", lambda: prove(ReLU(), (2.0, 1))),
        (TypeError, "x must be a shape", lambda: prove(ReLU(), (True, 1))),
        (TypeError, "like must be a layer object with forward and backward", lambda: prove(ReLU(), (2,), like=OneWay())),
    ],
)
def test_a_wrong_call_is_the_callers_mistake(error: type[Exception], said: str, call: Callable[[], object]) -> None:
    with pytest.raises(error, match=said):
        call()


def test_the_same_seed_gives_the_same_proof() -> None:
    a, b = (prove(Conv2d(), (1, 2, 4, 4), (2, 2, 3, 3), seed=3) for _ in range(2))
    assert a == b


def test_integers_of_numpy_are_integers() -> None:
    assert prove(ReLU(), (np.int64(2),), bits=np.int64(64)) == prove(ReLU(), (2,))  # type: ignore[arg-type]


@pytest.mark.parametrize(("layer", "size"), [(Sigmoid(), (4, 4)), (ReLU(), (12, 12))])
def test_without_a_budget_there_is_one(layer: Any, size: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where orders are many and each takes long, nobody waits for all that would be walked; the seconds are half a minute."""
    assert budget.SECONDS == 30
    monkeypatch.setattr(budget, "SECONDS", 0.5)
    start = process_time()
    proof = prove(layer, size)
    assert proof.status == "abstains"
    assert "orders" in proof.reason
    assert process_time() - start < 10


def test_where_not_one_order_was_walked_it_is_said() -> None:
    proof = prove(ReLU(), (2000,))
    assert proof.reason.startswith("time or comparisons ran out")


class Proves(ReLU):
    """A layer that walks other orders while it runs, as one would that proves another one."""

    def forward(self, x: Any) -> Any:
        above = x > 0
        assert [bool(generators((1,), X)[0] < 0) for _ in Walk(3)] == [False, True, False]
        return np.where(above, np.where(x > 0, x, 5), 0 * x)


def test_walks_are_of_their_thread_and_of_their_layer() -> None:
    """In two at once each answers its own questions; and so does one inside another."""
    layers = [(MaxPool2d((1, 2), 1), (1, 1, 1, 4)), (ReLU(), (3,))]
    alone = [prove(*layer).paths for layer in layers]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda layer: prove(*layer), layers * 2))
    finally:
        sys.setswitchinterval(before)
    assert [proof.status for proof in found] == ["proved"] * 4
    assert [proof.paths for proof in found] == alone * 2
    assert prove(Proves(), (1,), like=ReLU())


def _until_small(x: Any) -> Any:
    while x[0] > 0:
        x = x - 1
    return x


def _halved(x: Any) -> Any:
    y = x
    while np.any(y > 0):
        y = y / 2
    return x + 0 * y


@pytest.mark.parametrize("budget", [None, 0.2])
@pytest.mark.parametrize(
    ("layer", "size"),
    [
        (Given(_until_small, lambda d, x: d), 1),
        (Given(_halved, lambda d, x: d), 1),
        (Given(lambda x: np.asarray(x.sum() ** 40), lambda d, x: d * 40 * x.sum() ** 39 * np.ones(x.shape, object)), 8),
        (Given(lambda x: np.exp(x * x.sum()) ** 9 / (1 + np.exp(x).sum()) ** 9, lambda d, x: d), 8),
    ],
)
def test_what_has_no_end_comes_to_one(layer: Given, size: int, budget: float | None) -> None:
    start = process_time()
    proof = prove(layer, (size,), budget=budget)
    assert not proof
    assert process_time() - start < 20
