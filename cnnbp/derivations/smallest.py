"""The smallest counterexample: shapes from the smallest on, and at each the numbers in the order of how large they are."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import count, islice
from typing import Any

from ..cases.choices import Choices, Drawn
from .statement import Instance

SIGN = 0.75  # what a minus sign costs: −1 is simpler than 2, and less simple than 1
MOST = 400  # instances of one shape: what the first few hundred do not refute, larger ones rarely do


def smallest(
    shapes: Iterable[Any], numbers: Callable[[Any, Choices], Instance], fails: Callable[[Instance], bool], known: Instance | None
) -> Instance | None:
    """An instance that fails: with as few numbers as any of these shapes has, and among those of the smallest sum.

    What is summed is the size of each number, and the cost of whatever has one. `known` fails: it is the answer where no
    shape has one among its first MOST instances.
    """
    for shape in shapes:
        for instance in islice(by_cost(lambda choose, shape=shape: numbers(shape, choose)), MOST):  # type: ignore[misc]
            if fails(instance):
                return instance
    return known


def by_cost(make: Callable[[Choices], Instance]) -> Iterator[Instance]:
    """Everything that `make` can make of choices, the cheapest first and each once; of the same cost, what was listed first."""
    order, seen = count(), set[str]()
    waiting: list[tuple[float, int, tuple[int, ...]]] = [(0.0, next(order), ())]
    while waiting:
        cost, _, picks = heapq.heappop(waiting)
        choices = _Listed(picks)
        instance = make(choices)
        shown = str(instance.given())
        if shown in seen:  # the last choice changed nothing that is shown: dearer ones are not tried, nor what follows them
            continue
        seen.add(shown)
        yield instance
        following = [(*picks[:-1], picks[-1] + 1)] if picks else []  # the same choices but for a dearer last one
        following += [(*picks, *(0,) * (at - len(picks)), 1) for at in range(len(picks), len(choices.menus))]
        for dearer in following:
            costs = choices.menus[len(dearer) - 1]
            if dearer[-1] < len(costs):
                heapq.heappush(waiting, (cost + costs[dearer[-1]] - costs[dearer[-1] - 1], next(order), dearer))


class _Listed:
    """Choices that are given, by their place in the order of cost; beyond the list, the cheapest."""

    def __init__(self, picks: Sequence[int]) -> None:
        self._picks = picks
        self.menus: list[Sequence[float]] = []

    def integer(self, low: int, high: int) -> int:
        nearest = min(max(0, low), high)
        most = max(high - nearest, nearest - low)
        return int(self.pick([n for step in range(min(most, MOST) + 1) for n in _beside(nearest, step) if low <= n <= high]))

    def pick(self, options: Sequence[Drawn]) -> Drawn:
        cheapest = sorted(range(len(options)), key=lambda index: _cost(options[index], index))
        place = self._picks[len(self.menus)] if len(self.menus) < len(self._picks) else 0
        self.menus.append([_cost(options[index], index) for index in cheapest])
        return options[cheapest[place]]


def _beside(number: int, step: int) -> tuple[int, ...]:
    return (number + step, number - step) if step else (number,)


def _cost(option: Any, index: int) -> float:
    """How much of a number there is, 2 for 2 and for 1/2; what a thing says that it costs; or its place in the list."""
    if isinstance(option, int | Fraction):
        return float(abs(option.numerator) + option.denominator - 1 + SIGN * (option < 0))
    return float(getattr(option, "cost", index))
