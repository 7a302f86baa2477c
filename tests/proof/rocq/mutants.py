"""`python -m tests.proof.rocq.mutants`: the source changed in every small way, one at a time; the theorems must refuse each.

A change that no theorem can refuse computes the same for all sensible options; these are listed with the reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cnnbp.proof.rocq.translate import METHODS
from tests.helpers.mutants import Mutant
from tests.helpers.mutants import mutants as everywhere

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


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant: an operator, comparison, call, field, number, sign, condition, branch or order of options changed."""
    return everywhere(source, _changes, FUNCTIONS.__contains__, _wiring)


def _wiring(node: ast.AST) -> bool:
    """How options are paired, and given."""
    return isinstance(node, ast.arguments) or (isinstance(node, ast.Call) and ast.unparse(node.func) == "checks.pair")


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
