"""The picture is that of the record: every step in it, the bound above the error, and the chosen step where it is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.report.ladder.view import LINES, WIDTH, Ladder, ladder
from cnnbp.report.setting import Setting
from cnnbp.report.speech import Speech
from tests.evidence import sample
from tests.helpers.pages import in_english as render

Point = tuple[float, float]
FOUND = sample.ladder()


def viewed(**update: Any) -> Ladder:
    document = sample.document().model_copy(update={"ladder": FOUND.model_copy(update=update)})
    found = ladder(Setting(document, Speech("en")))
    assert found is not None
    return found


def curves(drawing: Any) -> dict[str, list[Point]]:
    """Of each line the points that it runs through; upwards is less."""
    lines = re.findall(r'<polyline class="([\w ]+)" points="([^"]+)"', drawing)
    named = {kind: name for name, kind in LINES.items()}
    return {named[kind]: [(float(x), float(y)) for x, y in re.findall(r"([\d.]+),([\d.]+)", at)] for kind, at in lines}


@settings(max_examples=10)
@given(st.lists(st.floats(0.001, 1), min_size=10, max_size=10))
def test_every_step_is_drawn_and_the_bound_lies_above_what_is_within_it(shares: list[float]) -> None:
    rungs = [rung.model_copy(update={"error": share * rung.bound}) for rung, share in zip(FOUND.rungs, shares, strict=True)]
    found = viewed(rungs=tuple(rungs))
    drawn = curves(found.drawing)
    assert {name: len(points) for name, points in drawn.items()} == dict.fromkeys(LINES, len(rungs))
    assert all(b <= e for (_, b), (_, e) in zip(drawn["bound"], drawn["error"], strict=True))
    across = [x for x, _ in drawn["error"]]
    assert across == sorted(across, reverse=True)
    assert all(0 < x < WIDTH for x in across)
    assert found.numbers["beyond"] == 0


def test_the_chosen_step_is_marked_where_it_stands() -> None:
    found = viewed()
    x, y = curves(found.drawing)["error"][4]
    assert FOUND.rungs[4].step == FOUND.chosen
    assert "h = 2⁻¹⁶" in str(found.drawing)
    square = re.search(r'class="taken" x="([\d.]+)" y="([\d.]+)"', str(found.drawing))
    assert square
    assert (float(square[1]) + 3, float(square[2]) + 3) == pytest.approx((x, y), abs=0.1)


def test_an_error_of_0_stands_at_the_lower_edge() -> None:
    drawn = curves(viewed(rungs=tuple(rung.model_copy(update={"complex": 0.0}) for rung in FOUND.rungs)).drawing)
    assert min(y for _, y in drawn["complex"]) == max(y for points in drawn.values() for _, y in points)


def test_a_complex_step_beyond_its_own_bound_is_told_though_a_difference_might_be_so_far_off() -> None:
    last = FOUND.rungs[-1]
    worse = last.model_copy(update={"complex": last.bound / 2})
    assert last.complex_bound < worse.complex < last.bound
    assert "At 1 of 10 steps an error is beyond its bound." in page(rungs=(*FOUND.rungs[:-1], worse))


@pytest.mark.parametrize("update", [{"chosen": 1.0}, {"rungs": ()}, {"rungs": (FOUND.rungs[4].model_copy(update={"bound": 0.0}),)}])
def test_what_cannot_be_drawn_is_not(update: dict[str, Any]) -> None:
    assert viewed(**update).drawing is None


def test_what_is_beyond_its_bound_and_what_cannot_be_drawn_is_told() -> None:
    worse = FOUND.rungs[0].model_copy(update={"error": 2 * FOUND.rungs[0].bound})
    assert page(chosen=1.0).count("cannot be drawn") == 1
    told = page(rungs=(worse, *FOUND.rungs[1:]))
    assert "At 1 of 10 steps an error is beyond its bound." in told


def page(**update: Any) -> str:
    """The section alone."""
    document = sample.document().model_copy(update={"ladder": FOUND.model_copy(update=update)})
    return render(document).partition('id="section-ladder"')[2].partition("</section>")[0]
