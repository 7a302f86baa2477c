"""The drawings show the connections that the document lists, no more and no less, and say so without a picture too."""

from __future__ import annotations

import math
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from cnnbp.report import masked
from cnnbp.report.connections import Connections, connections
from cnnbp.report.curves import chart
from cnnbp.report.document import Record
from cnnbp.report.influences import influences

from tests.report import sample


def small(**change: Any) -> Connections:
    found = connections(Record({"matrix": sample.matrix() | change}))
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
    root = parsed(masked.masked_matrix(small()))
    assert len([e for e in root.iter("rect") if e.get("class") == "tap"]) == 81
    labels = [e.text for e in root.iter("text") if e.get("class") == "label"]
    assert labels[:9] == "w₁₁ w₁₂ w₁₃ w₂₁ w₂₂ w₂₃ w₃₁ w₃₂ w₃₃".split()
    assert {labels.count(label) for label in labels} == {9}
    assert "the other 144 are blank" in (root[1].text or "")


def test_input_kernel_and_output_carry_the_names_of_the_matrix() -> None:
    root = parsed(masked.kernel_and_maps(small()))
    assert {e.text for e in root.iter("text") if e.get("class") == "label"} >= {"x₁₁", "x₅₅", "w₃₃", "A₃₃"}


def test_the_centre_meets_the_kernel_from_its_last_weight_to_its_first() -> None:
    found = influences(small())
    assert found.cell == "<i>x</i><sub>33</sub>"
    assert (found.count, found.reversed) == (9, True)
    said = [e.text for e in parsed(found.star).iter("text") if e.get("class") == "caption strong"]
    assert said == [f"A{'₁₂₃'[p]}{'₁₂₃'[q]} ← w{'₁₂₃'[2 - p]}{'₁₂₃'[2 - q]}" for p in range(3) for q in range(3)]
    assert all(equation is not None for equation in found.equations)
    assert r"\delta_{A_{11}}\,w_{33} + \delta_{A_{12}}\,w_{32}" in str(found.equations[0])


def test_a_flipped_forward_is_not_said_to_turn() -> None:
    flipped = [[o, 8 - t, i] for o, t, i in sample.matrix()["entries"]]
    assert not influences(small(entries=flipped)).reversed


@pytest.mark.parametrize(
    ("points", "options"),
    [
        ([(0, 0.5), (10, 0.1)], {"zero": True}),
        ([(0, 0.0), (1, 1e-16), (2, 1e-3)], {"log": True}),
        ([(1, 0.25)], {"log": True, "limit": 1.0}),
        ([(0, math.nan), (5, 3.0)], {}),
        ([(0, -2.0), (1, -2.0)], {}),
    ],
)
def test_every_curve_stays_in_its_frame(points: list[tuple[float, float]], options: dict[str, Any]) -> None:
    root = parsed(chart("x", "a curve", points, **options))
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    curve = next(root.iter("polyline")).get("points", "").split()
    assert len(curve) == sum(math.isfinite(y) and (y > 0 or "log" not in options) for _, y in points)
    for x, y in (map(float, point.split(",")) for point in curve):
        assert 0 <= x <= width
        assert 0 <= y <= height


def test_no_points_are_no_curve() -> None:
    assert chart("x", "a curve", [(0, 0.0), (1, math.nan)], log=True) == ""
