"""The drawings show the connections that the document lists, no more and no less, and say so without a picture too."""

from __future__ import annotations

import math
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.evidence import records as r
from cnnbp.report import render
from cnnbp.report.drawings.curves import chart
from cnnbp.report.influences.view import of
from cnnbp.report.matrix import masked
from cnnbp.report.matrix.connections import drawable
from cnnbp.report.speech import Speech
from tests.evidence import sample as base
from tests.report import sample

ENGLISH = Speech("en")
FLOATS = st.floats(allow_nan=True, allow_infinity=True)


def small(**change: object) -> r.Matrix:
    matrix = base.matrix().model_copy(update=change)
    found = drawable(sample.document().model_copy(update={"matrix": matrix}))
    assert found is not None
    return found


def parsed(drawing: str) -> ET.Element:
    """Well-formed, an image to whoever cannot see it, with a name and a description."""
    root = ET.fromstring(drawing)
    assert root.get("role") == "img"
    assert [root[0].tag, root[1].tag] == ["title", "desc"]
    assert root.get("aria-labelledby") == f"{root[0].get('id')} {root[1].get('id')}"
    assert root[0].text
    assert root[1].text
    return root


def test_the_matrix_shows_every_connection_and_no_other() -> None:
    root = parsed(masked.masked_matrix(small(), ENGLISH))
    assert len([e for e in root.iter("rect") if e.get("class") == "tap"]) == 81
    labels = [e.text for e in root.iter("text") if e.get("class") == "label"]
    assert labels[:9] == "w₁₁ w₁₂ w₁₃ w₂₁ w₂₂ w₂₃ w₃₁ w₃₂ w₃₃".split()
    assert {labels.count(label) for label in labels} == {9}
    assert "the other 144 are blank" in (root[1].text or "")


def test_input_kernel_and_output_carry_the_names_of_the_matrix() -> None:
    root = parsed(masked.kernel_and_maps(small(), ENGLISH))
    assert {e.text for e in root.iter("text") if e.get("class") == "label"} >= {"x₁₁", "x₅₅", "w₃₃", "A₃₃"}


def test_the_centre_meets_the_kernel_from_its_last_weight_to_its_first() -> None:
    found = of(small(), ENGLISH)
    assert found.cell == "<i>x</i><sub>33</sub>"
    assert (found.count, found.reversed) == (9, True)
    said = [e.text for e in parsed(found.star).iter("text") if e.get("class") == "caption strong"]
    assert said == [f"A{'₁₂₃'[p]}{'₁₂₃'[q]} ← w{'₁₂₃'[2 - p]}{'₁₂₃'[2 - q]}" for p in range(3) for q in range(3)]
    assert all(equation is not None for equation in found.equations)
    assert r"\delta_{A_{11}}\,w_{33} + \delta_{A_{12}}\,w_{32}" in str(found.equations[0])


def test_a_flipped_forward_is_not_said_to_turn() -> None:
    assert not of(small(entries=tuple((o, 8 - t, i) for o, t, i in base.matrix().entries)), ENGLISH).reversed


@pytest.mark.parametrize(
    "change",
    [
        {"entries": ((0, 9, 0),)},
        {"entries": ((0, 0, 25),)},
        {"entries": ((0, 0, 0), (0, 1, 0))},
        {"entries": ()},
        {"x_shape": (10**9, 10**9)},
    ],
)
def test_a_matrix_that_does_not_fit_its_shape_is_not_drawn_and_that_is_said(change: dict[str, object]) -> None:
    document = sample.document()
    page = render(document.model_copy(update={"matrix": base.matrix().model_copy(update=change)}))
    assert 'id="section-masked-title"' not in page
    assert "does not fit its own shape, or is too large to be drawn" in page


@given(st.lists(st.tuples(st.integers(0, 10**12), FLOATS), max_size=30), st.booleans(), st.booleans())
@settings(deadline=None)
def test_every_curve_stays_in_its_frame(points: list[tuple[int, float]], log: bool, zero: bool) -> None:
    drawn = chart(ENGLISH, "loss", points, log=log, zero=zero and not log, limit=1.0 if log else None)
    if not drawn:
        assert not any(1e-300 < y < 1e300 for _, y in points)
        return
    root = parsed(drawn)
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    for x, y in (map(float, point.split(",")) for point in next(root.iter("polyline")).get("points", "").split()):
        assert 0 <= x <= width
        assert 0 <= y <= height


def test_what_is_no_number_is_no_point() -> None:
    assert chart(ENGLISH, "loss", [(0, 0.0), (1, math.nan)], log=True) == ""
    curve = parsed(chart(ENGLISH, "loss", [(0, 0.5), (1, math.nan), (2, 0.25)]))
    assert len(next(curve.iter("polyline")).get("points", "").split()) == 2


def test_as_many_points_as_a_file_may_hold_are_drawn() -> None:
    points = [(step, 1.0 / (step + 1)) for step in range(r.MOST)]
    assert len(chart(ENGLISH, "loss", points)) < 100_000
