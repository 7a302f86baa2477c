"""Verdicts about layers of somebody's own: who is told of each, how they add up, and the document that holds them."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from functools import wraps
from importlib import metadata
from math import prod
from pathlib import Path
from typing import Annotated, Literal, ParamSpec

from pydantic import Field, ValidationError

from . import strict
from .records.base import Count, Many, Name, Record, Text
from .verdict import Remark, Verdict, VerdictStatus

FORMAT: Literal["cnnbp-own-1"] = "cnnbp-own-1"
Outcome = Literal["passed", "failed", "skipped", ""]
P = ParamSpec("P")


class Own(Record):
    """How one layer fared in one place: a test, or a call of the command line."""

    layer: Name
    where: Text
    like: Text
    """What it had to equal; empty where its backward was held against its own forward alone."""
    passed: Count
    inconclusive: Count
    failed: Count
    shown: Verdict
    """The smallest case that fails; else the smallest that is inconclusive, else the last."""
    shown_like: Text
    """What that case had to equal, with its options."""
    outcome: Outcome
    """Of the test; empty where there is none."""
    rerun: Text

    @property
    def status(self) -> VerdictStatus:
        """One failure is enough; a pass takes one case that passed, and none that failed."""
        return "fail" if self.failed else "pass" if self.passed else "inconclusive"


class OwnDocument(Record):
    """All of them, and what made them."""

    format: Literal["cnnbp-own-1"]
    trouble: Many[Remark]
    """What was lost on the way."""
    cnnbp: Name
    python: Name
    numpy: Name
    torch: Name
    platform: Text
    started: Name
    seconds: Annotated[float, Field(ge=0)]
    layers: Many[Own]

    @property
    def status(self) -> VerdictStatus:
        """A failure shows whatever else is missing; nothing passes that lost something, or holds nothing."""
        statuses = {layer.status for layer in self.layers}
        if "fail" in statuses:
            return "fail"
        return "inconclusive" if self.trouble or statuses != {"pass"} else "pass"


def document(cnnbp: str, layers: list[Own], trouble: list[Remark], started: str, seconds: float) -> OwnDocument:
    """These layers, by this version of cnnbp, with the others that are installed."""
    return OwnDocument(
        format=FORMAT, trouble=tuple(trouble), cnnbp=cnnbp, python=platform.python_version(), numpy=_version("numpy"),
        torch=_version("torch"), platform=platform.platform(), started=started, seconds=seconds, layers=tuple(layers),
    )  # fmt: skip


def text(found: OwnDocument) -> str:
    """The document as JSON."""
    return found.model_dump_json(indent=1) + "\n"


def lines(found: list[Own]) -> str:
    """Records on their way from one process to another."""
    return "\n".join(each.model_dump_json() for each in found)


def of_lines(sent: str) -> list[Own]:
    """What `lines` sent."""
    return [Own.model_validate_json(line) for line in sent.splitlines()]


def read(path: Path) -> OwnDocument | None:
    """The document at `path`, None where it names another format. Raises OSError, and ValueError for nonsense, saying why."""
    content = strict.content(path)
    found = strict.parse(path, content)
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        return None
    try:
        return OwnDocument.model_validate_json(content)
    except ValidationError as error:
        raise ValueError(f"{path}: {strict.first(error, found)}") from None


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

    def records(self, where: str, outcome: Outcome = "", rerun: str = "", name: str = "") -> list[Own]:
        """All layers that were heard of, in this order; under `name` instead of what their classes are called."""
        return [
            Own(
                layer=name or _one(total.layers, layer), where=where, like=_one(total.likes, like),
                passed=total.counts["pass"], inconclusive=total.counts["inconclusive"], failed=total.counts["fail"],
                shown=total.shown, shown_like=total.shown_like, outcome=outcome, rerun=rerun,
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


def _rank(verdict: Verdict) -> tuple[int, int]:
    order = ("fail", "inconclusive", "pass").index(verdict.status)
    return order, sum(map(prod, verdict.shapes.values())) if verdict.status != "pass" else 0


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
        return str(getattr(like, "__name__", type(like).__name__))
    given = [f"{f.name}={getattr(like, f.name)!r}" for f in fields(like) if getattr(like, f.name) != f.default]
    return f"{type(like).__name__}({', '.join(given)})"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
