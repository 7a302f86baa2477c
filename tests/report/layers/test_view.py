"""A count is a column of a layer exactly where some oracle has one that is not 0."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cnnbp.report.layers.view import COUNTS, Layers
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
