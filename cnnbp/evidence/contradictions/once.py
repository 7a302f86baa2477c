"""What stands against a record is worked out once: status, page and terminal ask again for each thing that they say."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import ref

from ..verdict import Remark

T = TypeVar("T")
P = ParamSpec("P")
Answers = dict[Hashable, tuple[Remark, ...]]


def once(check: Callable[Concatenate[T, P], Iterable[Remark]]) -> Callable[Concatenate[T, P], tuple[Remark, ...]]:
    """`check`, whose answers about a record are kept as long as the record is there; records do not change."""
    kept: dict[int, tuple[ref[T], Answers]] = {}

    @wraps(check)
    def asked(found: T, /, *others: P.args, **none: P.kwargs) -> tuple[Remark, ...]:
        number = id(found)
        if number not in kept:
            kept[number] = ref(found, lambda _: kept.pop(number, None)), {}
        answers = kept[number][1]
        if others not in answers:
            answers[others] = tuple(check(found, *others, **none))
        return answers[others]

    return asked
