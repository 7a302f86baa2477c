"""Where the program is kept is what its own package says, if that is an address to be asked for safely."""

from __future__ import annotations

from email.message import Message
from importlib import metadata

import pytest

from cnnbp.run.provenance import repository


@pytest.mark.parametrize(
    ("named", "address"),
    [
        (["Documentation, https://example.org/docs", "Repository, https://example.org/cnnbp"], "https://example.org/cnnbp"),
        (["Repository, git@example.org:cnnbp"], ""),
        ([], ""),
    ],
)
def test_the_repository_is_that_of_the_package(monkeypatch: pytest.MonkeyPatch, named: list[str], address: str) -> None:
    found = Message()
    for each in named:
        found["Project-URL"] = each
    monkeypatch.setattr(metadata, "metadata", {"cnnbp": found}.__getitem__)
    assert repository() == address
