"""What stands around the translated arithmetic: by it, and by nothing else in the source, the arithmetic means what it says.

A translation reads the bodies of a few functions. A decorator, a base class, a second definition, a method that Python calls
by itself, or a name with another meaning would make other functions of them. So the whole source is looked at: it must be
written in the forms that `forms` lists, and `Axis`, `Relation`, `relation` and `transposed` must be made as they are here.
"""

from __future__ import annotations

import ast

from .. import forms
from .gallina import NotUnderstood, refuse

METHODS = {  # of Axis, each with its decorators
    "outputs": ["cached_property"],
    "inside": ["cached_property"],
    "taps": ["cached_property"],
    "tap": [],
    "first_inputs": [],
    "window_sizes": [],
}
FUNCTIONS = {"relation": ["False"], "transposed": []}  # each with the defaults of its last arguments
TAPS = "return [self.tap(r) for r in range(self.kernel)]"
AXES = ["rows: Axis", "columns: Axis"]


def check(source: str) -> None:
    """Raises NotUnderstood where anything stands around the arithmetic that the theorems know nothing of."""
    try:
        tree = forms.look(source)
    except forms.Unusual as error:
        raise NotUnderstood(str(error)) from error
    made = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    for name in ("Axis", "Relation", *FUNCTIONS):
        if name not in made:
            raise NotUnderstood(f"the source has no {name}, which the theorems are about")
    for name, node in made.items():
        if isinstance(node, ast.ClassDef) and name in ("Axis", "Relation"):
            _plain_class(node)
        elif isinstance(node, ast.FunctionDef) and name in FUNCTIONS:
            _plain(node, ["lru_cache(maxsize=256)"], FUNCTIONS[name])


def statements(function: ast.FunctionDef) -> list[ast.stmt]:
    """The body without its docstring."""
    return function.body[ast.get_docstring(function) is not None :]


def as_written(found: list[ast.stmt], expected: str) -> None:
    """Raises NotUnderstood at the first of the statements that is not, part for part, the expected one."""
    wanted = ast.parse(expected).body
    for one, other in zip(found, wanted, strict=False):
        if ast.dump(one) != ast.dump(other):
            raise refuse(one, f"not being {ast.unparse(other)}")
    if len(found) != len(wanted):
        raise NotUnderstood(f"the source has {len(found)} statements in the place of {len(wanted)}: {expected}")


def _plain_class(node: ast.ClassDef) -> None:
    """Axis, with its listed methods and no other, or Relation, with rows and columns; both without a base class."""
    if [ast.unparse(one) for one in node.decorator_list] != ["dataclass(frozen=True)"] or node.bases or node.keywords:
        raise refuse(node, "not being a frozen dataclass without a base class")
    methods = {member.name: member for member in node.body if isinstance(member, ast.FunctionDef)}
    if node.name == "Relation":
        if [ast.unparse(member) for member in node.body if isinstance(member, ast.AnnAssign)] != AXES:
            raise refuse(node, f"its fields not being {', '.join(AXES)}")
        return
    if methods.keys() != METHODS.keys():
        raise refuse(node, f"its methods not being {', '.join(METHODS)}, but {', '.join(methods)}")
    for name, decorators in METHODS.items():
        _plain(methods[name], decorators, [])
        if methods[name].args.args[0].arg != "self":
            raise refuse(methods[name], "its first argument not being self")
    as_written(statements(methods["taps"]), TAPS)


def _plain(function: ast.FunctionDef, decorators: list[str], defaults: list[str]) -> None:
    """Decorated so, and with arguments that are given by their places, with these defaults."""
    if [ast.unparse(one) for one in function.decorator_list] != decorators:
        raise refuse(function, f"{function.name} being decorated otherwise than by {', '.join(decorators) or 'nothing'}")
    args = function.args
    if args.posonlyargs or args.kwonlyargs or args.vararg or args.kwarg:
        raise refuse(function, f"{function.name} having arguments of another kind")
    if [ast.unparse(one) for one in args.defaults] != defaults:
        raise refuse(function, f"{function.name} having other defaults than {', '.join(defaults) or 'none'}")
