"""Readings stand in one truth table, and the numbers of a counterexample as mathematics that nobody has to decode."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnbp.evidence import records as r
from cnnbp.report.marks import MARKS
from cnnbp.report.mathematics.exact import entries, letter, mathematics
from cnnbp.report.statements.readings import readings, rows, truth_table
from tests.evidence import sample as base
from tests.evidence.sample import en
from tests.helpers.pages import in_english as render
from tests.report import sample


def text(markup: str) -> str:
    return "".join(ET.fromstring(f"<p>{markup}</p>").itertext())


def test_facets_are_the_columns_and_a_value_is_said_once() -> None:
    table = truth_table(rows(sample.truth_table().readings, "printed"))
    assert table is not None
    assert table.columns == ["forward", "backward", "kernel"]
    reach = [[cell and (cell[0]["en"], cell[1]) for cell in cells] for cells, _ in table.rows]
    assert reach[0] == [("slides", 4), ("slides", 2), ("as it is", 1)]
    assert reach[1] == [None, None, ("rotated", 1)]
    assert reach[2] == [None, ("flips", 2), ("as it is", 1)]
    assert [row.mark.symbol for _, row in table.rows] == list("✗✓✓✗✓✗✗✓")


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=12))
def test_a_cell_reaches_over_exactly_the_rows_that_share_it(values: list[tuple[int, ...]]) -> None:
    found = [
        base.reading("a").model_copy(update={"facets": {f"f{n}": en(str(value)) for n, value in enumerate(row)}}) for row in values
    ]
    table = truth_table(rows(found, "printed"))
    assert table is not None
    for column in range(3):
        shown: list[str] = []
        for cells, _ in table.rows:
            cell = cells[column]
            shown += [cell[0]["en"]] * cell[1] if cell else []
        assert shown == [str(row[column]) for row in values]


def test_readings_without_facets_or_with_too_many_are_no_table() -> None:
    plain = base.reading("a").model_copy(update={"facets": {}})
    wide = base.reading("b").model_copy(update={"facets": {f"f{n}": en("x") for n in range(9)}})
    for reading in (plain, wide):
        found = readings(rows([reading], "printed"))
        assert found.table is None
        assert len(found.plain) == 1


def test_what_letters_say_and_what_is_supplied_stand_on_the_page() -> None:
    """At how many shapes a reading holds for all numbers, or why letters decide nothing; and the reading that completes a print."""
    silent = base.reading("first-half").letters.model_copy(update={"instances": 0, "shapes": (), "abstains": en("no size")})
    half = base.statement("decay", "half of it judged", base.reading("first-half").model_copy(update={"letters": silent}))
    shown = base.statement("sharing", "incomplete, completed here", base.reading("a", wrong=9), base.reading("all", "supplied"))
    plain = shown.model_copy(update={"readings": tuple(r.model_copy(update={"facets": {}}) for r in shown.readings)})
    book = base.post().model_copy(update={"statements": (plain, half)})
    page = render(base.document().model_copy(update={"derivations": (book,)}))
    article = re.sub(r"<[^>]+>|\s+", " ", page.split('id="sharing"')[1].split("</article>")[0])
    assert "for all numbers at 1 of 2 shapes" in article
    assert "supplied here" in article
    assert "Shapes: 1–1; 1–2." in article
    other = page.split('id="decay"')[1].split("</article>")[0]
    assert "on numbers alone: no size" in other
    assert "The rest is not judged." in other


@pytest.mark.parametrize(("instances", "said"), [(9, True), (2, False)])
def test_what_was_walked_in_orders_is_said_away_from_ties(instances: int, said: bool) -> None:
    """Of the statement, of its reading, and of all in the table of claims."""
    ordered = base.reading("a").letters.model_copy(update={"instances": instances})
    shown = base.statement("pooled", "holds", base.reading("a").model_copy(update={"letters": ordered, "facets": {}}))
    book = base.post().model_copy(update={"statements": (shown,)})
    page = re.sub(r"<[^>]+>|\s+", " ", render(base.document().model_copy(update={"derivations": (book,)})))
    known = "Known on letters : for all numbers{} and every differentiable function, at 2 shapes."
    for sentence in (known, "for all numbers{} at 2 of 2 shapes"):
        assert sentence.format(" away from ties" if said else "") in page.replace("  ", " "), sentence
    assert ("at 2 shapes; 1 statement away from ties" in page) == said


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, "holds"),
        ({"wrong": 1}, "contradicted"),
        ({"holds": None}, "contradicted"),
        ({"holds": False}, "contradicted"),
        ({"vacuous": 20, "holds": None}, "not tested"),
    ],
)
def test_a_reading_never_looks_better_than_it_fared(change: dict[str, object], word: str) -> None:
    (found,) = rows([base.reading("as-printed").model_copy(update=change)], "printed")
    assert found.mark is MARKS[word]


def test_what_a_reading_beyond_its_statement_shows_stands_apart() -> None:
    page = render(sample.document())
    article = page[page.index('id="delta-output"') :]
    article = article[: article.index("</article>")]
    assert article.index("Where it stops") < article.index("Counterexample to “softmax”")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (3, "3"),
        (-2, "−2"),
        ("7", "7"),
        ("1/2", "12"),
        ("-3/4", "−34"),
        ((1, 2), "(1,2)"),
        (((1, 2), (3, 4)), "(1234)"),
        ((((1, 2),), ((3, 4),)), "((12),(34))"),
        (((1, 2), (3,)), "((1,2),(3))"),
        ((), "()"),
        ("<b>", "<b>"),
        (("<b>",), "(<b>)"),
    ],
)
def test_numbers_keep_every_digit(value: r.Given, shown: str) -> None:
    found = mathematics(value)
    assert found is not None
    assert text(found) == shown


def test_a_matrix_is_a_table_and_a_fraction_has_a_bar() -> None:
    root = ET.fromstring(str(mathematics(((1, "-1/2"), (0, 2)))))
    assert [len(row) for row in root.iter("mtr")] == [2, 2]
    (bar,) = root.iter("mfrac")
    assert [part.text for part in bar] == ["1", "2"]


@pytest.mark.parametrize("value", [((0,) * 30,) * 30, 10**500, ("1" * 401,), ((((((((1,),),),),),),),)])
def test_what_nobody_checks_by_hand_is_pointed_to(value: r.Given) -> None:
    assert mathematics(value) is None
    assert entries(value) > 400


def test_names_are_the_letters_of_the_derivation() -> None:
    assert "<msup><mi>w</mi><mtext>(1)</mtext></msup>" in letter("w(1)")
    assert letter("α") == "<i>α</i>"
    assert letter("images") == "images"


def test_a_letter_that_says_itself_what_it_is_stands_alone() -> None:
    page = render(sample.document())
    given = re.search(r'<dd class="given">(.*?)</dd>', page, re.DOTALL)
    assert given
    assert "<msup><mi>z</mi><mn>2</mn></msup>" in given[1]
    assert given[1].count("</i> = ") == 1
