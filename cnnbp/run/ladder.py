"""Tanh differentiated at every step from a quarter down to rounding: what the step that the harness takes is worth."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..evidence import records
from ..layers import Tanh
from ..operators import OPERATORS
from ..operators.record import EntryByEntry
from ..oracles import finite_difference
from ..oracles.closed_form import FORMS
from ..rounding import Array
from ..verification.examination import Examination, signs
from ..verification.methods import differences
from ..verification.question import Question
from ..verification.subject import Subject

ENTRIES, FARTHEST = 64, 2.0  # of the numbers, whose steps are all alike
STEPS = tuple(2.0**-n for n in range(2, 51))  # down to a few bits of these numbers


def fixed() -> dict[str, Any]:
    """What the record says whatever numbers are drawn."""
    plan = OPERATORS["Tanh"].differences["x"]
    assert isinstance(plan, EntryByEntry)
    assert plan.third is not None
    return {"layer": repr(Tanh()), "entries": ENTRIES, "third": plan.third}


def ladder(seed: int) -> records.Ladder:
    """By the very lines that judge a layer, on numbers drawn for `seed`."""
    rng, layer = np.random.default_rng(seed), Tanh()
    x = rng.uniform(-FARTHEST, FARTHEST, ENTRIES)
    question = Question.of(layer, (x,), signs(x.shape, rng))
    examination = Examination.of(Subject(layer, ["x"], [0]), question, seed)
    plan = OPERATORS["Tanh"].differences["x"]
    assert isinstance(plan, EntryByEntry)
    (chosen,) = set(differences.chosen(question, plan, np.zeros(x.shape, bool)).tolist())
    rungs = tuple(_rung(examination, plan, step) for step in STEPS)
    noise = float(np.max(differences.noise(question, plan)))
    return records.Ladder(
        **fixed(), seed=seed, noise=noise, rounding=float(np.max(_rounding(question))), chosen=chosen, rungs=rungs
    )


def _rung(examination: Examination, plan: EntryByEntry, step: float) -> records.Rung:
    """The worst entry of either way, against what backward answers."""
    x, (gradient,), delta = examination.question.args[0], examination.gradients, examination.question.delta
    slope, bound = differences.entry_by_entry(examination, plan, np.full(x.shape, step))

    def values(at: Array) -> Array:
        return FORMS["Tanh"].forward({}, at)

    turned = delta * finite_difference.complex_step(values, x, np.ones(x.shape), step)
    error, beside = (float(np.max(np.abs(found - gradient))) for found in (slope, turned))
    assert plan.third is not None
    turned_bound = float(np.max(step**2 * plan.third / 3 + _rounding(examination.question)))
    return records.Rung(step=step, error=error, bound=float(np.max(bound)), complex=beside, complex_bound=turned_bound)


def _rounding(question: Question) -> Array:
    """How far two right slopes may lie apart, entry by entry, whatever the step."""
    return question.bound(1, "x")
