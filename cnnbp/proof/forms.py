"""The Python in which the source of the index relation has to be written, so that a proof for all sizes sees all that it does.

Such a proof runs the source on numbers that are not known, or translates it. Neither would see what depends on how often
something was called before, on a number's type or its text, on whether two names stand for one object, or on an error that is
caught. None of this can be said in the forms that are listed here; whatever else stands in the source is refused, with its line.
"""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

IMPORTS = {
    "from __future__ import annotations",
    "from collections.abc import Iterator",
    "from dataclasses import dataclass",
    "from functools import cached_property, lru_cache",
    "from math import prod",
    "from typing import Any, NamedTuple",
    "import numpy as np",
    "from . import checks",
    "from .checks import Array, Size",
}
DECORATORS = {"dataclass(frozen=True)", "cached_property", "lru_cache(maxsize=256)"}
BUILTINS = {"ValueError", "divmod", "enumerate", "iter", "len", "list", "max", "min", "range", "slice", "tuple", "zip"}
ATTRIBUTES = {  # of NumPy and its arrays, of slices, lists and `checks`; beside them, what the source itself defines
    *("any", "arange", "ascontiguousarray", "maximum", "minimum", "ndarray", "where", "zeros"),
    *("dtype", "itemsize", "reshape", "shape", "strides", "start", "stop", "step", "append", "pair"),
}
STATEMENTS = (ast.Return, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.For, ast.If, ast.Raise, ast.Expr)
EXPRESSIONS = (
    *(ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Compare, ast.Call, ast.Attribute, ast.Subscript, ast.Starred),
    *(ast.Name, ast.List, ast.Tuple, ast.Slice, ast.ListComp, ast.GeneratorExp, ast.Constant, ast.Yield),
)
PARTS = (ast.keyword, ast.comprehension, ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)
COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)
Definition = ast.FunctionDef | ast.ClassDef


class Unusual(ValueError):
    """The source holds something of a form that no proof for all sizes looks at; says what, and where."""


@lru_cache(maxsize=8)
def look(text: str) -> ast.Module:
    """The syntax tree of a source that is written in these forms alone, for reading only. Raises Unusual."""
    tree = ast.parse(text)
    known = {name for node in ast.walk(tree) for name in _bound(node)}
    _once(tree.body)
    _nothing_hidden(tree)
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            _class(node, known)
        elif isinstance(node, ast.FunctionDef):
            _function(node, known)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            _only(ast.unparse(node) in IMPORTS, node, "an import that is not listed")
        elif isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) for target in node.targets):
            _only(not any(isinstance(part, ast.Call | ast.List) for part in ast.walk(node.value)), node, "what a call may change")
            _body([node], known)
        else:
            _only(_is_docstring(node), node, "a statement that a module has no use for")
    return tree


def _only(allowed: bool, node: ast.AST, why: str) -> None:
    if not allowed:
        raise Unusual(f"line {getattr(node, 'lineno', '?')} of the source holds {why}: {shown(node)}")


def shown(node: ast.AST) -> str:
    """The source of the node; of a class or a function, and of a statement that holds others, how it begins."""
    if isinstance(node, ast.ClassDef):
        return f"class {node.name}"
    if isinstance(node, ast.FunctionDef):
        return f"def {node.name}({ast.unparse(node.args)})"
    return ast.unparse(node).partition("\n")[0]


def _bound(node: ast.AST) -> Iterator[str]:
    """The names that the node itself binds."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            _only(name not in vars(builtins), node, "a name of Python's own, bound anew")
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name for alias in names)


def _names(node: ast.stmt) -> Iterator[str]:
    """The names that the statement binds where it stands: of a class or a function, its own."""
    for part in [node] if isinstance(node, Definition) else ast.walk(node):
        yield from _bound(part)


def _once(body: Iterable[ast.stmt]) -> None:
    """Each name of a module or of a class has one meaning."""
    count: Counter[str] = Counter()
    for node in body:
        count.update(_names(node))
        _only(max(count.values(), default=0) < 2, node, "a name that is bound a second time")


def _nothing_hidden(tree: ast.Module) -> None:
    """No name of the module has another meaning within a function."""
    own = {name for node in tree.body for name in _names(node)}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                hidden = node is not function and own.intersection(_bound(node))
                _only(not hidden, node, "a name of the module, bound anew")


def _decorated(node: Definition) -> None:
    for decorator in node.decorator_list:
        _only(ast.unparse(decorator) in DECORATORS, decorator, "a decorator that is not listed")


def _class(node: ast.ClassDef, known: set[str]) -> None:
    _decorated(node)
    _only([ast.unparse(base) for base in node.bases] in ([], ["NamedTuple"]) and not node.keywords, node, "a base class")
    _once(node.body)
    for member in node.body:
        if isinstance(member, ast.FunctionDef):
            _function(member, known)
        elif isinstance(member, ast.AnnAssign):
            _only(member.value is None or isinstance(member.value, ast.Constant), member, "a default that is no constant")
        else:
            _only(_is_docstring(member), member, "a member that is neither a field nor a method")


def _function(node: ast.FunctionDef, known: set[str]) -> None:
    _decorated(node)
    _only(not node.name.startswith("__") or node.name == "__iter__", node, "a method that Python calls by itself")
    for default in (*node.args.defaults, *node.args.kw_defaults):
        _only(default is None or isinstance(default, ast.Constant), default or node, "a default that is no constant")
    _body(node.body, known)


def _body(body: Iterable[ast.stmt], known: set[str]) -> None:
    for node in body:
        _only(isinstance(node, STATEMENTS), node, "a statement of a form that is not listed")
        if isinstance(node, ast.Raise):
            _raised(node)
        elif isinstance(node, ast.If) and _raises_for_some(node):
            _expression(node.test.args[0], known)  # type: ignore[attr-defined]
            _raised(node.body[0])
        else:
            for field, part in ast.iter_fields(node):
                if field in ("body", "orelse"):
                    _body(part, known)
                elif field != "annotation":
                    for one in part if isinstance(part, list) else [part]:
                        _expression(one, known)


def _raises_for_some(node: ast.If) -> bool:
    """`if np.any(condition): raise …`, the one place where what is so of an entry decides for the whole array."""
    match node:
        case ast.If(test=ast.Call(func=function, args=[_], keywords=[]), body=[ast.Raise()], orelse=[]):
            return ast.unparse(function) == "np.any"
    return False


def _raised(node: ast.stmt) -> None:
    """`raise ValueError("…")`: what a text says of numbers is for people."""
    match node:
        case ast.Raise(
            exc=ast.Call(func=ast.Name(id="ValueError"), args=[ast.JoinedStr() | ast.Constant()], keywords=[]), cause=None
        ):
            for part in ast.walk(node):
                shown = not isinstance(part, ast.FormattedValue) or isinstance(part.value, ast.Name | ast.Attribute)
                _only(shown, part, "a text that computes")
            return
    _only(False, node, "an error that is no ValueError with its text")


def _expression(node: ast.AST | None, known: set[str]) -> None:
    for part in ast.walk(node) if isinstance(node, ast.AST) else ():
        _only(isinstance(part, EXPRESSIONS + PARTS), part, "an expression of a form that is not listed")
        if isinstance(part, ast.Compare):
            _only(all(isinstance(op, COMPARISONS) for op in part.ops), part, "a comparison that is not listed")
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
            _only(part.id in known | BUILTINS, part, "a name that is not listed")
        if isinstance(part, ast.Attribute):
            _only(isinstance(part.ctx, ast.Load), part, "an attribute that is set")
            _only(part.attr in known | ATTRIBUTES and not part.attr.startswith("__"), part, "an attribute that is not listed")
            _only(ast.unparse(part) != "np.any", part, "np.any where it does not decide whether to raise")


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
