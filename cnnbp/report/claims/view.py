"""What is claimed of what, by which kind of evidence, and what it does not show: as `evidence.claims` has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cnnbp.evidence.claims import Claim, chance
from cnnbp.evidence.claims import claims as claimed
from cnnbp.evidence.verdict import Remark

from ..setting import Setting
from ..speech import Spoken


@dataclass(frozen=True)
class Claims:
    """The rows, and what is left to chance in all of them."""

    rows: Sequence[Claim]
    chance: Remark | None
    names: Mapping[str, Spoken]
    """What each is about, by its id: a derivation by its title."""


def claims(setting: Setting) -> Claims | None:
    """None where nothing is claimed of anything."""
    rows = claimed(setting.document)
    say, told = setting.speech.say, setting.speech.told
    names = {row.id: setting.speech.claimed(row.id) for row in rows}
    names |= {book.id: say("claims.name.book", title=told(book.title)) for book in setting.document.derivations}
    return Claims(rows, chance(rows), names) if rows else None
