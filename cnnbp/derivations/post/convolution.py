"""How the residual comes back through a convolution: V18 to V22, and the sum that a figure shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from ...oracles.dual_numbers import jacobian
from ...rounding import Array
from ..exact.images import Centred, Convolution, Maps, convolutions, maps, still, unbiased
from ..exact.numbers import array
from ..exact.sizes import Pixel, inside, pixel
from ..statement import Experiment, Instances, Outcome, Reading
from ..telling import Told, show, told
from .sliding import slide

COLUMNS = ("a", "z", "z-slope")  # a rule gives ∂J/∂a; is read as the residual ∂J/∂z; or gives it, times f′


def compared(case: Convolution, says: Array, column: str, working: Callable[[], Told] | None = None) -> Outcome:
    """What a rule gives for all input maps, in one of the columns."""
    truth = case.by_a if column == "a" else case.by_z
    if says.shape != truth.shape:
        return Outcome(None, truth, told("nonsense.shape", says=says.shape[2:], truth=truth.shape[2:]))
    sloped = None if column == "a" else partial(_sloped, case)
    return Outcome(says * case.slope if column == "z-slope" else says, truth, sloped or working)


def _sloped(case: Convolution) -> Told:
    return told("working.sloped", by_a=case.by_a.ravel(), slope=case.slope.ravel())


def seen(column: str) -> Callable[[Convolution], Convolution]:
    """What of an instance matters in this column: nothing but kernel and residual, or the net inputs too."""
    return still if column == "a" else unbiased


def influenced(case: Convolution, column: str) -> Outcome:
    """For each input cell, over the outputs that change when it grows by 1: residual times that change."""
    before, a, delta = case.forward(case.a, case.w), case.a, case.delta
    says = 0 * a
    for cell in np.ndindex(a.shape):
        more = a.copy()
        more[cell] = more[cell] + 1
        change = case.forward(more, case.w) - before
        says[cell] = sum((delta[o] * change[o] for o in np.ndindex(delta.shape) if change[o]), 0 * a[cell])
    return compared(case, says, column)


def positions(red: Pixel) -> Outcome:
    """Nine, against the number of outputs that the pixel influences."""
    met = red.met()
    return Outcome(array([9]), array([met]), told("working.positions", met=met, positions=(red.n - 2) ** 2))


def by_centre(case: Convolution, value: Callable[[Array], Any], net_input: bool = False) -> Array:
    """∂value/∂a of the centre of a 5×5 input, or ∂value/∂z, where `value` is one of the maps above."""

    def moved(centre: Array) -> Any:
        maps = case.a.copy()
        maps[0, 0, 2, 2] = (case.f(centre) if net_input else centre)[0]
        return value(case.forward(maps, case.w)[0, 0])

    return jacobian(moved, (case.z if net_input else case.a)[0, 0, 2, 2:3])


def star(case: Convolution, forward: bool, rotated: bool) -> Outcome:
    """The weights with which the centre of a 5×5 input meets A11 … A33: w_(4−p,4−q), or w_pq."""
    w, meant = case.w[0, 0], case.flipped if forward else case
    return Outcome(w[::-1, ::-1] if rotated else w, by_centre(meant, lambda z: z)[..., 0], told("working.star"))


def at_centre(case: Convolution, forward: bool, rotated: bool, column: str) -> Outcome:
    """Σ δ_pq·w_pq, or with the kernel rotated, as a derivative by the centre of the input; by its net input; or times f′."""
    meant, w, delta = case.flipped if forward else case, case.w[0, 0], case.delta[0, 0]
    says = array([np.sum(delta * (w[::-1, ::-1] if rotated else w))])
    truth, slope = by_centre(meant, lambda z: np.sum(delta * z), column != "a"), case.slope[0, 0, 2, 2]
    working = partial(_centre, delta, meant.w[0, 0], says, slope)
    return Outcome(says * slope if column == "z-slope" else says, truth, working)


def _centre(delta: Array, w: Array, says: Array, slope: Any) -> Told:
    met = w[::-1, ::-1]
    products = [f"δ_{p + 1}{q + 1}·{show(met[p, q])}" for p, q in np.ndindex(3, 3) if delta[p, q] and met[p, q]]
    summed = f"{' + '.join(products)} = {show(np.sum(delta * met))}" if products else "0"
    return told("working.centre", sum=summed, says=says, slope=slope)


def convolved(case: Convolution, forward: bool, backward: bool, rotated: bool, mode: str, column: str) -> Outcome:
    """The residual "convolved" with the kernel: which of {forward, backward} is a true convolution, the kernel rotated or not."""
    meant = case.flipped if forward else case
    delta, w = case.delta[0, 0], case.w[0, 0]
    says = slide(delta, w[::-1, ::-1] if rotated else w, backward, mode)
    return compared(meant, says[None, None], column, partial(_by_hand, meant))


def _by_hand(case: Convolution, most: int = 4) -> Told:
    """For the first cells of the input: the residuals that they meet, each times the weight between them."""
    (o, t, i), delta, w, sums = case.ties, case.delta.ravel(), case.w.ravel(), []
    for cell in range(min(case.a.size, most)):
        met = [f"{show(delta[o[k]])}·{show(w[t[k]])}" for k in range(len(i)) if i[k] == cell]
        sums.append(f"{' + '.join(met)} = {show(case.by_a.ravel()[cell])}")
    return told("working.cells", cells=sums if case.a.size <= most else [*sums, "…"])


def several(case: Convolution, way: str, column: str = "a") -> Outcome:
    """Residual maps and kernels, each pair a full true convolution, put together in one of several ways."""
    delta, w = case.delta[0], case.w
    k, c = w.shape[:2]
    if way == "transposed" and k != c:
        return Outcome(None, case.by_a, told("nonsense.no-kernel", maps=c, kernels=k))
    if way == "stacked":
        stack = np.stack([slide(delta[o], w[o, i], True, "full") for i in range(c) for o in range(k)])
        if len(stack) != c:
            return Outcome(None, case.by_a, told("nonsense.stacked", stacked=len(stack), maps=c))
        return compared(case, stack[None], column)
    sums = [sum(slide(delta[o], w[above, below], True, "full") for o, above, below in _pairs(way, k, c, i)) for i in range(c)]
    added = [f"δ_{o + 1} * w_{above + 1}{below + 1}" for o, above, below in _pairs(way, k, c, 0)]
    return compared(case, np.stack(sums)[None], column, lambda: told("working.first-map", added=added))


def _pairs(way: str, k: int, c: int, i: int) -> list[tuple[int, int, int]]:
    """What is added for input map i: the residual map, and the two indices of the kernel that it meets."""
    if way == "every":
        return [(o, other, i) for o in range(k) for other in range(k)]
    if way == "over inputs":
        return [(o, o, other) for o in range(k) for other in range(c)]
    return [(o, i, o) if way == "transposed" else (o, o, i) for o in range(k)]


def _way(forward: bool, backward: bool, rotated: bool, mode: str, column: str) -> Reading:
    """One way of convolving again: which of the passes is a true convolution, the kernel, how much is kept, and as what."""
    passes = ["convolution" if flips else "correlation" for flips in (forward, backward)]
    values = (*passes, "rotated" if rotated else "plain", mode, column)
    facets = dict(zip(("forward", "backward", "kernel", "size", "residual"), values, strict=True))
    evaluate = partial(convolved, forward=forward, backward=backward, rotated=rotated, mode=mode, column=column)
    role: Any = "corrected" if column == "z-slope" else "printed"
    return Reading("-".join(facets.values()), evaluate, role, facets, seen(column))


def _centred(forward: bool, rotated: bool, column: str) -> Reading:
    """One way of summing products at the centre, or, in the column "weights", of naming the weights of its star."""
    values = ("convolution" if forward else "correlation", "rotated" if rotated else "plain", column)
    facets = dict(zip(("forward", "kernel", "residual"), values, strict=True))
    role: Any = {"z-slope": "corrected", "weights": "beyond"}.get(column, "printed")
    evaluate = partial(star if column == "weights" else at_centre, forward=forward, rotated=rotated)
    evaluate = evaluate if column == "weights" else partial(evaluate, column=column)
    return Reading("-".join(facets.values()), evaluate, role, facets, seen("a" if column == "weights" else column))


FLIPS = list(product((False, True), (True, False), (False, True)))
ODD = [flips for flips in FLIPS if sum(flips) % 2]  # how the residual is to be convolved, among all these ways
TABLE = [_way(*flips, mode, "a") for flips in FLIPS for mode in ("valid", "same", "full", "padded")]
TABLE += [_way(*flips, "full", column) for column in ("z", "z-slope") for flips in ODD]
CENTRE = [
    _centred(forward, rotated, column) for column in ("a", "z", "weights") for forward, rotated in product((False, True), repeat=2)
]
CENTRE += [_centred(forward, not forward, "z-slope") for forward in (False, True)]

SINGLE = maps([
    Maps(1, 1, kernel, above)
    for kernel in ((1, 1), (1, 2), (2, 1), (2, 2), (1, 3)) for above in ((1, 1), (1, 2), (2, 2), (3, 1))
])  # fmt: skip
SEVERAL = convolutions(
    (1, 1, (1, 2), (1, 1)), (1, 2, (1, 1), (1, 1)), (2, 1, (1, 1), (1, 1)), (2, 2, (1, 1), (1, 1)), (2, 2, (1, 2), (2, 1)),
    (1, 2, (2, 2), (1, 2)), (2, 3, (2, 1), (1, 2)), (3, 2, (1, 2), (2, 2)),
)  # fmt: skip
PIXELS = Instances(range(5, 10), pixel, abstains=told("abstains.sizes"))
AROUND = maps([Centred(1, 1, (3, 3), (3, 3))])

EXPERIMENTS = {
    "conv-residual-full": Experiment(SINGLE, *TABLE),
    "conv-residual-affected": Experiment(
        SEVERAL,
        Reading("influenced-by-a", partial(influenced, column="a"), on=still),
        Reading("influenced-by-z-slope", partial(influenced, column="z-slope"), on=unbiased),
        Reading("influenced-by-z", partial(influenced, column="z"), "beyond", on=unbiased),
    ),
    "conv-nine-positions": Experiment(
        PIXELS,
        Reading("inner", positions, on=inside),
        Reading("any", positions),
    ),
    "conv-residual-equal": Experiment(AROUND, *CENTRE),
    "figure-sum": Experiment(
        AROUND,
        Reading("by-a", partial(at_centre, forward=False, rotated=True, column="a"), on=still),
        Reading("by-z", partial(at_centre, forward=False, rotated=True, column="z"), on=unbiased),
        Reading("by-z-slope", partial(at_centre, forward=False, rotated=True, column="z-slope"), "corrected", on=unbiased),
    ),
    "conv-residual-multi": Experiment(
        SEVERAL,
        Reading("own", partial(several, way="own"), on=still),
        Reading("own-by-z", partial(several, way="own", column="z"), on=unbiased),
        Reading("transposed", partial(several, way="transposed"), on=still),
        Reading("every", partial(several, way="every"), on=still),
        Reading("over-inputs", partial(several, way="over inputs"), on=still),
        Reading("stacked", partial(several, way="stacked"), on=still),
        Reading("own-by-z-slope", partial(several, way="own", column="z-slope"), "corrected", on=unbiased),
    ),
}
