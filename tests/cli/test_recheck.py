"""`cnnbp recheck` finds again what is exact, names what differs, and refuses what is of other sources."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cnnbp.cli.main import main
from cnnbp.evidence import file, records
from cnnbp.evidence.joining.several import several
from cnnbp.run import recheck
from cnnbp.run.document import assemble
from cnnbp.run.plan import plan
from cnnbp.run.provenance import sources_sha256
from cnnbp.run.tasks import Task, perform
from cnnbp.text import sentences
from tests.evidence import sample
from tests.evidence.sample.names import SEED
from tests.run.found_again import SHORT, put
from tests.run.found_again import small as few


@pytest.fixture(scope="module")
def small() -> records.Document:
    """A document of these sources with a few true proofs."""
    return few()


@pytest.fixture(autouse=True)
def as_if_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a whole run had no more than what is there."""
    monkeypatch.setattr(recheck, "missing", lambda document: [])
    monkeypatch.setattr(recheck, "differing", lambda document: [])


def written(document: records.Document, folder: Path) -> str:
    path = folder / "evidence.json"
    path.write_text(file.text(document), encoding="utf-8")
    return str(path)


def test_what_is_as_it_was_is_confirmed(small: records.Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["recheck", written(small, tmp_path), "--jobs", "1"])
    said = capsys.readouterr().out
    assert said.startswith("CONFIRMED")
    assert "3  proofs of a layer" in said
    assert "Not rechecked:" in said
    for name in recheck.NOT_RECHECKED:
        assert sentences("en")[f"cli.recheck.not.{name}"] in said


def test_a_changed_certificate_differs(small: records.Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, *rest = small.proofs.layers
    changed = first.model_copy(update={"proof": replace(first.proof, certificate="0" * 64)})
    document = small.model_copy(update={"proofs": small.proofs.model_copy(update={"layers": (changed, *rest)})})
    assert main(["recheck", written(document, tmp_path), "--jobs", "1"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("DIFFERS in 1")
    assert "proof Dense" in said


@pytest.mark.parametrize(
    "update",
    [
        {"version": "9.9.9"}, {"status": "not for this source", "reasons": ("Not as they were checked: Axis.v.",)},
        {"reasons": ("none",)}, {"theorems": ()},
    ],
)  # fmt: skip
def test_other_theorems_differ(
    small: records.Document, update: dict[str, object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What they say, by which version, and whether they are about this source."""
    assert small.proofs.theorems is not None
    theorems = small.proofs.theorems.model_copy(update=update)
    layers = {"theorems": theorems, "layers": (), "sights": ()}
    other = small.model_copy(update={"proofs": small.proofs.model_copy(update=layers)})
    assert main(["recheck", written(other, tmp_path), "--jobs", "1"]) == 1
    assert "DIFFERS in 1: what is found now is not what the file says.\n  theorems\n" in capsys.readouterr().out


@pytest.mark.parametrize("update", [{"seed": 2}, {"sources": "0" * 64}, {"installed": "0" * 64}, {"checkers": ()}, {"right": 35}])
def test_a_record_of_the_checkers_that_was_changed_differs(
    small: records.Document, update: dict[str, object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where all of its counts fit each other, and where it is said to be of these sources."""
    assert small.peers is not None
    other = small.model_copy(update={"peers": small.peers.model_copy(update=update), "proofs": sample.proofs().model_copy(
        update=dict.fromkeys(("layers", "networks", "grids", "sights", "twins", "rounding"), ()) | {"sizes": None, "theorems": None}
    )})  # fmt: skip
    assert main(["recheck", written(other, tmp_path), "--jobs", "1"]) == 1
    assert "DIFFERS in 1: what is found now is not what the file says.\n  peers\n" in capsys.readouterr().out


def test_other_sources_are_refused(small: records.Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    origin = small.provenance.model_copy(update={"sources_sha256": "ab" * 32})
    assert main(["recheck", written(small.model_copy(update={"provenance": origin}), tmp_path)]) == 2
    assert "was made by other sources" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "{}", "[1", json.dumps({"format": "cnnbp-evidence-99"})])
def test_no_evidence_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(text)
    assert main(["recheck", str(path)]) == 2


@pytest.fixture(scope="module")
def merged() -> records.Document:
    """Two runs of a few tasks each, joined."""
    wanted, found = {"delta-hidden", "loss-batch", "step", *SHORT}, []
    for seed in (SEED, SEED + 1):
        planned = plan(20, seed)
        few = [task for task in planned.tasks if task.name in wanted and task.kind in ("statement", "proof")]
        few += [Task("grid", "AvgPool2d", 20, seed, 3)]
        done = {task: perform(task) for task in few}
        origin = sample.provenance().model_copy(update={"seed": seed, "examples": 20, "sources_sha256": sources_sha256()})
        found.append(assemble(done, replace(planned, tasks=tuple(few)), origin))
    origins = tuple(each.provenance for each in found)
    together = origins[0].model_copy(update={"merged": origins, "examples": 40})
    return several(found).model_copy(update={"provenance": together})


def test_of_several_seeds_each_is_found_again(merged: records.Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a seed changes of every run, joined as `cnnbp report` joins them."""
    main(["recheck", written(merged, tmp_path), "--jobs", "1"])
    said = capsys.readouterr().out
    assert said.startswith("CONFIRMED"), said
    assert {task.others for task in recheck.planned(merged) if task.kind != "peers"} == {(SEED + 1,)}


MERGED: list[tuple[str, str, Any]] = [
    ("proof Dense", "proofs.layers.0.proof.certificate", "0" * 64),
    ("proof Dense", "proofs.layers.0.proof.claims.0.compared", 99),
    ("grid AvgPool2d/3", "proofs.grids.0.digest", "0" * 64),
    ("statement", "derivations.0.statements.0.readings.0.letters.instances", 99),
    ("statement", "derivations.0.statements.0.readings.0.vacuous", 1),
    ("statement", "derivations.0.statements.0.claim", {"en": "Another"}),
    ("", "provenance.merged.1.seed", SEED + 2),
]


@pytest.mark.parametrize(("name", "path", "value"), MERGED, ids=[path for _, path, _ in MERGED])
def test_a_merge_hides_nothing(
    merged: records.Document, name: str, path: str, value: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither what no seed changes, nor what each does, nor runs that never were."""
    assert main(["recheck", written(put(merged, path, value), tmp_path), "--jobs", "1"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("DIFFERS in")
    assert f"\n  {name}" in said
