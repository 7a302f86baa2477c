"""`cnnbp faults`: the catalogue of wrong and of right but unusual layers, and what each method sees of them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from .commands import SCRATCH, THREADS
from .folder import Mistake
from .layout import beside, said
from .named import nearest
from .progress import Progress
from .signals import Stop, listening
from .terminal import printable, say, tell

if TYPE_CHECKING:
    from ..faults import Fault, Right
    from ..run.sight import Sight, Task

EXAMPLES = 200  # drawn cases within which a wrong layer must be caught
STEPS = (1, 3, 10, 50, 200)  # of the case at which one is caught


def faults(arguments: argparse.Namespace) -> int:
    """0 where every wrong layer is caught and no right one fails, 1 otherwise. Raises Mistake for an id that is unknown."""
    for name in THREADS:
        os.environ[name] = "1"  # before NumPy is loaded
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", SCRATCH)
    from ..run import provenance, sight

    known = _of(arguments.operator, sight.controls())
    if arguments.id is not None and arguments.id not in known:
        near = nearest(arguments.id, known, said("faults.all-ids"))
        raise Mistake(said("faults.unknown", id=arguments.id, nearest=near))
    if arguments.list:
        say(printable("\n".join(_listed(known, arguments.id))))
        return 0
    seed = arguments.seed if arguments.seed is not None else int(provenance.sources_sha256()[:8], 16)
    ids = list(known) if arguments.id is None else [arguments.id]
    tasks = [sight.Task(id, arguments.examples, seed, deep=arguments.id is not None) for id in ids]
    with listening() as deaf:
        try:
            found = _carry_out(tasks, arguments.jobs)
        except Stop as stop:
            tell(f"cnnbp: ended by {stop.how}")
            return stop.status
        deaf()
    told = _card(known[ids[0]], found[0], seed) if arguments.id is not None else _all(known, found, arguments.examples)
    say(printable("\n".join(told)))
    return int(any(_failed(known[each.id], each) for each in found))


def _carry_out(tasks: Sequence[Task], jobs: int) -> list[Sight]:
    from ..run.processes import Failed, carry_out
    from ..run.sight import look

    progress, found = Progress(sys.stderr, len(tasks)), list[tuple[int, "Sight"]]()
    places = {str(task): place for place, task in enumerate(tasks)}
    try:
        with closing(carry_out(tasks, look, jobs)) as results:
            for done, (task, one) in enumerate(results, 1):
                found.append((places[str(task)], one))
                progress.tell(done, task)
    except Failed as failure:
        raise Mistake(str(failure)) from failure
    finally:
        progress.end()
    return [one for _, one in sorted(found, key=lambda each: each[0])]


def _of(operator: str | None, known: Mapping[str, Fault | Right]) -> Mapping[str, Fault | Right]:
    """The layers that must equal this operator; all of them for None. Raises Mistake."""
    operators = list(dict.fromkeys(entry.operator for entry in known.values()))
    if operator is not None and operator not in operators:
        raise Mistake(said("faults.no-operator", operator=operator, nearest=nearest(operator, operators)))
    return {id: entry for id, entry in known.items() if operator in (None, entry.operator)}


def _wrong(entry: Fault | Right) -> bool:
    return hasattr(entry, "trigger")


def _failed(entry: Fault | Right, found: Sight) -> bool:
    """A wrong layer that was not caught, or a right one that was failed."""
    return not found.caught if _wrong(entry) else bool(found.simplest)


def _listed(known: Mapping[str, Fault | Right], id: str | None) -> Iterator[str]:
    """A line each: what it must equal, whether it is wrong, and what it claims."""
    for name, entry in known.items():
        if id in (None, name):
            kind = said("faults.listed-wrong" if _wrong(entry) else "faults.listed-right")
            yield f"{name:<38} {entry.operator:<19} {kind:<5} {entry.claim}"


# ---- the whole catalogue -------------------------------------------------------------------------


def _all(entries: Mapping[str, Fault | Right], found: Sequence[Sight], examples: int) -> Iterator[str]:
    wrong = [each for each in found if _wrong(entries[each.id])]
    right = [each for each in found if not _wrong(entries[each.id])]
    counts = {"caught": sum(bool(each.caught) for each in wrong), "wrong": len(wrong), "examples": examples}
    yield said("faults.caught", **counts, failed=sum(bool(each.simplest) for each in right), right=len(right))
    for each in found:
        if _failed(entries[each.id], each):
            yield from ("", *_failure(entries[each.id], each))
    yield from ("", *_steps(wrong), "", said("faults.head") + ":", *_methods(wrong), "", *_inherent(), "", said("faults.more"))


def _failure(entry: Fault | Right, found: Sight) -> Iterator[str]:
    yield f"{said('faults.missed' if _wrong(entry) else 'faults.failed')}: {entry.id}"
    yield from beside("claim", entry.claim)
    if _wrong(entry):
        yield from beside("shows with", str(getattr(entry, "trigger", "")))
    yield from found.message.splitlines()


def _steps(wrong: Sequence[Sight]) -> Iterator[str]:
    """How many were caught at which case."""
    least = 1
    for most in STEPS:
        count = sum(least <= each.caught <= most for each in wrong)
        yield f"  {said('faults.seen-first')} {least if least == most else f'{least} to {most}':<10} {count:>5}"
        least = most + 1


def _methods(wrong: Sequence[Sight]) -> Iterator[str]:
    from ..run.sight import METHODS

    yield " " * 58 + said("faults.columns")
    for method in METHODS:
        saw, asked = ([each for each in wrong if method in getattr(each, what)] for what in ("first", "spoke"))
        alone = sum(len(each.first) == 1 for each in saw)
        yield f"  {said(f'seer.{method}'):<55} {len(saw):>4}  {len(asked):>5}  {alone:>5}"


def _inherent() -> Iterator[str]:
    from ..text import sentences

    yield said("faults.nobody")
    for code, text in sentences("en").items():
        if code.startswith("cli.inherent."):
            yield from beside("-", text, column=1)


# ---- one layer in full ---------------------------------------------------------------------------


def _card(entry: Fault | Right, found: Sight, seed: int) -> Iterator[str]:
    from ..faults.upstream import links

    yield f"{entry.id}  ({entry.operator}; {said('faults.wrong' if _wrong(entry) else 'faults.right')})"
    yield from beside("claim", entry.claim)
    for name, text in (("shows with", getattr(entry, "trigger", "")), ("from", getattr(entry, "source", ""))):
        if text:
            yield from beside(name, text)
    for link in links(getattr(entry, "source", "")):
        yield from beside("upstream", link)
    at = " / ".join(getattr(entry, "at", ()))
    yield from beside("asked at", said("faults.at", at=at) if at else said("faults.any-case"))
    yield from ("", said("faults.head-deep", cases=found.cases) + ":", *_of_one(found))
    yield ""
    if found.simplest:
        yield from (said("faults.simplest", number=found.simplest), "", found.message)
    else:
        yield said("faults.not-caught" if _wrong(entry) else "faults.not-failed", cases=found.cases)
    yield from ("", said("faults.again", id=entry.id, seed=seed))


def _of_one(found: Sight) -> Iterator[str]:
    from ..run.sight import METHODS

    yield " " * 58 + said("faults.columns-deep")
    for method in METHODS:
        first = str(found.first.get(method, said("faults.never")))
        asked = found.spoke.get(method, 0)
        nothing = said("faults.silent" if method in found.silent else "faults.unasked")
        told = f"{first:>13}  {asked:>8}" if asked else f"{nothing:>23}"
        yield f"  {said(f'seer.{method}'):<55} {told}"
