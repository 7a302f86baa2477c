"""`python -m tests.proof.rocq.mutants`: the source changed in every small way, one at a time; the theorems must refuse each.

A change that no theorem can refuse computes the same for all sensible options; these are listed with the reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from cnnbp.proof.rocq.translate import METHODS

FUNCTIONS = (*METHODS, "relation", "transposed")
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mod,
}  # fmt: skip
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Eq: ast.GtE,
}  # fmt: skip
CALLS = {"max": "min", "min": "max", "np.maximum": "np.minimum", "np.minimum": "np.maximum"}
FIELDS = {
    "size": "kernel",
    "kernel": "size",
    "stride": "dilation",
    "dilation": "stride",
    "padding": "surplus",
    "surplus": "padding",
}


@dataclass(frozen=True)
class Mutant:
    """A change: in which function, from what, into what, and the whole source with it."""

    function: str
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.function}: {self.before}  →  {self.after}"


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant: an operator, comparison, call, field, number, sign, condition, branch or order of options changed."""
    tree = ast.parse(source)
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name in FUNCTIONS:
            for parent, field, place, child in _places(function):
                for changed in _changes(child):
                    after = ast.unparse(changed)
                    _put(parent, field, place, changed)
                    yield Mutant(function.name, ast.unparse(child), after, ast.unparse(tree))
                    _put(parent, field, place, child)


def _places(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Every node that computes, and where it stands: not the messages of errors, the annotations, nor how options are paired."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list"):
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            wiring = isinstance(child, ast.Call) and ast.unparse(child.func) == "checks.pair"
            if isinstance(child, ast.AST) and not isinstance(child, (ast.Raise, ast.arguments)) and not wiring:
                yield node, field, place, child
                yield from _places(child)


def _put(parent: ast.AST, field: str, place: int | None, child: ast.AST) -> None:
    if place is None:
        setattr(parent, field, child)
    else:
        getattr(parent, field)[place] = child


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """What the node may be changed into."""
    match node:
        case ast.BinOp(left=a, op=op, right=b):
            yield from (ast.BinOp(a, OPERATORS[kind](), b) for kind in [type(op)] if kind in OPERATORS)
            if isinstance(op, (ast.Sub, ast.FloorDiv)):
                yield ast.BinOp(b, op, a)
            if isinstance(op, ast.BitOr):
                yield from (a, b)
        case ast.AugAssign(target=target, value=value):
            yield ast.AugAssign(target, ast.Sub(), value)
        case ast.Compare(left=a, ops=[op], comparators=others):
            yield ast.Compare(a, [COMPARISONS[type(op)]()], others)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            yield from values
        case ast.Call(func=func, args=[a, b]) if ast.unparse(func) in CALLS:
            yield ast.Call(ast.parse(CALLS[ast.unparse(func)], mode="eval").body, [a, b], [])
            yield from (a, b)
        case ast.Call(func=func, args=[condition, a, b]) if ast.unparse(func) == "np.where":
            yield ast.Call(func, [condition, b, a], [])
        case ast.IfExp(test=test, body=a, orelse=b):
            yield ast.IfExp(test, b, a)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield operand
        case ast.Constant(value=value) if type(value) is int:
            yield ast.Constant(value + 1)
        case ast.Attribute(value=ast.Name(id="self"), attr=name) if name in FIELDS:
            yield ast.Attribute(node.value, FIELDS[name])
        case ast.Tuple(elts=names) if len(names) > 2 and all(isinstance(name, ast.Name) for name in names):
            for k in range(ast.unparse(names[0]) == "name", len(names) - 1):  # an axis's name is for people
                yield ast.Tuple([*names[:k], names[k + 1], names[k], *names[k + 2 :]], ast.Load())
