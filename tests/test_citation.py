"""CITATION.cff is in step with the package."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cnnbp.version import __version__

CITATION = (Path(__file__).parents[1] / "CITATION.cff").read_text(encoding="utf-8")


def field(name: str) -> str:
    """A field of the top level, on a line of its own."""
    found = re.search(rf'^{name}: *"?([^"\n]*)"?$', CITATION, re.MULTILINE)
    assert found, name
    return found[1]


def test_the_version_is_that_of_the_package() -> None:
    """And so is the name."""
    assert (field("version"), field("title"), field("license")) == (__version__, "cnnbp", "MIT")


@pytest.mark.parametrize("name", ["cff-version", "message", "title", "date-released"])
def test_it_has_what_a_citation_must_have(name: str) -> None:
    """By version 1.2.0 of the format; authors are a list."""
    assert field(name)
    assert re.search(r"^authors:\n  - ", CITATION, re.MULTILINE)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", field("date-released"))
