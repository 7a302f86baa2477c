"""The page itself: one string with its style inside, no script, and no request to anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cnnbp import evidence

from . import masked, mathematical, misprints, readings, words
from .connections import connections
from .controls import controls
from .derivation import derivation, numbered
from .document import checked
from .formula import formula
from .headline import headline
from .influences import influences
from .layers import digits, layers
from .provenance import fingerprint, provenance
from .statements import faults, sections, statements, tally
from .training import training

_HERE = Path(__file__).parent
STYLES = ("style", "statements", "drawings", "narrow")  # a later one wins


def render(document: dict[str, Any]) -> str:
    """The whole page. Raises ValueError, naming the key, for a document that lacks one or holds another type there."""
    root = checked(document)
    judged, tried, tests = statements(root), layers(root), controls(root)
    first, small = headline(root, judged, tried, tests), connections(root)
    return _environment().get_template("page.html.j2").render(
        headline=first,
        derivation=derivation(root),
        sections=sections(judged),
        statements=judged,
        tally=tally(judged),
        faults=faults(judged),
        numbered=numbered(judged),
        layers=tried,
        oracles=list(dict.fromkeys(cell.oracle for layer in tried for cell in layer.cells)),
        connections=small,
        influences=None if small is None else influences(small),
        digits=digits(root),
        training=training(root),
        controls=tests,
        not_covered=root.texts("not_covered"),
        kinds=_kinds(root.value),
        provenance=provenance(root, fingerprint(document), first.mark.word),
    )  # fmt: skip


def status(document: dict[str, Any]) -> str:
    """What the page says of the run: the document's own status, or a harsher one that its records speak for. Raises ValueError."""
    root = checked(document)
    return headline(root, statements(root), layers(root), controls(root)).status


def write(document: dict[str, Any], out: Path) -> Path:
    """Writes the page to out/index.html, all of it or nothing, and returns that path. Raises OSError and ValueError."""
    page = render(document)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "index.html"
    evidence.write_text(path, page)
    return path


def _kinds(document: Mapping[str, Any]) -> list[str]:
    """Every kind of evidence named anywhere in the document, in the order in which the page explains them."""
    found: set[str] = set()
    rest: list[object] = [document]
    while rest:
        item = rest.pop()
        if isinstance(item, Mapping):
            named, several = item.get("kind"), item.get("kinds")
            listed = several if isinstance(several, (list, tuple)) else ()
            found.update(kind for kind in (named, *listed) if isinstance(kind, str))
            rest.extend(item.values())
        elif isinstance(item, (list, tuple)):
            rest.extend(item)
    return [kind for kind in words.KINDS if kind in found]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style = Markup("").join(Markup((_HERE / f"{name}.css").read_text(encoding="utf-8")) for name in STYLES)
    environment.globals |= {"style": style, "formula": formula, "truth_table": readings.truth_table}
    environment.globals |= {"words": words, "misprints": misprints, "mathematical": mathematical, "masked": masked}
    environment.filters |= {
        f.__name__: f for f in (words.number, words.count, words.moment, words.linked, words.prose, words.oracle)
    }
    return environment
