"""What GitHub reads: how to add to the project is true of its sources, and the action passes on input and verdict."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from cnnbp.cli.parser import COMMANDS
from cnnbp.evidence.records import FORMAT
from cnnbp.version import __version__

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
CONTRIBUTING = (GITHUB / "CONTRIBUTING.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| (an? [\w, ]+) \| (.*) \|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
SECTIONS = {
    "A layer": "a layer",
    "A derivation": "a derivation, in the same report",
    "An oracle": "an oracle that answers entry by entry",
}


def section(title: str) -> str:
    """Of how to contribute."""
    return CONTRIBUTING.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_every_path_is_there() -> None:
    """That is named."""
    paths = set(re.findall(r"`((?:cnnbp|tests)/[\w./]+)`", CONTRIBUTING))
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize(("title", "row"), SECTIONS.items())
def test_it_says_what_the_readme_says(title: str, row: str) -> None:
    """In ten lines, and every file and list that the README's table names is among them."""
    said = section(title)
    assert re.findall(r"^(\d+)\. ", said, re.MULTILINE) == [str(number) for number in range(1, 11)]
    named = re.findall(r"`([\w./]+)`", ROWS[row])
    assert named
    assert [name for name in named if name not in said] == []


def test_the_changes_are_those_of_this_version() -> None:
    """And name the format of its evidence."""
    said = (GITHUB / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {__version__}\n" in said
    assert f"`{FORMAT}`" in said


def test_help_is_where_it_is_said_to_be() -> None:
    """The headings and commands that are named are there."""
    said = (GITHUB / "SUPPORT.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    titles, commands = set(re.findall(r"“([^”]+)”", said)), set(re.findall(r"`cnnbp (\w+)", said))
    assert titles
    assert commands
    assert titles <= set(headings)
    assert commands <= set(COMMANDS)


def test_no_input_stands_in_a_script() -> None:
    """An input could be a command: it goes through the environment."""
    action = (GITHUB / "actions" / "verify" / "action.yml").read_text(encoding="utf-8")
    scripts = re.findall(r"^ +run: (.*)$", action, re.MULTILINE)
    assert scripts
    assert not [script for script in scripts if "${{" in script]


STUB = """#!/bin/sh
for word in "$@"; do printf '%s\\n' "$word" >> "$CALLED"; done
echo 'PASS  what | it `says`'
[ -z "$WRITES" ] || { mkdir -p "$OUT"; echo x > "$OUT/evidence.json"; echo x > "$OUT/index.html"; }
exit "$STATUS"
"""


def acted(folder: Path, status: int, writes: bool = True, **given: str) -> subprocess.CompletedProcess[str]:
    """The action's script, with a program in the place of cnnbp that notes how it was called."""
    stub = folder / "bin" / "cnnbp"
    stub.parent.mkdir()
    stub.write_text(STUB)
    stub.chmod(0o755)
    names = {"LAYERS": "mine:A\nmine.py:B", "LIKE": "", "SHAPES": "", "EXAMPLES": "", "SEED": "", "OUT": str(folder / "out")}
    env = {**os.environ, **names, **given, "STATUS": str(status), "WRITES": "1" * writes, "CALLED": str(folder / "called")}
    env |= {"PATH": f"{stub.parent}:{os.environ['PATH']}", "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    script = GITHUB / "actions" / "verify" / "verify.sh"
    return subprocess.run(["bash", str(script)], env=env, cwd=folder, capture_output=True, text=True, check=False)


def test_the_action_passes_on_what_it_is_given(tmp_path: Path) -> None:
    """Each as one word, whatever is in it; and what is said stands beside the job as text."""
    done = acted(tmp_path, 0, LIKE="Conv2d(stride=2); touch x", SHAPES="2,3,8,8\n4,3,3,3", EXAMPLES="5", SEED="7")
    assert done.returncode == 0, done.stderr
    words = (tmp_path / "called").read_text().splitlines()
    assert words == [
        "check", "mine:A", "mine.py:B", "--shape", "2,3,8,8", "--shape", "4,3,3,3", "--like", "Conv2d(stride=2); touch x",
        "--examples", "5", "--seed", "7", "--out", str(tmp_path / "out"),
    ]  # fmt: skip
    assert not (tmp_path / "x").exists()
    assert "\n    PASS  what | it `says`\n" in (tmp_path / "summary.md").read_text()


@pytest.mark.parametrize(("status", "writes", "ends"), [(0, True, 0), (1, True, 1), (2, False, 2), (0, False, 1)])
def test_the_action_fails_without_a_verdict(status: int, writes: bool, ends: int, tmp_path: Path) -> None:
    """A program that ends well and leaves no evidence has verified nothing; an older report does not speak for it."""
    (tmp_path / "out").mkdir()
    for name in ("evidence.json", "index.html"):
        (tmp_path / "out" / name).write_text("of an earlier run")
    done = acted(tmp_path, status, writes)
    assert done.returncode == ends
    assert ("produced no verdict" in done.stdout) == ((status, writes) == (0, False))
