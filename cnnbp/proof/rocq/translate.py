"""The index arithmetic of `cnnbp/layers/relation.py` as a Rocq file, so that the theorems are about the text of the source.

Translated are the class `Axis` (its fields, and what computes with them) and, for one axis, what `relation` and `transposed`
make of the options of a layer. `gallina` says which Python is understood, `surroundings` what may stand around it; anything else
is an error with its line. Of what is not translated but stands in these two functions, what was read is written down again and
compared with the source: whatever was not read differs.
"""

from __future__ import annotations

import ast
from pathlib import Path

from . import surroundings
from .gallina import Body, NotUnderstood, refuse, spelled
from .surroundings import as_written, statements

SOURCE = Path(__file__).parents[2] / "layers" / "relation.py"
METHODS = {  # of Axis, with what each asks for beyond itself: the property `outputs`, or the output `o` whose entry it is
    "outputs": (),
    "inside": ("outputs",),
    "tap": ("outputs",),
    "first_inputs": ("o",),
    "window_sizes": ("o",),
}
PREAMBLE = """\
(** Made by translate.py from the class Axis and the functions relation and transposed of cnnbp/layers/relation.py.
    Not to be edited. [outputs] as an argument is the property of that name, [o] an output, None an error raised. *)
From Coq Require Import ZArith Bool.
Open Scope Z_scope.

(** Python's slice: [start], [start + step], ... before [stop]. *)
Record slice := Slice { start : Z; stop : Z; step : Z }.
"""
TYPES = {"int": "Z", "bool": "bool", "Size": "Z", "tuple[int, ...]": "Z"}  # a pair of sizes has one for each axis
CONSTANTS = {"False": "false", "True": "true"}


def translate(source: str) -> str:
    """The Rocq file for this source. Raises NotUnderstood with the line where there is no translation."""
    tree = ast.parse(source)
    axis, *functions = (_definition(tree, name) for name in ("Axis", "relation", "transposed"))
    types, defaults = _fields(axis)
    methods = [_method(_definition(axis, name), defaults, asked) for name, asked in METHODS.items()]
    record = f"Record axis := Axis {{ {'; '.join(f'{name} : {kind}' for name, kind in types.items())} }}.\n"
    made = _relation(functions[0], defaults), _transposed(functions[1], defaults)
    surroundings.check(source)
    return "\n".join([PREAMBLE, record, *methods, *made])


def _definition(within: ast.AST, name: str) -> ast.ClassDef | ast.FunctionDef:
    for node in ast.iter_child_nodes(within):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name == name:
            return node
    raise NotUnderstood(f"the source has no {name}, which the theorems are about")


def _fields(axis: ast.AST) -> tuple[dict[str, str], dict[str, str | None]]:
    """The types and the defaults of the dataclass's fields, in order, without the first, its name, which is for people."""
    types, defaults = {}, dict[str, str | None]()
    for node in ast.iter_child_nodes(axis):
        if isinstance(node, ast.AnnAssign):
            name, kind = ast.unparse(node.target), ast.unparse(node.annotation)
            types[name] = kind
            default = ast.unparse(node.value) if node.value else None
            defaults[name] = CONSTANTS.get(str(default), default)
    if not types or next(iter(types.items())) != ("name", "str"):
        raise refuse(axis, "the first field of Axis not being its name, a str")
    del types["name"], defaults["name"]
    return {name: _type(kind, axis) for name, kind in types.items()}, defaults


def _type(annotation: str, node: ast.AST) -> str:
    if annotation not in TYPES:
        raise refuse(node, f"{annotation} being none of the types {', '.join(TYPES)}")
    return TYPES[annotation]


def _arguments(function: ast.AST, skip: int = 0) -> dict[str, str]:
    """The names of the function's arguments with their types in Gallina."""
    assert isinstance(function, ast.FunctionDef)
    arguments = function.args.args[skip:]
    return {a.arg: _type(ast.unparse(a.annotation) if a.annotation else "no annotation", function) for a in arguments}


def _head(name: str, arguments: dict[str, str]) -> str:
    return f"Definition {name}{''.join(f' ({spelled(name)} : {kind})' for name, kind in arguments.items())} :="


def _method(function: ast.AST, defaults: dict[str, str | None], asked: tuple[str, ...]) -> str:
    """A method as a definition. What it asks for becomes arguments, whether this source makes use of them or not."""
    assert isinstance(function, ast.FunctionDef)
    own = _arguments(function, 1)
    body = Body(defaults, tuple(own))
    text = body.text(function.body)
    if not {*body.needs} <= {*asked}:
        raise refuse(function, f"asking for {', '.join({*body.needs} - {*asked})}")
    return f"{_head(function.name, {'self': 'axis', **dict.fromkeys(asked, 'Z'), **own})}\n{text}.\n"


def _relation(function: ast.AST, defaults: dict[str, str | None]) -> str:
    """`return Relation(*(Axis(*axis) for axis in zip(…)))`, for one axis."""
    assert isinstance(function, ast.FunctionDef)
    body, arguments = statements(function), _arguments(function)
    match body:
        case [options, ast.Return(value=ast.Call(args=[ast.Starred(value=ast.GeneratorExp(elt=made, generators=[loop]))]))]:
            values, written, zipped = _zipped(loop.iter, options, arguments)
            as_written(body, f"{written}\nreturn Relation(*(Axis(*axis) for axis in {zipped}))")
            return f"{_head('relation', arguments)}\n  {Body(defaults, tuple(arguments)).axis(made, values, {})}.\n"
    raise refuse(function, "not being Axis(*axis) for the options of each axis")


def _transposed(function: ast.AST, defaults: dict[str, str | None]) -> str:
    """The body of the loop over the options of each axis, for one axis."""
    assert isinstance(function, ast.FunctionDef)
    body, arguments = statements(function), _arguments(function)
    match body:
        case [options, axes, ast.For(target=ast.Tuple(elts=[_, *targets]) as target, iter=over, body=inner) as loop, last]:
            names, (values, written, zipped) = [ast.unparse(name) for name in targets], _zipped(over, options, arguments)
            if len(names) == len(values) and all(map(str.isidentifier, names)):
                head = ast.copy_location(ast.For(target, over, [ast.Pass()], loop.orelse), loop)
                around = f"for name, {', '.join(names)} in {zipped}:\n    pass\nreturn Relation(*axes)"
                as_written([options, axes, head, last], f"{written}\naxes = []\n{around}")
                lets = [f"  let {spelled(name)} := {value} in" for name, value in zip(names, values, strict=True)]
                text = Body(defaults, tuple(names)).text([*inner[:-1], _appended(inner[-1])])
                return "\n".join([_head("transposed", arguments), *lets, f"{text}.\n"])
    raise refuse(function, "not being one loop over the options of each axis")


def _appended(node: ast.stmt) -> ast.stmt:
    """`axes.append(Axis(name, …))` as the answer of the body."""
    match node:
        case ast.Expr(value=ast.Call(func=method, args=[ast.Call(func=ast.Name(id="Axis"), args=[name, *_]) as axis], keywords=[])):
            if (ast.unparse(method), ast.unparse(name)) == ("axes.append", "name"):
                return ast.copy_location(ast.Return(axis), node)
    raise refuse(node, "the last statement not appending an Axis of this name to axes")


def _zipped(node: ast.expr, options: ast.stmt, arguments: dict[str, str]) -> tuple[list[str], str, str]:
    """What `zip(("h", "w"), cells, *options, …)` hands to each axis after its name, given the generator of the options.

    With it the two statements as they have to stand, if nothing else is in them.
    """
    match node:
        case ast.Call(args=[_, cells, ast.Starred(), *others]):
            pairs, both = [ast.unparse(cells), *_options(options)], [_twice(other) for other in others]
            if {*pairs, *both} <= {*arguments}:
                written = f"options = (checks.pair('', option, 0) for option in ({', '.join(pairs[1:])},))"
                more = "".join(f", ({name}, {name})" for name in both)
                return [*pairs, *both], written, f"zip(('h', 'w'), {pairs[0]}, *options{more}, strict=True)"
    raise refuse(node, "not being the cells and options of each axis")


def _options(node: ast.stmt) -> list[str]:
    """The names in `options = (checks.pair("", option, 0) for option in (…))`."""
    match node:
        case ast.Assign(value=ast.GeneratorExp(generators=[ast.comprehension(iter=ast.Tuple(elts=values))])):
            return [ast.unparse(value) for value in values]
    raise refuse(node, "not being the options as pairs")


def _twice(node: ast.expr) -> str:
    """The same value for both axes."""
    match node:
        case ast.Tuple(elts=[ast.Name(id=a), ast.Name(id=b)]) if a == b:
            return a
    raise refuse(node, "not being one option for both axes")
