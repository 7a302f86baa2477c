"""Without a reference: a cause is named where differences agree once it is undone, in every entry; nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.layers.checks import Array
from tests.diagnosis.test_diagnose import causes
from tests.helpers.layers import bent, gaussian, opaque

pytestmark = pytest.mark.usefixtures("methods_alone")

SHAPES = (2, 2, 5, 4), (3, 2, 3, 3)


@pytest.mark.parametrize(
    ("bend", "found"),
    [
        (lambda v, _: v / 2, {"w": ["factor"]}),
        (lambda v, _: -v, {"w": ["factor"]}),
        (lambda v, _: 1.37 * v, {"w": ["factor-unknown"]}),
        (lambda v, _: v[..., ::-1, ::-1], {"w": ["rotated"]}),
        (lambda v, _: v.swapaxes(-1, -2), {"w": ["last-axes-exchanged"]}),
        (lambda v, _: 0 * v, {"w": ["all-zero"]}),
        (lambda v, _: np.where(np.arange(v.size).reshape(v.shape) == 5, 1.2 * v, v / 2), {}),
    ],
)
def test_what_is_undone(bend: Callable[[Array, Any], Array], found: dict[str, list[str]]) -> None:
    """Differences look at every entry, also at those that the verdict left out: one that differs, and nothing is named."""
    verdict = cnnbp.verify(opaque(bent("Conv2d", dw=bend)), *gaussian(*SHAPES))
    assert verdict.status == "fail"
    assert causes(verdict) == found


def test_places_are_said_only_where_all_entries_were_judged() -> None:
    """Of entries that nobody looked at nothing is known."""
    verdict = cnnbp.verify(opaque(bent("Conv2d", dw=lambda v, _: v / 2)), *gaussian(*SHAPES))
    (pattern,) = verdict.patterns
    assert pattern.code == "diagnosis.wrong-of-judged"
    assert "were not" in str(verdict)
