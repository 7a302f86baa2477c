"""Refusals that are caught, and ways that only unknown numbers go: nothing is proved by them. Our own layers have none."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from cnnbp import Conv2d, Dense, Identity, MaxPool2d, Network, ReLU, SoftmaxCrossEntropy, Tanh, prove
from cnnbp.proof import catalogue, domain
from cnnbp.proof.lines import Lines, recording
from cnnbp.proof.network import prove_network


def _caught(x: Any) -> bool:
    try:
        return float(np.abs(x).max()) > 50
    except TypeError:
        return False


def _suppressed(x: Any) -> bool:
    large = False
    with contextlib.suppress(TypeError):
        large = float(np.abs(x).max()) > 50
    return large


def _of_numpy(x: Any) -> bool:
    try:
        return bool(np.isfinite(x).all()) and bool((x.astype(float) < 0).all())
    except TypeError:
        return False


def _of_an_attribute(x: Any) -> bool:
    try:
        return bool(x.flat[0].is_integer() and abs(x).max() > 50)
    except AttributeError:
        return False


def _by_kind(x: Any) -> bool:
    if isinstance(x.flat[0], np.floating):
        return bool(abs(x).max() > 50)
    return False


GUARDS = {g.__name__: g for g in (_caught, _suppressed, _of_numpy, _of_an_attribute, _by_kind)}


class Guarded:
    """Right where the guard is off."""

    def __init__(self, layer: Any, guard: Callable[[Any], bool]) -> None:
        self.layer, self.guard = layer, guard

    def forward(self, x: Any, *params: Any) -> Any:
        return self.layer.forward(x, *params)

    def backward(self, delta: Any, x: Any, *params: Any) -> Any:
        return tuple(g * (2 if self.guard(x) else 1) for g in self.layer.backward(delta, x, *params))


SHAPES = ((Tanh(), ((2,),)), (Identity(), ((3,),)), (ReLU(), ((2,),)), (Dense(), ((4, 4), (4, 4))))


FAR = 1e9  # beyond all floats that are asked

WITHIN: dict[str, Callable[[Any], Any]] = {
    "x if c else y": lambda x: np.any(abs(x) > FAR) if type(x.flat[0]) is np.float64 else False,
    "and": lambda x: x.dtype != object and np.any(abs(x) > FAR),
    "or": lambda x: not (x.dtype == object or np.all(abs(x) < FAR)),
    "a comprehension": lambda x: len([v for v in x.flat if isinstance(v, float) and v > FAR]) > 0,
    "a generator": lambda x: any(isinstance(v, float) and v > FAR for v in x.flat),
    "a function": lambda x: (lambda y: False)(x) if x.dtype == object else (lambda y: np.any(abs(y) > FAR))(x),
    "an assignment": lambda x: large if (large := x.dtype != object and np.any(abs(x) > FAR)) else False,
}


@pytest.mark.parametrize("name", WITHIN)
def test_what_branches_within_one_line_is_not_proved(name: str) -> None:
    """It is wrong at numbers that nobody asks, and only if they are floats; the line is told."""
    wrong = Guarded(Identity(), WITHIN[name])
    assert wrong.backward(np.ones(2), np.full(2, 2 * FAR))[0].tolist() == [2, 2]
    proof = prove(wrong, (2,), like=Identity())
    assert proof.remark is not None
    assert (proof.status, proof.remark.code) == ("abstains", "proof.branch-alone")
    assert f'"{name}": lambda x:' in proof.reason


def _without_else(x: Any) -> Any:
    large = False
    if x.dtype != object:
        large = np.any(abs(x) > FAR)
    return large


def test_a_condition_without_an_else_is_not_proved() -> None:
    proof = prove(Guarded(Identity(), _without_else), (2,), like=Identity())
    assert not proof
    assert "if x.dtype != object:" in proof.reason


@pytest.mark.parametrize(
    ("guard", "layer", "shapes"),
    [(guard, *SHAPES[(number + more) % len(SHAPES)]) for number, guard in enumerate(GUARDS) for more in (0, 2)],
)
def test_what_goes_on_after_a_refusal_is_not_proved(guard: str, layer: Any, shapes: Any) -> None:
    proof = prove(Guarded(layer, GUARDS[guard]), *shapes, like=layer)
    assert not proof
    assert proof.status == "refuted" or "test_lines.py" in proof.reason


def test_at_a_shape_too_large_for_unknown_numbers_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnnbp.proof.by_tags.MOST_TERMS", 2_000)
    shapes = (2, 2, 12, 12), (3, 2, 3, 3)
    proof = prove(Guarded(Conv2d(), lambda x: _caught(x * 1e-9)), *shapes, like=Conv2d())
    assert proof.status == "abstains"
    assert "test_lines.py" in proof.reason
    assert prove(Guarded(Conv2d(), lambda x: False), *shapes, like=Conv2d())


class Swallows(Network):
    """J is doubled where λ is large."""

    def loss_and_gradients(self, x: Any, y: Any, params: Any, loss: Any = None, weight_decay: Any = 0) -> Any:
        value, gradients = super().loss_and_gradients(x, y, params, loss, weight_decay)
        try:
            large = float(abs(weight_decay)) > 10
        except TypeError:
            large = False
        return value * (2 if large else 1), gradients


def test_a_network_that_goes_on_is_not_proved() -> None:
    proof = prove_network(Swallows([Dense()]), (1, 2), [((1, 2), (1,))])
    assert not proof
    assert "test_lines.py" in proof.reason


@lru_cache
def _indices(size: int) -> tuple[int, ...]:
    found = list(range(size))
    return tuple(found)


class Reaches(Guarded):
    """Right, with lines of its own: kept indices, a threshold far away, one number among all, exceptions on both."""

    def forward(self, x: Any, *params: Any) -> Any:
        for number in _indices(x.size):
            if x.flat[number] > 12345.0:
                x = x + 0
            elif x.flat[number] == 17:
                x = x * 1
        with contextlib.suppress(KeyError):
            {}["missing"]
        x = x * (1 if x.flat[0] > 7 and x.flat[1] != 3 else len([n for n in range(x.size) if n % 2 or n == 0]) and 1)
        return super().forward(x, *params)


@pytest.mark.parametrize(("layer", "shapes"), [(ReLU(), ((2,),)), (MaxPool2d((1, 2)), ((1, 1, 1, 2),))])
def test_lines_that_floats_run_too_hinder_nothing(layer: Any, shapes: Any) -> None:
    assert prove(Reaches(layer, lambda x: False), *shapes, like=layer)


LARGE = {"SoftmaxCrossEntropy": (SoftmaxCrossEntropy(), (1, 2), np.array([1]))}
AGAIN = {"Conv2d-6-16", "MaxPool2d-1x4", "MaxPool2d-overlap", "MaxPool2d-dilation"}  # run no other lines than the rest


@pytest.mark.parametrize("name", [name for name in catalogue.PROOFS if name not in AGAIN])
def test_our_own_layers_run_the_same_lines(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are not watched where they are proved, since it takes time: so they are here, a large one at a small shape."""
    monkeypatch.setattr(domain, "OURS", ("nobody",))
    small = LARGE.get(name)
    assert prove(small[0], *small[1:]) if small else catalogue.proof(name, 0)


def test_what_is_recorded_is_of_the_user() -> None:
    ran: Any = set()
    before = sys.gettrace()
    with recording(ran):
        _caught(np.ones(2))
    assert sys.gettrace() is before
    assert {step.code.co_filename for step in ran} == {__file__}
    lines = Lines(on=False)
    with lines.recorded():
        _caught(np.ones(2))
    assert lines.ran == set()
