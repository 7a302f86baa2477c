"""A network on numbers that are not known: J, its gradients and the step on every path, against what is right."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from ..evidence.proof import ClaimName, Witness
from ..evidence.verdict import Remark, remark
from ..layers import Network
from ..operators import operator_of
from ..rounding import Array
from .by_field import MOST_ENTRIES
from .counterexample import plain
from .domain import APART
from .found import Tally, misshapen
from .lines import Lines
from .network_question import HYPER, NetworkQuestion
from .network_textbook import NetworkTextbook, filled
from .numbers import signs
from .numbers.field import Field
from .numbers.unsupported import Unsupported
from .numbers.walk import TooManyPaths, Walk, in_time
from .points import points, where_equal, worth

CLAIMS: tuple[ClaimName, ...] = ("loss", "loss-gradient", "update")


class NetworkRun:
    """One proof: the letters, and what has been found on the paths so far."""

    def __init__(self, asked: NetworkQuestion) -> None:
        self.asked, network = asked, asked.network
        self.textbook = NetworkTextbook(asked)
        self.tallies = {name: Tally(name) for name in CLAIMS if self.textbook.known or name != "loss"}
        self.floats = Tally("floats", "sampled")
        self.wrong: Remark | None = None
        self.witness: Witness | None = None
        self.paths = self.ties = self.open_ties = 0
        self.undecided: Remark | None = None
        self.nowhere = [(decayed, point) for decayed in (True, False) for point in self.asked.drawn]
        ours = type(network) is Network and all(map(operator_of, (*network.layers, asked.loss)))
        self.lines = Lines(not ours, self.asked.runs())

    def walk_all(self, limit: int, deadline: float) -> None:
        """Every claim on every path, strict orders first. Raises Unsupported, TooManyPaths, and whatever the layers raise."""
        if self.asked.entries > MOST_ENTRIES:
            raise Unsupported("too-many-for-a-field", entries=self.asked.entries, most=MOST_ENTRIES)
        self.field = Field(self.asked.entries)
        letters = [self.field.array(a.shape) for a in self.asked.letters]
        for decayed, ties in ((True, self.asked.compares_decay), (False, False)):
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

    def _path(self, walk: Walk, letters: list[Array], known: bool = False) -> None:
        """What the network answers on one path, against what is right; with `known` of strict ones all is known."""
        self.field.begin()
        with self.lines.recorded():
            found = self.asked.answers(letters)
        if self._misshapen(found) or (known and walk.strict):
            return
        gradients, stepped = found[1 : 1 + len(self.asked.flat)], found[1 + len(self.asked.flat) :]
        if self.textbook.known:
            self._hold("loss", walk, "J", found[0], self.textbook.value(self.field, letters))
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

    def _slopes(self, value: Array) -> Iterator[Array]:
        """The derivatives of J by each parameter."""
        number, potential = self.asked.entries - HYPER - sum(a.size for a in self.asked.flat), self.field.element(value[()])
        for a in self.asked.flat:
            yield filled([self.field.derivative(potential, number + j) for j in range(a.size)], a.shape)
            number += a.size

    def _hold(self, claim: ClaimName, walk: Walk, name: str, actual: Array, wanted: Array) -> None:
        """One quantity against another, entry by entry."""
        for index in np.ndindex(wanted.shape):
            if self.wrong:
                return
            in_time()
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
