"""Whole networks: J and its gradients for all real inputs, targets, parameters, λ and α at a shape, and the step of descent.

The network runs on numbers that are not known. What it calls J must be the loss of the textbook's layers, one after another,
plus λ/2·Σ‖w‖²; what it calls gradients the formal derivatives of J by every parameter; what it steps to θ − α·gradient. So
the order of the layers, the residual that each is handed, and the decay are proved together, not layer by layer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import inf
from time import monotonic
from typing import Any

import numpy as np

from ..evidence.proof import ClaimName, Hypothesis, Proof, ProofStatus, Witness
from ..evidence.verdict import Remark, remark
from ..layers import HalfSquaredError
from ..operators import operator_of
from ..rounding import Array
from .by_field import MOST_ENTRIES, points, worth
from .counterexample import plain
from .domain import APART
from .found import Tally, as_array, misshapen
from .numbers import signs
from .numbers.arrays import Numbers
from .numbers.field import Field
from .numbers.unsupported import Unsupported, root
from .numbers.walk import TooManyPaths, Walk
from .prove import MOST_PATHS, PATHS, refusal
from .question import Argument, Question, Shape, title
from .specification import Specification, specification

DRAWN = 2  # points at which floats are asked; each lies on one of the paths
CLAIMS: tuple[ClaimName, ...] = ("loss", "loss-gradient", "update")
HYPER = 2  # λ and α, the last letters


def prove_network(
    network: Any,
    x_shape: Shape,
    parameter_shapes: Sequence[Sequence[Shape]],
    y: Shape | Array | None = None,
    loss: Any = None,
    budget: float | None = None,
) -> Proof:
    """Whether loss_and_gradients and sgd_step are right for all real x, y, parameters, λ and α at these shapes.

    parameter_shapes: for each layer a tuple of shapes, as `params`. y: the shape of unknown targets, that of h(x) if None, or
    the targets themselves, as class indices must be. loss: HalfSquaredError() if None. budget: as in `prove`.

    Every strict order of what the layers compare is walked, for unknown λ ≠ 0 of either sign and for λ = 0. Where something
    compared is equal a derivative is a convention: there it is shown, at λ = 0, that nothing raises and the step is right. J is
    held against textbooks only where all layers are cnnbp's own. Raises TypeError, ValueError where the caller is wrong.
    """
    for method in ("loss_and_gradients", "sgd_step"):
        if isinstance(network, type) or not callable(getattr(network, method, None)) or not hasattr(network, "layers"):
            raise TypeError(f"network must have layers, loss_and_gradients and sgd_step, got {network!r}")
    if len(parameter_shapes) != len(network.layers):
        raise ValueError(f"parameter_shapes must hold one tuple a layer, {len(network.layers)}, got {len(parameter_shapes)}")
    with np.errstate(all="ignore"):
        run = _Run(network, x_shape, parameter_shapes, y, HalfSquaredError() if loss is None else loss)
        try:
            run.walk_all(*((PATHS, inf) if budget is None else (MOST_PATHS, monotonic() + budget)))
        except Exception as error:  # on unknown numbers, whatever it does on floats
            return run.proof("abstains", refusal(root(error)))
    return run.proof("refuted" if run.wrong else "proved", run.wrong)


class _Run:
    """One proof: the letters, and what has been found on the paths so far."""

    def __init__(self, network: Any, x_shape: Shape, shapes: Sequence[Sequence[Shape]], y: Any, loss: Any) -> None:
        self.network, self.loss = network, loss
        h = np.full(x_shape, 0.5)
        inputs = [h, *(h := layer.forward(h, *map(_halves, theta)) for layer, theta in zip(network.layers, shapes, strict=True))]
        self.given = y if isinstance(y, np.ndarray) else None
        target = Argument("y", h.shape if y is None else y.shape if self.given is not None else tuple(y), self.given)
        loss.forward(h, _halves(target.shape) if self.given is None else y)  # whatever is wrong with the shapes, it says so
        self.theta = [[Argument(_name(j, n), s) for j, s in enumerate(theta)] for n, theta in enumerate(shapes, 1)]
        self.flat = [a for theta in self.theta for a in theta]
        self.letters = [Argument("x", tuple(x_shape)), *([target] if self.given is None else []), *self.flat,
                        Argument("lambda", ()), Argument("alpha", ())]  # fmt: skip
        names, shapes_of = [a.name for a in self.flat], [a.shape for a in self.flat]
        self.quantities = ["J", *(f"d{n}" for n in names), *names], [(), *shapes_of, *shapes_of]
        self.textbook = _textbook([*network.layers, loss], inputs, [*self.theta, [target]])
        self.tallies = {name: Tally(name) for name in CLAIMS if self.textbook or name != "loss"}
        self.floats, self.decayed = Tally("floats", "sampled"), True
        self.wrong: Remark | None = None
        self.witness: Witness | None = None
        self.paths = self.ties = self.open_ties = 0
        self.entries = sum(a.size for a in self.letters)
        drawn = np.random.default_rng(0).integers(-99, 100, (DRAWN, self.entries)) / 32  # short, so that all is quickly computed
        self.drawn = [list(map(Fraction, row)) for row in drawn.tolist()]

    def walk_all(self, limit: int, deadline: float) -> None:
        """Every claim on every path, strict orders first. Raises Unsupported, TooManyPaths, and whatever the layers raise."""
        if self.entries > MOST_ENTRIES:
            raise Unsupported("too-many-for-a-field", entries=self.entries, most=MOST_ENTRIES)
        self.field = Field(self.entries)
        letters = [self.field.array(a.shape) for a in self.letters]
        for self.decayed in (True, False):
            for walk in Walk(limit, ties=False, deadline=deadline):
                self._path(walk, letters)
                self.paths += 1
                if self.wrong:
                    return
        try:
            for walk in Walk(limit, deadline=deadline):
                self._path(walk, letters, ties=True)
                self.ties += not walk.strict
                if self.wrong:
                    return
        except TooManyPaths as error:
            self.open_ties = error.paths

    def proof(self, status: ProofStatus, remark_: Remark | None) -> Proof:
        """What was found."""
        if self.open_ties:
            ties = [remark("proof.scope.ties-open", paths=self.open_ties)]
        else:
            ties = [remark("proof.scope.update-at-ties", ties=self.ties)] if self.ties else []
        scope = (remark("proof.scope.letters"), remark("proof.scope.orders", paths=self.paths, ties=0), *ties)
        checked = remark("proof.checked.sampled", compared=self.floats.compared) if self.floats.compared else None
        hypotheses = () if self.wrong else (Hypothesis(remark("proof.assumes.same-lines"), checked),)
        name = f"{type(self.network).__name__}([{', '.join(map(title, self.network.layers))}], {title(self.loss)})"
        shapes = {a.name: a.shape for a in self.letters}
        claims = tuple(t.claim for t in (*self.tallies.values(), self.floats))
        return Proof(name, status, "symbolic", shapes, claims, scope, hypotheses, witness=self.witness, remark=remark_,
                     paths=self.paths + self.ties)  # fmt: skip

    def _path(self, walk: Walk, letters: list[Array], ties: bool = False) -> None:
        """What the network answers on one path, against what is right; of a strict one among ties all is known."""
        self.field.begin()
        found = self._answers(letters)
        self.wrong = misshapen(*self.quantities, found)
        if self.wrong:  # what cannot even be compared is wrong
            for tally in self.tallies.values():
                tally.wrong = True
        if self.wrong or (ties and walk.strict):
            return
        gradients, stepped = found[1 : 1 + len(self.flat)], found[1 + len(self.flat) :]
        if walk.strict:
            if self.textbook:
                self._hold("loss", walk, "J", found[0], self._textbook_loss(letters))
            for a, gradient, slopes in zip(self.flat, gradients, self._slopes(found[0]), strict=True):
                self._hold("loss-gradient", walk, f"d{a.name}", gradient, slopes)
        for a, theta, gradient, new in zip(self.flat, letters[-HYPER - len(stepped) :], gradients, stepped, strict=False):
            self._hold("update", walk, a.name, new, theta - letters[-1][()] * gradient)
        if walk.strict and not self.wrong:
            self._ask_floats(walk, found)

    def _answers(self, letters: Sequence[Array]) -> list[Array]:
        """J, its gradients and the parameters after a step, at letters of any kind; no step where gradients do not fit."""
        x, y, params = self._arguments([a.copy() for a in letters])
        decay = letters[-2][()] if self.decayed else 0
        value, gradients = self.network.loss_and_gradients(x, y, params, self.loss, weight_decay=decay)
        found = [as_array("loss_and_gradients", a) for a in (value, *(g for theta in gradients for g in theta))]
        (names, shapes), first = self.quantities, 1 + len(self.flat)
        if misshapen(names[:first], shapes[:first], found) is None:
            stepped = self.network.sgd_step(params, gradients, letters[-1][()])
            found += [as_array("sgd_step", a) for theta in stepped for a in theta]
        return found

    def _arguments(self, letters: Sequence[Array]) -> tuple[Array, Array, list[tuple[Array, ...]]]:
        """x, y and the parameters of each layer."""
        each = iter(letters)
        x, y = next(each), next(each) if self.given is None else self.given.copy()
        return x, y, [tuple(next(each) for _ in theta) for theta in self.theta]

    def _textbook_loss(self, letters: list[Array]) -> Array:
        """The loss of the textbook's layers, one after another, and λ/2·Σ‖w‖²."""
        h, y, params = self._arguments(letters)
        *layers, loss = self.textbook
        squares = self.field.constant(0)
        for layer, theta in zip(layers, params, strict=True):
            h = Numbers.of(self.field, np.asarray(layer.forward((h, *theta)), object))
            for w in theta[0].ravel() if theta else ():
                squares = squares + w * w
        value = loss.forward((h, y))[()]
        return _array([value + letters[-2][()] * squares / 2 if self.decayed else value], ())

    def _slopes(self, value: Array) -> Iterator[Array]:
        """The derivatives of J by each parameter."""
        number, potential = self.entries - HYPER - sum(a.size for a in self.flat), self.field.element(value[()])
        for a in self.flat:
            yield _array([self.field.derivative(potential, number + j) for j in range(a.size)], a.shape)
            number += a.size

    def _hold(self, claim: ClaimName, walk: Walk, name: str, actual: Array, wanted: Array) -> None:
        """One quantity against another, entry by entry."""
        for index in np.ndindex(wanted.shape):
            if self.wrong:
                return
            a, b = self.field.element(actual[index]), self.field.element(wanted[index])
            self.tallies[claim].compared += 1
            if a.same(b):
                continue
            point = next(points(self.field, walk, a - b), None)
            if point is None:
                raise Unsupported("not-decided", quantity=name, index=index)
            self.tallies[claim].wrong, self.wrong = True, remark(f"proof.wrong-{claim}", quantity=name)
            self.witness = self._seen(point[0], name, index, float(b.at(point[1])))

    def _seen(self, point: list[Fraction], name: str, index: tuple[int, ...], expected: float) -> Witness:
        """A witness at these numbers, with what the network's floats answer there."""
        letters = self._floats(point)
        answer = self._answers(letters)[self.quantities[0].index(name)]
        given = {a.name: plain(v) for a, v in zip(self.letters, letters, strict=True)}
        if self.given is not None:
            given["y"] = plain(self.given)
        return Witness(given, 1, name, index, float(answer[index]), expected)

    def _floats(self, point: list[Fraction]) -> list[Array]:
        """The letters at a point; λ is 0 where nothing decays."""
        ends = np.cumsum([a.size for a in self.letters])[:-1]
        arrays = [v.reshape(a.shape) for v, a in zip(np.split(np.array(point, float), ends), self.letters, strict=True)]
        if not self.decayed:
            arrays[-2] = np.zeros(())
        return arrays

    def _ask_floats(self, walk: Walk, found: list[Array]) -> None:
        """The network's own floats at the drawn points that lie on this path: another code that runs on them would show."""
        for point in self.drawn:
            values = self.field.values(point)
            wanted = worth(self.field, values, found) if signs.holds(walk, values) else None
            if wanted is None:
                continue
            for name, right, answer in zip(self.quantities[0], wanted, self._answers(self._floats(point)), strict=True):
                self.floats.compared += right.size
                if answer.shape != right.shape or np.any(np.abs(answer - right) > APART * max(1.0, np.abs(right).max())):
                    self.floats.wrong, self.wrong = True, self.wrong or remark("proof.wrong-floats", quantity=name)


def _textbook(layers: Sequence[Any], inputs: Sequence[Array], others: Sequence[Sequence[Argument]]) -> list[Specification]:
    """What each layer, and the loss, must equal; nothing where one of them is not cnnbp's own."""
    if not all(map(operator_of, layers)):
        return []
    found = []
    for layer, x, rest in zip(layers, inputs, others, strict=True):
        wanted = specification(Question(layer, (Argument("x", x.shape), *rest), layer))
        assert wanted is not None  # of our own
        found.append(wanted)
    return found


def _array(elements: list[Any], shape: Shape) -> Array:
    """Filled one by one: NumPy looks into nothing."""
    found = np.empty(len(elements), object)
    for number, element in enumerate(elements):
        found[number] = element
    return found.reshape(shape)


def _name(number: int, layer: int) -> str:
    return f"{'wb'[number]}{layer}" if number < len("wb") else f"p{number}_{layer}"


def _halves(shape: Shape) -> Array:
    return np.full(shape, 0.5)
