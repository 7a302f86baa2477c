"""BatchNorm2d: a quotient whose denominator moves with the input, so that its rounding errors are followed step by step."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from .. import layers, rounding
from ..cases import Case, Choices, assemble, given
from ..cases.sizes import sizes
from ..cases.special import NAMES
from ..oracles.abstention import Abstention
from ..oracles.closed_form import FORMS
from ..rounding import Array
from .connected import as_large_as_the_data, no_truncation
from .conv2d import BIAS
from .elementwise import AXES
from .record import AlongDirections, Asked, Bounds, Left, Operator, Silent

KINDS = ("small integers", "gaussian", "wide range", "exact zeros")
SPECIALS = tuple(name for name in NAMES if name != "zero weights")  # then dx is 0 = 0, and integers that show more there are none


def _describe(operator: Operator, choose: Choices, fixed: dict[str, Any]) -> Case:
    """Batch statistics twice as often as given ones; a small eps and one that counts."""
    large, axes = sizes(choose, AXES), dict(zip(AXES, (3, 3, 4, 4), strict=True))
    training, eps = given(choose, fixed, "training", (True, True, False)), given(choose, fixed, "eps", (1e-5, 1e-3, 0.5))
    n, c, h, w = (large.draw(choose, name, most) for name, most in axes.items())
    shapes = [(n, c, h, w), *[(c,)] * (2 if training else 4)]
    if training and not given(choose, fixed, "bias", BIAS):
        shapes.pop()
    case = assemble(choose, operator, {"eps": eps, "training": training}, shapes, (n, c, h, w), KINDS, large.scale, SPECIALS)
    if training:
        return case
    *args, var = case.args
    return replace(case, args=(*args, np.abs(var)))


class _Analysis(NamedTuple):
    """What one evaluation may be off by, |·| of what it sums, and the condition of its statistics: per entry or channel."""

    normal: Array
    off_normal: Array
    sigma: Array
    off_sigma: Array  # relative
    condition: Array  # mean x²/σ², by which the variance is off where it is taken as a difference of means
    entries: int


_KNOWN: WeakKeyDictionary[Asked, _Analysis] = WeakKeyDictionary()  # every bound of a case asks; no longer than it is asked about


def _analysed(asked: Asked) -> _Analysis:
    """Once a case."""
    if asked not in _KNOWN:
        _KNOWN[asked] = _analysis(asked)
    return _KNOWN[asked]


def _analysis(asked: Asked) -> _Analysis:
    """x̂ = d/σ with d = x − μ, a running error bound beside each step (Higham, 3.1); ∞ where the variance drowns in its own."""
    x, axes, entries = asked.args[0], (0, 2, 3), asked.args[0].size // asked.args[0].shape[1]
    u, gamma = asked.precision.u, partial(rounding.gamma, precision=asked.precision)
    if asked.options["training"]:
        mu = x.mean(axes, keepdims=True)
        d = x - mu
        off = gamma(entries + 1) * np.abs(x).mean(axes, keepdims=True)
        off_d = off + u * (np.abs(d) + off)
        v = (d * d).mean(axes, keepdims=True)
        off_v = (2 * np.abs(d) * off_d + off_d**2).mean(axes, keepdims=True)
        off_v = off_v + gamma(entries + 3) * ((np.abs(d) + off_d) ** 2).mean(axes, keepdims=True)
    else:
        mu, v = (a[:, None, None] for a in asked.args[3:5])
        d = x - mu
        off_d, off_v = 3 * u * (np.abs(x) + np.abs(mu)), np.zeros(v.shape)
    square = v + asked.options["eps"]
    relative = np.where(off_v < square / 2, off_v / square, np.inf) + 4 * u
    sigma = np.sqrt(square)
    off_normal = (off_d * (1 + relative) + np.abs(d) * relative) / sigma + 2 * u * np.abs(d) / sigma
    condition = (x * x).mean(axes, keepdims=True) / square if asked.options["training"] else np.zeros(square.shape)
    return _Analysis(d / sigma, off_normal, sigma, relative, condition, entries)


class _Quotient(Bounds):
    """Bounds by running error analysis; tier 2 allows for a variance that is taken as E[x²] − μ²."""

    def conventional(self, asked: Asked, quantity: str, expected: Array | None) -> Array:
        """The distance of two programs of which each is off by its running error at most."""
        found = _analysed(asked)
        return rounding.promised(2 * _off(asked, quantity, found) + _underflow(asked, found))

    def by_norm(self, asked: Asked, quantity: str) -> Array:
        """C·u·S, where each x̂ counts as large as the numbers from which its mean and its variance are computed."""
        x, found, u = asked.args[0], _analysed(asked), asked.precision.u
        spread = (np.abs(x) + np.abs(x).mean((0, 2, 3), keepdims=True)) / found.sigma
        wide = found._replace(off_normal=u * (spread + np.abs(found.normal) * found.condition), off_sigma=u * (1 + found.condition))
        return rounding.promised(asked.precision.fast * (_off(asked, quantity, wide) + _underflow(asked, found)))


def _underflow(asked: Asked, a: _Analysis) -> float:
    """What underflows in a product of some factors of w·δ·x̂·x̂/σ is as much larger when it is multiplied by the others."""
    lost = 8 * asked.delta.size * asked.precision.underflow
    for factor in (asked.args[1], asked.delta, a.normal, a.normal, 1 / a.sigma):
        lost *= max(1.0, float(np.max(np.abs(factor))))
    return lost


def _off(asked: Asked, quantity: str, a: _Analysis) -> Array:
    """How far one evaluation of a quantity may be off."""
    (_, w, *b), delta, axes = asked.args, np.abs(asked.delta), (0, 2, 3)
    scale, normal = np.abs(w)[:, None, None], np.abs(a.normal)
    u, gamma = asked.precision.u, partial(rounding.gamma, precision=asked.precision)
    if quantity == "y":
        shift = np.abs(b[0])[:, None, None] if b else 0.0
        return np.asarray(scale * a.off_normal + 3 * u * (scale * (normal + a.off_normal) + shift))
    met, off_met = _sums(delta * normal), _sums(delta * a.off_normal)
    off_w = off_met + gamma(a.entries + 2) * (met + off_met)
    off_b = gamma(a.entries + 1) * _sums(delta)
    if quantity in ("w", "b"):
        found: Array = (off_w if quantity == "w" else off_b).sum(axes)
        return found
    size, off = delta, 6 * u * delta
    if asked.options["training"]:
        size = delta + (normal * met + _sums(delta)) / a.entries
        off = (normal * off_w + a.off_normal * (met + off_w) + off_b) / a.entries + 6 * u * size
        off = off + met / a.entries * a.off_normal.mean(axes, keepdims=True)  # Σ(x − μ) is 0 but for rounding
    return np.asarray(scale / a.sigma * (off * (1 + a.off_sigma) + size * (a.off_sigma + 4 * u)))


def _sums(v: Array) -> Array:
    sums: Array = v.sum((0, 2, 3), keepdims=True)
    return sums


def _of_given_statistics(asked: Asked, position: int) -> tuple[float, Array, Left | None]:
    """y is linear in x where the statistics do not move with it; where they do, no bound of the third derivative is known."""
    if asked.options["training"]:
        raise Abstention("operators.no-third-derivative", operator="BatchNorm2d")
    return as_large_as_the_data(asked, position)


LINEAR = AlongDirections(as_large_as_the_data, no_truncation)
BATCH_NORM2D = Operator(
    layer=layers.BatchNorm2d,
    arguments=("x", "w", "b", "mean", "var"),
    indices=(),
    axes={"y": "nchw", "x": "nchw", "w": "c", "b": "c"},
    unused=(),
    describe=_describe,
    network=Silent("operators.statistics-connect-all"),
    activation=Silent("operators.no-activation"),
    complex_forward=FORMS["BatchNorm2d"].forward,
    bounds=_Quotient(),
    differences={"x": AlongDirections(_of_given_statistics, no_truncation), "w": LINEAR, "b": LINEAR},
    integers=Silent("operators.square-root"),
    samples_apart=lambda options: not options["training"],
    kinks=None,
)
