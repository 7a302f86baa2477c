"""Whether a loop does with each tap the same: then what holds after its body ran for any one tap holds for all of them.

Arrays are not looked at here: `arrays` says what is written where. It is Python's own names that must carry nothing from
one tap to the next, nor out of the loop.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import lru_cache


@lru_cache(maxsize=64)
def alike(text: str, method: str) -> bool:
    """Whether every name that a loop of the method assigns is assigned anew, by the same loop, before it is read.

    Said only of loops that assign, add to, and call, one after the other; of all others the answer is no.
    """
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef) and node.name == method]
    return len(found) == 1 and _read_before_assigned(found[0].body, set(), set()) is not None


def _read_before_assigned(body: Iterable[ast.stmt], stale: set[str], fresh: set[str]) -> set[str] | None:
    """Of statements in a row: the names that loops leave behind, or None where one of them, or of `stale`, is read."""
    for statement in body:
        if isinstance(statement, ast.For):
            stale = stale | _stored(statement)
            if _unusual(statement) or _read_before_assigned(statement.body, stale, _stored(statement.target)) is None:
                return None
            fresh = fresh - _stored(statement)
        elif isinstance(statement, ast.If):
            branches = [_read_before_assigned(part, stale, fresh) for part in (statement.body, statement.orelse)]
            if None in branches or _loaded(statement.test) & (stale - fresh):
                return None
            stale = stale.union(*(branch for branch in branches if branch is not None))
            fresh = fresh - stale
        else:
            if _loaded(statement) & (stale - fresh):
                return None
            fresh = fresh | _stored(statement)
    return stale


def _unusual(loop: ast.For) -> bool:
    return bool(loop.orelse) or not all(isinstance(one, ast.Assign | ast.AugAssign | ast.Expr) for one in loop.body)


def _loaded(node: ast.AST) -> set[str]:
    """The names that are read, those that are added to included."""
    added = {one.target.id for one in ast.walk(node) if isinstance(one, ast.AugAssign) and isinstance(one.target, ast.Name)}
    return added | {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}


def _stored(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
