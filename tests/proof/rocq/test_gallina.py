"""Python's arithmetic as Gallina: what is understood is written as it stands, and all else is refused with its line."""

from __future__ import annotations

import ast

import pytest

from cnnbp.proof.rocq.gallina import Body, NotUnderstood

FIELDS: dict[str, str | None] = {"size": None, "stride": None, "ceil_mode": "false"}


def body(source: str, *arguments: str) -> str:
    return Body(FIELDS, arguments).text(ast.parse(source).body)


@pytest.mark.parametrize(
    ("source", "gallina"),
    [
        ("return 1", "1"),
        ("return a // b - a % b", "((a / b) - (a mod b))"),
        ("return -a * self.stride", "((- a) * stride self)"),
        ("return max(a, self.size)", "(Z.max a (size self))"),
        ("return np.minimum(a, b + 1)", "(Z.min a (b + 1))"),
        ("return a == 0 and b <= 1 or a > b", "(((a =? 0) && (b <=? 1)) || (a >? b))"),
        ("return slice(a, b), slice(a, b, 2)", "(Slice a b 1, Slice a b 2)"),
        ("return (a if b < 1 else 0)", "(if (b <? 1) then a else 0)"),
        ("return np.where(a < 0, b, 0)", "(if (a <? 0) then b else 0)"),
        ("x: int = a\nreturn x", "let x := a in\n  x"),
        ("q, r = divmod(a, b)\nreturn q", "let '(q, r) := (a / b, a mod b) in\n  q"),
        ("if a > b:\n    a += 1\nreturn a", "let a := if (a >? b) then (a + 1) else a in\n  a"),
        ("if a > b:\n    raise ValueError\nreturn a", "if (a >? b) then None else\n  Some a"),
        ("if np.any(a > b):\n    raise ValueError\nreturn a", "if (a >? b) then None else\n  Some a"),
        ("end = a\nreturn end", "let end_ := a in\n  end_"),
        ("return Axis('h', a, b)", "(Axis a b false)"),
        ("return Axis('h', a, ceil_mode=b, stride=1)", "(Axis a 1 b)"),
    ],
)
def test_what_is_understood(source: str, gallina: str) -> None:
    """Each kind of expression and statement in its Gallina."""
    assert body(source, "a", "b").strip() == gallina


def test_what_a_body_asks_for() -> None:
    """A property becomes an argument of its name, an array over the outputs the output o."""
    found = Body(FIELDS, ())
    assert found.text(ast.parse("return self.outputs + np.arange(self.outputs)").body) == "  (outputs + o)"
    assert list(found.needs) == ["outputs", "o"]


@pytest.mark.parametrize(
    "line",
    [
        "return c",  # no such name
        "return a / b",
        "return a ** 2",
        "return True",
        "return 1.5",
        "return not a",
        "return a < b < 1",
        "return a != b",
        "return round(a)",
        "return max(a, b, 1)",
        "return max(a, key=b)",
        "return np.any(a > b)",  # of what entry?
        "return np.arange(3)",
        "return a[0]",
        "return [a]",
        "return Axis('h', a)",  # size and stride have no default
        "return Axis('h', a, b, 1, 2)",
        "return Axis('h', a, b, padding=1)",
        "a += 1",
        "pass",
        "for x in a:\n    pass",
    ],
)
def test_what_is_refused(line: str) -> None:
    """Anything else is refused, and the error says in which line it stands."""
    with pytest.raises(NotUnderstood, match="line 2 of the source has no translation"):
        body(f"x = a\n{line}", "a", "b")


def test_an_output_under_another_meaning() -> None:
    """A name that is taken cannot stand for the output as well."""
    with pytest.raises(NotUnderstood, match="o being the name of something else"):
        body("o = 1\nreturn np.arange(self.outputs)")


@pytest.mark.parametrize(
    "line",
    [
        "return max(x, a)",
        "return min(a, 2 * x + 1)",
        "return x if x > a else a",
        "return np.where(x > a and x < b, x, a)",
        "return np.where(x > a or a > b, x, a)",
        "if x > a:\n    raise ValueError\nreturn x",
        "if x > a:\n    a += 1\nreturn a",
        "y = x + 1\nz, a = divmod(y, 2)\nreturn max(z, 1)",
    ],
)
def test_an_array_has_no_truth(line: str) -> None:
    """Where NumPy raises, the entry of one output is no translation; of a number it is."""
    assert body(f"x = a\n{line}", "a", "b")
    with pytest.raises(NotUnderstood, match="Python being asked whether an array is true"):
        body(f"x = a + np.arange(self.outputs)\n{line}", "a", "b")


def test_a_name_that_is_no_array_any_more() -> None:
    """What a name is now counts, not what it was."""
    assert body("x = np.arange(self.outputs)\nx = a\nreturn max(x, 1)", "a").endswith("(Z.max x 1)")
