"""How a run is cited in a paper: a sentence for each strength of evidence, and an entry for BibTeX.

A sentence names what is claimed by evidence of that kind, and no claim is stronger than the weakest record under it
(`evidence.claims`). Of a run that does not hold nothing is claimed.
"""

from __future__ import annotations

import re
from collections import Counter

from cnnbp.evidence.claims import Claim, Held, chance, claims, held
from cnnbp.evidence.kinds import KINDS
from cnnbp.text import known, sentence

from ..unseen import visible
from .told import Told, say

TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def sentences(told: Told) -> list[str]:
    """A derivation as a whole; then each kind, the strongest first; then what is known of all of it together."""
    found = told.outcomes[0]
    if told.standing.status != "holds":
        why = [*told.reasons(found), *(why for each in told.outcomes if each.what == "subject" for why in told.reasons(each))]
        return [say("cite.not", status=told.title), *(f"  {why}" for why in dict.fromkeys(why))]
    rows = claims(told.document)
    by_kind = {kind: [row for row in rows if row.kind == kind] for kind in reversed(KINDS)}
    lines = [line for kind, those in by_kind.items() if those for line in _one(kind, those, told)]
    unclaimed = [visible(row.id) for row in rows if row.kind is None]
    lines += [say("cite.unclaimed", names=unclaimed)] if unclaimed else []
    weakest = min((row.kind for row in rows if row.kind), key=KINDS.index, default=None)
    lines += [say("cite.together", kind=weakest)] if weakest and not unclaimed else []
    left = chance(rows)
    return [*map(_held, held(told.document)), *lines, *([sentence(left)] if left else [])]


def _held(found: Held) -> str:
    """A derivation in one sentence, by its title."""
    parts = [say(found.code(kind), n=count, kind=kind, aside=found.aside) for kind, count in found.by]
    return say(found.says, title=visible(found.title.get("en", "")), of=found.of, parts=parts)


def _one(kind: str, found: list[Claim], told: Told) -> list[str]:
    """Each with how far it reaches; a derivation first of all with what came of its statements."""
    names = [visible(_about(row)) for row in found]
    head = say("cite.kind", names=names, count=len(names), kind=kind, shows=say(f"kind.{kind}.shows"), no=say(f"kind.{kind}.not"))
    reach = {_about(row): [*_verdicts(row, told), *map(sentence, row.scope)] for row in found}
    return [head, *(visible(f"  {id}: {'; '.join(said)}.") for id, said in reach.items() if said)]


def _about(row: Claim) -> str:
    """What it is about, for people."""
    return known("en").get(f"claims.name.{row.id}", row.id)


def _verdicts(row: Claim, told: Told) -> list[str]:
    words = Counter(each.word for each in told.outcomes if each.what == "statement" and each.of == row.id)
    return [say("cite.verdict", word=word, count=count) for word, count in words.items()]


def bibtex(told: Told) -> str:
    """Version, commit, seed and the hash of the evidence: what another needs to find the same again."""
    run = told.document.provenance
    year = found[0] if (found := re.match(r"\d{4}", run.started)) else ""
    note = say(
        "cite.note", commit=run.commit or "?", seeds=", ".join(map(str, run.seeds)), profile=run.profile, examples=run.examples,
        status=told.title, sha256=told.sha256, sources=run.sources_sha256,
    )  # fmt: skip
    books = [book.title.get("en", "") for book in told.document.derivations]
    fields = {
        "author": "{The cnnbp authors}", "title": "{" + tex(say("cite.title", books=[book for book in books if book])) + "}",
        "version": tex(run.cnnbp), "url": _address(run.repository), "year": year, "note": tex(note),
    }  # fmt: skip
    lines = [f"  {name:<7} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@software{{cnnbp-{told.sha256[:12]},", *lines, "}"])


def _address(url: str) -> str:
    """As it stands, which is how BibTeX styles set an address: an escape would lead elsewhere. Braces would end it."""
    return "".join(c for c in "".join(visible(url).split()) if c not in "{}")


def tex(text: str) -> str:
    """Text that TeX sets as it stands, whatever is in it."""
    return "".join(TEX.get(c, c) for c in " ".join(visible(text).split()))
