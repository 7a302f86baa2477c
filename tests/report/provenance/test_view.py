"""How the program is installed stands on the page: from its repository at its commit, or from a checkout."""

from __future__ import annotations

import pytest

from cnnbp.cli.parser import COMMANDS
from cnnbp.report.provenance.view import provenance
from cnnbp.report.setting import Setting
from cnnbp.report.speech import Speech
from tests.evidence import sample

ADDRESS = "https://example.org/cnnbp"
FROM = f"pip install 'cnnbp @ git+{ADDRESS}"


@pytest.mark.parametrize(
    ("repository", "commit", "what", "command"),
    [
        (ADDRESS, "4f0c2ab", "install", f"{FROM}@4f0c2ab'"),
        (ADDRESS, "4f0c2ab-dirty", "newest", f"{FROM}'"),
        (ADDRESS, "", "newest", f"{FROM}'"),
        (ADDRESS, "'; rm -r .", "newest", f"{FROM}'"),
        ("", "4f0c2ab", "checkout", "pip install ."),
    ],
)
def test_it_is_installed_as_it_was(repository: str, commit: str, what: str, command: str) -> None:
    """And where nobody can install it as it was, no other version is called the program that made the page."""
    run = sample.provenance().model_copy(update={"repository": repository, "commit": commit})
    found = provenance(Setting(sample.document().model_copy(update={"provenance": run}), Speech("en")))
    assert found.again[0] == (what, command)
    assert ("repository" in dict(found.rows)) == bool(repository)


def test_every_command_of_the_page_is_one_of_the_program() -> None:
    """Among them the one that finds again what is proved."""
    found = provenance(Setting(sample.document(), Speech("en")))
    asked = {command.split()[1] for _, command in found.again if command.startswith("cnnbp ")}
    assert asked == {"report", "recheck", "verify"} <= set(COMMANDS)
