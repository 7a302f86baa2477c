"""A statement in several runs: what one of them refutes is refuted, and the verdict is that of all instances together."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnbp.evidence import contradictions as against
from cnnbp.evidence import records as r
from cnnbp.evidence.joining.statements import statement
from cnnbp.evidence.status import follows
from tests.evidence import sample

KINDS = st.sampled_from(["holds", "wrong", "senseless", "vacuous"])


def reading(kind: str) -> r.Reading:
    """The printed one, as it fared in one run."""
    found = sample.reading("as-printed", wrong=9 if kind in ("wrong", "senseless") else 0)
    if kind == "senseless":
        shown = found.counterexample and found.counterexample.model_copy(update={"says": None})
        told = {"en": "It has no value."}
        found = found.model_copy(update={"senseless": 9, "nonsense": told, "counterexample": shown, "worst_error": 0.0})
    return found.model_copy(update={"vacuous": found.cases, "holds": None}) if kind == "vacuous" else found


def run(kind: str, seed: int) -> r.Statement:
    """The statement in that run."""
    found = sample.statement("delta-output", "holds", reading(kind))
    found = found.model_copy(update={"rerun": f"cnnbp verify --only delta-output --seed {seed} --examples {found.cases}"})
    return found.model_copy(update={"verdict": follows(found)})


@given(st.lists(KINDS, min_size=1, max_size=4))
def test_it_follows_from_all_instances(kinds: list[str]) -> None:
    """Counts are added up, one wrong run refutes, and nothing in the record contradicts the rest."""
    runs = [run(kind, seed) for seed, kind in enumerate(kinds)]
    assert [told for each in runs for told in against.statement(each, follows(each))] == []
    found = statement(runs)
    assert list(against.statement(found, follows(found))) == []
    assert found.cases == sum(each.cases for each in runs)
    bad = {"wrong", "senseless"} & set(kinds)
    assert (found.verdict == "refuted") == bool(bad)
    assert (found.verdict == "not tested") == (set(kinds) == {"vacuous"})
    assert found.rerun in [each.rerun for each in runs]


@pytest.mark.parametrize("order", [1, -1])
def test_the_counterexample_that_is_shown_has_a_value(order: int) -> None:
    """Where one of the runs has such a one."""
    found = statement([run("senseless", 1), run("wrong", 2)][::order])
    shown: Any = found.readings[0].counterexample
    assert shown.says is not None


def test_what_was_never_tested_stays_as_it_is() -> None:
    """A definition has no readings."""
    found = sample.statement("delta-output", "definition")
    assert statement([found, found]) == found
