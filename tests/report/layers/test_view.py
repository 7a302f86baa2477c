"""A count is a column of a layer exactly where some oracle has one that is not 0."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cnnbp.report.layers.view import COUNTS, Layers
from cnnbp.report.speech import Speech
from tests.evidence import sample

BASE = sample.tanh()
TALLIES = st.lists(st.fixed_dictionaries({name: st.sampled_from([0, 0, 0, 3]) for name in COUNTS}), max_size=3)


@given(TALLIES)
def test_a_column_of_zeros_is_left_out(tallies: list[dict[str, int]]) -> None:
    oracles = {f"oracle {n}": sample.tally(12).model_copy(update=counts) for n, counts in enumerate(tallies)}
    found = Layers.counts(BASE.model_copy(update={"oracles": oracles}))
    assert found == [name for name in COUNTS if sum(counts[name] for counts in tallies)]


def test_of_a_layer_of_the_sample() -> None:
    assert Layers.counts(BASE) == ["passed", "abstained", "vacuous", "judged"]


@given(st.lists(st.integers(0, 3), min_size=3, max_size=3))
def test_of_what_there_is_none_nothing_is_said(counts: list[int]) -> None:
    of = dict(zip(("passed", "inconclusive", "failed"), counts, strict=True))
    told = [phrase.by["en"] for phrase in Speech("en").counts(of, "report.layers.came.")]
    words = {"passed": "pass", "inconclusive": "inconclusive", "failed": "fail"}
    assert told == [f"{count} {words[name]}" for name, count in of.items() if count]
