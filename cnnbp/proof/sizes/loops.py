"""Whether loops run over all taps, and do with each the same: then what holds of a body that ran for any one holds for all.

Arrays are not looked at here: `arrays` says what is written where. It is Python's own names that must carry nothing from
one tap to the next, nor out of the loop. A run on numbers cannot tell how many taps a loop has where the kernel is unknown:
so taps are asked for in places that are known, and what stands there is compared word for word.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import lru_cache

OVER = ("enumerate(self.rows.taps)", "enumerate(self.columns.taps)")  # what a loop runs over
ASKING = {"taps", "_triples", "enumerate"}
# The methods that ask for taps otherwise, by their class: each has these statements alone, after its docstring.
METHODS = {
    ("Axis", "taps"): ["return [self.tap(r) for r in range(self.kernel)]"],
    ("Relation", "__iter__"): ["return iter(self._triples)"],
    ("Relation", "_triples"): [
        "down, across = (enumerate(self.rows.taps), list(enumerate(self.columns.taps)))",
        "return [Triple((..., p, q), (r, s), (..., h, w)) for r, (p, h) in down for s, (q, w) in across]",
    ],
}


@lru_cache(maxsize=64)
def over_all_taps(text: str) -> bool:
    """Whether the source asks for taps in the loops of `gather` and `scatter`, over all of an axis, and in METHODS alone."""
    methods = {
        (of.name, node.name): node
        for of in ast.walk(ast.parse(text))
        if isinstance(of, ast.ClassDef)
        for node in of.body
        if isinstance(node, ast.FunctionDef)
    }
    as_they_stand = all(name in methods and _statements(methods[name]) == body for name, body in METHODS.items())
    loops = [
        node.iter
        for name, method in methods.items()
        if name in (("Relation", "gather"), ("Relation", "scatter"))
        for node in ast.walk(method)
        if isinstance(node, ast.For) and ast.unparse(node.iter) in OVER
    ]
    known = [*loops, *(methods[name] for name in METHODS if name in methods)]
    return as_they_stand and _asking(ast.parse(text)) == sum(map(_asking, known))


def _statements(function: ast.FunctionDef) -> list[str]:
    """All but the docstring."""
    return [ast.unparse(node) for node in function.body[ast.get_docstring(function) is not None :]]


def _asking(node: ast.AST) -> int:
    """How often taps are asked for."""
    names = (
        one.attr if isinstance(one, ast.Attribute) else one.id
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute | ast.Name)
    )
    return sum(name in ASKING for name in names)


@lru_cache(maxsize=64)
def alike(text: str, method: str) -> bool:
    """Whether every name that a loop of the method assigns is assigned anew, by the same loop, before it is read.

    Said only of loops over all taps of an axis, that assign, add to, and call, one after the other; of all others the
    answer is no.
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
    return (
        ast.unparse(loop.iter) not in OVER
        or bool(loop.orelse)
        or not all(isinstance(one, ast.Assign | ast.AugAssign | ast.Expr) for one in loop.body)
    )


def _loaded(node: ast.AST) -> set[str]:
    """The names that are read, those that are added to included."""
    added = {one.target.id for one in ast.walk(node) if isinstance(one, ast.AugAssign) and isinstance(one.target, ast.Name)}
    return added | {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}


def _stored(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
