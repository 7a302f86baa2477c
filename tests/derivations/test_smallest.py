"""The smallest counterexample: found, small, and the same again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cnnbp.cases.choices import Choices
from cnnbp.derivations.smallest import smallest


@dataclass(frozen=True)
class Numbers:
    """Some numbers."""

    values: tuple[int, ...]

    def given(self) -> Mapping[str, object]:
        return {"values": self.values, "f": "f(z) = z"}


def _draw(choose: Choices) -> Numbers:
    return Numbers(tuple(choose.integer(0, 99) for _ in range(choose.integer(1, 5))))


KNOWN = Numbers((99, 99, 99, 99, 7))


def test_few_and_small_numbers() -> None:
    """Two numbers of the least sum, where two are needed."""
    found = smallest(_draw, lambda numbers: len(numbers.values) > 1 and sum(numbers.values) > 10, KNOWN, 0, thorough=True)
    assert len(found.values) == 2
    assert sum(found.values) == 11


def test_same_seed_same_answer() -> None:
    """A report can be made again."""
    answers = {smallest(_draw, lambda numbers: 7 in numbers.values, KNOWN, seed, thorough=False).values for seed in (3, 3, 3)}
    assert len(answers) == 1


def test_the_rare_is_not_lost() -> None:
    """Where no search hits what fails, the instance that is known stands."""
    assert smallest(_draw, lambda numbers: numbers is KNOWN, KNOWN, 0, thorough=False) is KNOWN
