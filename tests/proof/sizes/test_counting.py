"""Counting up: every choice once, the smallest first; instances of what is given."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cnnbp.proof.sizes.claims import Claim, Goals, Numbers
from cnnbp.proof.sizes.counting import count_up, holding, inhabited, instances, labels
from cnnbp.proof.sizes.kernel import Path
from cnnbp.proof.sizes.source import Source, text

SOURCE = Source(text())


def test_every_choice_once_the_smallest_first() -> None:
    """By how much the numbers are together above the least ones."""
    found = [tuple(numbers.values()) for numbers in count_up({"a": 1, "b": 0, "c": 2}, 4)]
    assert len(found) == len(set(found)) == 1 + 3 + 6 + 10 + 15
    assert all(sum(one) <= sum(other) for one, other in pairwise(found))
    assert found[0] == (1, 0, 2)


def test_quotients_get_their_numbers() -> None:
    """Where the path holds, and only there."""
    path = Path([])
    a, b = path.unknown("a"), path.unknown("b")
    path.facts.append((b - 1).terms)
    assert (a // b) // 2 >= 1
    assert holding(path, {"a": 7, "b": 3}) == {"a": 7, "b": 3, "quotient 0": 2, "remainder 0": 1, "quotient 1": 1, "remainder 1": 0}
    assert holding(path, {"a": 5, "b": 3}) is None
    assert holding(path, {"a": 7, "b": 0}) is None


def _about(a: int) -> Claim:
    def run(source: Source, u: Numbers, g: Goals) -> None:
        g.show("small", [], u.a)
        g.show("large", [u.a - a], u.a - a + 1)
        if u.a < 0:
            g.sure("never", False)

    return Claim("made-up", {"a": 0}, (), run)


def test_an_instance_for_every_goal() -> None:
    """Each has what is given to it at one of them; a path that nothing takes needs none."""
    walked = [*_about(3).paths(SOURCE)]
    assert labels(walked) == {"small", "large"}
    assert instances(_about(3), SOURCE, walked) == [{"a": 0}, {"a": 3}]
    assert inhabited(walked, {"a": 2}) == {"small"}


def test_a_goal_about_nothing() -> None:
    """Is said."""
    with pytest.raises(LookupError, match=r"no numbers up to 6 above the least ones show what is given to \['large'\] of made-up"):
        instances(_about(99), SOURCE, [*_about(99).paths(SOURCE)])
