"""The drawings show the connections that the document lists, no more and no less, and say so without a picture too."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.evidence import records as r
from cnnbp.report import render
from cnnbp.report.drawings import svg
from cnnbp.report.drawings.curves import chart
from cnnbp.report.influences.rotated import rotated
from cnnbp.report.influences.view import of
from cnnbp.report.matrix import masked
from cnnbp.report.matrix.connections import drawable
from cnnbp.report.pooling.view import pooling
from cnnbp.report.setting import Setting
from cnnbp.report.speech import Speech
from tests.evidence import sample as base
from tests.report import sample

FLOATS = st.floats(allow_nan=True, allow_infinity=True)


def small(**change: object) -> r.Matrix:
    matrix = base.matrix().model_copy(update=change)
    found = drawable(sample.document().model_copy(update={"matrix": matrix}))
    assert found is not None
    return found


def parsed(drawing: str) -> ET.Element:
    """Well-formed; its name is its caption, and its description stands beside it on the page."""
    root = ET.fromstring(drawing)
    assert root.get("role") in ("img", "group")
    assert str(root.get("aria-labelledby")).startswith("section-of-figure-")
    assert str(root.get("aria-describedby")).startswith("section-text-of-figure-")
    return root


def test_every_drawing_has_its_caption_and_its_description_on_the_page() -> None:
    page = render(sample.document())
    named = re.findall(r'<svg role="\w+" aria-labelledby="([\w-]+)" aria-describedby="([\w-]+)"', page)
    assert len(named) > 5
    for caption, description in named:
        assert re.search(rf'<figcaption id="{caption}"><b>.*?</b>.*\w', page), caption
        assert re.search(rf'<p class="unseen" id="{description}">.*\w', page), description


def test_the_matrix_shows_every_connection_and_no_other() -> None:
    """Each weight nine times, and once in the kernel above, under names that input and output carry too."""
    root = parsed(masked.masked_matrix(small()))
    assert len([e for e in root.iter("rect") if re.fullmatch(r"tap t\d", e.get("class", ""))]) == 81 + 9
    labels = [str(e.text) for e in root.iter("text") if e.get("class") == "label"]
    assert {labels.count(label) for label in labels if label.startswith("w")} == {10}
    assert set(labels) >= {"x₁₁", "x₅₅", "w₃₃", "A₃₃"}


def test_whoever_points_at_a_cell_is_told_what_it_is_made_of() -> None:
    """Each of nine outputs by its nine inputs, each of 25 inputs by the outputs that it influenced; by mouse and keyboard."""
    picks = [e for e in parsed(masked.masked_matrix(small())).iter("g") if e.get("class") == "pick"]
    said = [str(e.get("aria-label")) for e in picks]
    assert {e.get("tabindex") for e in picks} == {"0"}
    assert len(said) == 9 + 25
    assert said[0] == "A₁₁ = w₁₁x₁₁ + w₁₂x₁₂ + w₁₃x₁₃ + w₂₁x₂₁ + w₂₂x₂₂ + w₂₃x₂₃ + w₃₁x₃₁ + w₃₂x₃₂ + w₃₃x₃₃"
    assert said[9] == "∂J/∂x₁₁ = w₁₁δ₁₁"
    assert sorted(text.count("δ") for text in said[9:])[-1] == 9


def test_the_centre_meets_the_kernel_from_its_last_weight_to_its_first() -> None:
    found = of(small())
    assert found.cell == "<i>x</i><sub>33</sub>"
    assert (found.count, found.reversed) == (9, True)
    said = [e.text for e in parsed(found.star).iter("text") if e.get("class") == "caption strong"]
    assert said == [f"A{'₁₂₃'[p]}{'₁₂₃'[q]} ← w{'₁₂₃'[2 - p]}{'₁₂₃'[2 - q]}" for p in range(3) for q in range(3)]
    assert all(equation is not None for equation in found.equations)
    assert r"\delta_{A_{11}}\,w_{33} + \delta_{A_{12}}\,w_{32}" in str(found.equations[0])


def test_a_flipped_forward_is_not_said_to_turn() -> None:
    assert not of(small(entries=tuple((o, 8 - t, i) for o, t, i in base.matrix().entries))).reversed


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
    assert 'id="figure-matrix"' not in page
    assert "does not fit its own shape, or is too large to be drawn" in page


@given(st.lists(st.tuples(st.integers(0, 10**12), FLOATS), max_size=30), st.booleans(), st.booleans())
@settings(deadline=None)
def test_every_curve_stays_in_its_frame(points: list[tuple[int, float]], log: bool, zero: bool) -> None:
    drawn = chart("loss", points, log=log, zero=zero and not log, limit=1.0 if log else None)
    if drawn is None:
        assert not any(1e-300 < y < 1e300 for _, y in points)
        return
    root = parsed(drawn.drawing)
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    for x, y in (map(float, point.split(",")) for point in next(root.iter("polyline")).get("points", "").split()):
        assert 0 <= x <= width
        assert 0 <= y <= height


def test_what_is_no_number_is_no_point() -> None:
    assert chart("loss", [(0, 0.0), (1, math.nan)], log=True) is None
    curve = chart("loss", [(0, 0.5), (1, math.nan), (2, 0.25)])
    assert curve is not None
    assert len(next(parsed(curve.drawing).iter("polyline")).get("points", "").split()) == 2
    assert curve.numbers == {"n": 2, "first": 0, "end": 2, "start": "0.5", "stop": "0.25", "least": "0.25", "most": "0.5"}


def test_as_many_points_as_a_file_may_hold_are_drawn() -> None:
    points = [(step, 1.0 / (step + 1)) for step in range(r.MOST)]
    curve = chart("loss", points)
    assert curve is not None
    assert len(curve.drawing) < 100_000


def test_the_kernel_turned_and_the_transposed_matrix_give_the_same_numbers() -> None:
    """The residual in its frame of zeros under the rotated kernel, and Mᵀδ: worked out twice; not so where nothing was rotated."""
    found = rotated(small())
    assert found is not None
    assert found.frame == (2, 2)
    assert found.same
    assert len(set(found.by_matrix)) > 5
    turned = rotated(small(entries=tuple((o, 8 - t, i) for o, t, i in base.matrix().entries)))
    assert turned is not None
    assert not turned.same


def test_pooling_hands_down_what_came_from_above_and_no_more() -> None:
    """Of a window with a tie the first of the largest gets all; through the mean each cell a quarter."""
    found = pooling(Setting(with_pooling(), Speech("en")))
    assert found is not None
    assert sum(found.largest) == sum(found.mean) == sum(found.above)
    assert [cell for cell, value in enumerate(found.largest) if value] == sorted(
        max(window, key=found.input.__getitem__) for window in WINDOWS
    )
    assert [found.mean[window[0]] for window in WINDOWS] == [Fraction(delta, 4) for delta in found.above]
    parsed(found.drawing)


WINDOWS = ((0, 1, 4, 5), (2, 3, 6, 7), (8, 9, 12, 13), (10, 11, 14, 15))


def with_pooling() -> r.Document:
    """The sample, as if its layers were pooling."""
    document = sample.document()
    one, other = document.layers
    layers = (one.model_copy(update={"operator": "MaxPool2d"}), other.model_copy(update={"operator": "AvgPool2d"}))
    return document.model_copy(update={"layers": layers})


def test_a_number_too_wide_for_its_cell_is_set_smaller() -> None:
    """Neighbours would run into each other."""
    sizes = {value: "small" in svg.valued(0, 0, 26, value, "empty")[1] for value in (7, -9, 16, -13)}
    assert sizes == {7: False, -9: False, 16: False, -13: True}
