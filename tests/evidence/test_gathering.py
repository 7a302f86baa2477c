"""Verdicts add up by layer, the smallest failure is shown, and whoever listens hears each verdict once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnnbp
from cnnbp.evidence import Verdict, VerdictStatus
from cnnbp.evidence.gathering import Gathering, heard, listening, named
from tests.helpers.layers import gaussian

STATUSES: tuple[VerdictStatus, ...] = ("pass", "inconclusive", "fail")


def verdict(status: VerdictStatus, size: int = 1, layer: str = "Mine") -> Verdict:
    return Verdict(layer, status, (), (), {"x": (size,)})


@given(st.lists(st.tuples(st.sampled_from(STATUSES), st.integers(0, 5)), min_size=1))
def test_counts_and_the_case_that_is_shown(asked: list[tuple[VerdictStatus, int]]) -> None:
    """The worst status there is; of what fails or is inconclusive the smallest, and of equals the last."""
    gathering = Gathering()
    for status, size in asked:
        gathering.add(verdict(status, size), "Conv2d()")
    (own,) = gathering.records("here")
    statuses = [status for status, _ in asked]
    assert (own.passed, own.inconclusive, own.failed) == tuple(map(statuses.count, STATUSES))
    worst = max(statuses, key=STATUSES.index)
    assert own.shown.status == worst
    if worst != "pass":
        assert own.shown.shapes["x"] == (min(size for status, size in asked if status == worst),)
    assert own.status == ("fail" if own.failed else "pass" if own.passed else "inconclusive")


def test_of_equals_the_last_is_shown() -> None:
    """With it Hypothesis ends, having made it as simple as it can."""
    gathering = Gathering()
    first, last = (Verdict("Mine", "fail", (), (), {"x": shape}) for shape in ((2, 3), (3, 2)))
    for found in (first, last):
        gathering.add(found, "")
    assert gathering.records("here")[0].shown == last


def test_layers_are_told_apart_by_class_and_not_by_options() -> None:
    """A property-based test asks about one layer, whatever options it draws; they are named where all have the same."""
    gathering = Gathering()
    for layer, like in (("Conv2d(stride=2)", ""), ("Conv2d(stride=3)", ""), ("Mine", "Dense()"), ("Mine", "Dense()")):
        gathering.add(verdict("pass", layer=layer), like)
    assert [(own.layer, own.like, own.passed) for own in gathering.records("here")] == [("Conv2d", "", 2), ("Mine", "Dense()", 2)]


def test_whoever_listens_hears_each_verdict_once() -> None:
    """`verify`, `assert_gradients` that passes or raises, `verify_network`; not what is asked on the way; not afterwards."""
    x, w = gaussian((2, 3), (2, 3))
    told: list[tuple[str, str, str]] = []

    class Doubled:
        def forward(self, x: object, w: object) -> object:
            return cnnbp.Dense().forward(x, w)

        def backward(self, delta: object, x: object, w: object) -> object:
            return tuple(2 * g for g in cnnbp.Dense().backward(delta, x, w))

    network = cnnbp.Network([cnnbp.Dense(), cnnbp.Tanh()])
    params = [(w, np.zeros(2)), ()]
    with listening(lambda verdict, like: told.append((verdict.layer, verdict.status, like))):
        cnnbp.assert_gradients(cnnbp.Dense(), x, w)
        with pytest.raises(cnnbp.GradientError):
            cnnbp.assert_gradients(Doubled(), x, w, like=cnnbp.Dense())
        cnnbp.verify_network(network, x, np.zeros((2, 2)), params)
    cnnbp.verify(cnnbp.Dense(), x, w)
    assert [(layer, status, like) for layer, status, like in told[:2]] == [("Dense()", "pass", ""), ("Doubled", "fail", "Dense()")]
    assert len(told) == 3
    inner = heard(lambda: verdict("pass", layer="inner"))
    outer = heard(lambda: Verdict("outer", inner().status, ()))
    with listening(lambda verdict, like: told.append((verdict.layer, verdict.status, like))):
        outer()
    assert told[3:] == [("outer", "pass", "")]


def test_what_it_must_equal_in_a_word() -> None:
    """Options that are not the default; of anybody else's the name."""
    named_so = {
        "": None,
        "Conv2d()": cnnbp.Conv2d(),
        "Conv2d(stride=2)": cnnbp.Conv2d(stride=2),
        "sum": sum,
        "Gathering": Gathering(),
    }
    assert {name: named(like) for name, like in named_so.items()} == {name: name for name in named_so}
