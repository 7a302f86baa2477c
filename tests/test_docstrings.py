"""Every public function has an example, and it prints what its docstring says."""

from __future__ import annotations

import doctest
from inspect import isfunction
from typing import Any

import numpy as np
import pytest

import cnnbp

FUNCTIONS = [name for name in cnnbp.__all__ if isfunction(getattr(cnnbp, name))]
LIBRARIES = {"from_jax": "jax", "from_torch": "torch"}


def otherwise(docstring: str, **known: Any) -> list[str]:
    """The lines of its examples that answer otherwise, and what they answer. Raises AssertionError where it has none."""
    example = doctest.DocTestParser().get_doctest(docstring, {"cnnbp": cnnbp, "np": np, **known}, "example", None, None)
    assert example.examples, "a public function without an example"
    said: list[str] = []
    doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    return said


@pytest.mark.parametrize("name", FUNCTIONS)
def test_its_example_is_true(name: str) -> None:
    """As `help` shows it."""
    library = LIBRARIES.get(name)
    known = {library: pytest.importorskip(library)} if library else {}
    assert otherwise(getattr(cnnbp, name).__doc__ or "", **known) == []


def test_an_example_that_is_not_true_is_seen() -> None:
    """And a function without any."""
    assert len(otherwise(">>> 1 + 1\n3\n>>> cnnbp.verify(None, np.ones(1)).status\n'pass'\n")) == 2
    with pytest.raises(AssertionError, match="without an example"):
        otherwise("Nothing.")
