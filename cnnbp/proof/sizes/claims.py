"""What a claim about all sizes is: the unknowns, what is assumed of them, and a run that says what follows on each path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from .kernel import Path, Paths, Terms, Unknown
from .source import Source

Whole = Unknown | int
Numbers = Any  # an attribute for each unknown: on a path a number that is not known, elsewhere an integer
Key = frozenset[tuple[tuple[str, ...], int]]  # a polynomial, as what can be looked up


def terms(x: Whole) -> Terms:
    """The polynomial of a number, known or not."""
    return x.terms if isinstance(x, Unknown) else {(): x} if x else {}


def key_of(x: Whole) -> Key:
    """The same for equal polynomials."""
    return frozenset(terms(x).items())


@dataclass(frozen=True)
class Goal:
    """`shows` ≥ 0 wherever everything `given` is ≥ 0. The label says what that means."""

    label: str
    given: tuple[Whole, ...]
    shows: Whole


class Goals:
    """The goals of one run of a claim."""

    def __init__(self) -> None:
        self._found: dict[object, Goal] = {}
        self._known: list[tuple[set[Key], set[str], list[tuple[Whole, Key]]]] = []
        self._seen: set[object] = set()

    def __iter__(self) -> Iterator[Goal]:
        return iter(self._found.values())

    def show(self, label: str, given: list[Whole], *shows: Whole) -> list[Whole]:
        """Each of `shows` ≥ 0 where all of `given` is. Returns both together: what may be given from here on."""
        keys = [key_of(fact) for fact in given]
        for one in shows:
            known = self._known_of({*keys}, names(*given, one)) if self._known else []
            key = label, *keys, *(k for _, k in known), key_of(one)
            facts = *given, *(fact for fact, _ in known)
            self._found.setdefault(key, Goal(label, facts, one))  # what is said twice is shown once
        return [*given, *shows]

    def equal(self, label: str, given: list[Whole], left: Whole, right: Whole) -> list[Whole]:
        """left = right where all of `given` is ≥ 0."""
        return self.show(label, given, left - right, right - left)

    def sure(self, label: str, holds: bool) -> None:
        """The form of what the code returned, which no number decides."""
        self.show(label, [], 0 if holds else -1)

    def first(self, *what: Whole | str) -> bool:
        """Whether this was not asked before."""
        key = tuple(one if isinstance(one, str) else key_of(one) for one in what)
        asked = key in self._seen
        self._seen.add(key)
        return not asked

    def know(self, premises: list[Whole], conclusions: list[Whole], about: Whole = 0) -> None:
        """What another claim shows: conclusions ≥ 0 where premises ≥ 0. Used where the premises are given word for word.

        With `about`, only where the goal speaks of that unknown: whatever is left out makes no goal easier.
        """
        self._known.append(({*map(key_of, premises)}, names(about), [(fact, key_of(fact)) for fact in conclusions]))

    def _known_of(self, given: set[Key], spoken_of: set[str]) -> list[tuple[Whole, Key]]:
        found = (conclusions for premises, about, conclusions in self._known if about <= spoken_of and premises <= given)
        return [fact for conclusions in found for fact in conclusions]


def names(*numbers: Whole) -> set[str]:
    """The unknowns of these numbers."""
    return {name for number in numbers for product in terms(number) for name in product}


def nothing(u: Numbers) -> list[Whole]:
    """Assumed beside the least sizes."""
    return []


@dataclass(frozen=True)
class Claim:
    """A claim about the source for all sizes.

    `sizes` are its unknowns with the least number that each may be; `further` is assumed beside that. `elements` stand for
    any cell or tap: what is needed of them is given with each goal. `others` are unknowns of which only other claims say
    something; where the sizes are numbers, `completed` says which numbers they are.
    """

    id: str
    sizes: Mapping[str, int]
    elements: tuple[str, ...]
    run: Callable[[Source, Numbers, Goals], None]
    further: Callable[[Numbers], list[Whole]] = nothing
    others: tuple[str, ...] = ()
    completed: Callable[[Source, Mapping[str, int]], dict[str, int] | None] = lambda _, numbers: dict(numbers)

    def assumed(self, u: Numbers) -> list[Whole]:
        """What is ≥ 0 by assumption."""
        return [*(getattr(u, name) - least for name, least in self.sizes.items()), *self.further(u)]

    def unknowns(self, path: Path) -> Numbers:
        """All its unknowns, on a path."""
        return SimpleNamespace(**{name: path.unknown(name) for name in (*self.sizes, *self.elements, *self.others)})

    def hypotheses(self) -> tuple[str, ...]:
        """What is assumed, in letters."""
        return tuple(inequality(fact) for fact in self.assumed(self.unknowns(Path([]))))

    def paths(self, source: Source) -> Iterator[tuple[Path, list[Goal]]]:
        """Every path of the source on unknowns, and what is to be shown from its facts."""
        for path in Paths():
            u = self.unknowns(path)
            path.facts += [terms(fact) for fact in self.assumed(u)]
            goals = Goals()
            self.run(source, u, goals)
            yield path, [*goals]

    def false_at(self, source: Source, numbers: Mapping[str, int]) -> Goal | None:
        """A goal that is false where the unknowns are these numbers, by the source on integers alone; None if there is none."""
        if any(number(fact) < 0 for fact in self.assumed(SimpleNamespace(**numbers))):
            return None
        goals = Goals()
        self.run(source, SimpleNamespace(**numbers), goals)
        wrong = (goal for goal in goals if number(goal.shows) < 0 and all(number(fact) >= 0 for fact in goal.given))
        return next(wrong, None)


def number(x: Whole) -> int:
    """A number that is known."""
    return terms(x).get((), 0)


def inequality(fact: Whole) -> str:
    """fact ≥ 0 without a minus: "kernel ≥ 2·padding"."""
    sides: tuple[list[str], list[str]] = [], []
    for factors, c in terms(fact).items():
        letters = "·".join([*([str(abs(c))] if abs(c) != 1 or not factors else []), *factors])
        sides[c < 0].append(letters)
    return " ≥ ".join(" + ".join(side) or "0" for side in sides)
