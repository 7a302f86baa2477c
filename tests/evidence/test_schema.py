"""The shipped JSON schema: what a run writes follows it, and what is broken in any one place does not."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp import evidence, faults
from cnnbp.run.journal import Journal
from cnnbp.run.provenance import provenance
from cnnbp.run.tasks import perform, plan

SCHEMA = json.loads((resources.files("cnnbp") / "evidence.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
KEPT = ("matrix", "digits", "delta-hidden", "def-weight", "Conv2d", "dense-dw-doubled", "dense-einsum", "wolf")
TRAINING = {
    "network": "Network([Dense()])", "source": "made up", "train": 8, "test": 2, "batch": 4, "learning_rate": 1.5,
    "weight_decay": 1e-4, "seed": 0, "steps": 2, "compared": 1, "status": "abstain", "reason": "Only 1 of 2 steps was compared.",
    "worst": {
        "step": 1, "parameter": "w1", "index": [0, 3], "actual": 0.5, "expected": 0.5, "error": 0.0, "bound": 1e-16, "ratio": 0.0,
    },
    "ratios": [0.1], "loss": [[1, 0.5]], "distance": [[1, float("nan")]], "accuracy": 0.5, "accuracy_torch": None,
    "expected_accuracy": 0.95,
}  # fmt: skip


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """A run of a few tasks of every kind, one accused layer among them."""
    make = next(fault.make for fault in faults.FAULTS if fault.id == "dense-dw-doubled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(faults, "UNUSUAL", (*faults.UNUSUAL, faults.Unusual("wolf", "Dense", "in sheep's clothing", make)))
        planned = [task for task in plan(4, 1) if task.name in KEPT]
        journal = Journal(planned, provenance(1, "quick", 4, 1, "2026-01-01T00:00:00+00:00"))
        for task in planned:
            journal.add(task, perform(task))
    found: dict[str, Any] = json.loads(evidence.text({**journal.document(), "training": TRAINING}))
    return found


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every key of every object in the document."""
    items = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for key, item in items:
        if isinstance(value, dict):
            yield (*path, key)
        yield from places(item, (*path, key))


def inside(document: Any, path: tuple[Any, ...]) -> Any:
    """What stands there; in a list, a name is that of the record with this id."""
    for key in path:
        named = isinstance(document, list) and isinstance(key, str)
        document = next(item for item in document if item["id"] == key) if named else document[key]
    return document


FREE = {"facets", "given", "options", "oracles", "shapes"}  # objects whose keys are data
OPTIONAL = {("matrix",), ("digits",), ("training",)}


def test_the_schema_is_one() -> None:
    """It is a schema of the dialect that it names, and of the format that is written."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["format"]["const"] == SCHEMA["$id"] == evidence.FORMAT


def test_a_real_document_follows_it(document: dict[str, Any]) -> None:
    """Every kind of record is in it; so does the document of a run that has only begun."""
    VALIDATOR.validate(document)
    assert document["status"] == "void"
    assert document["controls"]["unusual"][-1]["accusations"]
    assert any(reading["counterexample"] for s in document["statements"] for reading in s["readings"])
    begun = Journal(plan(4, 1), document["provenance"]).document()
    VALIDATOR.validate(json.loads(evidence.text(begun)))


@settings(max_examples=60)
@given(data=st.data())
def test_a_missing_key_an_extra_key_and_a_wrong_type_are_refused(document: dict[str, Any], data: st.DataObject) -> None:
    """Wherever one of them is, the schema refuses the document."""
    path = data.draw(st.sampled_from([p for p in places(document) if not FREE & set(p[:-1])]))
    broken = copy.deepcopy(document)
    holder, key = inside(broken, path[:-1]), path[-1]
    how = data.draw(st.sampled_from(["missing", "extra", "type"]))
    if how == "missing" and path not in OPTIONAL:
        del holder[key]
    elif how == "type":
        holder[key] = {"not": "this"}
    else:
        holder["surplus"] = 1
    assert not VALIDATOR.is_valid(broken)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "cnnbp-evidence-1"),
        (("status",), "passed"),
        (("statements", "delta-hidden", "verdict"), "probably"),
        (("statements", "delta-hidden", "claim"), "No full stop"),
        (("statements", "delta-hidden", "readings", 0, "role"), "invented"),
        (("statements", "delta-hidden", "readings", 0, "wrong"), -1),
        (("statements", "delta-hidden", "counterexample"), {"reading": "x"}),
        (("statements", "delta-hidden", "counterexample", "truth"), [0.5]),
        (("layers", 0, "oracles", "masked_dense", "kinds"), ["hearsay"]),
        (("controls", "wrong", 0, "caught"), "yes"),
        (("matrix", "entries", 0), [0, 0]),
        (("digits", "whole", "status"), "maybe"),
        (("training", "status"), "inconclusive"),
        (("training", "accuracy"), "NaN"),
        (("provenance", "sources_sha256"), "abc"),
    ],
)
def test_a_wrong_word_is_refused(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    """Verdicts, kinds and counts have their words and ranges; an exact number is never a rounded one."""
    broken = copy.deepcopy(document)
    inside(broken, path[:-1])[path[-1]] = value
    assert not VALIDATOR.is_valid(broken)


def test_an_incomplete_document_cannot_hold(document: dict[str, Any]) -> None:
    """The schema itself forbids it."""
    assert not VALIDATOR.is_valid({**document, "complete": False, "status": "holds"})
    assert VALIDATOR.is_valid({**document, "complete": False, "status": "refuted"})
