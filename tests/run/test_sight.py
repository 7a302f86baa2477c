"""What each method sees: counted from verdicts, so that a change of what is seen changes the count."""

from __future__ import annotations

import pytest

from cnnbp import faults, layers
from cnnbp.evidence import Evidence, Verdict, remark
from cnnbp.run import controls, sight
from cnnbp.run.sight import DEEP, REFERRED, Task, look

SEEN = {
    "conv-dw-rotated": {"masked_dense", "autograd", "finite_difference", "integers", "norms"},
    "conv-true-convolution": {"masked_dense", "autograd", "integers", "norms"},  # no difference of its own forward sees it
    "dense-transposed-kept": {"contract"},
    "sigmoid-single-number": {"contract"},
}


def _fault(name: str) -> faults.Fault:
    return next(fault for fault in faults.FAULTS if fault.id == name)


@pytest.mark.parametrize("name", SEEN)
def test_who_sees_what(name: str) -> None:
    """Of the methods that have a reference, at the first case at which any of them sees it."""
    found = look(Task(name, 200, 3))
    assert {method for method in found.first if method in REFERRED} == SEEN[name]
    assert found.caught == found.cases == found.simplest > 0
    assert "FAIL" in found.message


def test_in_depth_every_method_is_asked() -> None:
    """At all of the cases, and `verify` without a reference and `prove` at three small ones."""
    found = look(Task("dense-db-mean", 5, 1, deep=True))
    assert found.cases == found.spoke["masked_dense"] == found.spoke["contract"] == DEEP
    assert found.spoke["alone"] == 3
    assert {"alone", "prove"} <= found.first.keys()
    assert found.caught <= 5
    assert found.simplest


@pytest.mark.parametrize("seed", [1, 7, 1395878735])
def test_small_cases_are_found_whatever_the_seed(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Among the first twenty of a convolution there may be none; a layer that is aimed at large sizes has none at all."""
    asked: list[str] = []
    monkeypatch.setattr(sight, "_alone", lambda *_: asked.append("alone"))
    monkeypatch.setattr(sight, "_prove", lambda *_: asked.append("prove"))
    look(Task("conv-kernel-not-flipped", 1, seed))
    assert asked == ["alone", "prove"]


def test_what_is_wrong_nowhere_is_never_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The layer itself, called a fault: not caught, and no message."""
    tame = faults.Fault("tame", "Dense", "nothing is wrong", "never", "made up", layers.Dense)
    monkeypatch.setattr(faults, "FAULTS", (tame,))
    found = look(Task("tame", 4, 1))
    assert (found.caught, found.simplest, found.cases, found.message, found.first) == (0, 0, 4, "", {})


def test_a_right_layer_is_asked_at_a_fortieth_and_a_wolf_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    found = look(Task("dense-recursive", 120, 1))
    assert (found.cases, found.simplest, found.caught) == (3, 0, 0)
    monkeypatch.setattr(
        faults, "RIGHT", (faults.Right("wrong-inside", "Dense", "wrong all the same", _fault("dense-dw-doubled").make),)
    )
    assert look(Task("wrong-inside", 60, 1)).simplest


def test_cases_are_aimed_at_what_a_layer_is_asked_at() -> None:
    """A layer that is wrong at large sizes alone is asked at large sizes, any other as the harness draws."""
    large = {controls.drawn(_fault("dense-feature-tail"), number, 0).traits[-1] for number in range(20)}
    usual = {controls.drawn(_fault("dense-w-transposed"), number, 0).traits[-1] for number in range(60)}
    assert large == {"large"}
    assert usual > {"small"}


@pytest.mark.parametrize(
    ("item", "method"),
    [
        (Evidence("autograd", "x", "fail", "sampled"), "autograd"),
        (Evidence("autograd", "x", "fail", "exact at points", at="integers"), "integers"),
        (Evidence("autograd", "x", "fail", "sampled", at="mantissas"), "norms"),
        (Evidence("masked_dense", "x", "fail", "sampled", remark=remark("verification.not-by-norm")), "norms"),
        (Evidence("contract", "repeats", "fail", "contract"), "contract"),
    ],
)
def test_whose_evidence_it_is(item: Evidence, method: str) -> None:
    assert sight.method_of(item) == method
    assert sight.seen(Verdict("L", "fail", (item,))) == {method: True}
