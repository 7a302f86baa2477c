"""The sentences in which people read evidence, language by language: a file a room under `en/` and `zh/`, a code a sentence.

A sentence names the values of its remark in braces. `{n:# window|windows}` counts: "1 window", "3 windows"; `{n:= is|are}`
leaves the number out; `{n:?, {n} of them wrong}` is said unless n is 0; a format such as `{error:.3g}` is Python's.
"""

from __future__ import annotations

import string
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Protocol

ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh")
NO_NUMBERS = ("nan", "inf", "-inf")
LONGEST = 500  # characters of what somebody else says in a sentence


class Said(Protocol):
    """A code, and the numbers and names in it: `evidence.Remark`."""

    @property
    def code(self) -> str:
        """The key of the sentence, "room.what"."""

    @property
    def values(self) -> Mapping[str, Any]:
        """What stands in its braces."""


def sentence(said: Said, language: str = ENGLISH) -> str:
    """The remark as a sentence. A code that is not known is told with its values: it may come from a newer version."""
    found = _put(said, language)
    if found is None:
        return f"{said.code} {dict(said.values)}" if said.values else said.code
    return found


def can_be_said(said: Said) -> bool:
    """Whether its code is known, and its values are those that the sentence names."""
    return _put(said, ENGLISH) is not None


def _put(said: Said, language: str) -> str | None:
    """The sentence; None where there is none, or not with these values: the file may have been changed by hand."""
    template = known(language).get(said.code)
    if template is None:
        return None
    try:
        values = {name: harmless(value) if isinstance(value, str) else value for name, value in said.values.items()}
        return fill(template, {**values, **_in_words(values, language)}, language)
    except (KeyError, ValueError, IndexError, AttributeError, TypeError, OverflowError):
        return None


def harmless(text: str) -> str:
    """What somebody's code says, in a line of its own length and without characters that steer a terminal."""
    short = text if len(text) <= LONGEST else f"{text[:LONGEST]} ... ({len(text)} characters)"
    return "".join(" " if c in "\n\t" else repr(c)[1:-1] if unicodedata.category(c) == "Cc" else c for c in short)


def _in_words(values: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What sentences name by words instead of codes: the quantity, a part of a run, the place of an entry, where it was asked."""
    words = known(language)
    found: dict[str, Any] = {}
    if "quantity" in values:
        found["what"] = _what(str(values["quantity"]), words)
    if "quantities" in values:
        found["all"] = words["list.between"].join(_what(str(quantity), words) for quantity in values["quantities"])
    for name in ("part", "record"):
        if isinstance(values.get(name), str):
            found[name] = words.get(f"report.part.{values[name]}", values[name])
    if isinstance(values.get("names"), (list, tuple)):
        found["names"] = [words.get(f"report.part.{each}", each) for each in values["names"]]
    if isinstance(values.get("kind"), str):
        found["kind"] = words.get(f"kind.{values['kind']}.name", values["kind"])
    if "along" in values:
        found |= _along(str(values["along"]), values.get("indices", ()), language)
    if "index" in values and "axes" in values:
        found["where"] = place(values["index"], str(values["axes"]), language)
    if "at" in values:
        found["on"] = words.get(f"verification.at.{values['at']}", "")
    return found


def _along(axis: str, indices: Any, language: str) -> dict[str, str]:
    """An axis, a slice of it, and slices with their numbers: "the row axis" where its letter has a word, "axis 0" elsewhere."""
    words = known(language)
    word = words.get(f"verification.axis.{axis}")
    values = {"name": word or f"{words['verification.axis.number']} {axis}", "indices": indices}
    kind = "numbered" if word is None else "named"
    return {name: fill(words[f"diagnosis.along.{kind}.{name}"], values, language) for name in ("axis", "slice", "slices")}


def _what(quantity: str, words: Mapping[str, str]) -> str:
    what = words.get(f"verification.what.{quantity}") or words.get("verification.what.other", "{quantity}")
    return what.replace("{quantity}", quantity)


def place(index: Any, axes: str, language: str = ENGLISH) -> str:
    """An entry in words: "output channel 2, input channel 0, kernel row 1, kernel column 3".

    axes: a letter for each axis, or for the first few; the rest are given as a list.
    """
    words = known(language)
    if not index:
        return words["verification.axis.only"]
    named = [f"{words.get(f'verification.axis.{letter}', letter)} {i}" for letter, i in zip(axes, index, strict=False)]
    if len(axes) > len(index):
        named = []
    rest = list(index)[len(named) :]
    return words["list.between"].join([*named, *([f"{words['verification.axis.any']} {rest}"] if rest else [])])


def fill(template: str, values: Mapping[str, Any], language: str = ENGLISH) -> str:
    """The template with the values in its braces, lists as the language parts them. Raises KeyError for a name without value."""
    return _Counting(known(language)["list.between"]).vformat(template, (), values)


def named(template: str) -> set[str]:
    """The values that a template names. Raises ValueError for one that is no template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Every sentence of a language under its code, "room.what". Raises FileNotFoundError for a language that has none."""
    folder, found = resources.files(__package__).joinpath(language), dict[str, str]()
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            room = file.name.removesuffix(".toml")
            found |= flat(tomllib.loads(file.read_text("utf-8")), f"{room}.")
    return found


@cache
def known(language: str) -> Mapping[str, str]:
    """The sentences of a language, and in English whatever it has none for."""
    try:
        return {**sentences(ENGLISH), **sentences(language)}
    except FileNotFoundError:
        return sentences(ENGLISH)


def flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Every text of nested tables under the keys that lead to it, joined by dots."""
    found = dict[str, str]()
    for key, value in table.items():
        found |= {prefix + key: value} if isinstance(value, str) else flat(value, f"{prefix}{key}.")
    return found


class _Counting(string.Formatter):
    """`str.format` with three more formats: `# one|many`, `= one|many`, and `?` before what is said unless it is 0.

    No attribute or index is looked up: values are data.
    """

    def __init__(self, between: str) -> None:
        self._between = between

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, (list, tuple)):
            words = any(isinstance(item, str) for item in value)
            return (self._between if words else ", ").join(map(str, value))
        if format_spec[:1] == "?":
            return format_spec[1:] if value else ""
        if format_spec[:1] in ("#", "="):
            one, _, many = format_spec[1:].strip().partition("|")
            word = one if value == 1 else many or one + "s"
            return f"{value} {word}" if format_spec[0] == "#" else word
        if value in NO_NUMBERS and format_spec:  # as a file holds them
            value = float(value)
        return str(super().format_field(value, format_spec))
