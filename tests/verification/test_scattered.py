"""What a layer itself rounds: right algorithms that lose digits which the reference keeps pass, and a hundredth more is seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

import cnnbp
from cnnbp.layers.checks import Array
from cnnbp.verification.measured import measure
from cnnbp.verification.scattered import widened
from tests.helpers.layers import code

DELTA = np.ones(())


def room(function: Callable[[Array], Array], right: Callable[[Array], Array], x: Array) -> tuple[float, float, float]:
    """How far off the function is, how far an answer may be, and how far when the function's own rounding is known."""

    def asked(f: Callable[[Array], Array]) -> Any:
        return lambda args, delta: {"y": np.asarray(f(args[0]))}

    with np.errstate(all="ignore"):
        known = measure(asked(right), (x,), DELTA, np.random.default_rng(1))
        wider = widened(asked(function), asked(right), known, (x,), DELTA, np.random.default_rng(1))["y"]
    assert wider.own == (wider.by_norm > known["y"].by_norm)
    return float(np.abs(function(x) - right(x)).max()), known["y"].by_norm, wider.by_norm


X = np.random.default_rng(0).normal(size=20)


def one_pass(x: Array) -> Array:
    return np.array([(x * x).mean() - x.mean() ** 2])


def test_what_changes_with_last_bits_is_rounding() -> None:
    """E[x²] − μ² far from 0 loses the digits of μ²."""
    off, before, after = room(one_pass, lambda x: np.array([x.var()]), X + 1e5)
    assert before < off < after < 1e-4


def test_what_is_lost_altogether_is_no_rounding() -> None:
    """At 10⁸ the digits of μ² are all that there are: of the variance nothing is left that could be right."""
    off, before, after = room(one_pass, lambda x: np.array([x.var()]), X + 1e8)
    assert after == before < off


@pytest.mark.parametrize("wrong", [1.01, 1 + 1e-6])
def test_what_stays_is_a_fault(wrong: float) -> None:
    """A factor, and float32: neighbours in the last bits of float64 are the same numbers there."""
    for function in (lambda x: wrong * np.tanh(x), lambda x: np.tanh(x.astype(np.float32)).astype(float)):
        off, before, after = room(function, np.tanh, X)
        assert after == before < off


@pytest.mark.parametrize("bits", [8, 11, 24])
def test_a_lower_precision_is_none_halfway_between_its_numbers(bits: int) -> None:
    """There last bits decide which way it rounds: of bfloat16, of float16, of float32."""

    def rounded(x: Array) -> Array:
        mantissas, exponents = np.frexp(x)
        return np.asarray(np.ldexp(np.round(mantissas * 2.0**bits), exponents - bits))

    halfway = np.ldexp(np.round(np.frexp(X)[0] * 2.0**bits) + 0.5, np.frexp(X)[1] - bits)
    off, before, after = room(lambda x: np.tanh(rounded(x)), np.tanh, halfway)
    assert after == before < off


def test_where_last_bits_decide_nothing_is_rounding() -> None:
    """Another winner of a tie is no error of all other entries."""
    x = np.array([1.0, 1.0, 0.3])

    def sides(flip: float) -> Callable[[Array], Array]:
        return lambda x: np.array([(flip * x[0] > flip * x[1]) + 0.0, x[2]])

    _, before, after = room(sides(-1), sides(1), x)
    assert after == before < 1e-12


def test_what_does_not_repeat_itself_has_no_rounding() -> None:
    """A random layer scatters as well."""
    rng = np.random.default_rng(0)
    _, before, after = room(lambda x: x + rng.random(x.shape), lambda x: x, X)
    assert after == before


# ---- right algorithms beside functions of PyTorch --------------------------------------------------------------------


def _layer_norm(x: Array, w: Array, b: Array, delta: Array | None = None) -> Any:
    mean = x.mean(-1, keepdims=True)
    inverse = 1 / np.sqrt((x * x).mean(-1, keepdims=True) - mean * mean + 1e-5)
    hat = (x - mean) * inverse
    if delta is None:
        return hat * w + b
    d = delta * w
    dx = inverse * (d - d.mean(-1, keepdims=True) - hat * (d * hat).mean(-1, keepdims=True))
    return dx, (delta * hat).sum(0), delta.sum(0)


def _softmax(x: Array) -> Array:
    top = x.max(-1, keepdims=True)
    return np.asarray(np.exp(x - (top + np.log(np.exp(x - top).sum(-1, keepdims=True)))))


def _blocks(q: Array, k: Array, v: Array) -> tuple[Array, Array]:
    """Attention by online softmax over blocks of two keys, and the logarithms of its sums."""
    top, total, y = np.full((*q.shape[:-1], 1), -np.inf), np.zeros((*q.shape[:-1], 1)), np.zeros((*q.shape[:-1], v.shape[-1]))
    for j in range(0, len(k), 2):
        s = q @ k[j : j + 2].T
        higher = np.maximum(top, s.max(-1, keepdims=True))
        p, before = np.exp(s - higher), np.exp(top - higher)
        total, y, top = before * total + p.sum(-1, keepdims=True), before * y + p @ v[j : j + 2], higher
    return y / total, top + np.log(total)


def _attention_backward(delta: Array, q: Array, k: Array, v: Array) -> tuple[Array, ...]:
    y, sums = _blocks(q, k, v)
    p = np.exp(q @ k.T - sums)
    ds = p * (delta @ v.T - (delta * y).sum(-1, keepdims=True))
    return ds @ k, ds.T @ q, p.T @ delta


Made = Callable[[np.random.Generator], tuple[Array, ...]]
RIGHT: dict[str, tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any], Made, str]] = {
    "variance as E[x²] − μ²": (
        _layer_norm, lambda d, *a: _layer_norm(*a, d), lambda x, w, b: functional.layer_norm(x, (5,), w, b),
        lambda rng: (rng.normal(size=(4, 5)) + 100, rng.normal(size=5), rng.normal(size=5)), "pass"),
    "online softmax": (
        lambda *a: _blocks(*a)[0], _attention_backward, lambda q, k, v: torch.softmax(q @ k.T, -1) @ v,
        lambda rng: (30 * rng.normal(size=(4, 3)), 30 * rng.normal(size=(5, 3)), rng.normal(size=(5, 3))), "pass"),
    "exp(x − log Σ exp x)": (
        _softmax, lambda d, x: _softmax(x) * (d - (d * _softmax(x)).sum(-1, keepdims=True)),
        lambda x: torch.softmax(x, -1), lambda rng: (100 * rng.normal(size=(4, 5)) + 2000,), "inconclusive"),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_another_algorithm_is_no_fault(name: str) -> None:
    """At none of these numbers, and a hundredth in the largest entry of any answer is one."""
    forward, backward, like, made, worst = RIGHT[name]
    for seed in (4,):
        args = made(np.random.default_rng(seed))
        verdict = cnnbp.verify(cnnbp.from_functions(forward, backward), *args, like=like, seed=seed)
        assert verdict.status in ("pass", worst), str(verdict)

    def more(a: Array) -> Array:
        return np.where(np.abs(a) == np.abs(a).max(), 1.01 * a, a)

    for wrong in ((lambda *a: more(forward(*a)), backward), (forward, lambda *a: _first(more, backward(*a)))):
        assert cnnbp.verify(cnnbp.from_functions(*wrong), *args, like=like).status == "fail"


def _first(change: Callable[[Array], Array], gradients: Any) -> Any:
    return (change(gradients[0]), *gradients[1:]) if isinstance(gradients, tuple) else change(gradients)


def test_what_passes_so_says_so() -> None:
    """With what would have been seen."""
    forward, backward, like, made, _ = RIGHT["variance as E[x²] − μ²"]
    args = made(np.random.default_rng(4))
    verdict = cnnbp.verify(cnnbp.from_functions(forward, backward), *args, like=like, seed=4)
    found = [e for e in verdict.evidence if code(e) == "verification.own-rounding"]
    assert found, str(verdict)
    assert all(e.status == "pass" and e.resolution is not None and 1e-13 < e.resolution < 1e-6 for e in found)
