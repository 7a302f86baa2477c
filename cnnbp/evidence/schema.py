"""The JSON schema of an evidence file, generated from the records: `python -m cnnbp.evidence.schema` writes it beside this."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .file import write_text
from .records import FORMAT, Document

PATH = Path(__file__).with_name("schema.json")
ENDED_EARLY = {"properties": {"trouble": {"type": "object"}}}
CANNOT_HOLD = {"properties": {"status": {"not": {"const": "holds"}}}}


def schema() -> dict[str, Any]:
    """All fields of all records, and that no run which ended early holds."""
    found = _closed(Document.model_json_schema(mode="serialization"))
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": FORMAT}
    return {**head, **found, "if": ENDED_EARLY, "then": CANNOT_HOLD}


def _closed(part: Any) -> Any:
    """Where keys are data of some form, none of another form is let in."""
    if isinstance(part, list):
        return [_closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    closed = {"additionalProperties": False} if "patternProperties" in part else {}
    return {key: _closed(each) for key, each in part.items()} | closed


def text() -> str:
    """As it is shipped."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    write_text(PATH, text())
