"""How the residual comes back through a convolution: V18 to V22."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from ... import layers
from ...cases.choices import Choices
from ...oracles.dual_numbers import jacobian, rational
from ...rounding import Array
from ..exact.images import Convolution, convolution, several_maps
from ..exact.networks import array, integers
from ..statement import Experiment, Outcome, Reading
from ..telling import show, told


def influenced(case: Convolution) -> Outcome:
    """For each input cell, over the outputs that it influences: residual times the weight of the influence."""
    z_by_a = jacobian(lambda a: case.forward(a, case.w), case.a).reshape(case.delta.size, case.a.size)
    delta, m = case.delta.ravel(), case.matrix(case.w)
    said = [sum((delta[o] * m[o, i] for o in range(len(delta)) if z_by_a[o, i] != 0), 0) for i in range(case.a.size)]
    return Outcome(array(said), case.residual.ravel())


@dataclass(frozen=True)
class Pixel:
    """A pixel of an n × n image, counted from 0, under a 3×3 kernel."""

    n: int
    i: int
    j: int

    def given(self) -> dict[str, Any]:
        """The image and the pixel, counted from 1."""
        return {"n": self.n, "row": self.i + 1, "column": self.j + 1}


def inside(pixel: Pixel) -> Pixel:
    """The pixel moved two away from every border, where it is nearer."""
    return Pixel(pixel.n, *(min(max(at, 2), pixel.n - 3) for at in (pixel.i, pixel.j)))


def positions(pixel: Pixel) -> Outcome:
    """Nine, against the number of outputs that the pixel influences."""
    lit = np.zeros((1, 1, pixel.n, pixel.n), int).astype(object)
    lit[0, 0, pixel.i, pixel.j] = 1
    ones = np.ones((1, 1, 3, 3), int).astype(object)
    met = int(np.count_nonzero(layers.Conv2d().forward(lit, ones)))
    return Outcome(array([9]), array([met]), told("working.positions", met=met, positions=(pixel.n - 2) ** 2))


def by_centre(case: Convolution, value: Callable[[Array], Any]) -> Array:
    """∂value(z)/∂a of the centre of a 5×5 input."""

    def moved(centre: Array) -> Any:
        a = case.a.copy()
        a[0, 0, 2, 2] = centre[0]
        return value(case.forward(a, case.w)[0, 0])

    return jacobian(moved, case.a[0, 0, 2, 2:3])


def star(case: Convolution, rotated: bool, forward_flips: bool) -> Outcome:
    """The weights with which the centre of a 5×5 input meets A11 … A33: w_(4−p,4−q), or w_pq."""
    w, meant = case.w[0, 0], case.flipped if forward_flips else case
    return Outcome(w[::-1, ::-1] if rotated else w, by_centre(meant, lambda z: z)[..., 0], told("working.star"))


def at_centre(case: Convolution, rotated: bool) -> Outcome:
    """Σ δ_pq·w_pq, or with the kernel rotated, against the derivative by the centre of the input."""
    w, delta = case.w[0, 0], case.delta[0, 0]
    says, truth = array([np.sum(delta * (w[::-1, ::-1] if rotated else w))]), by_centre(case, lambda z: np.sum(delta * z))
    products = [f"δ_{p + 1}{q + 1}·w_{3 - p}{3 - q}" for p, q in np.ndindex(3, 3) if delta[p, q] and w[2 - p, 2 - q]]
    summed = f"{' + '.join(products)} = {show(truth)}" if products else "0"
    return Outcome(says, truth, told("working.centre", sum=summed, says=says))


def convolved(case: Convolution, forward: bool, backward: bool, rotated: bool, mode: str) -> Outcome:
    """The residual "convolved" with the kernel: which of {forward, backward} is a true convolution, the kernel rotated or not."""
    meant = case.flipped if forward else case
    delta, w = case.delta[0, 0].astype(int), case.w[0, 0].astype(int)
    says = _sliding(delta, w[::-1, ::-1] if rotated else w, backward, mode)
    truth = meant.residual[0, 0]
    if says.shape != truth.shape:
        return Outcome(None, truth, told("nonsense.shape", says=says.shape, truth=truth.shape))
    return Outcome(says.astype(object), truth, told("working.cells", cells=_by_hand(meant)))


def _by_hand(case: Convolution, most: int = 4) -> list[str]:
    """For the first cells of the input: the residuals that they meet, each times the weight between them."""
    (o, t, i), delta, w, sums = case.ties, case.delta.ravel(), case.w.ravel(), []
    for cell in range(min(case.a.size, most)):
        met = [f"{show(delta[o[k]])}·{show(w[t[k]])}" for k in range(len(i)) if i[k] == cell]
        sums.append(f"{' + '.join(met)} = {show(case.residual.ravel()[cell])}")
    return sums if case.a.size <= most else [*sums, "…"]


def _sliding(delta: Array, w: Array, flips: bool, mode: str) -> Array:
    """True convolution or cross-correlation, integers exactly; "valid" has no place where the kernel is the larger."""
    if mode == "valid" and any(k > d for k, d in zip(w.shape, delta.shape, strict=True)):
        return np.empty((0, 0), int)
    from scipy import signal  # here: it takes longer to load than all else that a process needs

    slide = signal.convolve2d if flips else signal.correlate2d
    return np.asarray(slide(delta, w, mode))


def several(case: Convolution, way: str) -> Outcome:
    """Residual maps and kernels, each pair a full true convolution, put together in one of several ways."""
    delta, w = case.delta[0].astype(int), case.w.astype(int)
    k, c = w.shape[:2]
    truth = case.residual[0]

    def full(o: int, o_of_w: int, c_of_w: int) -> Array:
        return _sliding(delta[o], w[o_of_w, c_of_w], True, "full")

    if way == "transposed" and k != c:
        return Outcome(None, truth, told("nonsense.no-kernel", maps=c, kernels=k))
    if way == "stacked":
        stack = np.stack([full(o, o, i) for i in range(c) for o in range(k)])
        if stack.shape != truth.shape:
            return Outcome(None, truth, told("nonsense.stacked", stacked=len(stack), maps=c))
        return Outcome(stack.astype(object), truth)
    sums = [np.sum([full(*pair) for pair in _pairs(way, k, c, i)], 0) for i in range(c)]
    added = [f"δ_{o + 1} * w_{i + 1}{j + 1}" for o, i, j in _pairs(way, k, c, 0)]
    return Outcome(np.stack(sums).astype(object), truth, told("working.first-map", added=added))


def _pairs(way: str, k: int, c: int, i: int) -> list[tuple[int, int, int]]:
    """What is added for input map i: the residual map, and the two indices of the kernel that it meets."""
    if way == "every":
        return [(o, other, i) for o in range(k) for other in range(k)]
    if way == "over inputs":
        return [(o, o, other) for o in range(k) for other in range(c)]
    return [(o, i, o) if way == "transposed" else (o, o, i) for o in range(k)]


def _pixel(choose: Choices) -> Pixel:
    n = choose.integer(5, 9)
    return Pixel(n, choose.integer(0, n - 1), choose.integer(0, n - 1))


def _around(choose: Choices) -> Convolution:
    """A 5×5 input, a 3×3 kernel, and the residuals A11 … A33, zeros among them."""
    w, delta = (integers(choose, (1, 1, 3, 3), zero=True) for _ in range(2))
    return Convolution(rational(np.zeros((1, 1, 5, 5), int)), w, delta)


def _way(forward: bool, backward: bool, rotated: bool, mode: str) -> Reading:
    """One of the ways of convolving again: which of the passes is a true convolution, the kernel, and how much is kept."""
    passes = ["convolution" if flips else "correlation" for flips in (forward, backward)]
    facets = dict(zip(("forward", "backward", "kernel", "size"), (*passes, "rotated" if rotated else "plain", mode), strict=True))
    evaluate = partial(convolved, forward=forward, backward=backward, rotated=rotated, mode=mode)
    return Reading("-".join(facets.values()), evaluate, facets=facets)


TABLE = [_way(*ways) for ways in product((False, True), (True, False), (False, True), ("valid", "same", "full"))]

EXPERIMENTS = {
    "conv-residual-full": Experiment(convolution, *TABLE),
    "conv-residual-affected": Experiment(several_maps, Reading("influenced", influenced)),
    "conv-nine-positions": Experiment(
        _pixel,
        Reading("inner", positions, on=inside),
        Reading("any", positions),
    ),
    "conv-residual-equal": Experiment(
        _around,
        Reading("rotated", partial(at_centre, rotated=True)),
        Reading("as-it-is", partial(at_centre, rotated=False)),
        Reading("star-rotated", partial(star, rotated=True, forward_flips=False), "beyond"),
        Reading("star-as-it-is", partial(star, rotated=False, forward_flips=False), "beyond"),
        Reading("star-as-it-is-flipped", partial(star, rotated=False, forward_flips=True), "beyond"),
    ),
    "conv-residual-multi": Experiment(
        several_maps,
        Reading("own", partial(several, way="own")),
        Reading("transposed", partial(several, way="transposed")),
        Reading("every", partial(several, way="every")),
        Reading("over-inputs", partial(several, way="over inputs")),
        Reading("stacked", partial(several, way="stacked")),
    ),
}
