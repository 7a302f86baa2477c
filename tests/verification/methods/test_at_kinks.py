"""Without a reference, at kinks and ties: entries that tell nothing are counted, and a tie is shared out once."""

from __future__ import annotations

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from tests.helpers.layers import bent, gaussian, opaque


@pytest.mark.usefixtures("methods_alone")
def test_entries_at_kinks_are_counted() -> None:
    """Two zeros among six entries of a ReLU: four are judged, two are named."""
    x = np.array([[0.0, 1, -2], [3, 0, -4]])
    finding = cnnbp.verify(opaque(cnnbp.ReLU()), x).evidence[0]
    assert (finding.judged, finding.left_out, finding.status) == (4, 2, "pass")
    assert finding.remark is not None
    assert (finding.remark.code, finding.remark.values) == ("verification.left-out-at-kinks", {"kinks": 2, "noisy": 0})


TIED = np.maximum(gaussian((1, 2, 4, 4))[0] - 0.5, 0)


def _winners(x: Array) -> Array:
    """Every cell that is as large as the largest of its window."""
    y = cnnbp.MaxPool2d(2).forward(x)
    return np.asarray(x == y.repeat(2, 2).repeat(2, 3))


def _all_of_it(delta: Array, x: Array) -> Array:
    return delta.repeat(2, 2).repeat(2, 3) * _winners(x)


def _shared(delta: Array, x: Array) -> Array:
    shares = _winners(x) / (4 * cnnbp.AvgPool2d(2).forward(_winners(x).astype(float))).repeat(2, 2).repeat(2, 3)
    return np.asarray(delta.repeat(2, 2).repeat(2, 3) * shares)


@pytest.mark.parametrize("conventions", ["reference", "any"])
def test_a_tie_is_shared_out_once(conventions: str) -> None:
    """All of the residual to every winner is no convention; an even share for each is one."""
    wrong, shared = (cnnbp.from_functions(cnnbp.MaxPool2d(2).forward, backward) for backward in (_all_of_it, _shared))
    verdict = cnnbp.verify(wrong, TIED, conventions=conventions)
    assert [said.code for said in verdict.wrong] == ["verification.wrong-ties"], str(verdict)
    assert "at ties" in str(verdict).splitlines()[1]
    assert cnnbp.verify(shared, TIED, conventions=conventions).status != "fail"


def test_where_the_forward_is_straight_no_number_is_an_exception() -> None:
    """A mask of y ≠ 0 loses the slope of 2·x at 0; so does what autograd makes of two kinks of which nothing is left."""
    x = np.array([[0.0, 1, -2], [3, 0, -4]])
    for forward in (lambda x: 2 * x, lambda x: 2 * (np.maximum(x, 0) - np.maximum(-x, 0))):
        verdict = cnnbp.verify(cnnbp.from_functions(forward, lambda d, x: 2 * d * (x != 0)), x, conventions="any")
        assert [said.code for said in verdict.wrong] == ["verification.wrong-at-one-number"]
    assert "right on both sides" in str(verdict)
    assert cnnbp.verify(cnnbp.from_functions(lambda x: 2 * x, lambda d, x: 2 * d), x).passed


def test_what_was_not_looked_at_is_counted_beside_it() -> None:
    """Of 16 zeros the first that are wrong are enough."""
    x = np.tile([0.0, 1, -2], 16)
    found = cnnbp.verify(cnnbp.from_functions(lambda x: 2 * x, lambda d, x: 2 * d * (x != 0)), x).evidence[0]
    assert found.remark is not None
    assert (found.status, found.remark.code) == ("fail", "verification.at-one-number-first")
    assert found.remark.values == {"noisy": 0, "unreached": found.left_out}
    assert 0 < found.left_out < 16


@pytest.mark.usefixtures("methods_alone")
def test_a_kink_leaves_out_only_its_own_entry() -> None:
    """A wrong slope beside a kink is caught."""
    wrong = bent("ReLU", dx=lambda dx, _: 2 * dx)
    assert cnnbp.verify(opaque(wrong), np.array([0.0, 1, -2])).status == "fail"
