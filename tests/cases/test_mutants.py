"""A few of the changes of the layers' source that `python -m tests.cases.mutants` puts to drawn cases."""

from __future__ import annotations

import ast
from functools import cache

import pytest

from tests.helpers.mutants import Mutant

from .changes import ROOM, of_file
from .equivalent import CHANGES, LINES, why
from .mutants import ORDER, caught, load


@cache  # and not at once: whoever collects the tests would wait for some thousand sources
def _mutants(name: str) -> tuple[Mutant, ...]:
    return tuple(of_file(f"{name}.py"))


@pytest.mark.parametrize("name", ORDER)
def test_some_changes_of_every_file_are_caught(name: str) -> None:
    """Of a few that are spread over the file each is found wrong, or is listed with the reason why it answers alike."""
    few = [mutant for mutant in _mutants(name) if not why(name, mutant)][:: 1 + len(_mutants(name)) // 2]
    assert few
    assert [str(mutant) for mutant in few if not caught(name, mutant.source, 60)] == []


@pytest.mark.parametrize("name", ORDER)
def test_the_source_itself_is_not(name: str) -> None:
    """Nor is a change that is listed as equivalent."""
    source = (ROOM / f"{name}.py").read_text(encoding="utf-8")
    assert load(name, source).Conv2d.__doc__
    alike = next((mutant.source for mutant in _mutants(name) if why(name, mutant)), source)
    assert [caught(name, text, 4) for text in (source, alike)] == ["", ""]


def test_every_change_is_another_source() -> None:
    """There are many, and none of them is the source."""
    assert sum(len(_mutants(name)) for name in ORDER) > 900
    for name in ORDER:
        assert ast.unparse(ast.parse((ROOM / f"{name}.py").read_text(encoding="utf-8"))) not in {m.source for m in _mutants(name)}


def test_every_reason_is_used() -> None:
    """A line or change that the source no longer has is not listed."""
    lines = {(name, mutant.line) for name in ORDER for mutant in _mutants(name)}
    changes = {(name, m.function, f"{m.before} → {m.after}") for name in ORDER for m in _mutants(name)}
    assert set(LINES) <= lines
    assert set(CHANGES) <= changes


def test_a_change_that_shows_rarely_is_caught_in_time() -> None:
    """The groups of a block that a loop forgets where there are more of them than channels: two hundred cases go there."""
    forgets = next(
        m for m in _mutants("relation") if m.line == "for g in range(0, x.shape[1], groups):" and m.after == "x.shape[2]"
    )
    assert caught("relation", forgets.source)
