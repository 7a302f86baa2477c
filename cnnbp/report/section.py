"""What a section of the page is made of, and how it keeps to the order of a whole run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .setting import Setting

T = TypeVar("T")
Entry = tuple[str, str]  # an anchor, and the title that stands there


def _none(view: Any) -> Sequence[Entry]:
    return ()


@dataclass(frozen=True)
class Section:
    """A folder of this name. `view` is None where the page has nothing to show; `entries` are its parts in the contents."""

    name: str
    view: Callable[[Setting], Any]
    entries: Callable[[Any], Sequence[Entry]] = _none
    titled: bool = True


class Part:
    """A section as it stands on one page."""

    def __init__(self, section: Section, setting: Setting) -> None:
        self.name, self.titled = section.name, section.titled
        self.anchor, self.template = f"section-{section.name}", f"{section.name}/template.html.j2"
        self.view = section.view(setting)
        self.entries = () if self.view is None else section.entries(self.view)


@dataclass(frozen=True)
class Place(Generic[T]):
    """Where a whole run has a record: the record, or None where it is missing. `known` is false of one that a whole run lacks."""

    name: str
    record: T | None
    known: bool = True


def places(wanted: Iterable[str], found: Iterable[T], name: Callable[[T], str]) -> list[Place[T]]:
    """Every record in its place: first what a whole run has, in its order, then what stands beside it."""
    there: dict[str, list[T | None]] = {}
    for record in found:
        there.setdefault(name(record), []).append(record)
    whole = dict.fromkeys(wanted)
    rows = [Place(key, record) for key in whole for record in there.get(key, [None])]
    return rows + [Place(key, record, known=False) for key in there if key not in whole for record in there[key]]
