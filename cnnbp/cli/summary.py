"""An evidence document for a terminal: the whole run on one screen, or one part of it in full."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any

WIDTH = 100
LINES = 3  # at most, for the verdict of the run and for the names under each verdict of statements
REASON = 2  # lines of what a failing layer says; the evidence has them all
UNNAMED = ("holds", "holds under these readings only", "nothing to test")  # the verdicts that accuse nobody, in their order
UNCONTROLLED = "Controls were not run: this speaks of the parts named, and only a whole run is evidence."
NOTHING = ("definition", "not mathematical")

Document = Mapping[str, Any]


def summary(document: Document) -> str:
    """The run on one screen: the verdict first, then statements by verdict, layers, digits, training and controls."""
    rest = [*_digits(document), *_training(document), *_controls(document)]
    parts = (_head(document), _statements(document), _layers(document), rest)
    return printable("\n\n".join("\n".join(part) for part in parts if part))


def detail(document: Document) -> str:
    """Everything of a run of few parts: of each statement what it says, how its readings fared, and its counterexamples."""
    statements = ["\n".join(_statement(s)) for s in document["statements"]]
    parts = (_layers(document), [*_digits(document), *_training(document)])
    told = ["\n".join(_head(document)), *statements, *("\n".join(part) for part in parts if part), UNCONTROLLED]
    return printable("\n\n".join(told))


def printable(text: str) -> str:
    """The text without what a terminal could take for a command."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def _head(document: Document) -> list[str]:
    return _few(f"{document['status'].upper()}: {document['summary']}", WIDTH)


def _statements(document: Document) -> list[str]:
    by_verdict: dict[str, list[str]] = {}
    for statement in document["statements"]:
        verdict = "nothing to test" if statement["verdict"] in NOTHING else statement["verdict"]
        by_verdict.setdefault(verdict, []).append(statement["id"])
    lines = []
    for verdict in sorted(by_verdict, key=lambda v: UNNAMED.index(v) if v in UNNAMED else -1):
        names = by_verdict[verdict]
        lines.append(f"  {len(names):>3}  {verdict}")
        if verdict not in UNNAMED:
            lines += [" " * 7 + line for line in _few(", ".join(names), WIDTH - 7)]
    return lines


def _few(text: str, width: int) -> list[str]:
    return wrap(text, width, max_lines=LINES, placeholder=" ...", break_on_hyphens=False)


def _layers(document: Document) -> list[str]:
    if not document["layers"]:
        return []
    lines = [f"  {'layer':<22} {'cases':>6} {'pass':>6} {'inconclusive':>13} {'fail':>5}"]
    lines += ["  {operator:<22} {cases:>6} {pass:>6} {inconclusive:>13} {fail:>5}".format(**layer) for layer in document["layers"]]
    failures = [failure for layer in document["layers"] for failure in layer["failures"]]
    reasons = [line for failure in failures[:1] for reason in failure["reasons"][:1] for line in reason.splitlines()]
    return [*lines, *(f"    {line[: WIDTH - 4]}" for line in reasons[:REASON])]


def _digits(document: Document) -> Iterator[str]:
    if "digits" in document:
        whole, parts = document["digits"]["whole"], document["digits"]["layers"]
        passed = sum(part["status"] == "pass" for part in parts)
        yield f"  digits: the whole network {whole['status']}, {passed} of its {len(parts)} layers pass"


def _training(document: Document) -> Iterator[str]:
    if "training" in document:
        found = document["training"]
        learnt = f"{found['accuracy']:.1%} of {found['test']} unseen digits right after {found['steps']} steps"
        yield f"  training: {found['compared']} steps against PyTorch's: {found['status']}; {learnt}"
        if found["reason"]:
            yield f"    {found['reason']}"[:WIDTH]


def _controls(document: Document) -> Iterator[str]:
    wrong, unusual = document["controls"]["wrong"], document["controls"]["unusual"]
    if wrong or unusual:
        caught, accused = sum(c["caught"] for c in wrong), sum(c["accused"] for c in unusual)
        yield f"  controls: {caught} of {len(wrong)} wrong layers caught, {accused} of {len(unusual)} unusual right ones accused"


def _statement(statement: Document) -> Iterator[str]:
    yield f"{statement['id']} ({statement['label']}): {statement['verdict']}"
    for name in ("claim", "quoted", "printed", "corrected", "why"):
        if statement[name]:
            yield from _entry(name, statement[name])
    for reading in statement["readings"]:
        counts = Counter({name: reading[name] for name in ("wrong", "vacuous", "senseless")})
        said = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "none wrong"
        yield from _entry("tried", f"{reading['role']}: {reading['name']}; {reading['cases']} cases, {said}")
    if statement["counterexample"]:
        yield from _counterexample(statement["counterexample"])
    if statement["rerun"]:
        yield from _entry("again", statement["rerun"])


def _counterexample(found: Document) -> Iterator[str]:
    yield "  counterexample"
    yield from _entry("reading", found["reading"])
    for letter, value in found["given"].items():
        yield from _entry(letter, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    yield from _entry("it says", "nothing" if found["says"] is None else json.dumps(found["says"]))
    yield from _entry("true is", json.dumps(found["truth"]))
    yield from _entry("working", found["working"])


def _entry(name: str, text: str) -> list[str]:
    """The text beside its name, in as many lines as it takes."""
    return wrap(text, WIDTH, initial_indent=f"  {name:<10} ", subsequent_indent=" " * 13, break_on_hyphens=False)
