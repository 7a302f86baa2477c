"""Identities of elementary functions: where they hold, where a root or a quotient has no value, how small a difference may be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnnbp import Identity, Sigmoid, Softplus, prove

from .given import Given


def _same(delta: Any, x: Any) -> Any:
    return delta


REFUTED: dict[str, tuple[Any, Any, str]] = {
    "a root is not greater than 0 at 0": (
        Given(lambda x: np.where(np.sqrt(x * x) > 0, x, 5), _same), Identity(), "forward",
    ),
    "a root squared has no value below 0": (Given(lambda x: np.sqrt(x) * np.sqrt(x), _same), Identity(), "not finite"),
    "a quotient has none at 0": (Given(lambda x: x * x / x, _same), Identity(), "not finite"),
    "backward has less than forward": (
        Given(lambda x: x * x, lambda delta, x: 2 * delta * x * np.sqrt(x) / np.sqrt(x)), None, "not finite",
    ),
    "a relative error of 1e-9": (
        Given(Sigmoid().forward, lambda delta, x: Sigmoid().backward(delta, x)[0] * (1 + 1e-9)), Sigmoid(), "residual dx",
    ),
    "an error of 1e-9 at one side": (
        Given(lambda x: np.exp(x), lambda delta, x: delta * np.exp(x) * np.where(x > 2, 1 + 1e-9, 1)), None, "derivative",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUTED)
def test_what_is_no_identity_is_refuted(name: str) -> None:
    layer, like, said = REFUTED[name]
    proof = prove(layer, (2,), like=like)
    assert proof.status == "refuted"
    assert said in proof.reason
    if proof.witness is not None:
        assert proof.witness.actual != proof.witness.expected


PROVED = {
    "where a logarithm is none, backward owes none": Given(lambda x: np.log(x), lambda delta, x: delta / x),
    "a modulus by its square": Given(lambda x: np.sqrt(x * x), lambda delta, x: delta * x / np.sqrt(x * x)),
    "a constant that is no integer": Given(lambda x: x * 0.1 * x, lambda delta, x: delta * 0.2 * x),
}


@pytest.mark.parametrize("name", PROVED)
def test_what_is_undefined_on_both_sides_accuses_nobody(name: str) -> None:
    assert prove(PROVED[name], (2,))


ROUNDED = {
    "linear": (Given(lambda x: x * 0.1, lambda d, x: d * 0.1), Given(lambda x: x / 10, lambda d, x: d / 10)),
    "elementary": (
        Given(lambda x: np.exp(x) * 0.1, lambda d, x: d * np.exp(x) * 0.1),
        Given(lambda x: np.exp(x) / 10, lambda d, x: d * np.exp(x) / 10),
    ),
}


@pytest.mark.parametrize("name", ROUNDED)
def test_the_rounding_of_a_constant_is_no_error(name: str) -> None:
    layer, like = ROUNDED[name]
    proof = prove(layer, (2,), like=like)
    assert proof.status == "abstains"
    assert "rounding of a constant" in proof.reason


POWERS: dict[str, tuple[Any, Any]] = {
    "sigmoid as a tanh of half its argument": (
        Given(lambda x: (1 + np.tanh(x / 2)) / 2, lambda d, x: d * (1 - np.tanh(x / 2)) * (1 + np.tanh(x / 2)) / 4), Sigmoid(),
    ),
    "softplus by a half-angle": (
        Given(lambda x: x / 2 + np.log(2 * np.cosh(x / 2)), lambda d, x: d * (1 + np.tanh(x / 2)) / 2), Softplus(),
    ),
    "roots of what is the same": (
        Given(lambda x: np.sqrt(1 + np.exp(x / 2) ** 2), lambda d, x: d * np.exp(x) / (2 * np.sqrt(1 + np.exp(x)))),
        Given(lambda x: np.sqrt(1 + np.exp(x)), lambda d, x: d * np.exp(x) / (2 * np.sqrt(1 + np.exp(x)))),
    ),
    "e of a half and of a third": (
        Given(lambda x: np.exp(x / 2) * np.exp(x / 3), lambda d, x: d * np.exp(x / 2) * np.exp(x / 3) * 5 / 6),
        Given(lambda x: np.exp(x / 6) ** 5, lambda d, x: d * 5 * np.exp(x / 6) ** 5 / 6),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", POWERS)
def test_exponentials_of_parts_of_one_number_are_powers_of_one(name: str) -> None:
    """e^(x/2)·e^(x/2) is eˣ, wherever either was asked for."""
    layer, like = POWERS[name]
    assert prove(layer, (2,), like=like).status == "proved"


def test_wrong_by_such_a_power_is_refuted() -> None:
    """And the identity is used for nothing that is none."""
    layer = Given(lambda x: np.exp(x / 2), lambda d, x: d * np.exp(x / 2) / 2)
    assert prove(layer, (1,), like=Given(lambda x: np.exp(x / 3), lambda d, x: d * np.exp(x / 3) / 3)).status == "refuted"


ABSOLUTE = Given(np.abs, lambda d, x: np.where(x > 0, d, -d))


def test_the_root_of_a_square_is_one_of_two() -> None:
    """And which, is asked: |x| on either side, by the sign of what is squared, be it a difference or a quotient."""
    assert prove(Given(lambda x: np.sqrt(x * x), ABSOLUTE.backward), (2,), like=ABSOLUTE)
    assert prove(Given(lambda x: np.sqrt(x * x), lambda d, x: d), (2,), like=ABSOLUTE).status == "refuted"
    apart = Given(lambda x, t: np.sqrt((x - t) ** 2), lambda d, x, t: (np.where(x > t, d, -d), np.where(x > t, -d, d)))
    assert prove(apart, (1,), (1,), like=Given(lambda x, t: np.abs(x - t), apart.backward))
    assert prove(apart, (1,), (1,), like=Given(lambda x, t: x - t, lambda d, x, t: (d, -d))).status == "refuted"


def _tail(x: Any) -> Any:
    """A sigmoid that is 1 where no float can tell: so nothing is decided there, for all numbers."""
    return np.where(x > 30, 1, 1 / (1 + np.exp(-x)))


def test_what_is_not_decided_hinders_no_refutation_elsewhere() -> None:
    for like in (Sigmoid(), None):
        open_ = prove(Given(_tail, lambda d, x: Sigmoid().backward(d, x)[0]), (1,), like=like)
        assert open_.status == "abstains"
        assert "not seen to be right" in open_.reason
    wrong = prove(Given(_tail, lambda d, x: 2 * Sigmoid().backward(d, x)[0]), (1,), like=Sigmoid())
    assert wrong.status == "refuted"
    assert wrong.witness is not None
    assert wrong.witness.actual == pytest.approx(2 * wrong.witness.expected) != 0


def test_what_is_not_decided_among_ties_leaves_the_strict_orders() -> None:
    """Where two unknown numbers are equal, either may stand for the other."""
    swaps = Given(lambda x: np.exp(np.where(x[0] == x[1], x[::-1], x)), lambda d, x: d * np.exp(x))
    proof = prove(swaps, (2,), like=Given(np.exp, swaps.backward))
    assert proof
    assert any(s.code == "proof.scope.ties-undecided" for s in proof.scope)
