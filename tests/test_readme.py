"""The README says what the project says: its kinds of evidence, its verdict, and paths that exist."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from cnnbp.evidence.kinds import KINDS
from cnnbp.faults import FAULTS, RIGHT, RIGHT_CONTROLS, USUAL, USUAL_RIGHT, WRONG_CONTROLS
from cnnbp.text import sentences

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_are_those_of_the_text(kind: str) -> None:
    """A row for each, in the words of page and terminal."""
    known = sentences("en")
    assert f"| {kind} | {known[f'kind.{kind}.shows']} | {known[f'kind.{kind}.not']} |" in README


def test_the_verdict_is_what_the_example_prints() -> None:
    """To the letter, but for the worst ratios, which PyTorch's order of summation decides."""
    example = next(number for number, (_, code) in enumerate(BLOCKS) if "class MyConv" in code)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(BLOCKS[example][1], "README.md", "exec"), {})

    def told(text: str) -> list[str]:
        return [re.sub(r"\d\S*", "#", re.sub(r"\s+", " ", line)).strip() for line in text.strip().splitlines()]

    assert told(printed.getvalue()) == told(BLOCKS[example + 1][1])


def test_the_proof_is_what_the_example_prints() -> None:
    """To the letter: nothing in it is rounded."""
    example = next(number for number, (_, code) in enumerate(BLOCKS) if "cnnbp.prove(" in code)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(BLOCKS[example][1], "README.md", "exec"), {})
    assert printed.getvalue() == BLOCKS[example + 1][1]


def test_the_catalogue_is_as_large_as_it_says() -> None:
    """Controls of a run, the whole catalogue, and the part of it that other checkers are shown."""
    wrong, right = len(WRONG_CONTROLS), len(RIGHT_CONTROLS)
    assert f"{wrong} of {wrong} wrong layers caught, 0 of {right} right ones wrongly failed" in README
    assert (
        f"{len(FAULTS)} of {len(FAULTS)} wrong layers caught within 200 drawn cases, 0 of {len(RIGHT)} right ones accused" in README
    )
    assert f"of {len(USUAL)} |" in README
    assert f"0 and 0 of {len(USUAL_RIGHT)} |" in README


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"\]\(([\w./-]+)\)", README)) | set(re.findall(r"`(cnnbp/[\w./]+)`", README)))
)
def test_every_path_exists(path: str) -> None:
    """What is linked, and what is named as a room."""
    assert (ROOT / path).exists()
