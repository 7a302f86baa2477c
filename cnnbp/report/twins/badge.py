"""What follows for the run as a badge: the word, and a colour that is never alone. It asks no server for anything."""

from __future__ import annotations

from markupsafe import escape

from .told import Told, say

COLOURS = {"holds": "#1a7f37", "incomplete": "#9a6700"}
OTHER = "#b3261e"
WIDE, ROOM = 7, 10  # pixels: of a letter, and beside a word
LEFT = "cnnbp"


def badge(told: Told) -> str:
    """An SVG of one line."""
    status = told.standing.status
    word, colour = say(f"twins.badge.{status}"), COLOURS.get(status, OTHER)
    left, right = (WIDE * len(text) + 2 * ROOM for text in (LEFT, word))
    both = escape(f"{LEFT}: {word}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label="{both}">'
        f'<title>{both}</title><rect width="{left}" height="20" fill="#444"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{colour}"/>'
        f'<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="{left / 2:g}" y="14" textLength="{left - 2 * ROOM}">{LEFT}</text>'
        f'<text x="{left + right / 2:g}" y="14" textLength="{right - 2 * ROOM}">{escape(word)}</text></g></svg>\n'
    )
