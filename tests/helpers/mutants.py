"""A source changed in every small way, one at a time: what is to notice such changes is put to the test with them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from textwrap import indent

Changes = Callable[[ast.AST], Iterator[ast.AST]]
Place = tuple[str, ast.AST | None, ast.AST, str, int | None, ast.AST]
"""The function, the statement, the parent, its field, the place in it, the node."""


@dataclass(frozen=True)
class Mutant:
    """A change: in which function and line, from what, into what, and the whole source with it."""

    function: str
    line: str
    """As it reads."""
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.function}: {self.before}  →  {self.after}"


def mutants(source: str, changes: Changes, within: Callable[[str], bool], leave: Callable[[ast.AST], bool]) -> Iterator[Mutant]:
    """Every change of every node `within` functions of such names, without what stands below a node to `leave`.

    What stands in a class, but in none of its functions, goes by the name of the class.
    """
    tree, lines = ast.parse(source), source.splitlines()
    whole = ast.unparse(tree)
    where = dict(zip(ast.walk(tree), ast.walk(ast.parse(whole)), strict=True))  # every node, and itself in what is written
    for function, statement, parent, field, place, child in _places(tree, "", None, leave):
        if within(function):
            shown = parent if _is_number(child) else None  # which says little without what it stands in
            before = ast.unparse(shown or child)
            for changed in changes(child):
                _put(parent, field, place, ast.fix_missing_locations(changed))
                after = ast.unparse(shown or changed)
                new = changed if statement is child else statement
                text = ast.unparse(tree) if new is None else _rewritten(whole, where[statement], new)
                yield Mutant(function, lines[getattr(child, "lineno", 1) - 1].strip(), before, after, text)
                _put(parent, field, place, child)


def _rewritten(whole: str, old: ast.AST, new: ast.AST) -> str:
    """The text with another statement in the place of one: all else reads as before, and need not be written again."""
    assert isinstance(old, ast.stmt)
    lines = whole.splitlines(keepends=True)
    lines[old.lineno - 1 : old.end_lineno] = [indent(ast.unparse(new), " " * old.col_offset), "\n"]
    return "".join(lines).removesuffix("\n")


def _places(node: ast.AST, function: str, statement: ast.AST | None, leave: Callable[[ast.AST], bool]) -> Iterator[Place]:
    """Every node that computes, and where it stands: not the messages of errors, nor annotations."""
    name = node.name if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else function
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "bases"):
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.Raise) and not leave(child):
                within = _statement(field, child, statement)
                yield name, within, node, field, place, child
                yield from () if _is_number(child) else _places(child, name, within, leave)


def _statement(field: str, node: ast.AST, around: ast.AST | None) -> ast.AST | None:
    """The innermost statement that stands on lines of its own: an `elif` goes with its `if`, and a definition is no one piece."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return None
    return node if isinstance(node, ast.stmt) and not (field == "orelse" and isinstance(node, ast.If)) else around


def _is_number(node: ast.AST) -> bool:
    """With its sign, if it has one."""
    return isinstance(node.operand if isinstance(node, ast.UnaryOp) else node, ast.Constant)


def _put(parent: ast.AST, field: str, place: int | None, child: ast.AST) -> None:
    if place is None:
        setattr(parent, field, child)
    else:
        getattr(parent, field)[place] = child
