"""What must hold of every operator: its cases are right, a distorted answer is not, and its bounds tell the two apart."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.cases import Case
from cnnbp.judge import compare
from cnnbp.layers.checks import Array
from cnnbp.operators import OPERATORS
from cnnbp.oracles.closed_form import FORMS
from tests.helpers.layers import case, question, raised

CASES = 5  # `make report` asks about many
NAMES = ("dx", "dw", "db")


@pytest.mark.parametrize("name", OPERATORS)
def test_drawn_cases_are_right_of_the_reference(name: str) -> None:
    """The layer takes each case, and passes nearly always; what is inconclusive says why."""
    passed = 0
    for number in range(CASES):
        c = case(name, number)
        verdict = cnnbp.verify(c.layer, *c.args, delta=c.delta, seed=number)
        assert verdict.status != "fail", str(verdict)
        passed += verdict.passed
        assert bool(verdict.wrong) == (verdict.status == "inconclusive")
        silent = {said.values["quantity"] for said in verdict.wrong if said.code == "verification.not-judged"}
        found = [e for e in verdict.evidence if e.quantity in silent]
        assert all(e.status == "vacuous" or (e.status == "abstain" and e.remark) for e in found)
    assert passed > 0.7 * CASES


def _rolled(g: Array) -> Array:
    """The entries of g, each in the next one's place."""
    return np.roll(g.ravel(), 1).reshape(g.shape)


DISTORTIONS: dict[str, Callable[[Array], Array]] = {
    "a factor": lambda g: 2 * g,
    "rolled": _rolled,
    "one entry": lambda g: raised(1e-9, 3)(g, None),
}


def _bent(c: Case, number: int, distortion: Callable[[Array], Array]) -> Any:
    """The layer of a case with one of its gradients distorted."""

    def backward(delta: Array, *args: Array) -> tuple[Array, ...]:
        gradients = list(c.layer.backward(delta, *args))
        gradients[number] = distortion(gradients[number])
        return tuple(gradients)

    return cnnbp.from_functions(c.layer.forward, backward)


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("distortion", DISTORTIONS)
@pytest.mark.parametrize("name", OPERATORS)
def test_distorted_gradients_fail(name: str, distortion: str) -> None:
    """Each gradient in turn, on gaussian cases, wherever the distortion moves some entry by more than the judge resolves."""
    asked = 0
    for c in islice((c for c in (case(name, number) for number in range(20)) if c.traits[0] == "gaussian"), 1):
        right, known = c.layer.backward(c.delta, *c.args), question(c)
        for number, (quantity, gradient) in enumerate(zip(known.operands, right, strict=True)):
            wrong = DISTORTIONS[distortion](gradient)
            resolution = 2.5 * np.max(known.bound(1, quantity), initial=0.0)
            if not np.any(np.abs(wrong - gradient) > resolution):
                continue
            asked += 1
            verdict = cnnbp.verify(_bent(c, number, DISTORTIONS[distortion]), *c.args, delta=c.delta, like=c.layer)
            assert verdict.status == "fail", f"{NAMES[number]} of {c}"
    assert asked or distortion == "rolled"  # a single entry stays where it is


@pytest.mark.parametrize("name", OPERATORS)
def test_bounds_hold_between_oracles(name: str) -> None:
    """PyTorch, the masked network or the closed form, and the layer are within tier 1 of each other; tier 2 is no number below 0.

    Over all kinds of numbers, wide ranges included.
    """
    kinds, unbounded = set(), 0
    for number in range(20):
        c = case(name, f"bounds {number}")
        kinds.add(c.traits[0])
        asked = question(c)
        with np.errstate(all="ignore"):
            answers = {oracle: said for oracle, said in asked.answers.items() if isinstance(said, dict)}
            own = (c.layer.forward(*c.args), *c.layer.backward(c.delta, *c.args))
            answers["layer"] = dict(zip(asked.quantities, own, strict=True))
            if name in FORMS:
                form, options = FORMS[name], asked.options
                found = form.forward(options, *c.args), *form.gradient(options, c.delta, *c.args)
                answers["closed form"] = dict(zip(asked.quantities, found, strict=False))
            for quantity in asked.quantities:
                bound = asked.bound(1, quantity)
                assert (asked.bound(2, quantity) >= 0).all()
                said = {oracle: np.asarray(a[quantity]) for oracle, a in answers.items() if quantity in a}
                assert len(said) >= 2
                expected = said["autograd"]
                for oracle, actual in said.items():
                    judged = compare(actual, expected, bound)
                    unbounded += judged is None
                    assert judged is None or judged.status != "fail", f"{oracle} and autograd of {quantity}: {judged} {c}"
    assert kinds >= {"small integers", "gaussian"}
    assert unbounded < 20
