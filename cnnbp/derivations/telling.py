"""The words of a derivation: texts under keys, each in every language, and sentences made of a code and exact numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np

from ..evidence.records import Words
from ..text import ENGLISH, fill, flat, known, named

OWN = "derivations."  # keys of the sentences that every derivation has in common; they stand in the text of the package
TOLD = ("working.", "nonsense.", "abstains.", OWN)  # keys of templates for what the code tells


@dataclass(frozen=True)
class Told:
    """A code, and the exact numbers in it. The sentence stands in the text of the derivation, in each of its languages."""

    code: str
    values: Mapping[str, Any]


def told(code: str, **values: Any) -> Told:
    """`code` is the key of a template, each keyword a name in its braces."""
    return Told(code, values)


@dataclass(frozen=True)
class Text:
    """All texts of a derivation under their keys: "title", "sections.pooling", "statements.ID.claim"."""

    words: Mapping[str, Words]

    def __getitem__(self, key: str) -> Words:
        """The text in every language. Raises ValueError where there is none."""
        if key not in self.words:
            raise ValueError(f"the text has no {key}")
        return self.words[key]

    def under(self, table: str) -> dict[str, Words]:
        """The texts of one table, in the order of the English file."""
        return {key.removeprefix(f"{table}."): words for key, words in self.words.items() if key.startswith(f"{table}.")}

    def tell(self, what: Told | None) -> Words:
        """The sentence in every language; no words for None. Raises KeyError for a number that the template names in vain."""
        return self.fill(what.code, what.values) if what else dict.fromkeys(self["title"], "")

    def fill(self, key: str, values: Mapping[str, Any]) -> Words:
        """The text with its braces filled in, by numbers or by words that are themselves told in every language."""
        return {
            language: fill(template, {name: _shown(value, language) for name, value in values.items()}, language)
            for language, template in self[key].items()
        }


def read(folder: Traversable) -> Text:
    """The texts in the files LANGUAGE.toml of a folder, and the engine's own sentences beside them.

    Raises ValueError unless every language has the same texts, each naming the same numbers, and English is among them.
    """
    files = {file.name.removesuffix(".toml"): file for file in folder.iterdir() if file.name.endswith(".toml")}
    told = {name: flat(tomllib.loads(files[name].read_text("utf-8"))) | _own(name) for name in sorted(files)}
    if ENGLISH not in told:
        raise ValueError(f"there is no English text, {ENGLISH}.toml")
    english = told[ENGLISH]
    for language, texts in told.items():
        for key in texts.keys() ^ english.keys():
            raise ValueError(f"{key} is told in one of {ENGLISH} and {language} alone")
        for key in texts:
            if key.startswith(TOLD) and named(texts[key]) != named(english[key]):
                raise ValueError(f"{key} names other numbers in {language} than in {ENGLISH}")
    return Text({key: {language: texts[key] for language, texts in told.items()} for key in english})


def _own(language: str) -> dict[str, str]:
    """The engine's sentences; in English where the package has them in no other language."""
    return {code: text for code, text in known(language).items() if code.startswith(OWN)}


def _shown(value: Any, language: str) -> Any:
    """What a template takes: counts as they are, words in its language, and other numbers as a person writes them."""
    if isinstance(value, dict):
        return value[language]
    if isinstance(value, (list, tuple)):
        return [_shown(item, language) for item in value]
    return value if isinstance(value, (int, str)) else show(value)


def show(value: Any) -> str:
    """Exact numbers as a person writes them: 1/2, (1, 2), and the rows of a matrix apart, (1, 2; 3, 4)."""
    if isinstance(value, np.ndarray) and value.ndim:
        if value.size == 1:
            return show(value.flat[0])
        rows = value.reshape(-1, value.shape[-1]) if value.ndim > 1 else value[None]
        return f"({'; '.join(', '.join(map(show, row)) for row in rows)})"
    return str(value).replace("-", "−")
