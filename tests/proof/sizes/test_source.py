"""The source as a module of its own."""

from __future__ import annotations

import sys

import pytest

from cnnbp.layers import relation
from cnnbp.proof.sizes.source import MODULE, Source, digest, text


def test_the_text_is_the_installed_one() -> None:
    """Its functions are compiled from the same lines as those that layers use."""
    source = Source(text())
    for of, name in ((relation.Axis, "tap"), (relation.Axis, "first_inputs"), (relation.Relation, "scatter")):
        ours = getattr(source.names[of.__name__], name).__code__
        assert ours.co_code == getattr(of, name).__code__.co_code
        assert ours.co_firstlineno == getattr(of, name).__code__.co_firstlineno


def test_nobody_else_sees_it() -> None:
    """What is replaced in it is replaced in it alone."""
    source, numpy = Source(text()), relation.np
    source.names["np"] = None
    assert relation.np is numpy
    assert sys.modules[MODULE] is relation
    assert source.Axis is not relation.Axis


def test_a_name_that_the_text_does_not_define() -> None:
    """Is said with the text."""
    with pytest.raises(AttributeError, match=r"the text of cnnbp\.layers\.relation defines no Axes"):
        Source(text()).Axes  # noqa: B018


def test_a_hash_tells_texts_apart() -> None:
    """One letter is enough."""
    assert digest(text()) == digest(text() + "")
    assert digest(text()) != digest(text() + " ")
