"""What records are made of: texts, ids, counts and exact numbers as JSON holds them, and the class of all records."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, FailFast, Field, StringConstraints
from typing_extensions import TypeAliasType

LONGEST, MOST = 20_000, 4_000  # characters of a text, points of a curve: what a page can show


def _in_english(words: dict[str, str]) -> dict[str, str]:
    if "en" not in words:
        raise ValueError('expected a text in English, under "en"')
    return words


def _not_empty(words: dict[str, str]) -> dict[str, str]:
    if not words["en"]:
        raise ValueError("expected a text that is not empty")
    return words


Text = Annotated[str, StringConstraints(max_length=LONGEST)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Words = Annotated[dict[Language, Text], AfterValidator(_in_english)]
"""One text in each language in which it is told; "en" is always among them, and empty where there is nothing to tell."""
Told = Annotated[Words, AfterValidator(_not_empty)]
"""A text that there must be."""
T = TypeVar("T")
Many = Annotated[tuple[T, ...], FailFast()]
"""Of a list of nonsense the first is enough to refuse it."""
Count = Annotated[int, Field(ge=0, le=10**12)]
Digits = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+(/[0-9]+)?$", max_length=400)]
Exact = TypeAliasType("Exact", "int | Digits | tuple[Exact, ...]")
"""An integer, a fraction such as "1/2", or arrays of these."""
Given = TypeAliasType("Given", "int | Text | tuple[Given, ...]")
"""A number of a counterexample, or in words what has no number, such as "f(z) = z^2"."""


class Record(BaseModel):
    """Plain data: frozen, every field named, nothing else beside them."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True, defer_build=True)
