"""What of the layers' own source is changed, one thing at a time: operators, comparisons, constants, branches, fields, calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from cnnbp import layers
from tests.helpers.mutants import Mutant, mutants

ROOM = Path(layers.__file__).parent
NOT_ANSWERS = frozenset(("", *"__post_init__ __repr__ __init__ init _initial parameter_shapes _check_window".split()))
"""Functions that refuse bad arguments, or start a network: no answer at a case comes from them, nor from `checks.py`."""
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mod, ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.BitXor: ast.BitOr, ast.LShift: ast.RShift,
}  # fmt: skip
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.Lt), ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.Gt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
}  # fmt: skip
CALLS = {
    "max": "min", "min": "max", "np.maximum": "np.minimum", "np.zeros": "np.ones", "np.ones": "np.zeros", "np.log1p": "np.log",
}  # fmt: skip
FIELDS = {
    "size": "kernel", "kernel": "size", "stride": "dilation", "dilation": "stride", "padding": "surplus", "surplus": "padding",
    "rows": "columns", "columns": "rows", "output_shape": "input_shape", "input_shape": "output_shape",
}  # fmt: skip


def of_file(name: str) -> Iterator[Mutant]:
    """Every mutant of one file of the layers."""
    return mutants((ROOM / name).read_text(encoding="utf-8"), _changes, lambda name: name not in NOT_ANSWERS, _refuses)


def _refuses(node: ast.AST) -> bool:
    """A condition under which an argument is refused, a check of it, an import, a sentence."""
    match node:
        case ast.If(body=[*then]):
            return all(isinstance(statement, ast.Raise) for statement in then)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="checks")))):
            return True
        case ast.keyword(arg="strict"):
            return True
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.JoinedStr))


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """What the node may be changed into."""
    match node:
        case ast.BinOp(left=a, op=op, right=b):
            yield from (ast.BinOp(a, OPERATORS[kind](), b) for kind in [type(op)] if kind in OPERATORS)
            yield from chain((a, b), [ast.BinOp(b, op, a)] if isinstance(op, (ast.Sub, ast.Div, ast.MatMult)) else [])
        case ast.AugAssign(target=target, op=op, value=value):
            yield from (ast.AugAssign(target, OPERATORS[kind](), value) for kind in [type(op)] if kind in OPERATORS)
            yield ast.Assign([target], value)
        case ast.Compare(left=a, ops=[op], comparators=others):
            yield from (ast.Compare(a, [other()], others) for other in COMPARISONS.get(type(op), ()))
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            yield from values
        case ast.Call(func=func, args=[condition, a, b]) if ast.unparse(func) == "np.where":
            yield ast.Call(func, [condition, b, a], [])
        case ast.Call(func=func, args=args, keywords=keywords) if ast.unparse(func) in CALLS:
            yield ast.Call(ast.parse(CALLS[ast.unparse(func)], mode="eval").body, args, keywords)
            yield from args if len(args) == 2 and ast.unparse(func) in ("max", "min", "np.maximum") else ()
        case ast.IfExp(body=a, orelse=b):
            yield from (a, b)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
            yield from (ast.Constant(value), ast.Constant(1 - value), ast.Constant(-1 - value))
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Constant(value=float(value)):
            yield from (ast.Constant(2 * value), ast.Constant(-value))
        case ast.Attribute(value=owner, attr=name) if name in FIELDS:
            yield ast.Attribute(owner, FIELDS[name], ast.Load())
