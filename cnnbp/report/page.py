"""The page itself: one string with its style inside, no script, and no request to anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cnnbp.evidence import file
from cnnbp.evidence.records import Document, Whole
from cnnbp.text import ENGLISH, LANGUAGES, known

from . import words
from .alike import alike
from .answer.view import answer
from .claims.view import claims
from .controls.view import controls
from .digits.view import digits
from .drawn.view import drawn
from .failures.view import failures
from .influences.view import influences
from .kinds.view import kinds
from .ladder.view import ladder
from .layers.view import layers
from .marks import MARKS
from .mathematics import exact
from .mathematics.formula import formula
from .mathematics.worded import worded
from .matrix.view import matrix
from .peers.view import peers
from .pooling.view import pooling
from .proofs.view import proofs
from .provenance.view import provenance
from .scope.view import scope
from .setting import Setting
from .speech import Speech, in_each, plain
from .statements.view import statements
from .theorem.view import theorem
from .training.view import training
from .unseen import visible

SECTIONS: dict[str, Callable[[Setting], Any]] = {
    "answer": answer, "failures": failures, "matrix": matrix, "influences": influences, "pooling": pooling,
    "statements": statements, "theorem": theorem, "claims": claims, "scope": scope, "layers": layers, "ladder": ladder,
    "drawn": drawn, "digits": digits, "training": training, "proofs": proofs, "controls": controls, "peers": peers,
    "kinds": kinds, "provenance": provenance,
}  # fmt: skip
"""By folder, in the order of the page: what the template there is given as `view`, or None where there is nothing to show."""

IMPLIED = re.compile(r"</t[dh]>(?=\s*<(?:t[dh]\b|/tr>))|</tr>(?=\s*<(?:tr\b|/tbody>|/thead>))|</dt>(?=\s*<dd\b)")
AIR = re.compile(r"\s*([{};])\s*|([:,])\s+")  # a space before a colon stays: there it is a selector's
MANY = re.compile(r"<(?:t[dh]|m[a-z]+|path|rect|text|tspan|circle|g|line)\b[^<>]*>")  # tags of which there are thousands
QUOTED = re.compile(r'="([\w.#-]+)"(?=[ >])')
LINES = re.compile(r"\n+(?=</?(?:t[rdh]|thead|tbody|table|div|details|summary|article|section|dl|figure)\b)")  # seen by nobody
REMARK = re.compile(r"\s*/\*.*?\*/\s*|\n\s+", re.DOTALL)  # in a style, and the spaces that begin its lines
_HERE = Path(__file__).parent


def render(document: Document, language: str = "en", installed: Whole | None = None) -> str:
    """The whole page. Raises FileNotFoundError for a language in which nothing is told.

    `installed`: what a whole run of the document's own sources has, where they are at hand.
    """
    setting = Setting(document, Speech(language), installed)
    views = {name: view for name, section in SECTIONS.items() if (view := section(setting)) is not None}
    template, number = environment().get_template("frame/page.html.j2"), count(1)
    return light(visible(template.render(setting=setting, views=views, next_figure=number.__next__)))


def write(document: Document, out: Path, language: str = "en") -> Path:
    """Writes the page to out/index.html, all of it or nothing, and returns that path. Raises OSError."""
    page = render(document, language)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "index.html"
    file.write_text(path, page)
    return path


@cache
def environment() -> Environment:
    """The templates of all sections, with their style, their sentences and their filters: the same for whoever reads them."""
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    speech = Speech(ENGLISH)
    environment.globals |= {
        "style": _style(),
        "formula": lambda *of: worded(formula(*of)),
        "exact": exact,
        "marks": MARKS,
        "say": speech.say,
    }
    environment.globals["languages"] = {language: known(language)["list.language"] for language in LANGUAGES}
    filters = [
        speech.told,
        speech.own,
        speech.meaning,
        speech.oracle,
        speech.kind,
        speech.checker,
        speech.property,
        speech.counts,
        speech.shapes,
        speech.sentence,
        speech.together,
        alike,
        words.number,
        words.count,
        words.moment,
        words.threads,
        plain,
    ]
    filters += map(in_each, (words.linked, words.prose))
    environment.filters |= {filter.__name__: filter for filter in filters}
    return environment


def light(page: str) -> str:
    """Without what HTML lets one leave out: end tags of cells, rows and terms, lines before boxes, quotes of many tags."""
    return MANY.sub(lambda tag: QUOTED.sub(r"=\1", tag[0]), LINES.sub("", IMPLIED.sub("", page)))


def _style() -> Markup:
    """What all sections share, what each adds, and last what a phone and paper change."""
    files = [_HERE / folder / "style.css" for folder in ("frame", "drawings", *SECTIONS, "own")] + [_HERE / "frame" / "narrow.css"]
    style = REMARK.sub("\n", "".join(path.read_text(encoding="utf-8") for path in files if path.exists()))
    return Markup(AIR.sub(r"\1\2", style))
