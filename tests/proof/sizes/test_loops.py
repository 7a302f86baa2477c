"""Loops that treat each tap alike, and loops that do not."""

from __future__ import annotations

from textwrap import indent
from typing import Any

import pytest

from cnnbp.proof.sizes.arrays import Cells, NumPy, Term
from cnnbp.proof.sizes.claims import Goals
from cnnbp.proof.sizes.kernel import Path
from cnnbp.proof.sizes.loops import METHODS, alike, over_all_taps
from cnnbp.proof.sizes.opaque import DTYPE, AnyTap
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


# ---- any one tap ---------------------------------------------------------------------------------


def _loop(goals: Goals) -> tuple[NumPy, Any, Any, Any]:
    path = Path([])
    model, tap, kernel = NumPy(goals), path.unknown("tap"), path.unknown("kernel")
    return model, tap, Cells(model, (kernel,), "x"), model.zeros((kernel,), DTYPE)


def test_a_loop_over_any_tap() -> None:
    """Runs once, with its number and its slices; over a list, as Python does."""
    model, tap, x, y = _loop(Goals())
    for t, i in model.enumerate(AnyTap(tap, "slices")):
        assert (t is tap, i) == (True, "slices")
        y[..., t] = x[..., t]
    [term] = y.read([tap])
    assert term == Term([], "x", [tap])
    assert [*model.enumerate(["a", "b"])] == [(0, "a"), (1, "b")]


def test_which_tap_another_number_is_is_not_known() -> None:
    """An array that was written for any tap is read at that tap."""
    model, tap, x, y = _loop(Goals())
    for t, _ in model.enumerate(AnyTap(tap, "slices")):
        y[..., t] = x[..., t]
    with pytest.raises(TypeError, match="whether two taps are the same is not known"):
        y.read([tap + 1])


def _over_all(x: Any, y: Any, t: Any) -> None:
    y[..., slice(None)] = x[..., slice(None)]


def _over_another(x: Any, y: Any, t: Any) -> None:
    y[..., t + 1] = x[..., t]


def _both(x: Any, y: Any, t: Any) -> None:
    y[..., t] = x[..., t]
    into = y[..., slice(None)]
    into += x[..., slice(None)]


def _what_it_writes(x: Any, y: Any, t: Any) -> None:
    y[..., t] = x[..., t]
    into = x[..., t]
    into += y[..., t]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (_over_all, "assign to the cells of its own tap only"),
        (_over_another, "assign to the cells of its own tap only"),
        (_both, "not both assign to an array and add to it"),
        (_what_it_writes, "not read what it writes"),
    ],
)
def test_a_loop_whose_taps_wait_for_each_other(body: Any, message: str) -> None:
    """What its body does once says nothing of all taps: it is refused, outside of such a loop it is not."""
    model, tap, x, y = _loop(Goals())
    body(x, y, tap)
    model, tap, x, y = _loop(Goals())
    next(model.enumerate(AnyTap(tap, "slices")))
    with pytest.raises(TypeError, match=f"a loop over any tap may {message}"):
        body(x, y, tap)
