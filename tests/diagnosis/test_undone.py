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
        (lambda v, _: v.astype(np.float32).astype(float), {"w": ["answers-rounded"]}),
        (lambda v, _: v.astype(np.float16).astype(float), {"w": ["answers-rounded"]}),
        (lambda v, _: np.round(v), {}),
        (lambda v, a: v + 0.05 * a.w, {"w": ["decay"]}),
        (lambda v, _: v + 0.25, {"w": ["offset"]}),
        (lambda v, a: v + 0.05 * a.w**2, {}),
        (lambda v, _: np.ones_like(v), {}),
        (lambda v, _: np.where(np.arange(v.size).reshape(v.shape) == 5, 1.2 * v, v / 2), {}),
    ],
)
def test_what_is_undone(bend: Callable[[Array, Any], Array], found: dict[str, list[str]]) -> None:
    """Differences look at every entry, also at those that the verdict left out: one that differs, and nothing is named."""
    verdict = cnnbp.verify(opaque(bent("Conv2d", dw=bend)), *gaussian(*SHAPES))
    assert verdict.status == "fail"
    assert causes(verdict) == found


@pytest.mark.parametrize(
    ("axes", "along", "found"),
    [
        (0, "0", {"x": ["not-centred"]}),
        (1, "1", {"x": ["not-centred"]}),
        ((0, 2), "1", {"x": ["not-centred-at"]}),
    ],
)
@pytest.mark.parametrize("left_out", [True, False])
def test_the_path_through_a_mean(axes: Any, along: str, found: dict[str, list[str]], left_out: bool) -> None:
    """A mean that is taken for a constant is named by its axes; a variance that is, for which nothing is undone, is not."""

    def normalised(x: Array) -> tuple[Array, Array]:
        centred = x - x.mean(axes, keepdims=True)
        return centred, np.sqrt((centred**2).mean(axes, keepdims=True) + 0.1)

    def backward(delta: Array, x: Array) -> Array:
        centred, sigma = normalised(x)
        through = centred * (delta * centred).mean(axes, keepdims=True) / sigma**2
        return np.asarray((delta - (through if left_out else delta.mean(axes, keepdims=True))) / sigma)

    (x,) = gaussian((5, 3, 2))
    verdict = cnnbp.verify(cnnbp.from_functions(lambda x: np.divide(*normalised(x)), backward), x)
    assert verdict.status == "fail"
    assert causes(verdict) == (found if left_out else {})
    assert all(cause.what.values["along"] == along for cause in verdict.diagnosis)


def test_places_are_said_only_where_all_entries_were_judged() -> None:
    """Of entries that nobody looked at nothing is known."""
    verdict = cnnbp.verify(opaque(bent("Conv2d", dw=lambda v, _: v / 2)), *gaussian(*SHAPES))
    assert [pattern.code for pattern in verdict.patterns] == ["diagnosis.wrong-of-judged", "diagnosis.recognised"]
    assert "were not" in str(verdict)
