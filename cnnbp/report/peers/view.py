"""Other gradient checkers on the wrong layers of the catalogue: a bar for each, in one stroke for each kind of fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cnnbp.evidence.contradictions import peers as against
from cnnbp.evidence.records import Faults, Peer, Peers

from ..setting import Place, Setting

THICK, GLYPH = 10, 14  # of a bar, along which a unit is a layer; and how long one is in the legend


@dataclass(frozen=True)
class Row:
    """A checker in its place, and its bar."""

    place: Place[Peer]
    bar: Markup


@dataclass(frozen=True)
class Beside:
    """The record, or None where it is missing; its checkers, and how the parts of a bar look."""

    record: Peers | None
    rows: Sequence[Row]
    glyphs: Sequence[tuple[str, Markup, int]]
    """Each kind of fault, its part of a bar, and how many there are."""
    most: int
    """So many wrong layers are caught by the checker that catches most."""


def peers(setting: Setting) -> Beside | None:
    """None where neither this run nor a whole one has the record."""
    found, wanted = setting.document.peers, setting.document.whole.peers
    if found is None:
        return Beside(None, (), (), 0) if wanted else None
    wrong = {remark.values["record"] for remark in against(found)}

    def judged(each: Peer) -> str:
        return "contradicted" if each.name in wrong else "pass"

    places = setting.places(wanted, found.checkers, lambda each: each.name, "peer-{}".format, judged)
    rows = [Row(place, _drawn(place.record, found.wrong)) for place in places]
    glyphs = [(kind, _bar({kind: GLYPH}, GLYPH), count) for kind, count in found.wrong]
    return Beside(found, rows, glyphs, max((each.caught.total for each in found.checkers), default=0))


def _drawn(found: Peer | None, of: Faults) -> Markup:
    """What was caught within all that there is; nothing is drawn of what cannot be."""
    caught = dict(found.caught) if found is not None else {}
    return _bar(caught, of.total) if sum(caught.values()) <= of.total else Markup("")


def _bar(caught: dict[str, int], of: int) -> Markup:
    """Full, hatched and thin, along a line as long as all there is: told apart without a colour."""
    strokes, x = [Markup('<path class="rule" d="M0 {}h{}"/>').format(THICK / 2, of)], 0
    for kind, count in caught.items():
        strokes.append(Markup('<path class="seen {}" d="M{} {}h{}"/>').format(kind, x, THICK / 2, count))
        x += count
    return Markup(
        '<svg class="bar" aria-hidden="true" viewBox="0 0 {0} {1}" width="{0}" height="{1}" preserveAspectRatio="none">{2}</svg>'
    ).format(of, THICK, Markup("").join(strokes))
