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
from ..layers import HalfSquaredError, Network
from ..operators import operator_of
from ..rounding import Array
from .by_field import MOST_ENTRIES
from .counterexample import plain
from .domain import APART
from .found import Tally, misshapen
from .lines import Lines
from .network_question import NetworkQuestion
from .numbers import signs
from .numbers.arrays import Numbers
from .numbers.field import Field
from .numbers.unsupported import Unsupported, root
from .numbers.walk import Key, TooManyPaths, Walk
from .on_floats import FloatsRaise
from .points import points, where_equal, worth
from .prove import MOST_PATHS, PATHS
from .question import Argument, Question, Shape, title
from .refusals import of_floats, refusal
from .specification import Specification, specification

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

    Every strict order of what the layers compare is walked, for unknown λ of either sign, for λ = 0, and for each number that λ
    is compared with. Where something else is equal a derivative is a convention: there it is shown, at λ = 0, that J and the
    step are right. J is held against textbooks only where all layers are cnnbp's own. Raises TypeError, ValueError where the
    caller is wrong.
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
            unsure = None if run.wrong else run.unsure()
        except FloatsRaise as error:
            return run.proof("abstains", of_floats(error))
        except Exception as error:  # on unknown numbers, whatever it does on floats
            return run.proof("abstains", refusal(root(error)))
    return run.proof("refuted" if run.wrong else "abstains" if unsure else "proved", run.wrong or unsure)


class _Run:
    """One proof: the letters, and what has been found on the paths so far."""

    def __init__(self, network: Any, x_shape: Shape, shapes: Sequence[Sequence[Shape]], y: Any, loss: Any) -> None:
        asked = self.asked = NetworkQuestion(network, x_shape, shapes, y, loss)
        self.textbook = _textbook([*network.layers, loss], asked.inputs, [*asked.theta, [asked.target]])
        self.tallies = {name: Tally(name) for name in CLAIMS if self.textbook or name != "loss"}
        self.floats = Tally("floats", "sampled")
        self.wrong: Remark | None = None
        self.witness: Witness | None = None
        self.paths = self.ties = self.open_ties = 0
        self.undecided: Remark | None = None
        self.nowhere = [(decayed, point) for decayed in (True, False) for point in self.asked.drawn]
        ours = type(network) is Network and all(map(operator_of, (*network.layers, loss)))
        self.lines = Lines(not ours, self.asked.runs(), type(network).__module__.partition(".")[0])

    def walk_all(self, limit: int, deadline: float) -> None:
        """Every claim on every path, strict orders first. Raises Unsupported, TooManyPaths, and whatever the layers raise."""
        if self.asked.entries > MOST_ENTRIES:
            raise Unsupported("too-many-for-a-field", entries=self.asked.entries, most=MOST_ENTRIES)
        self.field = Field(self.asked.entries)
        letters = [self.field.array(a.shape) for a in self.asked.letters]
        for decayed, ties in ((True, self._of_decay), (False, False)):
            self.asked.decayed = decayed
            for walk in Walk(limit, ties, deadline):
                self._path(walk, letters)
                self.paths += walk.strict
                self.ties += not walk.strict
                if self.wrong:
                    return
        try:
            for walk in Walk(limit, deadline=deadline):
                self._path(walk, letters, known=True)
                self.ties += not walk.strict
                if self.wrong:
                    return
        except TooManyPaths as error:
            self.open_ties = error.paths

    def unsure(self) -> Remark | None:
        """Why what holds on unknown numbers need not be what the network does on floats."""
        for decayed, point in self.nowhere:
            self.asked.decayed = decayed
            if np.all(np.isfinite(self.asked.answers_floats(point)[0])):
                return remark("proof.off-path", x=str([float(v) for v in point])[:200])
        if alone := self.lines.alone():
            return alone
        if not self.asked.answers_twice():
            return remark("proof.no-function")
        return None if self.floats.compared and all(t.compared for t in self.tallies.values()) else remark("proof.nothing-compared")

    def proof(self, status: ProofStatus, remark_: Remark | None) -> Proof:
        """What was found."""
        if self.open_ties:
            ties = [remark("proof.scope.ties-open", paths=self.open_ties)]
        else:
            ties = [remark("proof.scope.update-at-ties", ties=self.ties)] if self.ties else []
        ties += [self.undecided] if self.undecided else []
        scope = (remark("proof.scope.letters"), remark("proof.scope.orders", paths=self.paths, ties=0), *ties)
        checked = remark("proof.checked.sampled", compared=self.floats.compared) if self.floats.compared else None
        hypotheses = () if self.wrong else (Hypothesis(remark("proof.assumes.same-lines"), checked),)
        name = (
            f"{type(self.asked.network).__name__}([{', '.join(map(title, self.asked.network.layers))}], {title(self.asked.loss)})"
        )
        shapes = {a.name: a.shape for a in self.asked.letters}
        claims = tuple(t.claim for t in (*self.tallies.values(), self.floats))
        return Proof(name, status, "symbolic", shapes, claims, scope, hypotheses, witness=self.witness, remark=remark_,
                     paths=self.paths + self.ties)  # fmt: skip

    def _path(self, walk: Walk, letters: list[Array], known: bool = False) -> None:
        """What the network answers on one path, against what is right; with `known` of strict ones all is known."""
        self.field.begin()
        with self.lines.recorded():
            found = self.asked.answers(letters)
        if self._misshapen(found) or (known and walk.strict):
            return
        gradients, stepped = found[1 : 1 + len(self.asked.flat)], found[1 + len(self.asked.flat) :]
        if self.textbook:
            self._hold("loss", walk, "J", found[0], self._textbook_loss(letters))
        if walk.strict:
            for a, gradient, slopes in zip(self.asked.flat, gradients, self._slopes(found[0]), strict=True):
                self._hold("loss-gradient", walk, f"d{a.name}", gradient, slopes)
        for a, theta, gradient, new in zip(self.asked.flat, letters[-HYPER - len(stepped) :], gradients, stepped, strict=False):
            self._hold("update", walk, a.name, new, theta - letters[-1][()] * gradient)
        if walk.strict and not self.wrong:
            self._ask_floats(walk, found)

    def _misshapen(self, found: list[Array]) -> bool:
        """Whether an answer is missing or has another shape: then the claim about it is wrong."""
        names, shapes = self.asked.quantities
        for number in range(len(names)):
            wrong = misshapen(names[number : number + 1], shapes[number : number + 1], found[number : number + 1])
            if wrong is None:
                continue
            stepped = number > len(self.asked.flat)
            self.wrong = remark("proof.missing-step", **wrong.values) if stepped and wrong.code == "proof.missing" else wrong
            of = "update" if stepped else "loss" if number == 0 and "loss" in self.tallies else "loss-gradient"
            self.tallies[of].wrong = True  # type: ignore[index]  # one of CLAIMS
            return True
        return False

    def _of_decay(self, *keys: Key) -> bool:
        """Whether λ is compared, by itself or in a sum."""
        number = self.asked.entries - HYPER
        return any(
            m[number] for key in keys if isinstance(key, tuple) for m in ([key] if isinstance(key[0], int) else [m for m, _ in key])
        )

    def _textbook_loss(self, letters: list[Array]) -> Array:
        """The loss of the textbook's layers, one after another, and λ/2·Σ‖w‖²."""
        h, y, params = self.asked.arguments(letters)
        *layers, loss = self.textbook
        squares = self.field.constant(0)
        for layer, theta in zip(layers, params, strict=True):
            h = Numbers.of(self.field, np.asarray(layer.forward((h, *theta)), object))
            for w in theta[0].ravel() if theta else ():
                squares = squares + w * w
        value = loss.forward((h, y))[()]
        return _array([value + letters[-2][()] * squares / 2 if self.asked.decayed else value], ())

    def _slopes(self, value: Array) -> Iterator[Array]:
        """The derivatives of J by each parameter."""
        number, potential = self.asked.entries - HYPER - sum(a.size for a in self.asked.flat), self.field.element(value[()])
        for a in self.asked.flat:
            yield _array([self.field.derivative(potential, number + j) for j in range(a.size)], a.shape)
            number += a.size

    def _hold(self, claim: ClaimName, walk: Walk, name: str, actual: Array, wanted: Array) -> None:
        """One quantity against another, entry by entry."""
        for index in np.ndindex(wanted.shape):
            if self.wrong:
                return
            a, b = self.field.element(actual[index]), self.field.element(wanted[index])
            self.tallies[claim].compared += 1
            if a.same(b) or (not walk.strict and where_equal(self.field, walk, a - b).same(self.field.constant(0))):
                continue
            point = next(points(self.field, walk, a - b), None)
            if point is None and not walk.strict:
                self.undecided = self.undecided or remark("proof.scope.ties-undecided", quantity=name, index=index)
                continue
            if point is None:
                raise Unsupported("not-decided", quantity=name, index=index)
            self.tallies[claim].wrong, self.wrong = True, remark(f"proof.wrong-{claim}", quantity=name)
            self.witness = self._seen(point[0], name, index, float(b.at(point[1])))

    def _seen(self, point: list[Fraction], name: str, index: tuple[int, ...], expected: float) -> Witness:
        """A witness at these numbers, with what the network's floats answer there."""
        letters = self.asked.floats(point)
        answer = self.asked.answers_floats(point)[self.asked.quantities[0].index(name)]
        given = {a.name: plain(v) for a, v in zip(self.asked.letters, letters, strict=True)}
        if self.asked.given is not None:
            given["y"] = plain(self.asked.given)
        return Witness(given, 1, name, index, float(answer[index]), expected)

    def _ask_floats(self, walk: Walk, found: list[Array]) -> None:
        """The network's own floats at the drawn points that lie on this path: another code that runs on them would show."""
        for point in self.asked.drawn:
            values = self.field.values(point)
            wanted = worth(self.field, values, found) if signs.holds(walk, values) else None
            if wanted is None:
                continue
            self.nowhere = [(decayed, p) for decayed, p in self.nowhere if decayed != self.asked.decayed or p is not point]
            for name, right, answer in zip(self.asked.quantities[0], wanted, self.asked.answers_floats(point), strict=True):
                self.floats.compared += right.size
                if answer.shape != right.shape or not np.all(np.abs(answer - right) <= APART * max(1.0, np.abs(right).max())):
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
