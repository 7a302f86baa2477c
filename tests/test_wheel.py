"""What is installed has everything that it needs: whatever lies in the package and is no code is among its data."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "cnnbp"
PATTERNS: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"][
    "cnnbp"
]
IGNORED = {".pyc"}


def data() -> set[Path]:
    """As the patterns choose it: of any depth where there is `**`."""
    return {path for pattern in PATTERNS for path in PACKAGE.glob(pattern) if path.is_file()}


def files() -> set[Path]:
    """Whatever is no code."""
    found = {path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    return {path for path in found if path.suffix not in {".py", *IGNORED} and not path.name.startswith(".")}


def test_everything_is_in_it() -> None:
    """Texts in each language, templates, styles, schema, certificates, theorems, digits."""
    assert sorted(str(path.relative_to(PACKAGE)) for path in files() - data()) == []
    assert {path.suffix for path in data()} >= {".toml", ".j2", ".css", ".json", ".v", ".gz", ".typed"}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_pattern_chooses_something(pattern: str) -> None:
    """One that chooses nothing is misspelled."""
    assert any(path.is_file() for path in PACKAGE.glob(pattern))


def test_every_folder_of_code_is_a_package() -> None:
    """Or it would be left out."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []
