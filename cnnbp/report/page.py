"""The page itself: one string with its style inside, no script, and no request to anywhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cnnbp.evidence import file
from cnnbp.evidence.records import Document

from . import marks, words
from .answer.view import answer
from .controls.view import controls
from .digits.view import digits
from .drawn.view import drawn
from .failures.view import failures
from .influences.view import influences
from .kinds.view import kinds
from .layers.view import layers
from .mathematics import exact
from .mathematics.formula import formula
from .matrix.view import matrix
from .provenance.view import provenance
from .scope.view import scope
from .section import Part, Section
from .setting import Setting
from .speech import Speech
from .statements.view import chapters, statements
from .training.view import training
from .unseen import visible

SECTIONS = (
    Section("failures", failures, titled=False),
    Section("answer", answer, titled=False),  # what is titled stands in the contents, which follow here
    Section("scope", scope),
    Section("statements", statements, chapters),
    Section("matrix", matrix),
    Section("influences", influences),
    Section("layers", layers),
    Section("drawn", drawn),
    Section("digits", digits),
    Section("training", training),
    Section("controls", controls),
    Section("kinds", kinds),
    Section("provenance", provenance),
)

_HERE = Path(__file__).parent


def render(document: Document, language: str = "en") -> str:
    """The whole page. Raises FileNotFoundError for a language in which nothing is told."""
    setting = Setting(document, Speech(language))
    parts = [Part(section, setting) for section in SECTIONS]
    shown = [part for part in parts if part.view is not None]
    page = _environment(language).get_template("frame/page.html.j2").render(setting=setting, parts=shown)
    return visible(page)


def write(document: Document, out: Path, language: str = "en") -> Path:
    """Writes the page to out/index.html, all of it or nothing, and returns that path. Raises OSError."""
    page = render(document, language)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "index.html"
    file.write_text(path, page)
    return path


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    speech = Speech(language)
    environment.globals |= {"style": _style(), "formula": formula, "exact": exact, "marks": marks}
    environment.globals |= {f.__name__: f for f in (speech.say, speech.sentence, speech.told, speech.oracle, speech.knows)}
    environment.filters |= {f.__name__: f for f in (words.number, words.count, words.linked, words.prose, words.moment)}
    environment.filters |= {f.__name__: f for f in (speech.told, speech.oracle, speech.sentence)}
    return environment


def _style() -> Markup:
    """What all sections share, what each adds, and last what a phone and paper change."""
    folders = ["frame", "drawings", *(section.name for section in SECTIONS)]
    files = [_HERE / folder / "style.css" for folder in folders] + [_HERE / "frame" / "narrow.css"]
    return Markup("").join(Markup(path.read_text(encoding="utf-8")) for path in files if path.exists())
