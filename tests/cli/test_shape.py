"""Shapes as calls give them."""

from __future__ import annotations

import argparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnbp.cli.shape import Shape, shape


@given(st.builds(Shape, st.lists(st.integers(0, 99)).map(tuple), st.none() | st.integers(0, 99)))
def test_what_is_printed_is_read(given_: Shape) -> None:
    """So that the command that repeats a case asks for the same."""
    assert shape(str(given_)) == given_


@pytest.mark.parametrize("text", ["2,-3", "a", "4:float", "4:int-1", "4:int0", "4:", "1.5", "2;3", "2,,3", "2,3,x"])
def test_what_is_no_shape_is_refused(text: str) -> None:
    """In the words of what is expected."""
    with pytest.raises(argparse.ArgumentTypeError, match=r"expected .*, got "):
        shape(text)


@pytest.mark.parametrize("text", ["2,3", "2, 3", "(2,3)", "[2, 3]", "2x3", "2,3,"])
def test_people_write_shapes_in_several_ways(text: str) -> None:
    """Each is read."""
    assert shape(text) == Shape((2, 3))
