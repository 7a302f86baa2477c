"""Characters that show nothing but can change how a page reads are shown by their number."""

from __future__ import annotations

import re

UNSEEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, tab and line feed apart
    "\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # no width, and the direction of writing
    "\u00ad\u034f\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2028\u2029\u3164\uffa0\ufff0-\ufffb"  # hyphens, fillers, breaks
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # halves of characters, and none
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # marks of shorthand and music, tags
    "]"
)


def visible(text: str) -> str:
    """`text` with every such character as ⟨U+202E⟩. The whole page goes through here, so nothing in it can be forgotten."""
    return UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)
