"""Verdicts as they come: whoever listens is told of each, and adds them up by layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from functools import wraps
from typing import ParamSpec

from ..attributes import name_of
from .own import Outcome, Own
from .simplest import effort
from .verdict import Remark, Verdict, VerdictStatus

P = ParamSpec("P")


class Gathering:
    """Verdicts added up by layer and reference, whatever their options."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, str], _Sum] = {}

    def add(self, verdict: Verdict, like: str) -> None:
        """One more. Of equals the later is shown: Hypothesis ends with the simplest example."""
        key = _class(verdict.layer), _class(like)
        total = self._sums.setdefault(key, _Sum(verdict))
        total.counts[verdict.status] += 1
        total.layers[verdict.layer] = total.likes[like] = None
        if _rank(verdict) <= _rank(total.shown):
            total.shown, total.shown_like = verdict, like

    def records(
        self, where: str, outcome: Outcome = "", rerun: str = "", name: str = "", notes: tuple[Remark, ...] = ()
    ) -> list[Own]:
        """All layers that were heard of, in this order; under `name` instead of what their classes are called."""
        return [
            Own(
                layer=name or _one(total.layers, layer), where=where, like=_one(total.likes, like),
                passed=total.counts["pass"], inconclusive=total.counts["inconclusive"], failed=total.counts["fail"],
                shown=total.shown, shown_like=total.shown_like, outcome=outcome, rerun=rerun,
                notes=notes,
            )
            for (layer, like), total in self._sums.items()
        ]  # fmt: skip


@dataclass
class _Sum:
    shown: Verdict
    shown_like: str = ""
    counts: dict[VerdictStatus, int] = field(default_factory=lambda: {"pass": 0, "inconclusive": 0, "fail": 0})
    layers: dict[str, None] = field(default_factory=dict)
    likes: dict[str, None] = field(default_factory=dict)


def _class(name: str) -> str:
    return name.partition("(")[0]


def _one(names: dict[str, None], otherwise: str) -> str:
    """With its options where all have the same."""
    return next(iter(names)) if len(names) == 1 else otherwise


def _rank(verdict: Verdict) -> tuple[int, ...]:
    order = ("fail", "inconclusive", "pass").index(verdict.status)
    return order, *(effort(verdict) if verdict.status != "pass" else ())


# ---- who is told ------------------------------------------------------------------------------------------------------

Listener = Callable[[Verdict, str], None]
_listeners: list[Listener] = []
_depth = [0]  # a verdict that is asked for on the way to another is no answer to the user


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """In here every verdict that anybody asks for is told, with the name of what the layer must equal."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def heard(function: Callable[P, Verdict]) -> Callable[P, Verdict]:
    """`function`, whose verdicts are told to whoever listens."""

    @wraps(function)
    def asked(*args: P.args, **given: P.kwargs) -> Verdict:
        __tracebackhide__ = True
        _depth[0] += 1
        try:
            verdict = function(*args, **given)
        finally:
            _depth[0] -= 1
        if not _depth[0]:
            for listener in list(_listeners):
                listener(verdict, named(given.get("like")))
        return verdict

    return asked


def named(like: object) -> str:
    """What a layer must equal, in a word: its class, with the options that are not the default; empty for None."""
    if like is None:
        return ""
    if isinstance(like, type) or not is_dataclass(like) or not type(like).__module__.startswith("cnnbp.layers"):
        return name_of(like)
    given = [f"{f.name}={getattr(like, f.name)!r}" for f in fields(like) if getattr(like, f.name) != f.default]
    return f"{type(like).__name__}({', '.join(given)})"
