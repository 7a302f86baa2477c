"""The forms in which the source of the index relation is written: it is, and what could not be seen is refused with its line."""

from __future__ import annotations

import ast

import pytest

from cnnbp.proof.forms import Unusual, look
from cnnbp.proof.sizes.source import text


def test_the_source_is_written_in_them() -> None:
    """As it stands; its falsified twins are looked at where they are refuted."""
    assert ast.dump(look(text())) == ast.dump(ast.parse(text()))


BODIES = [
    "try: y = x\n    except TypeError: y = 1",
    "with x: pass",
    "while x: x = x - 1",
    "assert x",
    "pass",
    "del x",
    "import os",
    "def g(): return 1",
    "global y",
    "for i in range(x):\n        break",
    "y = lambda: x",
    "y = (z := x)",
    "y = {x: 1}",
    "y = {1 for x in range(3)}",
    "y = x is 7",
    "y = x in (1, 2)",
    "y = f'{x}'",
    "y = x.__class__",
    "y = x.terms",
    "y = x.real",
    "x.shape = 1",
    "x.shape += 1",
    "(x.shape, z) = 1, 2",
    "np = x",
    "for f in range(x): y = 1",
    "f = x",
    "y = isinstance(x, int)",
    "y = str(x)",
    "y = id(x)",
    "y = vars(x)",
    "y = open('other')",
    "max = x",
    "for len in range(x): y = 1",
    "y = np.any(x > 1)",
    "y = [np.any for r in range(3)]",
    "if np.any(x): y = 1",
    "if x:\n        raise TypeError('x')",
    "if x:\n        raise ValueError(x)",
    "if x:\n        raise ValueError",
    "if x:\n        raise ValueError(f'{f(x)}')",
    "if x:\n        raise ValueError(f'{x + 1}')",
    "if x:\n        raise ValueError('x') from None",
    "if np.any(x):\n        raise KeyboardInterrupt('x')",
]


@pytest.mark.parametrize("body", BODIES)
def test_what_no_function_may_hold(body: str) -> None:
    """Each is refused alone; the line is that of the statement or of the part of it that is meant."""
    look("import numpy as np\ndef f(x):\n    if np.any(x):\n        raise ValueError(f'{x}')\n    return x")
    with pytest.raises(Unusual, match=r"^line [3456] of the source holds "):
        look(f"import numpy as np\ndef f(x):\n    {body}\n    return x")


@pytest.mark.parametrize(
    "text",
    [
        "from os import environ",
        "from .checks import Array as prod",
        "import numpy as np\nimport numpy as np",
        "seen = []",
        "seen = tuple(range(3))",
        "a = 1\na = 2",
        "def f(): return 1\ndef f(): return 2",
        "class A:\n    x: int\n    x: int",
        "class A:\n    def f(self): return 1\n    def f(self): return 2",
        "class A:\n    x = 1",
        "class A:\n    x: int = f()",
        "class A:\n    class B: y: int",
        "class A:\n    def __getattribute__(self, name): return 1",
        "class A:\n    def __post_init__(self): return 1",
        "class A(B): x: int",
        "class A(metaclass=B): x: int",
        "@swapped\nclass A: x: int",
        "@swapped\ndef f(): return 1",
        "class A:\n    @swapped\n    def f(self): return 1",
        "def f(x=[]): return x",
        "def f(*, x=g()): return x",
        "def max(a, b): return a",
        "def f(max): return max",
        "A.f = 1",
        "f()",
        "if 1: a = 1",
        "for a in range(3): b = a",
    ],
)
def test_what_no_module_may_hold(text: str) -> None:
    """Names with two meanings, what outlives a call, and what Python calls by itself."""
    with pytest.raises(Unusual, match=r"^line \d of the source holds "):
        look(text)
