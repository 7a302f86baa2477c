"""Right layers are proved at small shapes, wrong ones refuted with numbers to put in, the others told why not and where."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import process_time
from typing import Any

import numpy as np
import pytest
import scipy.ndimage
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import cnnbp
from cnnbp import AvgPool2d, BatchNorm2d, Conv2d, ConvTranspose2d, Dense, LeakyReLU, MaxPool2d, ReLU, Sigmoid, prove
from cnnbp.cases import Counter
from cnnbp.operators import OPERATORS
from cnnbp.proof.numbers.codes import X
from cnnbp.proof.numbers.tags import generators
from cnnbp.proof.numbers.walk import Walk

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
@settings(max_examples=12)
@given(seed=st.integers(0, 10**6))
def test_drawn_shapes_are_proved(name: str, seed: int) -> None:
    case = OPERATORS[name].draw(Counter(seed, "proof"))
    if min(a.size for a in case.args) > 0 and sum(a.size for a in case.args) < 300:
        proof = prove(case.layer, *(a.shape for a in case.args))
        assert proof, str(proof)


# ---- wrong layers: each a way to go wrong, and the claim that it breaks -------------------------------------------------


class Bent(Conv2d):
    """A convolution with one of its answers bent."""

    def __init__(self, forward: Callable[[Any], Any] = lambda y: y, **bend: Callable[[Any], Any]) -> None:
        super().__init__()
        object.__setattr__(self, "bend", (forward, bend))

    def forward(self, x: Any, w: Any, b: Any = None) -> Any:
        return self.bend[0](super().forward(x, w, b))  # type: ignore[attr-defined]

    def backward(self, delta: Any, x: Any, w: Any, b: Any = None) -> Any:
        bend = self.bend[1]  # type: ignore[attr-defined]
        dx, dw, *db = super().backward(delta, x, bend.get("w", lambda w: w)(w), b)
        return (bend.get("dx", lambda g: g)(dx), bend.get("dw", lambda g: g)(dw), *(bend.get("db", lambda g: g)(g) for g in db))


def _one(factor: float) -> Callable[[Any], Any]:
    def bend(a: Any) -> Any:
        a = a.copy()
        a.flat[0] = a.flat[0] * factor
        return a

    return bend


WRONG = {
    "kernel not rotated": (Bent(w=lambda w: w[..., ::-1, ::-1]), "gradient"),
    "one entry of dw, relative 1e-9": (Bent(dw=_one(1 + 1e-9)), "gradient"),
    "one entry of dx lost": (Bent(dx=_one(0)), "gradient"),
    "mean instead of sum": (Bent(dw=lambda g: g / 2), "gradient"),
    "db negated": (Bent(db=lambda g: -g), "gradient"),
    "forward alone": (Bent(lambda y: 2 * y), "forward"),
    "forward and backward alike": (Bent(lambda y: 2 * y, dx=lambda g: 2 * g, dw=lambda g: 2 * g, db=lambda g: 2 * g), "forward"),
    "floats alone": (Bent(dw=lambda g: g * (1 + 1e-9) if g.dtype == float else g), "floats"),
    "floats that are no integers": (
        Bent(dx=lambda g: g * (1 + 1e-9) if g.dtype == float and np.any(g != np.round(g)) else g),
        "floats",
    ),
    "through float32": (Bent(dx=lambda g: g.astype(np.float32).astype(float) if g.dtype == float else g), "floats"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_layer_is_refuted_with_numbers_at_which_it_fails(name: str) -> None:
    layer, claim = WRONG[name]
    proof = prove(layer, (2, 2, 3, 3), (1, 2, 2, 2), (1,), like=Conv2d())
    assert proof.status == "refuted"
    assert claim in {c.name for c in proof.claims if c.status == "refuted"}
    seen = proof.witness
    if name == "floats that are no integers":  # nothing is told of them but that
        assert seen is None
        return
    assert seen is not None
    assert seen.actual != seen.expected
    args = [np.array(seen.arguments[n], float) for n in ("x", "w", "b")]
    right = {"y": Conv2d().forward(*args)}
    right |= zip("xwb", Conv2d().backward(np.array(seen.delta, float), *args), strict=True)
    assert right[seen.quantity][seen.index] == seen.expected  # what it calls right is what the reference answers there
    answers = {"y": layer.forward(*args)} | dict(zip("xwb", layer.backward(np.array(seen.delta, float), *args), strict=True))
    assert answers[seen.quantity][seen.index] == seen.actual


def test_forward_and_backward_wrong_alike_pass_only_without_a_reference() -> None:
    layer, _ = WRONG["forward and backward alike"]
    assert prove(layer, (1, 1, 3, 3), (1, 1, 2, 2)).status == "proved"


class Sided:
    """ReLU with a slope at 0 of its own, by comparison with ≥."""

    def forward(self, x: Any) -> Any:
        return np.where(x > 0, x, 0)

    def backward(self, delta: Any, x: Any) -> Any:
        return delta * (x >= 0)


def test_a_convention_at_ties_is_told_apart() -> None:
    proof = prove(Sided(), (2,), like=ReLU())
    assert proof.remark is not None
    assert proof.remark.code == "proof.only-at-ties"
    assert proof.witness is not None
    assert proof.witness.arguments["x"][proof.witness.index[0]] == 0
    assert prove(Sided(), (2,)).status == "proved"


class OfOutput:
    """A sigmoid whose slope is taken at its input."""

    def forward(self, x: Any) -> Any:
        return 1 / (1 + np.exp(-x))

    def backward(self, delta: Any, x: Any) -> Any:
        return delta * x * (1 - x)


def test_a_wrong_function_is_refuted_at_a_point() -> None:
    proof = prove(OfOutput(), (2,), like=Sigmoid())
    assert proof.status == "refuted"
    assert proof.witness is not None
    assert proof.witness.expected == pytest.approx(0.25)


def test_statistics_taken_for_constants_are_refuted() -> None:
    class Constant(BatchNorm2d):
        def backward(self, delta: Any, x: Any, w: Any, b: Any = None, mean: Any = None, var: Any = None) -> Any:
            m = x.size // x.shape[1]
            mean = x.sum((0, 2, 3), keepdims=True) / m
            var = ((x - mean) * (x - mean)).sum((0, 2, 3)) / m
            return BatchNorm2d(self.eps, training=False).backward(delta, x, w, b, mean.ravel(), var)

    assert prove(Constant(), (2, 1, 1, 1), (1,), (1,), like=BatchNorm2d()).status == "refuted"
    assert prove(Constant(), (2, 1, 1, 1), (1,), (1,)).status == "refuted"


# ---- what cannot be proved ------------------------------------------------------------------------------------------------


class Casts:
    def forward(self, x: Any) -> Any:
        y = np.zeros(x.shape)
        y[...] = 2 * x  # the line that is told
        return y

    def backward(self, delta: Any, x: Any) -> Any:
        return 2 * delta


def test_a_cast_is_told_with_its_line() -> None:
    proof = prove(Casts(), (2,))
    assert proof.status == "abstains"
    assert proof.kind is None
    assert "casts unknown numbers to float" in proof.reason
    assert "y[...] = 2 * x" in proof.reason
    assert "test_prove.py" in proof.reason


class Borrowed:
    """A smoothing by another library."""

    def forward(self, x: Any) -> Any:
        return scipy.ndimage.correlate1d(x, [1.0, 2.0, 1.0])  # the line that is told

    def backward(self, delta: Any, x: Any) -> Any:
        return scipy.ndimage.correlate1d(delta, [1.0, 2.0, 1.0])


def test_of_a_library_the_line_that_calls_it_is_told() -> None:
    proof = prove(Borrowed(), (5,))
    assert proof.status == "abstains"
    assert "scipy.ndimage.correlate1d(x" in proof.reason
    assert "test_prove.py" in proof.reason


def test_pytorch_holds_no_unknown_numbers() -> None:
    """No line of the user's led there, and none of ours is told in its place."""
    proof = prove(cnnbp.from_torch(torch.nn.functional.conv2d), (1, 1, 3, 3), (1, 1, 2, 2), like=Conv2d())
    assert proof.status == "abstains"
    assert "in no line of its own" in proof.reason
    assert ".py, line" not in proof.reason


def test_more_orders_than_can_be_walked_are_counted() -> None:
    proof = prove(MaxPool2d(2, 1), (1, 1, 4, 5), budget=0.05)
    assert proof.status == "abstains"
    assert "orders" in proof.reason


def test_strict_orders_stand_where_ties_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnnbp.proof.prove.PATHS", 100)
    proof = prove(MaxPool2d((1, 2), 1), (1, 1, 1, 6))
    assert proof.status == "proved"
    assert any(s.code == "proof.scope.ties-open" for s in proof.scope)


@pytest.mark.parametrize(
    ("error", "said", "call"),
    [
        (TypeError, "layer must be an object", lambda: prove(Conv2d, (1, 1, 3, 3))),
        (TypeError, "needs the shape of x", lambda: prove(Conv2d())),
        (TypeError, "x must be a shape", lambda: prove(ReLU(), 3)),
        (TypeError, "x must be a shape", lambda: prove(ReLU(), (2, -1))),
        (ValueError, "at least one entry", lambda: prove(ReLU(), (2, 0))),
        (TypeError, "class indices", lambda: prove(cnnbp.SoftmaxCrossEntropy(), (2, 2), (2,))),
        (TypeError, "Conv2d takes x, w, b", lambda: prove(Conv2d(), (1, 1, 3, 3), (1, 1, 2, 2), (1,), (1,))),
        (ValueError, "kernel_size must not exceed", lambda: prove(Conv2d(), (1, 1, 2, 2), (1, 1, 3, 3))),
        (ValueError, "bits must be", lambda: prove(ReLU(), (2,), bits=0)),
        (ValueError, "dtypes must be", lambda: prove(ReLU(), (2,), dtypes=("float16",))),
        (TypeError, "finite numbers", lambda: prove(ReLU(), np.array([np.nan]))),
    ],
)
def test_a_wrong_call_is_the_callers_mistake(error: type[Exception], said: str, call: Callable[[], object]) -> None:
    with pytest.raises(error, match=said):
        call()


class Raises:
    def forward(self, x: Any) -> Any:
        raise RuntimeError("not today")

    def backward(self, delta: Any, x: Any) -> Any:
        return delta


class Lists(Raises):
    def forward(self, x: Any) -> Any:
        return list(x)


class Misshapen(Raises):
    def forward(self, x: Any) -> Any:
        return x * 2

    def backward(self, delta: Any, x: Any) -> Any:
        return 2 * delta[:1]


class OneGradient(Conv2d):
    def backward(self, delta: Any, x: Any, w: Any, b: Any = None) -> Any:
        return super().backward(delta, x, w, b)[:1]


@pytest.mark.parametrize("like", [None, Conv2d()])
def test_a_missing_gradient_is_refuted(like: Any) -> None:
    proof = prove(OneGradient(), (1, 1, 3, 3), (1, 1, 2, 2), like=like)
    assert proof.status == "refuted"
    assert "the weight gradient dw is missing" in proof.reason


class Mutates(Raises):
    def forward(self, x: Any) -> Any:
        x[...] = 2 * x
        return x

    def backward(self, delta: Any, x: Any) -> Any:
        return 2 * delta


@pytest.mark.parametrize(
    ("layer", "status"), [(Raises(), "abstains"), (Lists(), "abstains"), (Misshapen(), "refuted"), (Mutates(), "abstains")]
)
def test_odd_layers_get_an_answer(layer: Any, status: str) -> None:
    proof = prove(layer, (3,))
    assert proof.status == status
    assert "not today" in proof.reason or not isinstance(layer, Raises) or type(layer) is not Raises
    assert str(proof)


def test_the_certificate_is_the_hash_of_the_sorted_products() -> None:
    """Recomputed by loops, from the definition alone."""
    import hashlib

    flag, bits, codes = 1 << 20, 21, []
    for k in range(2):
        for p in range(2):
            for r in range(2):
                for s in range(2):
                    o, t, i = 2 * k + p, (k * 2 + r) * 2 + s, r * 3 + p + s
                    codes.append((i | flag) + ((t | flag) << bits) + ((o | flag) << 2 * bits))
    shapes = b"x (1, 1, 2, 3); w (2, 1, 2, 2); y (1, 2, 1, 2)\0"
    digest = hashlib.sha256(shapes + b"".join(code.to_bytes(8, "little") for code in sorted(codes))).hexdigest()
    assert prove(Conv2d(), (1, 1, 2, 3), (2, 1, 2, 2)).certificate == digest
    assert prove(Bent(lambda y: 2 * y), (1, 1, 2, 3), (2, 1, 2, 2)).certificate is None


def test_certificates_hold_the_shapes() -> None:
    """What is the same sum of products in another shape is another layer."""
    proofs = [
        prove(cnnbp.Identity(), (2, 3)), prove(cnnbp.Identity(), (6,)), prove(cnnbp.Flatten(), (2, 3, 1)),
        prove(Dense(), (1, 4), (1, 4)),
        prove(Conv2d(), (1, 1, 2, 2), (1, 1, 2, 2)), prove(Given(lambda x: 0 * x, lambda d, x: 0 * d), (2,)),
    ]  # fmt: skip
    assert all(proofs)
    assert len({proof.certificate for proof in proofs}) == len(proofs)
    mine = prove(Given(lambda x, w: x @ w.T, lambda d, x, w: (d @ w, d.T @ x)), (1, 4), (1, 4))
    assert mine.certificate == proofs[3].certificate


class Given:
    """A layer of two functions."""

    def __init__(self, forward: Callable[..., Any], backward: Callable[..., Any]) -> None:
        self.forward, self.backward = forward, backward


def test_what_is_given_is_told() -> None:
    layer = Given(lambda x, w: x @ w, lambda d, x, w: (d @ w.T, x.T @ d))
    proof = prove(layer, np.ones((2, 3)), (3, 4))
    assert proof
    assert [s.values["names"] for s in proof.scope if s.code == "proof.scope.given"] == ["x"]
    assert "with x given" in str(proof)
    assert not any(s.code == "proof.scope.given" for s in prove(layer, (2, 3), (3, 4)).scope)


def test_the_same_seed_gives_the_same_proof() -> None:
    a, b = (prove(Conv2d(), (1, 2, 4, 4), (2, 2, 3, 3), seed=3) for _ in range(2))
    assert a == b


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


@pytest.mark.parametrize("budget", [None, 1.0])
@pytest.mark.parametrize(
    ("layer", "size"),
    [
        (Given(_until_small, lambda d, x: d), 1),
        (Given(lambda x: np.asarray(x.sum() ** 40), lambda d, x: d * 40 * x.sum() ** 39 * np.ones(x.shape, object)), 8),
        (Given(lambda x: np.exp(x * x.sum()) ** 9 / (1 + np.exp(x).sum()) ** 9, lambda d, x: d), 8),
    ],
)
def test_what_has_no_end_comes_to_one(layer: Given, size: int, budget: float | None) -> None:
    start = process_time()
    proof = prove(layer, (size,), budget=budget)
    assert not proof
    assert process_time() - start < 20
