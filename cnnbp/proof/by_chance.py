"""Evidence with a probability: the layer's own floats at random integers that nothing rounds, compared bit for bit.

A polynomial that is not 0 vanishes at random integers of a set S with probability at most degree/|S| (Schwartz and Zippel).
Each trial makes one operand wide, up to 2²⁷, so that no number survives a cast to float32, and the others as large as every
sum below 2⁵³ allows. Trials are independent: their errors multiply. What this does not see: code that is no polynomial, as
a branch on values that no trial met.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..evidence.proof import Witness
from ..evidence.verdict import remark
from ..rounding import Array
from .counterexample import at_point
from .found import Found, Tally
from .numbers.tags import BITS, DELTA, FLAG, NUMBER
from .question import Question
from .terms import Place, Terms

ROUNDED = 2.0**-45  # of the largest Σ|terms|: far above any rounding in float64, far below float32's
EXACT = 2**53  # below it every integer is a float64
WIDE = 2**27
POINTS = 12
TRIALS = 200  # enough for any probability that is asked for, unless the sums leave no room


Quantity = tuple[str, Place, tuple[int, ...]]  # its name, where its entries stand, its shape


@dataclass(frozen=True)
class Trial:
    """Random integers for every argument and for δ, and the probability that a polynomial that is not 0 vanishes there."""

    args: tuple[Array, ...]
    delta: Array
    error: float
    wide: int


def trials(question: Question, y_shape: tuple[int, ...], terms: int, scale: int, bits: int, seed: int) -> Iterator[Trial]:
    """Trials until the product of their errors is at most 2^−bits. `terms`: the most that any entry sums.

    Every entry of x and δ is a multiple of `scale`. Empty where even the smallest integers leave 53 bits.
    """
    shapes = [a.shape for _, a in question.unknown] + [y_shape]
    error = 1.0
    for number in range(TRIALS):
        wide = number % len(shapes)
        narrow = EXACT // (terms * WIDE * scale * scale)
        sizes = [WIDE if j == wide else narrow for j in range(len(shapes))]
        if narrow < 1:
            sizes = [math.isqrt(EXACT // (terms * scale * scale))] * len(shapes)
        if sizes[0] < 1:
            return
        rng = np.random.default_rng(_seed(f"{seed}/{number}"))
        drawn = [rng.integers(-size, size + 1, shape).astype(float) for size, shape in zip(sizes, shapes, strict=True)]
        drawn[0], drawn[-1] = drawn[0] * scale, drawn[-1] * scale
        each = min(1.0, sum(1 / (2 * size + 1) for size in sizes))
        error *= each
        yield Trial(question.with_arrays(drawn[:-1]), drawn[-1], each, wide)
        if error <= 2.0**-bits:
            return


def floats(question: Question, proved: Found, bits: int, seed: int) -> Found:
    """That the layer's floats compute the polynomial that was found on unknown numbers: y and every gradient at each trial."""
    found, error = Found([Tally("floats", "probabilistic")]), 1.0
    potential, places, y_shape = proved.potential, proved.places, proved.y_shape
    assert potential is not None
    scale = math.lcm(*{c.denominator for c in potential.weights}) if potential.coefficients else 1
    largest = math.ceil(max(map(abs, potential.coefficients))) if potential.coefficients else 1
    out = Place(DELTA, 0, math.prod(y_shape))
    factors = _Factors(potential, [*places, out])
    moving = [(a.name, places[[i for i, _ in question.unknown].index(j)], a.shape) for j, a in question.may_move]
    quantities: list[Quantity] = [("y", out, y_shape), *moving]
    most = max(factors.most(place) for _, place, _ in quantities)
    for trial in trials(question, y_shape, most * largest, scale, bits, seed):
        if not _same(question, trial, found, factors.at(question, trial, quantities)):
            sizes = factors.at(question, trial, quantities, np.abs)
            return _rounding(found) if _rounds(question, trial, factors.at(question, trial, quantities), sizes) else found
        error *= trial.error
        found.error = error
    _ordinary(question, found, factors, quantities, seed)
    return found


def _rounds(question: Question, trial: Trial, wanted: Sequence[tuple[str, Array]], sizes: Sequence[tuple[str, Array]]) -> bool:
    """Whether the layer is no further off than an algorithm that does not add integers exactly: FFT, Winograd, reciprocals."""
    pairs = zip(_answers(question, trial), wanted, sizes, strict=False)
    return all(a.shape == w.shape and bool(np.all(np.abs(a - w) <= ROUNDED * np.max(s, initial=0))) for a, (_, w), (_, s) in pairs)


def _rounding(found: Found) -> Found:
    """Nothing follows from such floats: neither that they are right nor that they are wrong."""
    found.tallies[0].wrong, found.tallies[0].compared = False, 0
    found.remark = found.witness = found.error = None
    found.rounds = True
    return found


def _ordinary(question: Question, found: Found, factors: _Factors, quantities: list[Quantity], seed: int) -> None:
    """The same at numbers that are no integers, within the rounding of any order of summing: code may tell them apart."""
    tally = found.tallies[0]
    if not tally.compared:  # where a constant leaves no integers without rounding, this is all there is
        tally.kind = "sampled"
    for number, size in enumerate((1.0, 1.0, 30.0, 1e3, 1e6)):
        rng = np.random.default_rng(_seed(f"{seed}/ordinary {number}"))
        drawn = [size * rng.normal(size=a.shape) for _, a in question.unknown]
        trial = Trial(question.with_arrays(drawn), rng.normal(size=quantities[0][2]), 1.0, 0)
        wanted, sizes = factors.at(question, trial, quantities), factors.at(question, trial, quantities, np.abs)
        for (name, place, _), (_, right), (_, most), answer in zip(
            quantities, wanted, sizes, _answers(question, trial), strict=True
        ):
            tally.compared += right.size
            if not np.all(np.abs(answer - right) <= 2.0**-51 * (factors.most(place) + 8) * most):
                tally.wrong, found.remark = True, remark("proof.wrong-floats", quantity=name)
                return


def answers_twice(question: Question) -> bool:
    """Whether the layer is a function: the same answers to the same numbers, which it leaves as they are."""
    rng = np.random.default_rng(_seed("twice"))
    args = question.with_arrays([rng.normal(size=a.shape) for _, a in question.unknown])
    kept = [a.copy() for a in args]
    try:
        y = np.array(question.layer.forward(*args), float)
        delta = rng.normal(size=y.shape)
        first = [y, *(np.array(g, float) for g in question.gradients(question.layer.backward(delta.copy(), *args)))]
        second = [np.array(a, float) for a in _answers(question, Trial(tuple(a.copy() for a in kept), delta, 1.0, 0))]
    except Exception:  # it raises on floats: then nothing is known of them
        return False
    same = all(np.array_equal(a, b, equal_nan=True) for a, b in zip(first, second, strict=True))
    return same and all(np.array_equal(a, b) for a, b in zip(args, kept, strict=True))


def at_points(question: Question, seed: int) -> Found:
    """Where a layer compares what it is handed: its floats against its own answers to the same integers of Python, and `like`'s.

    Where those are no integers, to 48 bits: what rounds is for bounds to judge.
    """
    found = Found([Tally("floats", "exact at points")])
    named = ("y", *(a.name for _, a in question.may_move))
    largest = WIDE if len(question.unknown) == 1 else 2**12  # products of parameters, x and δ stay below 2⁵³
    for number in range(POINTS):
        rng = np.random.default_rng(_seed(f"{seed}/point {number}"))
        size = 2 if number < POINTS // 2 else largest  # ties, and numbers that no float32 holds
        drawn = [rng.integers(-size, size + 1, a.shape) for _, a in question.unknown]
        args, exact = (question.with_arrays([a.astype(kind) for a in drawn]) for kind in (float, object))
        for layer in (question.layer, question.like):
            try:
                y = np.asarray(layer.forward(*exact))
                delta = rng.integers(-size, size + 1, y.shape)
                right = y, *question.gradients(layer.backward(delta.astype(object), *exact))
                wanted = [(name, np.asarray(a, float)) for name, a in zip(named, right, strict=False)]
            except (TypeError, AttributeError, ZeroDivisionError, OverflowError):
                continue  # no layer, or none for integers of Python
            trial = Trial(args, delta.astype(float), 1.0, 0)
            rounded = any(np.any(a != np.round(a)) for _, a in wanted)
            if not (_near if rounded else _same)(question, trial, found, wanted):
                return found
    return found


def _near(question: Question, trial: Trial, found: Found, wanted: Sequence[tuple[str, Array]]) -> bool:
    """As `_same` where the answers are no integers: a constant was rounded, once or a few times."""
    tally = found.tallies[0]
    tally.kind = "sampled"
    for (name, right), answer in zip(wanted, _answers(question, trial), strict=False):
        tally.compared += right.size
        if answer.shape != right.shape or np.any(np.abs(answer - right) > 2.0**-48 * np.maximum(1.0, np.abs(right).max(initial=0))):
            tally.wrong, found.remark = True, remark("proof.wrong-floats", quantity=name)
            return False
    return True


def _same(question: Question, trial: Trial, found: Found, wanted: Sequence[tuple[str, Array]]) -> bool:
    """Every answer to a trial bit for bit; what differs is told in `found`."""
    answers, tally = _answers(question, trial), found.tallies[0]
    for number, (name, right) in enumerate(wanted):
        tally.compared += right.size
        if number >= len(answers) or not np.array_equal(answers[number], right):
            tally.wrong, found.remark = True, remark("proof.wrong-floats", quantity=name)
            found.witness = _witness(question, trial, name, answers[number], right) if number < len(answers) else None
            return False
    return True


def whole(
    question: Question, forward: Callable[..., Array] | None, terms: int, y_shape: tuple[int, ...], bits: int, seed: int
) -> Found:
    """Of a shape too large for unknown numbers: ⟨dθ, θ′⟩ = ⟨f(θ′) − f(0), δ⟩ for every argument, and f as `forward` answers.

    This is the gradient of a layer that is affine in each argument, which is a hypothesis here.
    """
    gradient, value = Tally("gradient", "probabilistic"), Tally("forward", "probabilistic")
    found, error = Found([gradient, value] if forward else [gradient]), 1.0
    moving = question.may_move
    for trial, other in zip(*(trials(question, y_shape, terms, 1, bits, seed + shift) for shift in (0, TRIALS)), strict=True):
        y, *gradients = _answers(question, trial)
        if forward is not None:
            wanted = forward(trial.args)
            value.compared += y.size
            if not np.array_equal(y, wanted):
                value.wrong, found.remark = True, remark("proof.wrong-forward", quantity="y")
                found.witness = _witness(question, trial, "y", y, wanted)
                return found
        for (j, argument), dx in zip(moving, gradients, strict=False):
            there, nowhere = (
                question.layer.forward(*(a.copy() for a in (*trial.args[:j], theta, *trial.args[j + 1 :])))
                for theta in (other.args[j], np.zeros(argument.shape))
            )
            gradient.compared += dx.size
            if np.shape(dx) != argument.shape or exact_dot(dx, other.args[j]) != exact_dot(there - nowhere, trial.delta):
                gradient.wrong, found.remark = True, remark("proof.wrong-gradient", quantity=argument.name)
                return found
        error *= trial.error + other.error
        found.error = error
    return found


def exact_dot(a: Array, b: Array) -> int:
    """Σ a·b of integers, |b| ≤ 2²⁷ or |a| ≤ 2²⁷, without rounding."""
    total = 0
    left, right = a.ravel().astype(np.int64), b.ravel().astype(np.int64)
    if np.abs(right).max(initial=0) > WIDE:
        left, right = right, left
    for start in range(0, left.size, 1 << 16):
        some, signs = np.abs(left[start : start + (1 << 16)]), np.sign(left[start : start + (1 << 16)])
        factors = signs * right[start : start + (1 << 16)]
        for piece in range(3):  # 19 bits at a time: 19 + 27 + 16 bits fit into 63
            total += int(((some >> 19 * piece & (1 << 19) - 1) * factors).sum()) << 19 * piece
    return total


def adds_integers(question: Question, seed: int) -> bool:
    """The canary: whether forward adds integers exactly. Winograd, FFT and TF32 do not, and get no exact evidence."""
    rng = np.random.default_rng(_seed(f"canary/{seed}"))
    drawn = [rng.integers(-(2**11), 2**11 + 1, a.shape).astype(float) for _, a in question.unknown]
    y = np.asarray(question.layer.forward(*question.with_arrays(drawn)), float)
    return bool(np.all(y == np.round(y)))


def _answers(question: Question, trial: Trial) -> tuple[Array, ...]:
    """y and the gradients of the layer itself."""
    y = question.layer.forward(*(a.copy() for a in trial.args))
    gradients = question.gradients(question.layer.backward(trial.delta.copy(), *(a.copy() for a in trial.args)))
    return tuple(map(np.asarray, (y, *gradients)))


def _witness(question: Question, trial: Trial, name: str, answer: Array, wanted: Array) -> Witness | None:
    if answer.shape != wanted.shape:
        return None
    index = tuple(int(i) for i in np.argwhere(answer != wanted)[0])
    numbers = [a for a, argument in zip(trial.args, question.arguments, strict=True) if argument.value is None]
    return at_point(question, numbers, trial.delta, name, index, float(wanted[index]))


class _Factors:
    """A potential, each of its terms as the numbers of the entries that it contains: decoded once, evaluated at many points."""

    def __init__(self, potential: Terms, places: list[Place]) -> None:
        self._numbers, self._there = dict[Place, Array](), dict[Place, Array]()
        for place in places:
            field = (potential.codes >> BITS * place.group) & (2 * FLAG - 1)
            there = (field >= FLAG + place.first) & (field < FLAG + place.first + place.size)
            self._there[place] = there
            self._numbers[place] = np.where(there, (field & NUMBER) - place.first, place.size)  # beyond the end stands a 1
        self._weights = None if potential.coefficients is None else potential.weights

    def most(self, place: Place) -> int:
        """The most terms that any derivative by an entry of this argument sums."""
        return int(np.bincount(self._numbers[place][self._there[place]]).max(initial=1))

    def at(
        self, question: Question, trial: Trial, quantities: list[Quantity], act: Callable[[Any], Any] = lambda a: a
    ) -> list[tuple[str, Array]]:
        """Every quantity at a trial, by the potential; with `act` = abs, the sums of the magnitudes of its terms."""
        given = [a for a, argument in zip(trial.args, question.arguments, strict=True) if argument.value is None]
        values = {place: act(a.ravel()) for place, a in zip(self._there, [*given, trial.delta], strict=True)}
        return [(name, self.derivative(place, values, act).reshape(shape)) for name, place, shape in quantities]

    def derivative(self, place: Place, values: Mapping[Place, Array], act: Callable[[Any], Any]) -> Array:
        """The derivative of the potential by the entries at `place`, where all others have these values. Exact below 2⁵³."""
        product = np.ones(len(self._there[place]))
        for other, array in values.items():
            if other != place:
                product *= np.append(array, 1.0)[self._numbers[other]]
        if self._weights is not None:  # values are multiples of every denominator
            above, below = (np.array([float(getattr(c, part)) for c in self._weights]) for part in ("numerator", "denominator"))
            product = product * act(above) / below
        found: Array = np.bincount(self._numbers[place], product, minlength=place.size + 1)[:-1]
        return found


def _seed(text: str) -> int:
    """A seed from a name, the same everywhere."""
    return int.from_bytes(hashlib.shake_256(text.encode()).digest(8), "big")
