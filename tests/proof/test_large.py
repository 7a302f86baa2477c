"""Where products are too many: what a probability is given to, what is refuted, and what is left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from cnnbp import Conv2d, Dense, prove

SHAPES = (2, 2, 12, 12), (3, 2, 3, 3)
NAMES = {"y": 0, "x": 1, "w": 2}


@pytest.fixture(autouse=True)
def few_products(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnnbp.proof.by_tags.MOST_TERMS", 2_000)


class Bent(Conv2d):
    """A convolution whose floats are bent: y, dx or dw."""

    def __init__(self, quantity: str = "", bend: Callable[[Any], Any] = lambda a: a, **options: Any) -> None:
        super().__init__(**options)
        object.__setattr__(self, "bent", (quantity, bend))

    def forward(self, x: Any, w: Any, b: Any = None) -> Any:
        return self._bent("y", super().forward(x, w, b))

    def backward(self, delta: Any, x: Any, w: Any, b: Any = None) -> Any:
        dx, dw, *db = super().backward(delta, x, w, b)
        return self._bent("x", dx), self._bent("w", dw), *db

    def _bent(self, quantity: str, array: Any) -> Any:
        where, bend = self.bent  # type: ignore[attr-defined]
        return bend(array) if where == quantity and array.dtype == float else array


def _first(act: Callable[[float], float]) -> Callable[[Any], Any]:
    def bend(a: Any) -> Any:
        a = a.copy()
        a.flat[0] = act(a.flat[0])
        return a

    return bend


def test_what_is_right_gets_a_probability() -> None:
    proof = prove(Conv2d(1, 1), *SHAPES, (3,))
    assert proof
    assert proof.kind == "probabilistic"
    assert proof.error is not None
    assert 0 < proof.error < 2**-64
    assert proof.hypotheses[0].checked is not None


WRONG = {
    "half of a sign": (lambda a: a + 0.5 * np.sign(a), ("x", "w", "y")),
    "a quarter": (lambda a: a + 0.25, ("x", "w", "y")),
    "one more": (_first(lambda a: a + 1), ("x", "w", "y")),
    "relative 1e-9": (_first(lambda a: a * (1 + 1e-9)), ("x", "w", "y")),
    "not a number": (_first(lambda a: float("nan")), ("x", "w", "y")),
    "infinite": (_first(lambda a: float("inf")), ("x", "w", "y")),
    "far too large": (lambda a: a * 2.0**60, ("x", "w", "y")),
    "through float32": (lambda a: a.astype(np.float32).astype(float), ("x", "w", "y")),
}


QUESTIONS = [(name, quantity) for name, (_, quantities) in WRONG.items() for quantity in quantities]


@pytest.mark.parametrize(("number", "name", "quantity"), [(number, *question) for number, question in enumerate(QUESTIONS)])
def test_what_is_wrong_is_not_proved(number: int, name: str, quantity: str) -> None:
    """Each with the reference or without it, in turn."""
    like = [None, Conv2d()][number % 2]
    proof = prove(Bent(quantity, WRONG[name][0]), *SHAPES, like=like)
    if quantity != "y":
        assert proof.status == "refuted"
    elif like is None and name == "one more":  # of a layer that adds 1 backward is the gradient; but it asks for the type
        assert "test_large.py" in proof.reason
    else:  # that it does not answer integers may be said first
        assert proof.status == "refuted" or "integers exactly" in proof.reason


class OneGradient(Conv2d):
    def backward(self, delta: Any, x: Any, w: Any, b: Any = None) -> Any:
        answers = super().backward(delta, x, w, b)
        return answers if x.dtype == object else answers[:1]


@pytest.mark.parametrize("like", [None, Conv2d()])
def test_a_gradient_that_floats_alone_lack_is_missing(like: Any) -> None:
    proof = prove(OneGradient(), *SHAPES, like=like)
    assert proof.status == "refuted"
    assert "missing" in proof.reason


def test_a_kernel_that_fits_no_smaller_shape_is_cut_or_abstained_from() -> None:
    """Eleven taps fit nine cells no more, but seventeen; where no shape is small enough nothing is said."""
    assert prove(Conv2d(), (1, 1, 40, 12), (1, 1, 11, 1)).kind == "probabilistic"
    proof = prove(Conv2d(), (1, 1, 40, 40), (1, 1, 35, 35))
    assert proof.status == "abstains"
    assert "no smaller one" in proof.reason


def test_units_are_cut_where_rows_cannot_be() -> None:
    proof = prove(Dense(), (3, 300), (5, 300), (5,))
    assert proof
    assert proof.kind == "probabilistic"


class Alternating:
    """Counts that cancel at ones, so that they tell nothing of how large a sum may be."""

    def forward(self, x: Any, w: Any) -> Any:
        return x @ (w * _signs(w)).T

    def backward(self, delta: Any, x: Any, w: Any) -> Any:
        return delta @ (w * _signs(w)), delta.T @ x * _signs(w)


def _signs(w: Any) -> Any:
    return np.where(np.arange(w.shape[1]) % 2, -1, 1)


def test_counts_that_cancel_accuse_nobody() -> None:
    proof = prove(Alternating(), (2, 400), (3, 400))
    assert proof, str(proof)
    assert proof.kind == "probabilistic"


class Blocks(Conv2d):
    """One sample after another, the first apart from the rest; and, where x is large, another way with x that is larger."""

    def __init__(self, wrong: bool = False) -> None:
        super().__init__()
        object.__setattr__(self, "wrong", wrong)

    def backward(self, delta: Any, x: Any, w: Any, b: Any = None) -> Any:
        dx, dw = super().backward(delta, x, w)
        for n in range(len(x)):
            one = super().backward(delta[n : n + 1], x[n : n + 1], w)[1]
            dw = one if n == 0 else dw + one
        if self.wrong and x.size > 500:  # type: ignore[attr-defined]
            dw = np.where(np.abs(x).max() > 2.0**40, 0, dw)
        return dx, dw


def test_what_floats_do_at_the_large_shape_alone_is_not_proved() -> None:
    """And what they do to more samples than one is seen at a small shape too."""
    proof = prove(Blocks(wrong=True), *SHAPES, like=Conv2d())
    assert proof.remark is not None
    assert (proof.status, proof.remark.code) == ("abstains", "proof.larger-alone")
    assert "x.size > 500" in proof.reason
    assert prove(Blocks(), *SHAPES, like=Conv2d())


class ByRows(Dense):
    """One sample after another, the first apart from the rest."""

    def backward(self, delta: Any, x: Any, w: Any, b: Any = None) -> Any:
        dw = delta[:1].T @ x[:1]
        for n in range(len(x)):
            if n > 0:
                dw = dw + delta[n : n + 1].T @ x[n : n + 1]
        return delta @ w, dw


def test_where_two_samples_are_too_many_the_line_that_one_lacks_is_told() -> None:
    assert prove(ByRows(), (4, 300), (5, 300), like=Dense())
    proof = prove(ByRows(), (4, 600), (5, 600), like=Dense())
    assert proof.status == "abstains"
    assert "if n > 0" in proof.reason


class Rounds:
    """Linear at all integers, and nowhere else."""

    def forward(self, x: Any) -> Any:
        return 4e6 * np.rint(x)

    def backward(self, delta: Any, x: Any) -> Any:
        return (4e6 * delta,)


class Large:
    """A constant that is no count."""

    def forward(self, x: Any) -> Any:
        return 4e6 * x * x

    def backward(self, delta: Any, x: Any) -> Any:
        return (8e6 * x * delta,)


def test_constants_are_no_counts() -> None:
    assert prove(Rounds(), (1, 1)).status == "abstains"
    assert prove(Large(), (1, 1)).kind == "symbolic"


def test_a_backend_that_rounds_integers_gets_no_probability() -> None:
    proof = prove(Bent("y", lambda y: y * (1 + 2.0**-40)), *SHAPES)
    assert proof.status == "abstains"
    assert "does not add integers exactly" in proof.reason


def test_rounding_in_backward_alone_is_no_accusation() -> None:
    proof = prove(Bent("x", lambda dx: dx * (1 + 2.0**-50)), *SHAPES)
    assert proof.status == "abstains"
    assert "does not add integers exactly" in proof.reason
