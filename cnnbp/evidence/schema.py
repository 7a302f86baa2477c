"""The JSON schema of an evidence file, generated from the records: `python -m cnnbp.evidence.schema` writes it beside this."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from .file import write_text
from .records import FORMAT, Document
from .records.base import Record

PATH = Path(__file__).with_name("schema.json")
ENDED_EARLY = {"properties": {"trouble": {"type": "object"}}}
CANNOT_HOLD = {"properties": {"status": {"not": {"const": "holds"}}}}


def schema() -> dict[str, Any]:
    """All fields of all records, and that no run which ended early holds."""
    found = Document.model_json_schema(mode="serialization")
    for record in _records(Record):
        part = found if record is Document else found["$defs"].get(record.__name__, {})
        for name, told in _told(record).items():
            if name in part.get("properties", {}):
                part["properties"][name] = dict(sorted({**part["properties"][name], "description": told}.items()))
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": FORMAT}
    return {**head, **found, "if": ENDED_EARLY, "then": CANNOT_HOLD}


def _records(base: type[Record]) -> Iterator[type[Record]]:
    for record in base.__subclasses__():
        yield record
        yield from _records(record)


def _told(record: type[Record]) -> dict[str, str]:
    """What the source says under each field. Pydantic would read it whenever the records are imported, for a fifth of a second."""
    found = dict[str, str]()
    for each in reversed(record.__mro__[: record.__mro__.index(Record)]):
        body = cast(ast.ClassDef, ast.parse(inspect.getsource(each)).body[0]).body
        for field, said in pairwise(body):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(said, ast.Expr):
                found[field.target.id] = inspect.cleandoc(ast.literal_eval(said.value))
    return found


def text() -> str:
    """As it is shipped."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    write_text(PATH, text())
