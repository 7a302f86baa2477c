"""A source changed in every small way, one at a time: what is to notice such changes is put to the test with them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Changes = Callable[[ast.AST], Iterator[ast.AST]]
Place = tuple[str, ast.AST, str, int | None, ast.AST]  # the function, the parent, its field, the place in it, the node


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
    whole, parts, part = ast.unparse(tree), [ast.unparse(statement) for statement in tree.body], 0
    for function, parent, field, place, child in _places(tree, "", leave):
        part = place if parent is tree and place is not None else part
        if within(function):
            shown = parent if _is_number(child) else None  # which says little without what it stands in
            before = ast.unparse(shown or child)
            for changed in changes(child):
                _put(parent, field, place, ast.fix_missing_locations(changed))
                after = ast.unparse(shown or changed)
                text = whole.replace(parts[part], ast.unparse(tree.body[part]), 1)  # all else reads as before
                yield Mutant(function, lines[getattr(child, "lineno", 1) - 1].strip(), before, after, text)
                _put(parent, field, place, child)


def _places(node: ast.AST, function: str, leave: Callable[[ast.AST], bool]) -> Iterator[Place]:
    """Every node that computes, and where it stands: not the messages of errors, nor annotations."""
    name = node.name if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else function
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "bases"):
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.Raise) and not leave(child):
                yield name, node, field, place, child
                yield from () if _is_number(child) else _places(child, name, leave)


def _is_number(node: ast.AST) -> bool:
    """With its sign, if it has one."""
    return isinstance(node.operand if isinstance(node, ast.UnaryOp) else node, ast.Constant)


def _put(parent: ast.AST, field: str, place: int | None, child: ast.AST) -> None:
    if place is None:
        setattr(parent, field, child)
    else:
        getattr(parent, field)[place] = child
