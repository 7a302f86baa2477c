"""The Chinese README says what the English one says: heading for heading, block for block, figure for figure, link for link."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from cnnbp.evidence.kinds import KINDS
from cnnbp.text import sentences

ROOT = Path(__file__).parents[1]
ENGLISH, CHINESE = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
FIGURE = re.compile(r"[0-9⁰¹²³⁴-⁹]+(?:\.[0-9]+)*")


def sections(readme: str) -> list[str]:
    """What stands under each heading, code blocks apart."""
    return re.split(r"^#+ .*$", BLOCK.sub("", readme), flags=re.MULTILINE)


def differing(english: str, chinese: str) -> list[str]:
    """In what the second is out of step with the first."""
    found = []
    if BLOCK.findall(english) != BLOCK.findall(chinese):
        found.append("blocks")
    levels = [re.findall(r"^(#+) ", BLOCK.sub("", text), re.MULTILINE) for text in (english, chinese)]
    if levels[0] != levels[1]:
        return [*found, "headings"]
    for number, pair in enumerate(zip(sections(english), sections(chinese), strict=True)):
        for what, count in (("links", links), ("code", code), ("figures", figures), ("rows", rows)):
            ours, theirs = map(count, pair)
            if ours != theirs:
                found.append(f"{what} of section {number}: {dict(ours - theirs)} against {dict(theirs - ours)}")
    return found


def links(section: str) -> Counter[str]:
    """Where it leads; the links of both to each other apart."""
    return Counter(target for target in re.findall(r"\]\(([^)]+)\)", section) if not target.startswith("README."))


def code(section: str) -> Counter[str]:
    """What is set as code."""
    return Counter(re.findall(r"`([^`]+)`", re.sub(r"\s+", " ", section)))


def figures(section: str) -> Counter[str]:
    """Every number outside code, links and the table of kinds."""
    text = re.sub(r"`[^`]+`|\]\([^)]+\)", " ", re.sub(r"\s+", " ", section))
    return Counter(FIGURE.findall(text))


def rows(section: str) -> Counter[str]:
    """How many items and rows of tables there are."""
    return Counter(line[0] for line in section.splitlines() if line[:2] in ("- ", "| "))


def test_both_say_the_same() -> None:
    assert differing(ENGLISH, CHINESE) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CPU 秒", "CPU 秒 7"), ("\n## 代码结构\n", "\n"), ("](LICENSE)", "](CITATION.cff)"), ("`budget=`", "`budget`"),
        ("make report     #", "make reports    #"), ("60 条", "61 条"), ("- **定理。**", "**定理。**"),
    ],
)  # fmt: skip
def test_a_readme_out_of_step_is_seen(old: str, new: str) -> None:
    assert old in CHINESE
    assert differing(ENGLISH, CHINESE.replace(old, new, 1)) != []


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_are_those_of_the_text(kind: str) -> None:
    """A row for each, in the words of the page."""
    known = sentences("zh")
    name, shows, lacks = (known[f"kind.{kind}.{what}"] for what in ("name", "shows", "not"))
    assert f"| {name} | {shows} | {lacks} |" in CHINESE


def test_each_leads_to_the_other() -> None:
    assert "](README.zh-CN.md)" in ENGLISH
    assert "](README.md)" in CHINESE
