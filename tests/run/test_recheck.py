"""What can be found again is planned from a document, and held against it; whatever else is said is held against the sources."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cnnbp import faults
from cnnbp.derivations import DERIVATIONS
from cnnbp.derivations.evaluate import record
from cnnbp.evidence import records
from cnnbp.run import digits, recheck
from cnnbp.run.document import limits
from cnnbp.run.ladder import ladder
from cnnbp.run.plan import plan, shard
from cnnbp.run.tasks import Task
from cnnbp.run.whole import whole
from tests.evidence import sample
from tests.evidence.changes import another, changed, places
from tests.evidence.sample.names import SEED

from .found_again import put, small


def true() -> records.Document:
    """What the sources say stands in it."""
    few = small()
    of_training = digits.fixed_training()
    curve = tuple((step, 0.5) for step in of_training.pop("points"))
    fault, layer = faults.FAULTS[0], faults.RIGHT[0]
    wrong = {"id": fault.id, "operator": fault.operator, "claim": fault.claim, "source": fault.source}
    right = {"id": layer.id, "operator": layer.operator, "claim": layer.claim}
    return few.model_copy(
        update={
            "derivations": tuple(record(book, ()) for book in DERIVATIONS), "whole": whole(few.provenance.examples),
            "not_covered": limits(), "ladder": ladder(SEED), "digits": digits.digits(SEED),
            "training": sample.training().model_copy(update={**of_training, "loss": curve, "distance": curve}),
            "controls": records.Controls(
                wrong=(sample.doubled().model_copy(update=wrong),), right=(sample.right("one").model_copy(update=right),)
            ),
        }
    )  # fmt: skip


def test_what_the_sources_say_otherwise_differs() -> None:
    """What a whole run has, what a derivation says beside its statements, what a control is, and every setting."""
    found = true()
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


def test_what_is_left_out_or_there_twice_differs() -> None:
    few = small()
    assert "proof Conv2d is missing" in recheck.missing(few)
    assert "statement delta-hidden is missing" in recheck.missing(few)
    layers = (*few.proofs.layers, few.proofs.layers[0])
    assert "Dense is there twice" in recheck.missing(
        few.model_copy(update={"proofs": few.proofs.model_copy(update={"layers": layers})})
    )


def test_a_name_that_nobody_knows_is_not_found_again() -> None:
    assert recheck.perform(Task("proof", "Nonsense", 1, 0)) is None


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


def test_of_shards_what_is_there_is_found_again() -> None:
    """Nothing of another shard is missed, and all of this one is."""
    origin = sample.provenance().model_copy(update={"shard": 2, "shards": 3})
    lacking = recheck.missing(sample.document().model_copy(update={"provenance": origin}))
    whole, parts = plan(origin.examples, origin.seed), [shard(plan(origin.examples, origin.seed), n, 3) for n in (1, 2, 3)]
    mine = {str(task) for task in parts[1].tasks if task.kind in recheck.EXACT}
    assert 0 < len(lacking) <= len(mine) < len(whole.tasks)
    assert {line.removesuffix(" is missing") for line in lacking} <= mine
