"""What letters decide: for all numbers, shape by shape; and what they leave undecided, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from cnnbp.derivations.decide import Decision, candidates, decisions, outcome, same
from cnnbp.derivations.exact.letters import Letters
from cnnbp.derivations.statement import Experiment, Instances, Outcome, Reading
from cnnbp.derivations.telling import told


def _rows(size: int) -> Iterator[Any]:
    yield Letters(size).array(size)


def _reversed(rows: Any) -> Outcome:
    return Outcome(rows[::-1], rows)


REVERSED = Reading("reversed", _reversed)
NEVER = Reading("never", _reversed, abstains=told("abstains.inequality"))
ROWS = Instances((1, 2, 3), lambda size, choose: choose.integer(1, size), _rows)


def test_shape_by_shape() -> None:
    """A row of one is its own reverse, longer ones are not."""
    (found,) = decisions(Experiment(ROWS, REVERSED))
    assert (found.shapes, found.instances, found.refuted) == (("holds", "differs", "differs"), 3, True)
    assert list(candidates(ROWS, found, has_value=True)) == [2, 3]
    assert list(candidates(ROWS, found, has_value=False)) == []


def test_abstention_has_its_reason() -> None:
    """Of a reading, or of all; then every shape may have a counterexample."""
    silent = Instances((1, 2), ROWS.numbers, abstains=told("abstains.sizes"))
    assert [found.abstains for found in decisions(Experiment(ROWS, REVERSED, NEVER))] == [None, told("abstains.inequality")]
    found = decisions(Experiment(silent, REVERSED, NEVER))
    assert [each.abstains for each in found] == [told("abstains.sizes"), told("abstains.inequality")]
    assert list(candidates(silent, found[0], has_value=True)) == [1, 2]


def test_one_instance_of_a_shape_refutes_it() -> None:
    """Of two orders the reading holds in one."""

    def both(_: object) -> Iterator[Any]:
        a, b = Letters(2).array(2)
        yield np.array([a, a], object)
        yield np.array([a, b], object)

    once = replace(REVERSED, id="once", once=True)
    found, first = decisions(Experiment(Instances(("pair",), ROWS.numbers, both), REVERSED, once))
    assert (found.shapes, found.instances) == (("differs",), 2)
    assert (first.shapes, first.instances) == (("holds",), 1)


def test_outcomes() -> None:
    """Another shape, no value, both sides 0, nothing there that it is about."""
    a = Letters(1).array(1)
    assert outcome(Outcome(None, a)) == outcome(Outcome(np.concatenate([a, a]), a)) == "no value"
    assert outcome(Outcome(a - a, 0 * a)) == outcome(Outcome(a, a, vacuous=True)) == "vacuous"
    assert outcome(Outcome(2 * a, a, vacuous=True)) == "differs"
    assert (outcome(Outcome(a, a)), outcome(Outcome(0 * a, a))) == ("holds", "differs")
    assert same(np.array([1], object), np.array([1], object))
    assert Decision(("vacuous", "holds")).refuted is False
