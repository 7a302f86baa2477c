"""Causes are named where they are true, of layers that share no line with the candidates; right layers are told nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.diagnosis.diagnose import CANDIDATES, MOST, diagnosed
from cnnbp.evidence import Verdict
from cnnbp.faults import RIGHT
from cnnbp.layers.checks import Array
from cnnbp.text import sentences
from tests.helpers import wrong
from tests.helpers.layers import arguments, bent, gaussian, opaque, reference

pytestmark = pytest.mark.usefixtures("methods_alone")

SHAPES = (2, 3, 6, 5), (4, 3, 3, 2)


def causes(verdict: Verdict) -> dict[str, list[str]]:
    """The codes by quantity."""
    found: dict[str, list[str]] = {}
    for cause in verdict.diagnosis:
        found.setdefault(cause.quantity, []).append(cause.what.code.removeprefix("diagnosis.cause."))
    return found


def asked(layer: Any, **said: Any) -> Verdict:
    return cnnbp.verify(layer, *gaussian(*SHAPES), like=cnnbp.Conv2d(), **said)


@pytest.mark.parametrize(
    ("layer", "found"),
    [
        (wrong.Loops(), {}),
        (wrong.Turned(), {"x": ["kernel-not-rotated"]}),
        (wrong.Written(), {"x": ["overwritten-by-channel"]}),
        (wrong.Averaged(), {"w": ["factor"]}),
        (wrong.Exchanged(), {"": ["order"]}),
        (wrong.Convolves(), {"y": ["kernel-rotated"], "x": ["of-own-forward"], "w": ["of-own-forward"]}),
    ],
)
def test_a_convolution_in_loops_is_told_by_its_cause(layer: Any, found: dict[str, list[str]]) -> None:
    """Nothing is invented, and nothing of what is there is missed."""
    verdict = asked(layer)
    assert verdict.passed == (not found)
    assert causes(verdict) == found


def test_a_wrong_forward_with_its_own_gradient_is_told_so() -> None:
    """It is the forward that is to be mended."""
    text = str(asked(wrong.Convolves()))
    assert "the backward is the gradient of the layer's own forward, and that forward is not what Conv2d computes" in text
    assert "the kernel is rotated by 180°" in text


def test_what_is_tried_is_told_with_its_extent() -> None:
    """A cause says on how many entries it was tried, under the names that the caller uses."""
    verdict = asked(wrong.Turned(), names=("kernel",))
    (cause,) = verdict.diagnosis
    assert "kernel rotated by 180°" in str(cause)
    assert "all 180 entries" in str(cause)
    assert str(verdict).index("cause  ") < str(verdict).index("oracle  ")


@pytest.mark.parametrize("control", [r for r in RIGHT if "fft" not in r.id][::2], ids=lambda r: r.id)
def test_right_layers_are_told_nothing(control: Any) -> None:
    """At one case each: `run.controls` asks them about many."""
    layer = reference(control.operator)
    verdict = cnnbp.verify(control.make(**vars(layer)), *arguments(control.operator), like=layer)
    assert verdict.status != "fail"
    known: Any = verdict.known
    every = {"names": known.given.names, "shown": {}, "failed": frozenset(known.of.examination.answers)}
    assert diagnosed(list(known.of.points(verdict.evidence, **every))) == ((), ())  # as if it had been found wrong


@pytest.mark.parametrize("operator", ["Conv2d", "Dense", "MaxPool2d", "AvgPool2d", "BatchNorm2d", "Sigmoid", "HalfSquaredError"])
def test_noise_has_no_cause(operator: str) -> None:
    """Random numbers in the place of dx fit no candidate."""

    def noise(dx: Array, _: Any) -> Array:
        return dx + np.random.default_rng(1).normal(size=dx.shape)

    verdict = cnnbp.verify(bent(operator, dx=noise), *arguments(operator), like=reference(operator))
    assert verdict.status == "fail"
    assert verdict.diagnosis == ()
    assert any(p.code == "diagnosis.wrong" for p in verdict.patterns)


def test_a_cause_must_fit_every_entry() -> None:
    """The kernel is not rotated, and one entry is off by a millionth on top: then that is not why."""

    def both(dx: Array, a: Any) -> Array:
        found = a.backward(w=a.w[..., ::-1, ::-1])[0]
        found[0, 0, 0, 3] *= 1 + 1e-6
        return np.asarray(found)

    assert causes(asked(bent("Conv2d", dx=both))) == {}


def test_what_is_too_large_is_said_not_to_be_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No silence: the reason stands in the place of the cause."""
    monkeypatch.setattr("cnnbp.diagnosis.diagnose.MOST", 10)
    assert causes(asked(wrong.Turned())) == {"x": ["too-large"]}
    assert MOST >= 1_000_000


def test_a_diagnosis_that_fails_hides_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, with the error."""

    def fail(*_: Any) -> Any:
        raise RuntimeError("of the diagnosis")

    monkeypatch.setattr("cnnbp.diagnosis.diagnosed", fail)
    text = str(asked(wrong.Turned()))
    assert "the residual dx is wrong" in text
    assert "no diagnosis: RuntimeError: of the diagnosis" in text


def test_every_candidate_has_a_sentence() -> None:
    """Of each operator."""
    known = sentences("en")
    codes = {candidate.code for candidates in CANDIDATES.values() for candidate in candidates}
    assert len(codes) > 80
    assert {code for code in codes if f"diagnosis.cause.{code}" not in known} == set()


def test_without_a_reference_causes_are_found_by_undoing() -> None:
    """dw/n: differences of the forward agree with n times what the layer answered."""
    x, w = gaussian((2, 2, 4, 4), (2, 2, 2, 2))
    verdict = cnnbp.verify(opaque(wrong.Averaged()), x, w)
    assert causes(verdict) == {"w": ["factor"]}
    assert "1/n" in str(verdict)
    assert causes(cnnbp.verify(opaque(wrong.Loops()), x, w)) == {}


@pytest.mark.parametrize(
    ("layer", "bends", "found"),
    [
        ("Sigmoid", {"dx": lambda _, a: a.delta * (1 - np.tanh(a.x) ** 2)}, {}),
        ("Sigmoid", {"dx": lambda _, a: a.delta * a.y * a.y * (1 - a.y) ** 2}, {"x": ["slope-squared"]}),
        ("Tanh", {"dx": lambda _, a: a.delta * np.tanh(a.x) * (1 - np.tanh(a.x))}, {"x": ["sigmoid-slope"]}),
        ("Tanh", {"dx": lambda _, a: a.delta / np.cosh(np.tanh(a.x)) ** 2}, {"x": ["slope-at-output"]}),
        ("Sigmoid", {"dx": lambda _, a: a.x / (2 + np.exp(a.delta) + np.exp(-a.delta))}, {"x": ["arguments-exchanged"]}),
        ("ReLU", {"dx": lambda _, a: np.where(a.x > 0, 1.0, 0.01) * a.delta}, {"x": ["leaky"]}),
        ("LeakyReLU", {"dx": lambda _, a: np.where(a.x > 0, a.layer.negative_slope, 1.0) * a.delta}, {"x": ["sides-exchanged"]}),
        ("HalfSquaredError", {"dx": lambda _, a: a.delta * a.x / 3}, {"x": ["target-left-out"]}),
        ("SoftmaxCrossEntropy", {"dx": lambda _, a: -a.delta * np.eye(4)[a.params[0]] / 3}, {"x": ["one-hot-alone"]}),
        ("MaxPool2d", {"y": lambda _, a: -np.asarray(cnnbp.MaxPool2d(2, stride=1).forward(-a.x))}, {"y": ["least-for-max"]}),
        ("AvgPool2d", {"y": lambda _, a: cnnbp.MaxPool2d(2, stride=1).forward(a.x)}, {"y": ["max-for-mean"]}),
        ("Dense", {"dw": lambda _, a: np.ones(a.delta.shape).T @ a.x}, {"w": ["residual-ignored"]}),
        ("Dense", {"y": lambda _, a: a.x @ a.w.T}, {"y": ["bias-left-out"]}),
    ],
)
def test_other_layers_are_told_by_their_cause(layer: str, bends: Any, found: dict[str, list[str]]) -> None:
    """Formulas as people write them, which are no candidates' lines; one that fits none stays without a cause."""
    assert causes(cnnbp.verify(bent(layer, **bends), *arguments(layer), like=reference(layer))) == found
