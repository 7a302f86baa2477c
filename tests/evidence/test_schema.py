"""The shipped JSON schema is the one that the records have, and jsonschema refuses with it what `read` refuses."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.evidence import file, remark, schema
from cnnbp.evidence.records import FORMAT
from tests.evidence.sample import document

SHIPPED = (resources.files("cnnbp") / "evidence" / "schema.json").read_text(encoding="utf-8")
VALIDATOR = jsonschema.Draft202012Validator(json.loads(SHIPPED))
WHOLE = json.loads(file.text(document()))
BARE = {name: [] if isinstance(value, list) else value for name, value in WHOLE.items()}
"""Without statements and layers, which take longest to look at."""
FREE = {
    "classes",
    "facets",
    "given",
    "grids",
    "options",
    "oracles",
    "shapes",
    "values",
    "sections",
    "statements",
    "quantities",
    "instances",
    "measured",
    "numbers",
}  # keys that are data
OPTIONAL = {"remark", "at", "index", "max_error"}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every field of every record."""
    items = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for key, item in items:
        if isinstance(value, dict):
            yield (*path, key)
        yield from places(item, (*path, key))


def test_the_shipped_schema_is_that_of_the_records() -> None:
    """`python -m cnnbp.evidence.schema` writes it; it is a schema of the dialect that it names."""
    assert schema.text() == SHIPPED, "run python -m cnnbp.evidence.schema"
    jsonschema.Draft202012Validator.check_schema(VALIDATOR.schema)
    assert VALIDATOR.schema["properties"]["format"]["const"] == VALIDATOR.schema["$id"] == FORMAT


def test_a_document_follows_it() -> None:
    """Every kind of record is in it; also a document of nothing but its parts does."""
    VALIDATOR.validate(WHOLE)
    VALIDATOR.validate(BARE)


@settings(max_examples=12)
@given(data=st.data())
def test_an_extra_key_and_a_wrong_type_are_refused(data: st.DataObject) -> None:
    """Wherever one of them is, the schema refuses the document: the part in which it is is looked at, beside the others bare."""
    path = data.draw(st.sampled_from([p for p in places(WHOLE) if not FREE & set(p[:-1]) and p[-1] not in FREE]))
    broken = holder = copy.deepcopy(WHOLE)
    for key in path[:-1]:
        holder = holder[key]
    if data.draw(st.booleans()) and "en" not in holder:
        holder["surplus"] = 1
    else:
        holder[path[-1]] = {"not": [["this"]]}
    changed = {key: broken[key] for key in (path[0], "surplus") if key in broken}
    assert not VALIDATOR.is_valid({**BARE, **changed})


@pytest.mark.parametrize("key", [key for key in WHOLE if key != "format"])
def test_a_missing_part_is_refused(key: str) -> None:
    """Also one that may be null."""
    assert not VALIDATOR.is_valid({name: value for name, value in BARE.items() if name != key})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("layers", 1, "evidence", 0, "left_out"), -5), (("layers", 1, "evidence", 0, "judged"), -1),
        (("layers", 0, "evidence", 0, "index"), [0, -1, 1, 2]), (("layers", 0, "shapes", "x"), [32, 1, 8, -8]),
        (("layers", 0, "dtype"), ""), (("whole", "dtype"), "float128"),
    ],
)  # fmt: skip
def test_nothing_is_counted_below_zero_or_asked_in_no_dtype(path: tuple[Any, ...], value: Any, tmp_path: Path) -> None:
    """In a verdict: whoever reads the file refuses it, as the schema does."""
    broken = holder = copy.deepcopy({**BARE, "digits": WHOLE["digits"]})
    for key in ("digits", *path[:-1]):
        holder = holder[key]
    assert VALIDATOR.is_valid(broken)
    holder[path[-1]] = value
    assert not VALIDATOR.is_valid(broken)
    (tmp_path / "evidence.json").write_text(json.dumps(broken))
    with pytest.raises(ValueError, match=str(path[-1])):
        file.read(tmp_path / "evidence.json")


def test_what_ended_early_cannot_hold() -> None:
    """The schema itself forbids it."""
    trouble = json.loads(json.dumps(remark("run.ended", how="SIGTERM").__dict__))
    assert not VALIDATOR.is_valid({**BARE, "trouble": trouble})
    assert VALIDATOR.is_valid({**BARE, "trouble": trouble, "status": "incomplete"})


@pytest.mark.parametrize("title", [{"not": [["this"]]}, {"en": "A title", "english": "A title"}, {"en": 1}])
def test_what_is_told_is_told_by_language(title: Any) -> None:
    """A key of another form is as wrong as a value of another type."""
    (derivation,) = WHOLE["derivations"]
    assert VALIDATOR.is_valid({**BARE, "derivations": [derivation]})
    assert not VALIDATOR.is_valid({**BARE, "derivations": [{**derivation, "title": title}]})
