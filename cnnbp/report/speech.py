"""The page's sentences in each language. Whatever stands in their braces is escaped; they themselves may hold markup."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache, wraps
from typing import Any

from markupsafe import Markup, escape

from cnnbp.evidence.records import Theorem
from cnnbp.evidence.verdict import Remark
from cnnbp.text import ENGLISH, LANGUAGES, known, sentence, sentences

from .words import Counted, number

WORD = re.compile(r"[a-z]{2,}")  # a letter alone is a number's name
TRANSLATED = 12  # digits of the SHA-256 of an English text, by which its translation knows it


class Spoken(Markup):
    """One text in every language, one after the other where they differ: the style shows one. The first is the page's own."""

    by: Mapping[str, str]

    def __new__(cls, by: Mapping[str, str]) -> Spoken:
        """What is no markup in `by` is escaped."""
        texts = {language: escape(text) for language, text in by.items()}
        spoken = super().__new__(cls, _beside(texts, "u"))
        spoken.by = by
        return spoken

    @property
    def drawn(self) -> Markup:
        """The same for a text within a drawing."""
        return _beside({language: escape(text) for language, text in self.by.items()}, "tspan")

    def map(self, change: Callable[[str], str]) -> Spoken:
        """The same made of the text in each language."""
        return Spoken({language: change(text) for language, text in self.by.items()})

    def join(self, items: Iterable[str]) -> Markup:  # type: ignore[override]
        """The items with this between them."""
        return Markup(self).join(items)


class Speech:
    """How the page speaks; `language` is the one that it opens in. Raises FileNotFoundError for one in which nothing is told."""

    def __init__(self, language: str) -> None:
        sentences(language)
        self.language = language

    def say(self, code: str, **values: Any) -> Spoken:
        """A phrase of the page itself, under its code in `text/`."""
        return _said(code, values) if values else _alone(code)

    def sentence(self, remark: Remark) -> Spoken:
        """What a remark of the document says, as text: never as markup."""
        return Spoken({language: sentence(remark, language) for language in LANGUAGES})

    def told(self, words: Mapping[str, str]) -> Spoken:
        """A text of the document; in English where it is not told in a language."""
        return Spoken({language: words.get(language) or words.get(ENGLISH, "") for language in LANGUAGES})

    def own(self, text: str, code: str) -> Spoken:
        """A text of the document that `text/` has under this code; alone, if what stands there now is another."""
        same = known(ENGLISH).get(code) == text
        return Spoken({language: known(language)[code] if same else text for language in LANGUAGES})

    def meaning(self, theorem: Theorem) -> Spoken:
        """What a theorem says: in English as the record has it, in another language as long as that is what was translated."""
        of = hashlib.sha256(theorem.meaning.encode()).hexdigest()[:TRANSLATED]
        told = {language: known(language) for language in LANGUAGES}
        key = f"theorem.{theorem.name}"
        return Spoken({i: words[f"{key}.told"] if words.get(f"{key}.of") == of else theorem.meaning for i, words in told.items()})

    def titled(self, section: str) -> bool:
        """Whether a section has a title, and so stands in the contents."""
        return f"report.{section}.title" in known(ENGLISH)

    def oracle(self, name: str) -> Spoken:
        """An oracle for people; the name in the evidence where there is no other. "autograd, exact" is one that rounds nothing."""
        return Spoken({language: _oracle(name, known(language)) for language in LANGUAGES})

    def kind(self, name: str) -> Spoken:
        """A kind of evidence for people."""
        return Spoken({language: known(language).get(f"kind.{name}.name", name) for language in LANGUAGES})

    def checker(self, name: str) -> Spoken:
        """A gradient checker for people; its name where there is no other."""
        return Spoken({language: known(language).get(f"report.peers.name.{name}", name) for language in LANGUAGES})

    def part(self, name: str) -> Spoken:
        """A part of a run for people; any other name as it is."""
        return Spoken({language: known(language).get(f"report.part.{name}", name) for language in LANGUAGES})

    def claimed(self, name: str) -> Spoken:
        """What a claim is about, for people; a layer by its name."""
        return Spoken({language: known(language).get(f"claims.name.{name}", name) for language in LANGUAGES})

    def property(self, name: str) -> Spoken:
        """What a case is like, for people; the name of an option stays as it is."""
        return Spoken({language: _property(name, known(language)) for language in LANGUAGES})

    def shapes(self, names: Iterable[str]) -> Spoken:
        """Shapes as a derivation names them, one after the other, their few words told: "2×2, window 1×2"."""
        those = list(names)
        return Spoken({lang: known(lang)["list.clause"].join(_shape(name, known(lang)) for name in those) for lang in LANGUAGES})

    def counts(self, of: Mapping[str, int], begin: str) -> list[Spoken]:
        """A phrase for each count, under a code that begins so and ends with its name; none for what there is nothing of."""
        return [self.say(f"{begin}{name}", n=count) for name, count in of.items() if count]

    def pairs(self, gaps: Iterable[tuple[str, str, str, str]]) -> Spoken:
        """Pairs of properties in one text a language, since there may be hundreds: "stride 1 × bias off, sizes large/one cell"."""
        met: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for name, value, other, of_other in gaps:
            met[name, value][other].append(of_other)
        return Spoken({language: _pairs(met, known(language)) for language in LANGUAGES})

    def together(self, parts: Iterable[str], between: str = "") -> Spoken:
        """Texts as one in each language; `between` is the code of what stands between those that are not empty."""
        those = [part for part in parts if part]
        link = self.say(between) if between else ""
        return Spoken({lang: Markup(_in(link, lang)).join(escape(_in(part, lang)) for part in those) for lang in LANGUAGES})


def in_each(change: Callable[[str], str]) -> Callable[[str], str]:
    """The same change of a text, made in every language where the text has several."""

    @wraps(change)
    def changed(value: str) -> str:
        return value.map(change) if isinstance(value, Spoken) else change(value)

    return changed


def plain(value: str) -> str:
    """The text alone, where markup cannot stand: in English, as the attributes of the page are in every language."""
    return Markup(value.by[ENGLISH] if isinstance(value, Spoken) else value).striptags()


def _said(code: str, values: Mapping[str, Any]) -> Spoken:
    remarks = {lang: Remark(code, {name: _set(value, lang) for name, value in values.items()}) for lang in LANGUAGES}
    return Spoken({language: Markup(sentence(remark, language)) for language, remark in remarks.items()})


@cache
def _alone(code: str) -> Spoken:
    """A phrase without values: most are said hundreds of times on a page."""
    return _said(code, {})


def _beside(texts: Mapping[str, Markup], tag: str) -> Markup:
    first, *others = texts
    if all(texts[language] == texts[first] for language in others):
        return texts[first]
    quote = '"' if tag == "tspan" else ""  # a drawing is XML; elsewhere a page has thousands of them
    said = (f"<{tag} lang={quote}{language}{quote}>{texts[language]}</{tag}>" for language in others)
    return Markup("".join([f"<{tag}>{texts[first]}</{tag}>", *said]))


def _property(name: str, words: Mapping[str, str]) -> str:
    return words.get(f"report.property.{name}", name)


def _shape(name: str, words: Mapping[str, str]) -> str:
    return WORD.sub(lambda found: words.get(f"report.shape.{found[0]}", found[0]), name)


def _in(text: str, language: str) -> str:
    return text.by[language] if isinstance(text, Spoken) else text


def _pairs(met: Mapping[tuple[str, str], Mapping[str, Iterable[str]]], words: Mapping[str, str]) -> str:
    def told(name: str, *values: str) -> str:
        return f"{_property(name, words)} {'/'.join(_property(value, words) for value in values)}"

    return "; ".join(f"{told(*one)} × {', '.join(told(name, *of) for name, of in others.items())}" for one, others in met.items())


def _oracle(name: str, words: Mapping[str, str]) -> str:
    first, _, how = name.partition(", ")
    told = words.get(f"report.oracle.{first}", first.replace("_", " "))
    return words["report.oracle.how"].format(oracle=told, how=words.get(f"report.oracle.{how}", how)) if how else told


def _set(value: Any, language: str) -> Any:
    if isinstance(value, str):
        return escape(value.by[language] if isinstance(value, Spoken) else value)
    if isinstance(value, int) and not isinstance(value, bool):
        return Counted(value)
    if isinstance(value, (list, tuple)):
        return Markup(known(language)["list.between"]).join(_set(item, language) for item in value)
    return number(value)
