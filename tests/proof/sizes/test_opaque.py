"""What is not modelled answers nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cnnbp.proof.sizes.kernel import Path
from cnnbp.proof.sizes.opaque import DTYPE, AnyTap, Opaque

ANY_TAP = AnyTap(Path([]).unknown("tap"), "slices")


@pytest.mark.parametrize("one", [Opaque(), DTYPE, ANY_TAP])
@pytest.mark.parametrize("ask", [bool, hash, lambda a: a == 0, lambda a: a != a, lambda a: a in (1, 2)])
def test_it_is_asked_for_nothing(one: Opaque, ask: Callable[[Any], Any]) -> None:
    """Neither whether it is true nor whether it is equal to something, itself included."""
    with pytest.raises(TypeError):
        ask(one)


@pytest.mark.parametrize("count", [len, list, iter, enumerate, lambda a: a[0], lambda a: a[:9], lambda a: a * 2])
def test_any_tap_is_no_list(count: Callable[[Any], Any]) -> None:
    """Nobody can say how many there are; which one it is, and its slices, is what it has."""
    assert (list(ANY_TAP.tap.terms), ANY_TAP.slices) == ([("tap",)], "slices")
    with pytest.raises(TypeError):
        count(ANY_TAP)
