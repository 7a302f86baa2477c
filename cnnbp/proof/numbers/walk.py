"""Every outcome of every comparison: numbers that are not known ask a walk which of two is larger, and it answers in turn.

What was answered is closed under order: after a > b and b > c nobody is asked whether a > c. So every path is an order of
what was compared, as far as the code looked at it, and all paths together are all orders, ties included.
"""

from __future__ import annotations

import threading
from bisect import bisect
from collections.abc import Callable, Hashable, Iterator
from fractions import Fraction
from math import inf
from operator import eq, gt, lt
from time import monotonic
from typing import Any

from .unsupported import Unsupported

Key = Hashable
MOST_QUESTIONS = 1_000  # on one path
MOST_COMPARED, LOOK = 20_000, 64  # comparisons on one path, most of which follow from others; how many between looks at the clock
SIGNS = {1: gt, 0: eq, -1: lt}


class TooManyPaths(Exception):
    """There are more orders than were to be walked, or than the time allowed. `paths` were."""

    def __init__(self, paths: int) -> None:
        super().__init__(f"more than {paths} orders")
        self.paths = paths


_HERE = threading.local()  # each thread walks by itself


def now() -> Walk:
    """The walk that this thread is in.

    Raises Unsupported where it is in none: nobody answers what is compared in a thread of the layer's own, or after the proof.
    """
    found: Walk | None = getattr(_HERE, "walk", None)
    if found is None:
        raise Unsupported("kept" if hasattr(_HERE, "walk") else "another-thread")
    return found


def in_time() -> None:
    """Raises TooManyPaths where the walk that this thread is in has had its time."""
    walk: Walk | None = getattr(_HERE, "walk", None)
    if walk is not None and monotonic() > walk.deadline:
        raise TooManyPaths(walk.paths)


def counted() -> None:
    """One comparison more, that needs no walk, in the walk that this thread is in. Raises TooManyPaths."""
    walk: Walk | None = getattr(_HERE, "walk", None)
    if walk is not None:
        walk.count()


class Walk:
    """`for walk in Walk(limit)`: each turn of the loop is another path, in which `compare` answers differently.

    With ties=False only strict orders are walked, in which nothing that is compared is equal; a function says of which two
    keys a tie is walked. deadline: of `time.monotonic`.
    Keys name what is compared; fractions are themselves. Numbers find the walk that they are in by `now()`.
    Raises TooManyPaths beyond the limit, in paths or time.
    """

    def __init__(self, limit: int, ties: bool | Callable[[Key, Key], bool] = True, deadline: float = inf) -> None:
        self.limit, self.paths, self.deadline, self._ties = limit, 0, deadline, ties
        self._answers: list[list[int]] = []  # for every question of this path, as asked: its answer, and those still to come
        self._forget()

    def __iter__(self) -> Iterator[Walk]:
        while True:
            if self.paths == self.limit or monotonic() > self.deadline:
                raise TooManyPaths(self.paths)
            self._forget()
            before, _HERE.walk = getattr(_HERE, "walk", None), self
            try:
                yield self
            finally:  # a layer may prove another one while it runs
                _HERE.walk = before
            self.paths += 1
            del self._answers[self._asked :]
            while self._answers and len(self._answers[-1]) == 1:
                self._answers.pop()
            if not self._answers:
                return
            del self._answers[-1][0]

    def compare(self, a: Key, b: Key, below: bool = True) -> int:
        """The sign of a − b on this path; with below=False it is known that a ≥ b."""
        self.count()
        known = self.known(a, b)
        if known is not None:
            return known
        if self._asked == MOST_QUESTIONS or monotonic() > self.deadline:
            raise TooManyPaths(self.paths)
        if self._asked == len(self._answers):
            ties = self._ties(a, b) if callable(self._ties) else self._ties
            self._answers.append([1, *[-1] * below, *[0] * ties])
        answer = self._answers[self._asked][0]
        self._asked += 1
        self._questions.append((a, b, answer))
        self._learn(self._node(a), self._node(b), answer)
        return answer

    def count(self) -> None:
        """One comparison more, whether it is asked or known. Raises TooManyPaths: a loop until something is small has no end."""
        self._compared += 1
        if self._compared == MOST_COMPARED or (self._compared % LOOK == 0 and monotonic() > self.deadline):
            raise TooManyPaths(self.paths)

    def known(self, a: Key, b: Key) -> int | None:
        """The sign of a − b as far as it follows from what was answered; None where it does not."""
        a, b = self._node(a), self._node(b)
        return 0 if a == b else 1 if self._below[a] >> b & 1 else -1 if self._below[b] >> a & 1 else None

    @property
    def strict(self) -> bool:
        """No two things that were compared are equal on this path: an open cell, on which derivatives are what they are."""
        return all(answers[0] for answers in self._answers[: self._asked])

    @property
    def single(self) -> bool:
        """Nothing was compared: this path is all there is."""
        return self._asked == 0

    def equals(self) -> dict[Key, Key]:
        """For everything that equals something else on this path, one stand-in: a fraction where there is one."""
        classes: dict[int, list[Key]] = {}
        for key in self._nodes:
            classes.setdefault(self._node(key), []).append(key)
        return {key: _stand_in(equal) for equal in classes.values() for key in equal if key != _stand_in(equal)}

    def order(self) -> list[list[Key]]:
        """What was compared, from the smallest to the largest, equal things together: one of the orders of this path."""
        classes: dict[int, list[Key]] = {}
        for key in self._nodes:
            classes.setdefault(self._node(key), []).append(key)
        rising: list[list[Key]] = []
        left = dict(classes)
        while left:  # whatever has nothing left below itself comes next
            lowest = next(n for n in left if not any(self._below[n] >> m & 1 for m in left if m != n))
            rising.append(left.pop(lowest))
        return rising

    def holds(self, value: Callable[[Key], Any]) -> bool:
        """Whether everything that was answered on this path is so where the keys have these values, numbers or balls."""
        return all(SIGNS[sign](value(a), value(b)) for a, b, sign in self._questions)

    def _forget(self) -> None:
        self._asked = self._compared = 0
        self._questions: list[tuple[Key, Key, int]] = []
        self._nodes: dict[Key, int] = {}
        self._fractions: list[Fraction] = []  # those among them, rising
        self._same: list[int] = []  # for each node the one that stands for all that equal it
        self._below: list[int] = []  # for each node, as bits, the nodes that are smaller

    def _node(self, key: Key) -> int:
        if key not in self._nodes:
            node = self._nodes[key] = len(self._same)
            self._same.append(node)
            self._below.append(0)
            if isinstance(key, Fraction):  # its place among the other fractions is known
                place = bisect(self._fractions, key)
                neighbours = [(k, 1) for k in self._fractions[max(place - 1, 0) : place]]
                neighbours += [(k, -1) for k in self._fractions[place : place + 1]]
                self._fractions.insert(place, key)
                for other, sign in neighbours:  # beyond them it follows
                    self._learn(self._same[self._nodes[key]], self._same[self._nodes[other]], sign)
        return self._same[self._nodes[key]]

    def _learn(self, a: int, b: int, sign: int) -> None:
        if sign < 0:
            return self._learn(b, a, -sign)
        smaller = self._below[b] | (1 << b if sign else self._below[a])
        if not sign:
            self._same = [a if n == b else n for n in self._same]
        for c in range(len(self._below)):  # whatever is above a, or equals it, is above all that is below b
            if c == a or self._below[c] >> a & 1 or (not sign and self._below[c] >> b & 1):
                self._below[c] |= smaller | (0 if c == a or sign else 1 << a | 1 << b)
        return None


def _stand_in(equal: list[Key]) -> Key:
    return next((key for key in equal if isinstance(key, Fraction)), equal[0])
