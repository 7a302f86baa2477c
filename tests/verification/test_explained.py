"""A verdict is diagnosed when somebody looks, once; what is written and read again holds the diagnosis, and no arrays."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

import cnnbp
from cnnbp import diagnosis
from cnnbp.evidence import own
from cnnbp.evidence.gathering import Gathering
from cnnbp.report.own import render
from tests.helpers.layers import gaussian
from tests.helpers.wrong import Loops, Turned

SHAPES = (2, 3, 6, 5), (4, 3, 3, 2)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """How often a diagnosis was asked for."""
    calls, real = list[Any](), diagnosis.diagnosed

    def counted(*args: Any) -> Any:
        calls.append(args)
        return real(*args)

    monkeypatch.setattr(diagnosis, "diagnosed", counted)
    return calls


def test_nobody_asks_until_somebody_looks(asked: list[Any]) -> None:
    """Neither for a pass, nor for a failure that nobody reads; then once."""
    assert str(cnnbp.verify(Loops(), *gaussian(*SHAPES), like=cnnbp.Conv2d())).startswith("PASS")
    with pytest.raises(cnnbp.GradientError) as raised:
        cnnbp.assert_gradients(Turned(), *gaussian(*SHAPES), like=cnnbp.Conv2d())
    assert asked == []
    assert "the kernel is not rotated" in str(raised.value)
    assert raised.value.verdict.diagnosis
    assert repr(raised.value.verdict)
    assert len(asked) == 1


def test_it_is_written_and_read_again() -> None:
    """In the document of own layers, on its page, and between processes."""
    verdict = cnnbp.verify(Turned(), *gaussian(*SHAPES), like=cnnbp.Conv2d())
    gathering = Gathering()
    gathering.add(verdict, "Conv2d()")
    sent = own.lines(gathering.records("here"))
    (again,) = own.of_lines(sent)
    assert again.shown == verdict
    assert [cause.what.code for cause in again.shown.diagnosis] == ["diagnosis.cause.kernel-not-rotated"]
    assert str(again.shown) == str(verdict)
    assert again.shown.reproduce() == ""
    page = render(own.document("0", [again], [], "2026-01-01T00:00:00+00:00", 1.0))
    assert "the kernel is not rotated" in page
    for twin in (copy.copy(verdict), pickle.loads(pickle.dumps(verdict))):
        assert twin == verdict
        assert str(twin) == str(verdict)


def test_the_layer_may_forget_what_it_was_asked() -> None:
    """Arrays that the caller changes afterwards change nothing."""
    x, w = gaussian(*SHAPES)
    verdict = cnnbp.verify(Turned(), x, w, like=cnnbp.Conv2d())
    x[...], w[...] = 0, 0
    assert [cause.what.code for cause in verdict.diagnosis] == ["diagnosis.cause.kernel-not-rotated"]


def test_an_unknown_attribute_is_unknown() -> None:
    """As of any object."""
    with pytest.raises(AttributeError, match="nothing"):
        _ = cnnbp.verify(Turned(), *gaussian(*SHAPES), like=cnnbp.Conv2d()).nothing  # type: ignore[attr-defined]
