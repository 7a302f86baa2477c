"""A run of few parts in full: of each statement how its readings fared, of each layer its failure, all evidence included."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from ..evidence.records import Counterexample, Document, Layer, Reading, Statement
from ..evidence.status import examine, of_statement
from .cards import cards
from .layout import beside, came, said
from .summary import headline, rest


def detail(document: Document) -> str:
    """Everything that was found; the harness was not tested, and that is said."""
    subjects = [subject for subject in examine(document).subjects if subject.kind != "harness"]
    statements = ["\n".join(_statement(s)) for derivation in document.derivations for s in derivation.statements]
    layers = ["\n".join(_layer(layer)) for layer in document.layers]
    heads = [f"{subject.status.upper()}: {headline(document, subject)}" for subject in subjects]
    told = ["\n".join(heads), "\n".join(cards(document, len(document.layers) + 1)), *statements, *layers, "\n".join(rest(document))]
    return "\n\n".join([*filter(None, told), said("detail.uncontrolled")])


def _layer(layer: Layer) -> Iterator[str]:
    """Its counts, what each oracle said, and the failing case with all evidence."""
    counts = came({name: getattr(layer, name) for name in ("passed", "inconclusive", "failed")})
    yield said("detail.layer", operator=layer.operator, cases=layer.cases, came=counts)
    columns = ("passed", "failed", "abstained", "vacuous", "judged", "left_out")
    yield "  " + f"{'oracle':<26}" + "".join(f"{name.replace('_', ' '):>11}" for name in columns)
    for name, tally in layer.oracles.items():
        yield f"  {name:<26}" + "".join(f"{getattr(tally, column):>11}" for column in columns)
    if layer.failure is not None:
        yield ""
        yield str(layer.failure.verdict)


def _statement(statement: Statement) -> Iterator[str]:
    yield f"{statement.id} ({statement.label}): {of_statement(statement)}"
    for name in ("claim", "quoted", "printed", "corrected", "condition", "unjudged", "why"):
        value = getattr(statement, name)
        text = value["en"] if isinstance(value, Mapping) else value
        if text:
            yield from beside(name, text)
    for reading in statement.readings:
        counts = {name: getattr(reading, name) for name in ("wrong", "vacuous", "senseless")}
        how = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or said("detail.none-wrong")
        told = said("detail.counts", role=reading.role, name=reading.name["en"], cases=reading.cases, said=how)
        yield from beside("tried", f"{told}; {_on_letters(reading)}")
    shown = [r for r in statement.readings if r.role == "printed" and r.counterexample]
    shown.sort(key=lambda reading: reading.counterexample is not None and reading.counterexample.says is None)
    for reading in shown[:1]:
        if reading.counterexample is not None:
            yield from _counterexample(reading.name["en"], reading.counterexample)
    if statement.rerun:
        yield from beside("again", statement.rerun)


def _on_letters(reading: Reading) -> str:
    """At how many shapes it holds for all numbers; or why letters decide nothing."""
    shapes = reading.letters.shapes
    if not shapes:
        return said("detail.no-letters", why=reading.letters.abstains["en"])
    return said("detail.letters", holds=shapes.count("holds"), count=len(shapes), aside=reading.letters.away_from_ties)


def _counterexample(reading: str, found: Counterexample) -> Iterator[str]:
    yield "  counterexample"
    yield from beside("reading", reading)
    for letter, value in found.given.items():
        yield from beside(letter, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    yield from beside("it says", said("detail.nothing") if found.says is None else json.dumps(found.says))
    yield from beside("true is", json.dumps(found.truth))
    yield from beside("working", found.working["en"])
