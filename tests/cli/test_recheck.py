"""`cnnbp recheck` finds again what is exact, names what differs, and refuses what is of other sources."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cnnbp import faults
from cnnbp.cli.main import main
from cnnbp.derivations import DERIVATIONS
from cnnbp.derivations.evaluate import record
from cnnbp.evidence import file, records
from cnnbp.evidence.joining.several import several
from cnnbp.run import digits, peers, proofs, recheck
from cnnbp.run.document import assemble, limits
from cnnbp.run.ladder import ladder
from cnnbp.run.matrix import matrix
from cnnbp.run.plan import plan, shard
from cnnbp.run.provenance import sources_sha256
from cnnbp.run.tasks import Task, perform
from cnnbp.run.whole import whole
from cnnbp.text import sentences
from tests.evidence import sample
from tests.evidence.changes import another, changed, places
from tests.evidence.sample.names import SEED

SHORT = ("Dense", "ReLU", "Flatten")


@pytest.fixture(scope="module")
def small() -> records.Document:
    """A document of these sources with a few true proofs."""
    document = sample.document()
    origin = document.provenance.model_copy(update={"sources_sha256": sources_sha256()})
    found = document.proofs.model_copy(
        update={
            "layers": tuple(proofs.proved(name, origin.seed) for name in SHORT), "networks": (), "grids": (),
            "sights": (proofs.sight("one-entry"),), "sizes": None, "twins": (), "rounding": (), "theorems": proofs.theorems(),
        }
    )  # fmt: skip
    rest = {"derivations": (), "matrix": matrix(), "peers": peers.peers()}
    return document.model_copy(update={"provenance": origin, "proofs": found, **rest})


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


def true(small: records.Document) -> records.Document:
    """What the sources say stands in it."""
    of_training = digits.fixed_training()
    curve = tuple((step, 0.5) for step in of_training.pop("points"))
    fault, layer = faults.FAULTS[0], faults.RIGHT[0]
    wrong = {"id": fault.id, "operator": fault.operator, "claim": fault.claim, "source": fault.source}
    right = {"id": layer.id, "operator": layer.operator, "claim": layer.claim}
    return small.model_copy(
        update={
            "derivations": tuple(record(book, ()) for book in DERIVATIONS), "whole": whole(small.provenance.examples),
            "not_covered": limits(), "ladder": ladder(SEED), "digits": digits.digits(SEED),
            "training": sample.training().model_copy(update={**of_training, "loss": curve, "distance": curve}),
            "controls": records.Controls(
                wrong=(sample.doubled().model_copy(update=wrong),), right=(sample.right("one").model_copy(update=right),)
            ),
        }
    )  # fmt: skip


def put(found: records.Document, path: str, value: Any) -> records.Document:
    """With another value in this place."""
    way = tuple(int(key) if key.isdecimal() else key for key in path.split("."))
    return records.Document.model_validate_json(json.dumps(changed(found.model_dump(mode="json"), way, value)))


def test_what_the_sources_say_otherwise_differs(small: records.Document, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a whole run has, what a derivation says beside its statements, what a control is, and every setting."""
    monkeypatch.undo()
    found = true(small)
    assert list(recheck.differing(found)) == []
    wrong, right = found.controls.wrong[0].id, found.controls.right[0].id
    changes: list[tuple[str, str, Any]] = [
        ("derivation post", "derivations.0.title", {"en": "Another"}), ("not_covered", "not_covered", []),
        ("whole", "whole.tries", 1),
        (f"wrong {wrong}", "controls.wrong.0.claim", "harmless"), (f"wrong {wrong}", "controls.wrong.0.source", "harmless"),
        ("wrong nobody", "controls.wrong.0.id", "nobody"), (f"right {right}", "controls.right.0.claim", "harmless"),
        ("ladder", "ladder.entries", 10**9), ("ladder", "ladder.third", 3.0), ("ladder", "ladder.rungs", []),
        ("digits", "digits.source", "others"), ("digits", "digits.samples", 31), ("digits", "digits.layers.3.dtype", "float32"),
        ("digits", "digits.layers.7.layer", "Dense(out_features=11)"), ("digits", "digits.whole.shapes.y", [32, 11]),
        ("digits", "digits.layers", []), ("training", "training.train", 1439), ("training", "training.learning_rate", 1.25),
        ("training", "training.weight_decay", 0.0), ("training", "training.expected_accuracy", 0.5),
        ("training", "training.loss", []),
    ]  # fmt: skip
    for name, path, value in changes:
        assert list(recheck.differing(put(found, path, value))) == [name], path


@pytest.mark.parametrize("update", [{"points": 10**12}, {"measured": {"np.exp": 0.5}}])
def test_how_a_bound_on_rounding_was_measured_is_compared(update: dict[str, Any]) -> None:
    """At how many points, and of which functions; the errors are of the machine."""
    before = sample.document()
    (bound,) = before.proofs.rounding[:1]
    for changes, same in ((update, False), ({"seen": 0.0}, True)):
        rounding = (replace(bound, **changes), *before.proofs.rounding[1:])
        other = before.model_copy(update={"proofs": before.proofs.model_copy(update={"rounding": rounding})})
        assert (recheck.planned(other) == recheck.planned(before)) == same


def left_out(path: tuple[object, ...]) -> bool:
    """Whether this stands where it is said that nothing is found again."""
    named = ".".join(str(key) for key in path if isinstance(key, str))
    return any(named == place or named.startswith(f"{place}.") for places in recheck.NOT_RECHECKED.values() for place in places)


def test_whatever_is_not_said_to_be_left_out_is_compared() -> None:
    """Any other number, name or text anywhere in a document is met by what is held against the sources."""
    document = sample.document()
    before, found, tried = (recheck.planned(document), recheck.said(document)), document.model_dump(mode="json"), set[str]()
    for path in places(found):
        value: Any = found
        for key in path:
            value = value[key]
        kind = ".".join(str(key) for key in path if isinstance(key, str))
        if isinstance(value, (dict, list, type(None))) or left_out(path) or kind in tried:
            continue
        try:
            other = records.Document.model_validate_json(json.dumps(changed(found, path, another(value))))
        except ValueError:
            continue  # a word of a fixed list
        tried.add(kind)
        assert (recheck.planned(other), recheck.said(other)) != before, kind
    assert len(tried) > 120


def test_what_is_left_out_or_there_twice_differs(small: records.Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert "proof Conv2d is missing" in recheck.missing(small)
    assert "statement delta-hidden is missing" in recheck.missing(small)
    layers = (*small.proofs.layers, small.proofs.layers[0])
    assert "Dense is there twice" in recheck.missing(
        small.model_copy(update={"proofs": small.proofs.model_copy(update={"layers": layers})})
    )


def test_a_name_that_nobody_knows_is_not_found_again() -> None:
    assert recheck.perform(Task("proof", "Nonsense", 1, 0)) is None


def test_other_sources_are_refused(small: records.Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    origin = small.provenance.model_copy(update={"sources_sha256": "ab" * 32})
    assert main(["recheck", written(small.model_copy(update={"provenance": origin}), tmp_path)]) == 2
    assert "was made by other sources" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "{}", "[1", json.dumps({"format": "cnnbp-evidence-99"})])
def test_no_evidence_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(text)
    assert main(["recheck", str(path)]) == 2


def test_everything_exact_is_planned() -> None:
    document = sample.document()
    kinds = {task.kind for task in recheck.planned(document)}
    assert kinds >= {"proof", "grid", "defect", "sizes", "twins", "statement"}


def test_neither_pytorch_nor_a_linear_program_is_needed() -> None:
    """In a process of its own, where both cannot be imported."""
    code = (
        "import sys\n"
        "sys.modules['torch'] = sys.modules['scipy.optimize'] = None\n"
        "from cnnbp.run import recheck, tasks\n"
        "for kind, name in (('proof', 'ReLU'), ('theorems', 'theorems')):\n"
        "    assert recheck.perform(tasks.Task(kind, name, 1, 0))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_of_shards_what_is_there_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of another shard is missed, and all of this one is."""
    monkeypatch.undo()
    origin = sample.provenance().model_copy(update={"shard": 2, "shards": 3})
    lacking = recheck.missing(sample.document().model_copy(update={"provenance": origin}))
    whole, parts = plan(origin.examples, origin.seed), [shard(plan(origin.examples, origin.seed), n, 3) for n in (1, 2, 3)]
    mine = {str(task) for task in parts[1].tasks if task.kind in recheck.EXACT}
    assert 0 < len(lacking) <= len(mine) < len(whole.tasks)
    assert {line.removesuffix(" is missing") for line in lacking} <= mine


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
