"""Every remark in a record, wherever it stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass

from .records import Record
from .verdict import Remark


def remarks(found: object) -> Iterator[Remark]:
    """Those of a record, of all that stands under its fields, and so on."""
    if isinstance(found, Remark):
        yield found
    elif isinstance(found, (Record, Mapping)) or is_dataclass(found):
        for value in (found if isinstance(found, Mapping) else vars(found)).values():
            yield from remarks(value)
    elif isinstance(found, tuple):
        for value in found:
            yield from remarks(value)
