"""`verify` answers in three values, names the caller's mistakes, and tells a person what is wrong and where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import cnnbp
from cnnbp.cases import DRAW
from cnnbp.layers.checks import Array

from .accused import arguments, bent, case, gaussian, opaque, reference

X, W, B = gaussian((2, 2, 6, 5), (3, 2, 3, 2), (3,))
DELTA = gaussian((2, 3, 4, 4))[0]
CONV = cnnbp.Conv2d()


@pytest.mark.parametrize("operator", DRAW)
def test_own_layers_are_never_accused(operator: str) -> None:
    """On forty drawn cases of each operator, nearly always "pass"; what is inconclusive says why."""
    verdicts = [cnnbp.verify(c.layer, *c.args, delta=c.delta, seed=i) for i, c in enumerate(case(operator, i) for i in range(40))]
    assert [v.reasons for v in verdicts if v.status == "fail"] == []
    assert sum(v.passed for v in verdicts) >= 30
    assert all("shows nothing" in " ".join(v.reasons) for v in verdicts if v.status == "inconclusive")


def _with(array: Array, value: float) -> Array:
    spoiled = array.copy()
    spoiled[1] = value
    return spoiled


MISTAKES = {
    "NaN in x": (lambda: cnnbp.verify(CONV, _with(X, np.nan), W, B), ValueError, r"^x must be finite, got nan at \(1, 0, 0, 0\)"),
    "inf in w": (lambda: cnnbp.verify(CONV, X, _with(W, -np.inf), B), ValueError, r"^w must be finite, got -inf at \(1, 0, 0, 0\)"),
    "NaN in b": (lambda: cnnbp.verify(CONV, X, W, _with(B, np.nan)), ValueError, r"^b must be finite, got nan at \(1,\)"),
    "NaN in delta": (lambda: cnnbp.verify(CONV, X, W, B, delta=_with(DELTA, np.nan)), ValueError, r"^delta must be finite"),
    "wrong rank": (lambda: cnnbp.verify(CONV, X[0], W, B), ValueError, r"^x .*\(n, c, h, w\).*\(2, 6, 5\)"),
    "channels": (lambda: cnnbp.verify(CONV, X[:, :1], W, B), ValueError, r"^x must have 2 channels .*got 1"),
    "bias": (lambda: cnnbp.verify(CONV, X, W, B[:2]), ValueError, r"^b must have shape \(3,\), got \(2,\)"),
    "large kernel": (lambda: cnnbp.verify(CONV, X[:, :, :2], W, B), ValueError, r"^kernel_size .*spans 3 .*has 2"),
    "complex x": (lambda: cnnbp.verify(CONV, X + 0j, W, B), TypeError, r"^x .*complex128"),
    "objects": (lambda: cnnbp.verify(CONV, X.astype(object), W, B), TypeError, r"^x .*object"),
    "list": (lambda: cnnbp.verify(CONV, X, W.tolist(), B), TypeError, r"^w .*list"),
    "tensor": (lambda: cnnbp.verify(opaque(CONV), torch.tensor(X), W, B), TypeError, r"^x .*Tensor"),
    "booleans": (lambda: cnnbp.verify(cnnbp.ReLU(), X > 0), TypeError, r"^x .*bool"),
    "shape of delta": (lambda: cnnbp.verify(CONV, X, W, delta=DELTA[:1]), ValueError, r"^delta .*\(2, 3, 4, 4\), got \(1, 3, 4, 4\)"),
    "shape of delta, opaque": (lambda: cnnbp.verify(opaque(CONV), X, W, delta=DELTA[:1]), ValueError, r"^delta .*\(2, 3, 4, 4\)"),
    "list as delta": (lambda: cnnbp.verify(CONV, X, W, delta=DELTA.tolist()), TypeError, r"^delta .*list"),
    "name as like": (lambda: cnnbp.verify(CONV, X, W, like="Conv2d"), TypeError, r"^like .*'Conv2d'"),
    "class as like": (lambda: cnnbp.verify(CONV, X, W, like=cnnbp.Conv2d), TypeError, r"^like .*Conv2d"),
    "user's layer as like": (lambda: cnnbp.verify(CONV, X, W, like=opaque(CONV)), TypeError, r"^like must be one of cnnbp's layers"),
    "like refuses": (lambda: cnnbp.verify(CONV, X, W, B, like=cnnbp.Dense()), ValueError, r"^x must have shape \(n, in\)"),
    "no layer": (lambda: cnnbp.verify(object(), X), TypeError, r"^layer must have the methods forward and backward"),
    "too many parameters": (lambda: cnnbp.verify(cnnbp.ReLU(), X, W), TypeError, "forward"),
    "float classes": (lambda: cnnbp.verify(cnnbp.SoftmaxCrossEntropy(), X[:, 0, 0], np.zeros(2)), TypeError, "^target .*float64"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_callers_mistake_is_named(mistake: str) -> None:
    """TypeError for wrong types, ValueError for wrong values: the argument, what came, what was expected."""
    call, error, message = MISTAKES[mistake]
    with pytest.raises(error, match=message):
        call()


TIED = np.ones((1, 1, 4, 4))
POOL = cnnbp.MaxPool2d(2)
THREE_VALUES: dict[str, tuple[Callable[[], Any], str, str]] = {
    "dead ReLU, known": (lambda: cnnbp.verify(cnnbp.ReLU(), -np.abs(X)), "pass", ""),  # the integers are alive
    "dead ReLU, unknown": (lambda: cnnbp.verify(opaque(cnnbp.ReLU()), -np.abs(X)), "inconclusive", "both sides are 0, which shows nothing"),
    "ReLU at 0, known": (lambda: cnnbp.verify(cnnbp.ReLU(), np.zeros((2, 3))), "pass", ""),
    "ReLU at 0, unknown": (lambda: cnnbp.verify(opaque(cnnbp.ReLU()), np.zeros((2, 3))), "inconclusive", "6 entries hang on a kink"),
    "ties, known": (lambda: cnnbp.verify(POOL, TIED), "pass", ""),
    "ties, unknown": (lambda: cnnbp.verify(opaque(POOL), TIED), "inconclusive", "16 entries hang on a kink"),
    "ties, like": (lambda: cnnbp.verify(opaque(POOL), TIED, like=POOL), "pass", ""),
    "ties to the last, like": (
        lambda: cnnbp.verify(bent("MaxPool2d", dx=lambda dx, _: dx[..., ::-1]), TIED, like=cnnbp.MaxPool2d(2, 1)), "fail", "residual dx",
    ),
    "saturated sigmoid": (lambda: cnnbp.verify(cnnbp.Sigmoid(), np.full((2, 2), 800.0)), "inconclusive", "no oracle could judge x"),
    "only padding": (
        lambda: cnnbp.verify(cnnbp.Conv2d(padding=2, stride=6), np.ones((1, 1, 1, 1)), np.ones((1, 1, 2, 2))), "inconclusive", "y",
    ),
}  # fmt: skip


@pytest.mark.parametrize("situation", THREE_VALUES)
def test_three_values(situation: str) -> None:
    """Where nothing can be shown the verdict is inconclusive and says so; it does not raise."""
    ask, status, reason = THREE_VALUES[situation]
    verdict = ask()
    assert verdict.status == status
    assert verdict.passed == (status == "pass")
    assert reason in " ".join(verdict.reasons)
    assert bool(verdict.reasons) == (status != "pass")


ARRAYS = {
    "read-only": lambda a: np.frombuffer(a.tobytes()).reshape(a.shape),
    "Fortran order": np.asfortranarray,
    "every second": lambda a: np.repeat(a, 2, -1)[..., ::2],
    "backwards": lambda a: a[..., ::-1],
    "big-endian": lambda a: a.astype(">f8"),
    "int64": lambda a: np.rint(3 * a).astype(np.int64),
    "float32": lambda a: a.astype(np.float32),
}


@pytest.mark.parametrize("operator", ["Conv2d", "Dense", "MaxPool2d", "AvgPool2d", "Tanh", "ReLU"])
@pytest.mark.parametrize("kind", ARRAYS)
def test_any_real_array_is_judged(kind: str, operator: str) -> None:
    """Other layouts and dtypes of x and the parameters are the same question: right passes, wrong fails, nothing is changed."""
    args = [ARRAYS[kind](a) for a in arguments(operator)]
    before = [a.copy() for a in args]
    assert cnnbp.verify(reference(operator), *args).passed
    assert cnnbp.verify(bent(operator, dx=lambda dx, _: 2 * dx), *args, like=reference(operator)).status == "fail"
    assert all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(args, before, strict=True))


EMPTY = "DEFECT: the contract slack reshapes an empty batch with -1 and raises ValueError"


@pytest.mark.parametrize(
    ("layer", "args"),
    [
        pytest.param(CONV, (X[:0], W, B), marks=pytest.mark.xfail(strict=True, reason=EMPTY)),
        pytest.param(cnnbp.Dense(), (np.zeros((0, 3)), np.ones((2, 3))), marks=pytest.mark.xfail(strict=True, reason=EMPTY)),
        (POOL, (X[:0],)),
        (cnnbp.AvgPool2d(2), (X[:0],)),
        (cnnbp.Flatten(), (X[:0],)),
        (cnnbp.Sigmoid(), (X[:0],)),
    ],
    ids=["Conv2d", "Dense", "MaxPool2d", "AvgPool2d", "Flatten", "Sigmoid"],
)
def test_an_empty_batch_shows_nothing(layer: Any, args: tuple[Array, ...]) -> None:
    """Empty arrays are input like any other; the verdict is inconclusive, not an error."""
    assert cnnbp.verify(layer, *args).status == "inconclusive"
    assert cnnbp.verify(opaque(layer), *args).status == "inconclusive"


@pytest.mark.parametrize("operator", ["Identity", "Sigmoid", "Tanh", "ReLU", "LeakyReLU", "Softplus"])
def test_a_single_number(operator: str) -> None:
    """0-d arrays and Python numbers are input for elementwise layers, with and without like=."""
    layer = getattr(cnnbp, operator)()
    for x in (np.array(0.7), 0.7):
        assert cnnbp.verify(layer, x).passed
        assert cnnbp.verify(opaque(layer), x).passed
        assert cnnbp.verify(bent(operator, dx=lambda dx, _: 2 * dx), x, like=layer).status == "fail"


LARGE = {
    "Identity": (cnnbp.Identity(), (X * 1e307,), "DEFECT: OverflowError of math.fsum in finite_difference.inner"),
    "Conv2d": (CONV, (X * 1e300, W * 1e300), "DEFECT: overflow in the tier-1 bound makes judge raise 'bound must be non-negative'"),
    "MaxPool2d": (POOL, (X * 1e307,), ""),
    "ReLU": (cnnbp.ReLU(), (X * 1e307,), ""),
    "subnormal": (CONV, (X * 1e-310, W), ""),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    "name", [pytest.param(k, marks=[pytest.mark.xfail(strict=True, reason=row[2])] if row[2] else []) for k, row in LARGE.items()]
)
def test_extreme_numbers_are_no_mistake(name: str) -> None:
    """Finite input of any size is judged or abstained from, and never accuses a right layer."""
    layer, args, _ = LARGE[name]
    assert cnnbp.verify(layer, *args).status != "fail"


def test_same_seed_same_verdict() -> None:
    """All evidence is repeated to the last digit; another seed draws another residual."""
    first, again, other = (cnnbp.verify(CONV, X, W, B, seed=seed).record() for seed in (4, 4, 5))
    assert first == again
    assert first != other


def test_residual_drawn_is_no_special_one() -> None:
    """delta=None draws numbers that differ from each other: sums and flips show."""
    rotated = bent("Conv2d", dw=lambda dw, _: dw[..., ::-1, ::-1])
    assert all(cnnbp.verify(rotated, X, W, like=CONV, seed=seed).status == "fail" for seed in range(5))


def test_error_is_a_readable_assertion() -> None:
    """GradientError is an AssertionError that holds the verdict and says quantity, entry in words, answer and all oracles."""

    def shifted(dw: Array, _: Any) -> Array:
        dw = dw.copy()
        dw[2, 1, 0, 1] += 0.25
        return dw

    with pytest.raises(AssertionError) as raised:
        cnnbp.assert_gradients(bent("Conv2d", dw=shifted), X, W, B, delta=DELTA, like=CONV)
    error, right = raised.value, CONV.backward(DELTA, X, W)[1][2, 1, 0, 1]
    assert isinstance(error, cnnbp.GradientError)
    assert error.verdict.status == "fail"
    assert str(error) == str(error.verdict)
    sentence = error.verdict.reasons[0]
    words = ["the weight gradient dw is wrong", "output channel 2, input channel 1, kernel row 0, kernel column 1"]
    numbers = [f"{right + 0.25:.9f}"[:-2], f"{right:.9f}"[:-2], "masked_dense", "autograd", "times the bound"]
    assert [word for word in [*words, *numbers] if word not in sentence] == []
    assert not any("residual dx" in reason for reason in error.verdict.reasons)
    assert "x (2, 2, 6, 5), w (3, 2, 3, 2), b (3,)" in str(error)


def test_assert_gradients_returns_the_verdict() -> None:
    """"pass" and "inconclusive" are returned."""
    assert cnnbp.assert_gradients(CONV, X, W, B).passed
    assert cnnbp.assert_gradients(opaque(POOL), TIED).status == "inconclusive"


def test_every_quantity_has_a_witness_with_a_resolution() -> None:
    """A pass names, for each of y, x, w, b, at least two oracles that compared entries, with bound and resolution."""
    evidence = [e for e in cnnbp.verify(CONV, X, W, B).evidence if e.status == "pass" and e.kind == "sampled"]
    for quantity in ("x", "w", "b"):
        found = {e.oracle: e for e in evidence if e.quantity == quantity}
        assert set(found) >= {"masked_dense", "autograd", "finite_difference"}
        assert all(0 <= e.max_error <= e.bound <= e.resolution for e in found.values())
