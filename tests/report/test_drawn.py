"""The section on what was drawn: a staircase of what met, and what never did."""

from __future__ import annotations

from cnnbp.report.drawn.view import drawn
from cnnbp.report.setting import Setting
from cnnbp.report.speech import Speech
from tests.evidence import sample
from tests.helpers.pages import in_english as render


def test_the_table_is_a_staircase_of_all_pairs() -> None:
    """Each factor from the second on against those before it, each count once; what cannot be is no gap."""
    found = drawn(Setting(sample.document(), Speech("en"), None))
    assert found is not None
    conv = found[0]
    assert [(row.factor, row.name, row.first) for row in conv.rows] == [
        ("padding", "0", True), ("padding", "2", False), ("sizes", "small", True), ("sizes", "large", False),
    ]  # fmt: skip
    assert [row.cells for row in conv.rows] == [(4, 4), (3, 1), (7, 4, 8, 3), (0, 1, None, 1)]
    assert [factor for factor, _ in conv.columns] == ["stride", "padding"]
    assert conv.possible == 11
    assert conv.gaps == (("stride", "1", "sizes", "large"),)


def test_what_never_met_is_told() -> None:
    """In words, and how many pairs did."""
    page = render(sample.document())
    assert "10 of 11 pairs met" in page
    assert "1 pair never met" in page
    assert "stride 1 × sizes large<" in page
