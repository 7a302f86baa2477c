"""Records of the same thing in several documents, found by their names: no two documents need have them in one order."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def together(found: Sequence[Sequence[T]], name: Callable[[T], Hashable]) -> Iterator[tuple[T, ...]]:
    """In the order of the first. Raises ValueError with the names that are not in each of them."""
    named = [{name(each): each for each in those} for those in found]
    if alone := {key for those in named for key in those if not all(key in others for others in named)}:
        raise ValueError(f"records of {', '.join(sorted(map(str, alone)))} are in some of the runs only, and cannot be added up")
    yield from (tuple(those[key] for those in named) for key in named[0])
