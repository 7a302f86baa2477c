"""The section on what was drawn: a staircase of what met, and what never did."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from cnnbp.report.drawn.view import drawn
from cnnbp.report.setting import Setting
from cnnbp.report.speech import Speech
from tests.evidence import sample
from tests.helpers.pages import in_english as render


def test_the_table_is_a_staircase_of_all_pairs() -> None:
    """Each pair of classes is a square in the shade of its count; what cannot be is none, and no gap."""
    found = drawn(Setting(sample.document(), Speech("en"), None))
    assert found is not None
    conv = found[0]
    assert conv.drawing is not None
    drawing = ET.fromstring(conv.drawing)
    assert [list(e.itertext()) for e in drawing.iter("text")] == [
        ["stride: 1", "stride：1"], ["2 and more", "2 及以上"], ["padding: 0", "padding：0"], ["2"], ["sizes: small", "大小：小"],
        ["large", "大"],
    ]  # fmt: skip
    shades = {str(e.get("class")): str(e.get("d")).count("M") for e in drawing.iter("path")}
    assert shades == {"met never": 1, "met met-1": 3, "met met-2": 7}  # counts of 0, of 1 and 2, of 3 to 9; one cannot be
    assert conv.possible == 11
    assert conv.gaps == (("stride", "1", "sizes", "large"),)


def test_what_never_met_is_told() -> None:
    """In words, and how many pairs did."""
    page = render(sample.document())
    assert "10 of 11 pairs met" in page
    assert "1 pair never met" in page
    assert "stride 1 × sizes large<" in page
