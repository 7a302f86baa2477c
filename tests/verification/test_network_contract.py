"""What a network owes beyond right numbers: inputs left alone, the same answer again, and no exception."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from cnnbp.verification.network import verify_network
from tests.verification.test_network import _case, _network


class Other(cnnbp.Network):
    """A network that does something before it answers, or after, to its arguments or the answer."""

    def __init__(self, layers: Any, before: Any = None, after: Any = None) -> None:
        super().__init__(layers)
        self._before, self._after, self._calls = before, after, 0

    def loss_and_gradients(self, x: Array, y: Array, params: Any, **options: Any) -> Any:
        self._calls += 1
        if self._before:
            self._before(x, y, params)
        answer = super().loss_and_gradients(x, y, params, **options)
        return self._after(self._calls, x, y, params, answer) if self._after else answer


def _centre(x: Array, *_: Any) -> None:
    x -= x.mean()


def _update(_: int, x: Array, y: Array, params: Any, answer: Any) -> Any:
    for theta, gradients in zip(params, answer[1], strict=True):
        for p, g in zip(theta, gradients, strict=True):
            p -= 0.1 * g
    return answer


def _replace(_: int, x: Array, y: Array, params: Any, answer: Any) -> Any:
    params[0] = tuple(p - 0.1 * g for p, g in zip(params[0], answer[1][0], strict=True))
    return answer


def _spoil(_: int, x: Array, y: Array, params: Any, answer: Any) -> Any:
    y += 1
    return answer


WRITERS: dict[str, tuple[dict[str, Any], list[str], bool]] = {
    "x, centred": ({"before": _centre}, ["x"], True),
    "the target": ({"after": _spoil}, ["y"], False),
    "an update": ({"after": _update}, ["w1", "b1", "w5", "b5"], False),
    "another array in the list": ({"after": _replace}, ["w1", "b1"], False),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_network_that_writes_into_its_inputs(name: str) -> None:
    """It is told which; what it answers is judged at what the caller handed over, and nothing of the caller's is touched."""
    does, inputs, wrong = WRITERS[name]
    network = Other(_network().layers, **does)
    x, y, params = _case(network)
    x += 1
    kept = x.copy(), y.copy(), [tuple(map(np.array, theta)) for theta in params]
    verdict = verify_network(network, x, y, params)
    assert verdict.status == "fail"
    assert [(item.quantity, item.oracle) for item in verdict.evidence if item.kind == "contract"] == [
        ("reads-only-inputs", "contract")
    ]
    assert verdict.wrong[-1].code == "contract.network-changes-inputs"
    assert verdict.wrong[-1].values["inputs"] == inputs
    assert ("J" in {item.quantity for item in verdict.evidence if item.status == "fail"}) == wrong
    assert np.array_equal(x, kept[0])
    assert np.array_equal(y, kept[1])
    assert all(np.array_equal(a, b) for was, now in zip(kept[2], params, strict=True) for a, b in zip(was, now, strict=True))


@pytest.mark.parametrize("number", [2, 3])
def test_a_network_that_answers_otherwise_when_asked_again(number: int) -> None:
    """From the second call on, or from a later one; and a right first answer does not pass."""

    def later(call: int, x: Array, y: Array, params: Any, answer: Any) -> Any:
        return answer if call < number else (answer[0], [tuple(2 * g for g in layer) for layer in answer[1]])

    verdict = verify_network(network := Other(_network().layers, after=later), *_case(network))
    assert [said.code for said in verdict.wrong] == ["contract.network-repeats"]
    assert [item.quantity for item in verdict.evidence if item.status == "fail"] == ["repeats"]
    assert "the gradient of w1 moves" in str(verdict)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_network_that_raises(number: int) -> None:
    """At its first call or a later one: a verdict that says what it raised, and holds the exception."""

    def raises(call: int, *_: Any) -> Any:
        return 1 / 0 if call >= number else _[-1]

    verdict = verify_network(network := Other(_network().layers, after=raises), *_case(network))
    assert [said.code for said in verdict.wrong] == ["contract.network-raises"]
    assert "loss_and_gradients raised ZeroDivisionError: division by zero" in str(verdict)
    assert isinstance(verdict.cause, ZeroDivisionError)


def test_a_network_that_raises_is_not_blamed_for_its_input() -> None:
    """What the same layers refuse in any network is the caller's mistake."""

    def careless(*_: Any) -> None:
        raise KeyError("shape")

    network = Other(_network().layers, before=careless)
    x, y, params = _case(network)
    with pytest.raises(ValueError, match="x must have"):
        verify_network(network, x[:, :1], y, params)
    assert verify_network(network, x, y, params).status == "fail"


def test_a_broken_contract_fails_where_a_sign_is_not_certain() -> None:
    """What rounding explains excuses nothing else."""
    network = Other([cnnbp.Dense(out_features=1), cnnbp.ReLU()], after=_spoil)
    verdict = verify_network(network, np.ones((1, 3)), np.ones((1, 1)), [(np.array([[0.1, 0.2, -0.3]]), np.zeros(1)), ()])
    assert verdict.status == "fail"
    assert [said.code for said in verdict.wrong] == ["contract.network-changes-inputs"]
