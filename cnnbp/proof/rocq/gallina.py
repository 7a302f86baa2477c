"""Python's integer arithmetic as Gallina: the expressions and statements of one function.

Understood are integers, comparisons, `and`, `or`, `max`, `min`, `divmod`, `slice`, conditional expressions, assignments,
`if … : x += e`, and `if … : raise`, which makes the function one into an `option`, None where it raises. Arrays with an entry
for each output (`np.arange(self.outputs)` and what is computed from it) become the entry of one output `o`; `np.any` of a
condition, which decides whether to raise, becomes the condition of that entry. All else is refused, with its line.
"""

from __future__ import annotations

import ast

from ..forms import shown

ARITHMETIC: dict[type[ast.operator], str] = {  # Gallina's / and mod round down, as Python's // and % do
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "/", ast.Mod: "mod", ast.BitOr: "||",
}  # fmt: skip
COMPARISONS: dict[type[ast.cmpop], str] = {ast.Gt: ">?", ast.Lt: "<?", ast.GtE: ">=?", ast.LtE: "<=?", ast.Eq: "=?"}
CONNECTIVES: dict[type[ast.boolop], str] = {ast.And: "&&", ast.Or: "||"}
CALLS = {"max": "Z.max", "min": "Z.min", "np.maximum": "Z.max", "np.minimum": "Z.min"}
RESERVED = {
    "as",
    "at",
    "else",
    "end",
    "exists",
    "fix",
    "for",
    "forall",
    "fun",
    "if",
    "in",
    "let",
    "match",
    "return",
    "then",
    "with",
}


class NotUnderstood(ValueError):
    """A piece of source that has no translation, with its line."""


def refuse(node: ast.AST, why: str) -> NotUnderstood:
    """The error for this node."""
    return NotUnderstood(f"line {getattr(node, 'lineno', '?')} of the source has no translation, {why}: {shown(node)}")


def spelled(name: str) -> str:
    """A name that Gallina takes."""
    return f"{name}_" if name in RESERVED else name


class Body:
    """The body of one function. What it asks for beyond its arguments, properties and the output, is gathered in `needs`.

    `defaults` are the fields of Axis in their order, each with the value that it has when it is left out.
    """

    def __init__(self, defaults: dict[str, str | None], arguments: tuple[str, ...]) -> None:
        self.defaults, self.known, self.needs = defaults, {*arguments}, dict[str, None]()
        self.arrays: set[str] = set()  # names of what has an entry for each output

    def text(self, statements: list[ast.stmt]) -> str:
        """All statements after the docstring, a line each; the last gives the answer."""
        if isinstance(statements[0], ast.Expr) and isinstance(statements[0].value, ast.Constant):
            statements = statements[1:]
        raises = any(isinstance(inner, ast.Raise) for statement in statements for inner in ast.walk(statement))
        lines = [self._statement(statement) for statement in statements[:-1]]
        answer = self._answer(statements[-1])
        return "\n".join(f"  {line}" for line in [*lines, f"Some {answer}" if raises else answer])

    def _answer(self, node: ast.stmt) -> str:
        match node:
            case ast.Return(value=ast.expr() as value):
                return self._argument(value)
        raise refuse(node, "the last statement giving no answer")

    def _statement(self, node: ast.stmt) -> str:
        e = self._expression
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                return self._let(spelled(name), value, name)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                return self._let(spelled(name), value, name)
            case ast.Assign(targets=[ast.Tuple(elts=[ast.Name(id=a), ast.Name(id=b)])], value=value):
                return self._let(f"'({spelled(a)}, {spelled(b)})", value, a, b)
            case ast.If(test=ast.Call(func=function, args=[test]), body=[ast.Raise()], orelse=[]) if (
                ast.unparse(function) == "np.any"
            ):
                return f"if {e(test)} then None else"
            case ast.If(test=test, body=[ast.Raise()], orelse=[]):
                return f"if {e(self._number(test))} then None else"
            case ast.If(test=test, body=[ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=value)], orelse=[]):
                changed = ast.copy_location(ast.BinOp(target, op, value), node)
                return self._let(
                    spelled(name), changed, name, when=f"if {e(self._number(test))} then ", instead=f" else {e(target)}"
                )
        raise refuse(node, "the statement being of no kind that is understood")

    def _let(self, pattern: str, value: ast.expr, *names: str, when: str = "", instead: str = "") -> str:
        text = f"{when}{self._expression(value)}{instead}"
        self.known |= {*names}
        self.arrays = self.arrays | {*names} if self._is_array(value) else self.arrays - {*names}
        return f"let {pattern} := {text} in"

    def _is_array(self, node: ast.expr) -> bool:
        """Whether anything in it has an entry for each output."""
        parts = [*ast.walk(node)]
        called = any(isinstance(part, ast.Attribute) and part.attr == "arange" for part in parts)
        return called or any(isinstance(part, ast.Name) and part.id in self.arrays for part in parts)

    def _number(self, node: ast.expr) -> ast.expr:
        """What Python itself decides by, or takes the maximum of, is no array: that has no truth."""
        if self._is_array(node):
            raise refuse(node, "Python being asked whether an array is true")
        return node

    def _argument(self, node: ast.expr) -> str:
        text = self._expression(node)
        return f"({text})" if " " in text and text[0] != "(" else text

    def _expression(self, node: ast.expr) -> str:
        e = self._expression
        match node:
            case ast.Constant(value=value) if type(value) is int:
                return str(value)
            case ast.Name(id=name) if name in self.known:
                return spelled(name)
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                return f"{name} self" if name in self.defaults else self._need(name, node)
            case ast.BinOp(left=a, op=op, right=b) if type(op) in ARITHMETIC:
                return f"({e(a)} {ARITHMETIC[type(op)]} {e(b)})"
            case ast.UnaryOp(op=ast.USub(), operand=a):
                return f"(- {e(a)})"
            case ast.Compare(left=a, ops=[op], comparators=[b]) if type(op) in COMPARISONS:
                return f"({e(a)} {COMPARISONS[type(op)]} {e(b)})"
            case ast.BoolOp(op=op, values=values):
                return f"({f' {CONNECTIVES[type(op)]} '.join(e(self._number(value)) for value in values)})"
            case ast.IfExp(test=test, body=a, orelse=b):
                return f"(if {e(self._number(test))} then {e(a)} else {e(b)})"
            case ast.Tuple(elts=values):
                return f"({', '.join(map(e, values))})"
            case ast.Call(func=function, args=args):
                return self._call(node, ast.unparse(function), args)
        raise refuse(node, "the expression being of no kind that is understood")

    def _call(self, node: ast.Call, function: str, args: list[ast.expr]) -> str:
        e = self._argument
        if function == "Axis":
            return self.axis(node, [e(value) for value in args[1:]], {str(k.arg): e(k.value) for k in node.keywords})
        if node.keywords:
            raise refuse(node, "the call having named arguments")
        for value in args if function in ("max", "min") else []:
            self._number(value)
        match function, args:
            case "divmod", [a, b]:
                return f"({e(a)} / {e(b)}, {e(a)} mod {e(b)})"
            case "slice", [a, b]:
                return f"Slice {e(a)} {e(b)} 1"
            case "slice", [a, b, c]:
                return f"Slice {e(a)} {e(b)} {e(c)}"
            case "np.arange", [ast.Attribute(value=ast.Name(id="self"), attr="outputs")]:
                return self._need("o", node)
            case "np.where", [condition, a, b]:
                return f"(if {e(condition)} then {e(a)} else {e(b)})"
            case _, [a, b] if function in CALLS:
                return f"{CALLS[function]} {e(a)} {e(b)}"
        raise refuse(node, "the call being none of those that are understood")

    def axis(self, node: ast.AST, values: list[str], named: dict[str, str]) -> str:
        """An Axis from the arguments after its name, and what is left out at its default."""
        given = dict(zip(self.defaults, values, strict=False)) | named
        filled = {field: given.get(field, default) for field, default in self.defaults.items()}
        if None in filled.values() or len(values) > len(self.defaults) or not {*named} <= {*self.defaults}:
            raise refuse(node, "the arguments not being the fields of Axis")
        return f"Axis {' '.join(map(str, filled.values()))}"

    def _need(self, name: str, node: ast.AST) -> str:
        if name in self.known:
            raise refuse(node, f"{name} being the name of something else")
        self.needs[name] = None
        return name
