"""What stands around the arithmetic: the source as it stands passes, and each part of it that is another is named."""

from __future__ import annotations

import ast

import pytest

from cnnbp.proof.rocq.gallina import NotUnderstood
from cnnbp.proof.rocq.surroundings import METHODS, as_written, check, statements
from cnnbp.proof.rocq.translate import SOURCE

TEXT = SOURCE.read_text(encoding="utf-8")


def test_the_source_passes() -> None:
    """In other words too."""
    check(TEXT)
    check(TEXT.replace("`tap` for every tap.", "Every `tap`."))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("@dataclass(frozen=True)\nclass Axis", "class Axis", "not being a frozen dataclass without a base class: class Axis"),
        ("    rows: Axis\n    columns", "    columns: Axis\n    rows", "its fields not being rows: Axis, columns: Axis"),
        ("    def window_sizes", "    def windows_sizes", "its methods not being outputs, inside"),
        ("    @cached_property\n    def inside", "    def inside", "inside being decorated otherwise than by cached_property"),
        ("    def tap(self", "    @cached_property\n    def tap(self", "tap being decorated otherwise than by nothing"),
        ("r: int)", "r: int = 1)", "tap having other defaults than none"),
        ("bool = False\n) ", "bool = True\n) ", "relation having other defaults than False"),
        ("r: int)", "*, r: int)", "tap having arguments of another kind"),
        ("r: int)", "r: int, **more: int)", "tap having arguments of another kind"),
        ("def tap(self, r", "def tap(r, self", "its first argument not being self"),
        ("range(self.kernel)]", "range(self.kernel - 1)]", r"not being return \[self.tap\(r\) for r in range\(self.kernel\)\]"),
        ("import numpy as np", "import numpy.ma as np", "holds an import that is not listed: import numpy.ma as np"),
        ("def transposed(", "def turned(", "the source has no transposed"),
    ],
)
def test_what_is_refused(old: str, new: str, message: str) -> None:
    """With what it should have been."""
    assert old in TEXT
    with pytest.raises(NotUnderstood, match=message):
        check(TEXT.replace(old, new, 1))


def test_every_method_of_the_axis_is_listed() -> None:
    """With one decorator, or none."""
    [axis] = [node for node in ast.parse(TEXT).body if isinstance(node, ast.ClassDef) and node.name == "Axis"]
    methods = [node for node in axis.body if isinstance(node, ast.FunctionDef)]
    assert {node.name: [ast.unparse(one) for one in node.decorator_list] for node in methods} == METHODS


@pytest.mark.parametrize("found", ["a = 1", "a = b\nc = 1", "a = b\na = b", "if a: b = 1", "b = a"])
def test_as_written(found: str) -> None:
    """Part for part, and no statement more."""
    as_written(ast.parse("a = (b)").body, "a = b")
    with pytest.raises(NotUnderstood):
        as_written(ast.parse(found).body, "a = b")


def test_a_docstring_is_no_statement() -> None:
    """Only where it is one: a number in its place is not."""
    for head, count in (("'words'", 1), ("1", 2), ("x = 1", 2)):
        [function] = ast.parse(f"def f():\n    {head}\n    return 1").body
        assert isinstance(function, ast.FunctionDef)
        assert len(statements(function)) == count
