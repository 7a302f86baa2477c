"""`verify` answers in three values, repeats itself, and tells a person what is wrong and where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import bent, gaussian, opaque

X, W, B = gaussian((2, 2, 6, 5), (3, 2, 3, 2), (3,))
DELTA = gaussian((2, 3, 4, 4))[0]
CONV = cnnbp.Conv2d()


TIED = np.ones((1, 1, 4, 4))
POOL = cnnbp.MaxPool2d(2)
SHUT, SILENT = "verification.wrong-entry", "verification.not-judged"
THREE_VALUES: dict[str, tuple[Callable[[], Any], str, list[tuple[str, str]]]] = {
    "dead ReLU, known": (lambda: cnnbp.verify(cnnbp.ReLU(), -np.abs(X)), "pass", []),  # the integers are alive
    "dead ReLU, unknown": (lambda: cnnbp.verify(opaque(cnnbp.ReLU()), -np.abs(X)), "inconclusive", [(SILENT, "x")]),
    "ReLU at 0, known": (lambda: cnnbp.verify(cnnbp.ReLU(), np.zeros((2, 3))), "pass", []),
    "ReLU at 0, unknown": (lambda: cnnbp.verify(opaque(cnnbp.ReLU()), np.zeros((2, 3))), "inconclusive", [(SILENT, "x")]),
    "ties, known": (lambda: cnnbp.verify(POOL, TIED), "pass", []),
    "ties, unknown": (lambda: cnnbp.verify(opaque(POOL), TIED), "inconclusive", [(SILENT, "x")]),
    "ties, like": (lambda: cnnbp.verify(opaque(POOL), TIED, like=POOL), "pass", []),
    "ties to the last, like": (
        lambda: cnnbp.verify(bent("MaxPool2d", dx=lambda dx, _: dx[..., ::-1]), TIED, like=cnnbp.MaxPool2d(2, 1)),
        "fail", [(SHUT, "x")],
    ),
    "saturated sigmoid": (lambda: cnnbp.verify(cnnbp.Sigmoid(), np.full((2, 2), 800.0)), "inconclusive", [(SILENT, "x")]),
    "only padding": (
        lambda: cnnbp.verify(cnnbp.Conv2d(padding=2, stride=6), np.ones((1, 1, 1, 1)), np.ones((1, 1, 2, 2))),
        "inconclusive", [(SILENT, "y"), (SILENT, "x"), (SILENT, "w")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("situation", THREE_VALUES)
def test_three_values(situation: str) -> None:
    """Where nothing can be shown the verdict is inconclusive and says so; it does not raise."""
    ask, status, said = THREE_VALUES[situation]
    verdict = ask()
    assert verdict.status == status
    assert verdict.passed == (status == "pass")
    assert [(remark.code, remark.values["quantity"]) for remark in verdict.wrong] == said


def test_what_nobody_judges_has_reasons() -> None:
    """Of a quantity that could not be judged, every oracle's evidence says why: both sides are 0, or it abstains by name."""
    verdicts = [ask() for ask, status, _ in THREE_VALUES.values() if status == "inconclusive"]
    for verdict in verdicts:
        silent = {remark.values["quantity"] for remark in verdict.wrong}
        found = [e for e in verdict.evidence if e.quantity in silent]
        assert found
        assert all(e.status == "vacuous" or (e.status == "abstain" and e.remark) for e in found)
    kinks = [e.remark for v in verdicts for e in v.evidence if e.remark and e.remark.code == "verification.mostly-kinks"]
    assert [remark.values["kinks"] for remark in kinks] == [6, 16]


def test_same_seed_same_verdict() -> None:
    """All evidence is repeated to the last digit; another seed draws another residual."""
    first, again, other = (cnnbp.verify(CONV, X, W, B, seed=seed) for seed in (4, 4, 5))
    assert first == again
    assert first != other


def test_residual_drawn_is_no_special_one() -> None:
    """delta=None draws numbers that differ from each other: sums and flips show."""
    rotated = bent("Conv2d", dw=lambda dw, _: dw[..., ::-1, ::-1])
    assert all(cnnbp.verify(rotated, X, W, like=CONV, seed=seed).status == "fail" for seed in range(5))


def test_the_error_holds_the_verdict() -> None:
    """GradientError is an AssertionError whose verdict names quantity, entry, answer and all oracles, and nothing that is right."""

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
    said = error.verdict.wrong[0]
    assert said.code == "verification.wrong-entry"
    assert (said.values["quantity"], said.values["index"], said.values["axes"]) == ("w", [2, 1, 0, 1], "kcrs")
    assert said.values["oracles"] == ["masked_dense", "autograd"]
    assert np.allclose([said.values["actual"], *said.values["expected"]], [right + 0.25, right, right], rtol=1e-12, atol=0)
    assert not any(remark.values.get("quantity") == "x" for remark in error.verdict.wrong)


def test_assert_gradients_returns_the_verdict() -> None:
    """ "pass" is returned; "inconclusive" as well, if that is allowed, and otherwise says what would settle it."""
    assert cnnbp.assert_gradients(CONV, X, W, B).passed
    assert cnnbp.assert_gradients(opaque(POOL), TIED, allow_inconclusive=True).status == "inconclusive"
    with pytest.raises(cnnbp.GradientError, match="other numbers"):
        cnnbp.assert_gradients(opaque(POOL), TIED)


def test_a_verdict_is_true_where_it_passed() -> None:
    """`assert cnnbp.verify(...)` asserts what it looks like."""
    x = np.ones((2, 2))
    assert cnnbp.verify(cnnbp.ReLU(), x)
    assert not cnnbp.verify(cnnbp.from_functions(lambda x: x, lambda d, x: 2 * d), x)


def test_every_quantity_has_an_oracle_with_a_resolution() -> None:
    """A pass names, for each of y, x, w, b, at least two oracles that compared entries, with bound and resolution."""
    evidence = [e for e in cnnbp.verify(CONV, X, W, B).evidence if e.status == "pass" and e.kind == "sampled"]
    for quantity in ("x", "w", "b"):
        found = {e.oracle: e for e in evidence if e.quantity == quantity}
        assert set(found) >= {"masked_dense", "autograd", "finite_difference"}
        assert all(0 <= e.max_error <= e.bound <= e.resolution for e in found.values())
