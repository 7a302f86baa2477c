"""How a run is cited: as strongly as it is known, in a form that BibTeX reads, whatever is in the evidence."""

from __future__ import annotations

import re

import pytest

from cnnbp.evidence.claims import claims
from cnnbp.evidence.kinds import KINDS
from cnnbp.evidence.records import Document
from cnnbp.evidence.status import examine
from cnnbp.report.twins.citing import bibtex, sentences, tex
from cnnbp.report.twins.told import Told
from cnnbp.text import sentences as known
from tests.report.twins.test_twins import RUNS, WHOLE, changed


def told(document: Document) -> Told:
    return Told(document, examine(document))


def names(line: str) -> list[str]:
    """What a sentence names."""
    found = re.match(r"By evidence of the kind “.*?” \(cnnbp\): (.*?)\. (?:[A-Z]|float64)", line)
    return found[1].split(", ") if found else []


def test_each_claim_is_made_once_by_its_own_kind() -> None:
    """Strongest first; what that kind does not show stands beside what it does."""
    said = [line for line in sentences(told(WHOLE)) if line.startswith("By evidence")]
    order = [re.findall("“(.*?)”", line)[0] for line in said]
    assert order == sorted(order, key=lambda kind: -list(KINDS).index(kind))  # type: ignore[arg-type]
    found = {(name, kind) for line, kind in zip(said, order, strict=True) for name in names(line)}
    about = {claim.id: known("en").get(f"claims.name.{claim.id}", claim.id) for claim in claims(WHOLE)}
    assert found == {(about[claim.id], claim.kind) for claim in claims(WHOLE) if claim.kind}
    for line, kind in zip(said, order, strict=True):
        assert known("en")[f"kind.{kind}.not"] in line


def test_all_together_is_known_by_the_weakest() -> None:
    """And where something is claimed of nothing, there is no such sentence."""
    weakest = min((claim.kind for claim in claims(WHOLE) if claim.kind), key=list(KINDS).index)
    *_, together, left = sentences(told(WHOLE))
    assert together == f"All of it together is known no better than by evidence of the kind “{weakest}”."
    total = sum(claim.error or 0 for claim in claims(WHOLE))
    power = re.search(r"passed there is below 2\^(-\d+) in all", left)
    assert power
    assert 2.0 ** (int(power[1]) - 1) <= total < 2.0 ** int(power[1])


def test_a_weaker_record_makes_a_weaker_sentence() -> None:
    """Without its proof a layer is known by its cases alone; such a run does not even hold."""
    fewer = changed(
        proofs=WHOLE.proofs.model_copy(update={"layers": WHOLE.proofs.layers[1:]}),
        whole=WHOLE.whole.model_copy(update={"proofs": dict(list(WHOLE.whole.proofs.items())[1:])}),
    )
    first = WHOLE.proofs.layers[0].of
    before = next(line for line in sentences(told(WHOLE)) if first in names(line))
    after = next(line for line in sentences(told(fewer)) if first in names(line))
    assert ("“symbolic”" in before, "“sampled”" in after) == (True, True)


@pytest.mark.parametrize("name", [name for name in RUNS if name != "holds"])
def test_of_what_does_not_hold_nothing_is_claimed(name: str) -> None:
    """What follows is said instead, in the entry too."""
    found = told(RUNS[name])
    said = sentences(found)
    assert said[0].endswith("nothing can be cited as holding.")
    assert not [line for line in said if line.startswith("By evidence")]
    assert found.title in bibtex(found)


@pytest.mark.parametrize("name", RUNS)
def test_the_entry_is_one(name: str) -> None:
    """Its braces close, nothing in it is a comment or a command of TeX's but what is meant as a letter."""
    entry = bibtex(told(RUNS[name]))
    bare = re.sub(r"\\[{}]", "", entry)
    assert bare.count("{") == bare.count("}")
    assert re.match(r"@software\{cnnbp-[0-9a-f]{12},\n", entry)
    for line in entry.splitlines()[1:-1]:
        assert re.fullmatch(r"  \w+ += \{.*\},", line)
        if line.startswith("  url "):
            continue
        value = re.sub(r"\\text(backslash|asciitilde|asciicircum)\{\}|\\[{}%&$#_]", "", line)
        assert not re.search(r"[\\%&$#_~^]", value)


def test_of_a_derivation_it_is_said_what_came_of_it() -> None:
    """However strong the evidence: that a statement is misprinted may be a theorem too."""
    line = next(line for line in sentences(told(WHOLE)) if line.startswith("  post: "))
    for word in {statement.verdict for statement in WHOLE.derivations[0].statements}:
        assert f"“{word}”" in line


def test_it_has_what_another_needs() -> None:
    """Version, commit, seed, and the hashes of evidence and sources."""
    found, run = told(WHOLE), WHOLE.provenance
    for needed in (run.cnnbp, run.commit, f"seed {run.seed}", found.sha256, run.sources_sha256, "year    = {2026}"):
        assert needed in bibtex(found)


def test_an_address_stands_as_it_is_less_its_braces() -> None:
    """An escape in it would lead elsewhere."""
    run = WHOLE.provenance.model_copy(update={"repository": "https://example.org/a_b/~c%20d}, evil = {#e"})
    assert "  url     = {https://example.org/a_b/~c%20d,evil=#e}," in bibtex(told(changed(provenance=run))).splitlines()


def test_tex_is_escaped() -> None:
    """Each character that means something."""
    assert tex(r"50% of a_b & {c} \d~^ #1 $") == (
        r"50\% of a\_b \& \{c\} \textbackslash{}d\textasciitilde{}\textasciicircum{} \#1 \$"
    )


def test_the_first_sentence_names_the_derivation_and_how_it_is_known() -> None:
    """It can stand alone: subject, strength and scope."""
    title = WHOLE.derivations[0].title["en"]
    first = sentences(told(WHOLE))[0]
    assert first.startswith(f"All that was tested of “{title}” holds")
    (row,) = (claim for claim in claims(WHOLE) if claim.id == "post")
    for scope in row.scope:
        if scope.code == "claims.scope.statements":
            assert f"{scope.values['count']} " in first
