"""A derivation from its folder: `statements.toml`, which holds no word of a language, and the words in `text/LANGUAGE.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Any

from .statement import Derivation, Experiment, Statement
from .telling import TOLD, Text, read


def load(folder: Traversable, experiments: Mapping[str, Experiment]) -> Derivation:
    """The derivation of this folder, whose name is its id, each statement with its experiment.

    Raises ValueError where a statement has neither an experiment nor a word for why not, an experiment has no statement, or
    the words are not exactly those that the statements and their readings need.
    """
    table = tomllib.loads(folder.joinpath("statements.toml").read_text("utf-8"))
    text = read(folder.joinpath("text"))
    statements = tuple(_statement(found, text, experiments.get(found["id"])) for found in table["statement"])
    _same("statements with an experiment", (s.id for s in statements if s.experiment), experiments)
    _same("texts", _needed(statements), (key for key in text.words if not key.startswith((*TOLD, "method.", "not_covered."))))
    return Derivation(folder.name, table["language"], text, statements)


def _statement(found: dict[str, Any], text: Text, experiment: Experiment | None) -> Statement:
    misprints = tuple((misprint["piece"], misprint["what"]) for misprint in found.get("misprints", ()))
    theorems = tuple(found.get("theorems", ()))
    statement = Statement(**{**found, "misprints": misprints, "theorems": theorems, "text": text, "experiment": experiment})
    if (experiment is None) == (not statement.untestable):
        raise ValueError(f"{statement.id} must have an experiment, or say why it has none")
    if theorems and experiment is None:
        raise ValueError(f"{statement.id} is not tested, and cannot be a theorem")
    for piece, _ in misprints:
        if piece not in statement.printed:
            raise ValueError(f"{statement.id} names a misprint that is not in the printed form: {piece}")
    return statement


def _needed(statements: Iterable[Statement]) -> Iterator[str]:
    """The keys of all texts that these statements and their readings refer to."""
    yield from ("title", "source", "question")
    for statement in statements:
        own = f"statements.{statement.id}"
        yield from (f"sections.{statement.section}", f"{own}.claim", f"{own}.why")
        yield from (f"defects.{defect}" for defect in (statement.fault, *(what for _, what in statement.misprints)) if defect)
        if statement.experiment:
            yield f"{own}.quantity"
        if statement.halved:
            yield f"{own}.unjudged"
        if statement.conditional:
            yield f"{own}.condition"
        for reading in statement.experiment.readings if statement.experiment else ():
            yield f"{own}.readings.{'each' if reading.facets else reading.id}"
            for facet, value in reading.facets.items():
                yield from (f"facets.{facet}", f"values.{value}")


def _same(what: str, needed: Iterable[str], given: Iterable[str]) -> None:
    wanted, there = set(needed), set(given)
    if wanted != there:
        missing, strays = (", ".join(sorted(names)) or "none" for names in (wanted - there, there - wanted))
        raise ValueError(f"{what}: missing are {missing}; referred to by nothing are {strays}")
