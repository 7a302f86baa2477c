"""Batch normalisation with constant or other statistics in backward, or without a factor, a root or a centre."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cnnbp.layers import BatchNorm2d
from cnnbp.layers.checks import Array

from .catalogue import Bend, Call, bent, right, wrong

AXES = (0, 2, 3)


def _sums(v: Array) -> Array:
    return np.asarray(v.sum(AXES, keepdims=True))


def _entries(a: Call) -> int:
    return int(a.x[:, 0].size)


def _spread(v: Array) -> Array:
    return v[:, None, None]


def _statistics(a: Call) -> tuple[Array, Array]:
    """μ and v, as the layer takes them."""
    if a.layer.training:
        return a.x.mean(AXES, keepdims=True), a.x.var(AXES, keepdims=True)
    return _spread(a.params[2]), _spread(a.params[3])


def _centred(a: Call) -> Array:
    """x − μ"""
    return np.asarray(a.x - _statistics(a)[0])


def _root(a: Call) -> Array:
    """σ"""
    return np.asarray(np.sqrt(_statistics(a)[1] + a.layer.eps))


def _y(a: Call, sigma: Array) -> Array:
    """y for another σ."""
    return np.asarray(_centred(a) / sigma * _spread(a.w) + _spread(a.b))


def _dx(a: Call, sigma: Array, mean: float = 1, variance: float = 1) -> Array:
    """dx for another σ, with so much of what passes through the mean and the variance."""
    normal, m = _centred(a) / sigma, _entries(a)
    through = (mean * _sums(a.delta) + variance * normal * _sums(a.delta * normal)) / m
    return np.asarray(_spread(a.w) / sigma * (a.delta - (through if a.layer.training else 0)))


# ---- other statistics ----------------------------------------------------------------------------


def _unbiased(a: Call) -> Array:
    """σ with the variance divided by m − 1."""
    factor = _entries(a) / max(1, _entries(a) - 1) if a.layer.training else 1
    return np.asarray(np.sqrt(_statistics(a)[1] * factor + a.layer.eps))


def _eps_outside(a: Call) -> Array:
    return np.asarray(np.sqrt(_statistics(a)[1]) + a.layer.eps)


def _without_eps(a: Call) -> Array:
    """√v, 1 where that is 0."""
    _, v = _statistics(a)
    return np.asarray(np.sqrt(np.where(v > 0, v, 1)))


def _of_x(a: Call) -> Call:
    """The same call in training, whatever the layer was told."""
    return replace(a, layer=replace(a.layer, training=True), params=a.params[:2])


def _over(regroup: Callable[[Array], Array], repeat: Callable[[Array, Call], Array]) -> dict[str, Bend]:
    """y and dx in training, with each channel taken apart into groups that have statistics of their own."""

    def apart(a: Call) -> Call:
        params = tuple(repeat(p, a) for p in a.params)
        return replace(a, x=regroup(a.x), delta=regroup(a.delta), params=params)

    return {
        "y": lambda y, a: apart(a).y.reshape(y.shape) if a.layer.training else y,
        "dx": lambda dx, a: apart(a).backward()[0].reshape(dx.shape) if a.layer.training else dx,
    }


def _first_entries_too_small(dx: Array) -> Array:
    return np.where(np.arange(dx.size).reshape(dx.shape) < 20, 0.95 * dx, dx)


SAMPLES = _over(lambda v: v.reshape(1, -1, *v.shape[2:]), lambda p, a: np.tile(p, len(a.x)))
POSITIONS = _over(lambda v: v.reshape(len(v), -1, 1, 1), lambda p, a: np.repeat(p, a.x[0, 0].size))


# ---- computed otherwise --------------------------------------------------------------------------


def _folded(_: Array, a: Call) -> Array:
    """x·(w/σ) + (b − μ·w/σ)"""
    factor = _spread(a.w) / _root(a)
    return np.asarray(a.x * factor + (_spread(a.b) - _statistics(a)[0] * factor))


def _one_line(dx: Array, a: Call) -> Array:
    """w/(m·σ)·(m·δ − Σδ − x̂·Σδ·x̂)"""
    if not a.layer.training:
        return dx
    normal, m = _centred(a) / _root(a), _entries(a)
    through = _sums(a.delta) + normal * _sums(a.delta * normal)
    return np.asarray(_spread(a.w) / (m * _root(a)) * (m * a.delta - through))


def _by_einsum(_: Array, a: Call) -> Array:
    return np.asarray(np.einsum("nchw,nchw->c", a.delta, _centred(a) / _root(a)))


# fmt: off
FAULTS = wrong(BatchNorm2d, "batch-norm", {
    "statistics-constant":    bent(dx=lambda _, a: _dx(a, _root(a), mean=0, variance=0)),
    "mean-constant":          bent(dx=lambda _, a: _dx(a, _root(a), mean=0)),
    "variance-constant":      bent(dx=lambda _, a: _dx(a, _root(a), variance=0)),
    "variance-sign":          bent(dx=lambda _, a: _dx(a, _root(a), variance=-1)),
    "sums-for-means":         bent(dx=lambda _, a: _dx(a, _root(a), mean=_entries(a), variance=_entries(a))),
    "unbiased-forward":       bent(y=lambda _, a: _y(a, _unbiased(a))),
    "unbiased-backward":      bent(dx=lambda _, a: _dx(a, _unbiased(a))),
    "eps-outside":            bent(y=lambda _, a: _y(a, _eps_outside(a)),
                                   dx=lambda _, a: _dx(a, _eps_outside(a)),
                                   dw=lambda dw, a: dw * (_root(a) / _eps_outside(a)).ravel()),
    "eps-forgotten-backward": bent(dx=lambda _, a: _dx(a, _without_eps(a))),
    "sigma-squared":          bent(dx=lambda dx, a: dx / _root(a)),
    "dx-scale-forgotten":     bent(dx=lambda _, a: a.backward(w=np.ones_like(a.w))[0]),
    "dw-not-normalised":      bent(dw=lambda _, a: (a.delta * a.x).sum(AXES)),
    "dw-not-scaled":          bent(dw=lambda _, a: (a.delta * _centred(a)).sum(AXES)),
    "of-each-sample":         bent(**SAMPLES),
    "of-each-position":       bent(**POSITIONS),
    "given-ignored":          bent(y=lambda _, a: _of_x(a).y, dx=lambda _, a: _of_x(a).backward()[0]),
    "first-entries":          bent(dx=lambda dx, _: _first_entries_too_small(dx)),
    "dw-mean":                bent(dw=lambda dw, a: dw / len(a.x), db=lambda db, a: db / len(a.x)),
})

RIGHT = right(BatchNorm2d, "batch-norm", {
    "folded":                 bent(y=_folded),
    "one-line":               bent(dx=_one_line),
    "einsum":                 bent(dw=_by_einsum, db=lambda _, a: np.einsum("nchw->c", a.delta)),
    "two-passes":             bent(y=lambda _, a: _y(a, _root(a)), dx=lambda _, a: _dx(a, _root(a))),
})
# fmt: on
