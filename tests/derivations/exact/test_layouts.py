"""The shapes of perceptrons: as many numbers as they say, and letters wherever a number is."""

from __future__ import annotations

import numpy as np
import pytest

from cnnbp.cases.choices import Counter
from cnnbp.derivations.exact.layouts import Layout, networks
from cnnbp.derivations.exact.letters import Expression

SPARSE = Layout((1, 2, 3), missing=frozenset({(2, 0, 1), (2, 2, 0)}))
LAYOUTS = [Layout((1, 1)), Layout((2, 3, 1), 3, rate=True, decay=True), SPARSE]


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_size_counts_what_is_shown(layout: Layout) -> None:
    """All numbers of `given`, those of missing connections too."""
    given = layout.numbers(Counter(1, "drawn")).given()
    assert sum(np.size(value) for name, value in given.items() if name != "f") == layout.size


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_letters_stand_for_all_numbers(layout: Layout) -> None:
    """Each its own, but for missing connections, whose weight is 0; and f is any function."""
    (net,) = layout.letters()
    shown = [
        value for values in net.given().values() if not isinstance(values, str) for value in np.ravel(np.array(values, object))
    ]
    letters = {str(value) for value in shown if isinstance(value, Expression)}
    assert len(letters) == layout.size - len(layout.missing)
    assert net.f.name == "f"
    assert all(net.w[layer][k, i] == 0 for layer, k, i in layout.missing)


def test_smallest_first() -> None:
    """Each with each number of samples."""
    found = networks((2, 2), (1, 1), samples=(2, 1))
    assert [str(shape) for shape in found.shapes] == ["1–1", "1–1, m = 2", "2–2", "2–2, m = 2"]
    assert str(SPARSE) == "1–2–3, without 1←2 in 2, 3←1 in 2"
