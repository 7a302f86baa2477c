"""Loops that treat each tap alike, and loops that do not."""

from __future__ import annotations

from textwrap import indent

import pytest

from cnnbp.proof.sizes.loops import METHODS, alike, over_all_taps
from cnnbp.proof.sizes.source import text

LOOP = "for t, (o, i) in enumerate(self.rows.taps):\n    "


@pytest.mark.parametrize("method", ["gather", "scatter"])
def test_the_source_is_alike(method: str) -> None:
    """Its loops over taps carry nothing."""
    assert alike(text(), method)


@pytest.mark.parametrize(
    "body",
    [
        f"{LOOP}x[t] = y[i]",
        f"{LOOP}into = x[i]; into += y[t]",
        f"{LOOP}into = x[i]; into += y[t]\n{LOOP}into = z[i]; into += x[t]\nreturn z",
        f"if small:\n    {LOOP.replace(chr(10), chr(10) + '    ')}x[t] = y[i]\nelse:\n    x = y\nreturn x",
        f"{LOOP}last = t\nlast = 0\nreturn last",
    ],
)
def test_alike(body: str) -> None:
    """Every name is assigned before it is read, in the same turn."""
    assert alike(f"def f():\n{indent(body, '    ')}", "f")


@pytest.mark.parametrize(
    "body",
    [
        f"n = 0\n{LOOP}n = n + 1",  # counts
        f"n = 0\n{LOOP}n += 1",
        f"{LOOP}x[n] = y[i]; n = t",  # the tap before
        f"{LOOP}x[t] = y[i]\nreturn t",  # the last tap
        f"{LOOP}last = t\nx = last",
        f"{LOOP}into = x[i]\n{LOOP}into += y[t]",  # of the loop before
        f"{LOOP}last = t\nif last:\n    x = 1",
        f"if small:\n    {LOOP.replace(chr(10), chr(10) + '    ')}last = t\nreturn last",
        f"{LOOP}break",  # not every tap
        f"{LOOP}if t: x = 1",
        f"{LOOP}x[t] = y[i]\nelse:\n    pass",
        "for t, i in taps:\n    x[t] = y[i]",  # over what?
        "for t, (o, i) in list(enumerate(self.rows.taps))[:9]:\n    x[t] = y[i]",
        "for t, (o, i) in enumerate(self.rows.taps[:9]):\n    x[t] = y[i]",
        "for t, (o, i) in zip(range(9), self.rows.taps):\n    x[t] = y[i]",
    ],
)
def test_not_alike(body: str) -> None:
    """A name goes from one turn to the next or out of the loop, or the loop is of an unusual kind."""
    assert not alike(f"def f():\n{indent(body, '    ')}", "f")


def test_a_method_that_is_not_there_or_twice() -> None:
    """Of it nothing is said."""
    assert not alike("def f(): pass", "g")
    assert not alike("def f(): pass\ndef f(): pass", "f")


# ---- over all taps -------------------------------------------------------------------------------


def test_the_source_asks_for_all_taps() -> None:
    """And its words may change where nobody asks for taps."""
    assert over_all_taps(text())
    assert over_all_taps(
        text().replace("`tap` for every tap.", "Every `tap`.").replace("        sizes: Array = ", "        return ")
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[self.tap(r) for r in range(self.kernel)]", "[self.tap(r) for r in range(min(self.kernel, 7))]"),
        ("    def taps(self)", "    def all_taps(self)"),
        ("return iter(self._triples)", "return iter(self._triples[:9])"),
        ("list(enumerate(self.columns.taps))", "list(enumerate(self.columns.taps))[:9]"),
        ("for s, (q, w) in across", "for s, (q, w) in across if s < 9"),
        ("for t, (o, i) in enumerate(self.rows.taps):  #", "for t, (o, i) in list(enumerate(self.rows.taps)):  #"),
        ("r, s, p, q = self.window_shape", "r, s, p, q = len(self.rows.taps), *self.window_shape[1:]"),
        ("return self.rows.size, self.columns.size", "return self._triples"),
        ("return self.rows.size, self.columns.size", "number = enumerate"),
        ("    def gather(", "    def gathered("),
    ],
)
def test_not_over_all_taps(old: str, new: str) -> None:
    """Something else is returned, or somebody else asks for taps."""
    assert old in text()
    assert not over_all_taps(text().replace(old, new, 1))


@pytest.mark.parametrize("name", METHODS)
def test_each_method_that_asks_is_compared(name: tuple[str, str]) -> None:
    """A statement more is another method."""
    head = text().index(f"    def {name[1]}(self)", text().index(f"class {name[0]}"))
    at = text().index("        return", head)
    assert not over_all_taps(f"{text()[:at]}        r = 9\n{text()[at:]}")
