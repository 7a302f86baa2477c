"""The run in Markdown, as a CI shows it beside its jobs: what follows, what is wrong or open, how strongly anything is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cnnbp.evidence.claims import claims
from cnnbp.evidence.outcomes import Outcome

from ..marks import MARKS
from .markdown import plain, table
from .told import Told, say

MOST = 40  # outcomes that are told one by one


def summary(told: Told) -> str:
    """Far below the 1024 KiB above which GitHub shows nothing of a summary."""
    run = told.document.provenance
    mark = MARKS[told.standing.status].symbol
    parts = [[f"## {mark} cnnbp: {plain(told.title)}"], _subjects(told), _counted(told), _wrong(told), _claims(told)]
    origin = {"version": run.cnnbp, "commit": run.commit or "?", "seed": ", ".join(map(str, run.seeds)), "examples": run.examples}
    parts.append([plain(say("twins.origin", **origin, profile=run.profile, started=run.started, sha256=told.sha256))])
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _subjects(told: Told) -> list[str]:
    """Each, and why it is no better."""
    lines = [f"- **{plain(told.standing.status)}**: {plain(why)}" for why in told.reasons(told.outcomes[0])]
    for each in told.outcomes:
        if each.what == "subject":
            lines.append(f"- {MARKS[each.word].symbol} **{plain(each.id)}**: {plain(each.word)}")
            lines += [f"  - {plain(why)}" for why in told.reasons(each)]
    return lines


def _counted(told: Told) -> list[str]:
    """How many of each kind came out how."""
    kinds = dict.fromkeys((each.of, each.what) for each in told.outcomes if each.what not in ("run", "subject"))
    head = ["", *(say(f"twins.came.{came}") for came in ("pass", "fail", "open", "none"))]
    rows = []
    for of, what in kinds:
        came = Counter(each.came for each in told.outcomes if (each.of, each.what) == (of, what))
        rows.append([f"{of}: {say(f'twins.what.{what}')}", came["pass"], came["fail"], came["open"], came["none"]])
    return [*table(head, rows), *_words(told)] if rows else []


def _words(told: Told) -> list[str]:
    """Of each derivation how its statements came out; "passed" has several meanings."""
    lines = []
    for book in told.document.derivations:
        words = Counter(each.word for each in told.outcomes if each.what == "statement" and each.of == book.id)
        lines += ["", plain(f"{book.id}: " + ", ".join(f"{count} {word}" for word, count in words.most_common()))]
    return lines


def _wrong(told: Told) -> list[str]:
    """What is wrong, then what is open, one by one."""
    of = [
        [each for each in told.outcomes if each.came == came and each.what not in ("run", "subject")] for came in ("fail", "open")
    ]
    found = [*of[0], *of[1]]
    if not found:
        return []
    lines = [f"### {plain(say('twins.wrong'))}", "", *(line for each in found[:MOST] for line in _one(told, each))]
    return [*lines, f"- {plain(say('twins.more', count=len(found) - MOST))}"] if len(found) > MOST else lines


def _one(told: Told, found: Outcome) -> Iterator[str]:
    yield f"- **{plain(f'{found.what} {found.id}')}**: {plain(found.word)}"
    yield from (f"  - {plain(why)}" for why in told.reasons(found))


def _claims(told: Told) -> list[str]:
    """What is claimed by which kind of evidence; nothing where it contradicts itself."""
    found = claims(told.document) if not told.standing.contradictions else []
    rows = [[each.id, each.kind or say("twins.nothing")] for each in found]
    return [f"### {plain(say('twins.claims'))}", "", *table(["", say("twins.kind")], rows)] if rows else []
