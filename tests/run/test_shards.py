"""A run shared out among machines: the shards are all of it, none is more than a part, and merged they are the run itself."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.cli.main import main
from cnnbp.evidence import file
from cnnbp.evidence.joining.runs import merged
from cnnbp.evidence.records import Document, Layer
from cnnbp.evidence.status import examine
from cnnbp.run import plan as plans
from cnnbp.run import provenance
from cnnbp.run.document import assemble
from tests.run import results as made
from tests.run.results import ORIGIN, PLAN, tried
from tests.small_run import SMALL, plan

RESULTS = made.results()


@given(of=st.integers(1, 30))
@settings(max_examples=8)
def test_the_shards_are_all_of_it(of: int) -> None:
    """Each task is in one of them, in the order of the whole; and slices of a layer that are together follow each other."""
    found = plans.plan(60, 1)
    parts = [plans.shard(found, number, of) for number in range(1, of + 1)]
    assert sorted((task for each in parts for task in each.tasks), key=found.tasks.index) == list(found.tasks)
    assert all(each.whole == found.whole for each in parts)
    for each in parts:
        starts: dict[str, list[int]] = {}
        for task in each.tasks:
            if task.kind == "layer":
                starts.setdefault(task.name, []).append(task.start)
        assert all(b - a == plans.SLICE for those in starts.values() for a, b in pairwise(those))


def part(number: int, of: int, **changes: Any) -> Document:
    """One shard of the made-up run."""
    tasks = plans.shard(PLAN, number, of).tasks
    return assemble(
        {task: RESULTS[task] for task in tasks}, PLAN, ORIGIN.model_copy(update={"shard": number, "shards": of, **changes})
    )


def without(document: Document) -> str:
    """Everything but where it comes from."""
    found = json.loads(file.text(document))
    del found["provenance"]
    return json.dumps(found)


@given(of=st.integers(2, 9), order=st.randoms())
@settings(max_examples=8)
def test_merged_they_are_the_run(of: int, order: Any) -> None:
    """Byte for byte but for where it comes from, in whatever order they are named, and also two by two."""
    parts = [part(number, of) for number in range(1, of + 1)]
    whole = assemble(RESULTS, PLAN, ORIGIN)
    order.shuffle(parts)
    found = merged({str(number): each for number, each in enumerate(parts)})
    assert without(found) == without(whole)
    assert (examine(found).status, examine(found).contradictions) == ("holds", ())
    assert [(each.shard, each.shards) for each in found.provenance.merged] == [(number, of) for number in range(1, of + 1)]


@given(of=st.integers(2, 6), missing=st.sets(st.integers(1, 6), min_size=1))
@settings(max_examples=8)
def test_a_part_never_holds(of: int, missing: set[int]) -> None:
    """Nothing of it does, and every subject says that it is a part; also where several are merged and one is missing."""
    there = [number for number in range(1, of + 1) if number not in missing] or [1]
    if len(there) == of:
        return
    found = merged({str(number): part(number, of) for number in there})
    standing = examine(found)
    assert (found.status, standing.contradictions) == ("incomplete", ())
    assert {subject.status for subject in standing.subjects} == {"incomplete"}
    assert all(any(why.code == "status.missing-shard" for why in subject.objections) for subject in standing.subjects)
    assert found.provenance.absent == tuple(number for number in range(1, of + 1) if number not in there)


def test_a_failure_in_one_shard_decides() -> None:
    """A layer that is shared out fails as the whole of it does."""
    slices = [task for task in PLAN.tasks if task.kind == "layer"]
    bad = {**RESULTS, slices[1]: replace(RESULTS[slices[1]], cases=(tried(2, "fail", padding="1"), tried(3)))}  # type: ignore[type-var]
    whole = assemble(bad, PLAN, ORIGIN)
    parts = [
        assemble({task: bad[task] for task in plans.shard(PLAN, number, 2).tasks}, PLAN,
                 ORIGIN.model_copy(update={"shard": number, "shards": 2}))
        for number in (1, 2)
    ]  # fmt: skip
    found = merged({"a": parts[0], "b": parts[1]})
    assert without(found) == without(whole)
    layer: Layer = found.layers[0]
    assert (found.status, layer.failed, layer.cases) == ("wrong", 1, 4)


def test_verify_in_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With real tasks: two shards exit with 0 and say that they are parts; the report of all is the run's."""
    assert main([*SMALL, str(tmp_path / "whole")], plan) == 0
    capsys.readouterr()
    for number in (1, 2):
        assert main([*SMALL, str(tmp_path / str(number)), "--shard", f"{number}/2"], plan) == 0
        assert re.search(rf"This is a part of a run,\s+shard {number} of 2", capsys.readouterr().out)
    evidence = [str(tmp_path / str(number) / "evidence.json") for number in (2, 1)]
    monkeypatch.setattr(provenance, "installed", lambda document: None)  # whose whole run has more parts
    assert main(["report", evidence[0], "--out", str(tmp_path / "one")]) == 1
    assert main(["report", *evidence, "--out", str(tmp_path / "merged")]) == 0
    whole, found = (file.read(tmp_path / name / "evidence.json") for name in ("whole", "merged"))
    assert without(found) == without(whole)
    assert "merged of" in (tmp_path / "merged" / "index.html").read_text(encoding="utf-8")


def test_a_shard_of_few_parts_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    """What `--only` does is no part of a run that could be merged."""
    assert main(["verify", "--only", "Dense", "--shard", "1/2"]) == 2
    assert "--shard: expected no --only" in capsys.readouterr().err


@pytest.mark.parametrize("wanted", ["0/3", "4/3", "2", "a/b", "1/0", "1/1001"])
def test_no_such_shard(wanted: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Which of how many is said, else the call is wrong."""
    with pytest.raises(SystemExit) as stopped:
        main(["verify", "--shard", wanted])
    assert stopped.value.code == 2
    assert "expected which of how many shards" in capsys.readouterr().err
