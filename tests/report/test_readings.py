"""Readings stand in one truth table, and the numbers of a counterexample as mathematics that nobody has to decode."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from cnnbp.report.document import Record
from cnnbp.report.mathematical import letter, mathematics, named
from cnnbp.report.readings import readings, truth_table

from tests.report.statements import reading, statements


def text(markup: str) -> str:
    return "".join(ET.fromstring(f"<p>{markup}</p>").itertext())


def test_facets_are_the_columns_and_a_value_is_said_once() -> None:
    record = next(s for s in statements() if s["label"] == "V18")
    table = truth_table(readings(Record(record)))
    assert table is not None
    assert table.columns == ("forward", "backward", "kernel")
    reach = [[cell and (cell.value, cell.rows) for cell in cells] for cells, _ in table.rows]
    assert reach[0] == [("slides", 4), ("slides", 2), ("as it is", 1)]
    assert reach[1] == [None, None, ("rotated", 1)]
    assert reach[2] == [None, ("flips", 2), ("as it is", 1)]
    assert [row.mark.symbol for _, row in table.rows] == list("✗✓✓✗✓✗✗✓")


def test_readings_without_facets_are_no_table() -> None:
    assert truth_table(readings(Record({"readings": [reading("as printed", True)]}))) is None


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, "holds"),
        ({"wrong": 1}, "refuted"),
        ({"holds": None}, "not tested"),
        ({"holds": "yes"}, "not tested"),
        ({"holds": False}, "refuted"),
    ],
)
def test_a_reading_never_looks_better_than_it_fared(change: dict[str, Any], word: str) -> None:
    (found,) = readings(Record({"readings": [reading("as printed", True) | change]}))
    assert found.mark.word == word


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (3, "3"),
        (-2, "−2"),
        ("1/2", "12"),
        ("-3/4", "−34"),
        ([1, 2], "(1,2)"),
        ([[1, 2], [3, 4]], "(1234)"),
        ([[[1, 2]], [[3, 4]]], "((12),(34))"),
        ([[1, 2], [3]], "((1,2),(3))"),
        ([], "()"),
        (None, "null"),
        ("<b>", "<b>"),
        (["<b>"], "(<b>)"),
    ],
)
def test_numbers_keep_every_digit(value: object, shown: str) -> None:
    assert text(mathematics(value)) == shown


def test_a_matrix_is_a_table_and_a_fraction_has_a_bar() -> None:
    root = ET.fromstring(str(mathematics([[1, "-1/2"], [0, 2]])))
    assert [len(row) for row in root.iter("mtr")] == [2, 2]
    (bar,) = root.iter("mfrac")
    assert [part.text for part in bar] == ["1", "2"]


def test_what_nobody_checks_by_hand_is_pointed_to() -> None:
    assert text(mathematics([[0] * 30] * 30)) == "900 numbers, in evidence.json"


def test_names_are_the_letters_of_the_derivation() -> None:
    assert "<msup><mi>w</mi><mtext>(1)</mtext></msup>" in letter("w(1)")
    assert letter("α") == "<i>α</i>"
    assert letter("images") == "images"
    assert re.sub(r"\s+", " ", text(named("α", "1/2"))) == "α = 12"
    assert "<msup><mi>z</mi><mn>2</mn></msup>" in named("f", "f(z) = z²")
    assert "f =" not in text(named("f", "f(z) = z²")).split("f(z)")[0]
    assert named("rule", "a < b = c") == "a &lt; b = c"
