"""No claim is stronger than the weakest of what it sums up, and whatever lacks a part of it claims less, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnbp.evidence import records as r
from cnnbp.evidence import remark
from cnnbp.evidence.claims import Claim, chance, claims, held, standing, strength, strengths
from cnnbp.evidence.kinds import KINDS, Kind
from cnnbp.evidence.proof import Hypothesis
from cnnbp.text import sentence
from tests.evidence import sample

DOCUMENT = sample.document()
PROOFS = DOCUMENT.proofs
NAMED = DOCUMENT.derivations[0].statements[0]
WEAKER = "sampled"


def row(document: r.Document, name: str) -> Claim:
    """The one of this name."""
    return next(each for each in claims(document) if each.id == name)


def proving(**update: Any) -> r.Document:
    """The sample with other proofs."""
    return DOCUMENT.model_copy(update={"proofs": PROOFS.model_copy(update=update)})


def stating(*statements: r.Statement, missing: bool = False) -> r.Document:
    """The sample with a derivation of these statements alone, or of one more that is not there."""
    book = sample.post().model_copy(update={"statements": statements})
    wanted = sample.wanted([sample.post() if missing else book])
    whole = DOCUMENT.whole.model_copy(update={"statements": wanted, "theorems": sample.named([book])})
    return DOCUMENT.model_copy(update={"derivations": (book,), "whole": whole})


HOLDS = sample.statement("a", "holds", sample.reading("as-printed"))
NUMBERS = sample.reading("as-printed").model_copy(
    update={"letters": r.Letters(kind="symbolic", instances=0, shapes=(), abstains=sample.en("sizes"))}
)
ON_NUMBERS = sample.statement("b", "holds", NUMBERS)
REFUTED = sample.statement("c", "refuted", sample.reading("as-printed", wrong=2))
MENDED = sample.statement("f", "misprinted, meaning clear", NUMBERS)
UNTESTED = sample.statement("d", "not tested", sample.reading("e").model_copy(update={"vacuous": 20, "holds": None}))


def test_a_statement_is_a_theorem_where_all_that_it_names_stand() -> None:
    """Else it is known on letters, or on numbers; and what is refuted or contradicted is not known at all."""
    two = NAMED.model_copy(update={"theorems": ("chain_rule", "gradient_by_input")})
    assert standing(DOCUMENT) == {"chain_rule", "gradient_by_input"}
    assert strength(two, standing(DOCUMENT)) == "theorem"
    assert strength(two, {"chain_rule"}) == "symbolic"
    assert strength(ON_NUMBERS.model_copy(update={"theorems": ("chain_rule",)}), ()) == "exact at points"
    named = {"theorems": ("chain_rule",)}
    assert [strength(each.model_copy(update=named), {"chain_rule"}) for each in (REFUTED, UNTESTED)] == [None, None]
    assert strength(NAMED.model_copy(update={"verdict": "refuted"}), {"chain_rule"}) is None
    assert strength(HOLDS, standing(DOCUMENT)) == "symbolic"


STALE = {"status": "not for this source", "reasons": ("Not as they were checked: Axis.v.",)}
ON_AXIOMS = {"theorems": tuple(each.model_copy(update={"axioms": ("classic",)}) for each in PROOFS.theorems.theorems)}  # type: ignore[union-attr]


@pytest.mark.parametrize("update", [STALE, ON_AXIOMS, {"theorems": ()}])
def test_theorems_about_another_source_or_on_axioms_hold_nothing(update: dict[str, Any]) -> None:
    """Neither the row of the theorem nor a statement that names one."""
    assert PROOFS.theorems is not None
    other = proving(theorems=PROOFS.theorems.model_copy(update=update))
    assert standing(other) == frozenset() == standing(proving(theorems=None))
    assert row(other, "theorem").kind is None
    assert strength(NAMED, standing(other)) == "symbolic"
    assert [told.code for told in strengths(other, "post")] == ["claims.strength.letters"]


@pytest.mark.parametrize(("shown", "holds", "said"), [(4, True, True), (2, True, False), (4, False, False)])
def test_what_is_known_away_from_ties_is_not_said_for_ties(shown: int, holds: bool, said: bool) -> None:
    """Of letters in several orders nothing follows where two are alike; unless it is a reading that holds, nobody is misled."""
    before = sample.reading("in-orders", wrong=0 if holds else 2)
    ordered = before.model_copy(update={"letters": before.letters.model_copy(update={"instances": shown})})
    document = stating(HOLDS, sample.statement("g", "holds" if holds else "refuted", ordered, sample.reading("as-printed")))
    (strong,) = (told for told in strengths(document, "post") if told.code == "claims.strength.letters")
    scope = next(told for told in row(document, "post").scope if told.code == "claims.scope.letters")
    counts = [strong.values["aside"], scope.values["aside"], *(each.aside for each in held(document))]
    assert set(counts) == {int(said)}
    for language, words in (("en", "away from ties"), ("zh", "不计并列")):
        assert {words in sentence(told, language) for told in (strong, scope)} == {said}


DERIVATIONS: list[tuple[str, r.Document, Kind | None]] = [
    ("letters", stating(HOLDS), "symbolic"),
    ("a theorem", stating(NAMED), "theorem"),
    ("one of them on numbers alone", stating(NAMED, HOLDS, ON_NUMBERS), "exact at points"),
    ("one refuted", stating(HOLDS, REFUTED), None),
    ("one not tested", stating(HOLDS, UNTESTED), None),
    ("one missing", stating(NAMED, missing=True), None),
    ("a wrong forward", DOCUMENT.model_copy(update={"layers": (sample.failing_layer("y"), sample.tanh())}), None),
    ("one mended, on numbers alone", stating(HOLDS, MENDED), "exact at points"),
    ("a definition beside it", stating(HOLDS, sample.statement("e", "definition")), "symbolic"),
]


@pytest.mark.parametrize(("document", "kind"), [(d, k) for _, d, k in DERIVATIONS], ids=[name for name, _, _ in DERIVATIONS])
def test_a_derivation_is_known_as_its_least_known_statement(document: r.Document, kind: Kind | None) -> None:
    """And not at all where one of them is refuted, untested or missing."""
    assert row(document, "post").kind == kind


def probabilistic(each: r.Proved) -> r.Proved:
    """The same by chance, as a proof of a shape too large for unknown numbers is."""
    chance = (
        Hypothesis(remark("proof.assumes.linear"), remark("proof.checked.smaller", shape="(1, 1, 2, 2)")),
        Hypothesis(remark("proof.assumes.same-lines"), remark("proof.checked.lines-smaller", shape="(1, 1, 2, 2)")),
        each.proof.hypotheses[-1],
    )
    made = replace(
        each.proof, kind="probabilistic", claims=tuple(replace(c, kind="probabilistic") for c in each.proof.claims[:2]),
        hypotheses=chance, certificate=None, products=0, paths=0,
    )  # fmt: skip
    return each.model_copy(update={"id": "Conv2d-large", "proof": made})


def large() -> r.Document:
    """Conv2d is proved at another shape as well, by chance."""
    found = proving(layers=(*PROOFS.layers, probabilistic(PROOFS.layers[0])))
    return found.model_copy(
        update={"whole": found.whole.model_copy(update={"proofs": {**found.whole.proofs, "Conv2d-large": "Conv2d"}})}
    )


def uncaught() -> r.Document:
    """A control failed."""
    missed = sample.doubled().model_copy(update={"caught": False, "by": "", "cases": 20})
    return DOCUMENT.model_copy(update={"controls": DOCUMENT.controls.model_copy(update={"wrong": (missed,)})})


LAYERS: list[tuple[str, Callable[[], r.Document], Kind | None]] = [
    ("all of it", lambda: DOCUMENT, "symbolic"),
    ("one of its proofs by chance", large, "probabilistic"),
    ("half of its grid", lambda: proving(grids=PROOFS.grids[:1]), WEAKER),
    ("no grid", lambda: proving(grids=()), WEAKER),
    ("no proof", lambda: proving(layers=PROOFS.layers[1:]), WEAKER),
    ("one proof of two", lambda: DOCUMENT.model_copy(update={"whole": large().whole}), WEAKER),
    ("a failing case", lambda: DOCUMENT.model_copy(update={"layers": (sample.failing_layer("x"), sample.tanh())}), None),
    ("no case", lambda: DOCUMENT.model_copy(update={"layers": (sample.tanh(),)}), None),
    ("a void harness", uncaught, None),
]


@pytest.mark.parametrize(("made", "kind"), [(m, k) for _, m, k in LAYERS], ids=[name for name, _, _ in LAYERS])
def test_a_layer_is_known_as_its_least_proof(made: Callable[[], r.Document], kind: Kind | None) -> None:
    """Symbolic only with every proof and every geometry that a whole run has; and without them no reach beyond its cases."""
    found = row(made(), "Conv2d")
    assert found.kind == kind
    if kind == WEAKER:
        assert [told.code for told in found.scope] == ["claims.scope.cases"]
        assert (found.hypotheses, found.error) == ((), None)


def test_the_resolution_is_a_share_of_the_largest_entry() -> None:
    """That of the record, whatever the oracles saw of numbers of whichever size."""
    assert row(DOCUMENT, "Conv2d").resolution == sample.conv2d().resolution


def test_sizes_of_which_one_is_missing_claim_nothing() -> None:
    """As the rest of the run."""
    assert row(DOCUMENT, "Relation").kind == "symbolic sizes"
    more = DOCUMENT.model_copy(update={"whole": DOCUMENT.whole.model_copy(update={"sizes": ("outputs.floor", "tap.floor")})})
    assert row(more, "Relation").kind is None


def test_no_row_is_stronger_than_what_it_says_it_sums_up() -> None:
    """The kinds that its scope counts are never weaker than its own."""
    for _, document, _ in DERIVATIONS:
        found = row(document, "post")
        counted = [told.values["kind"] for told in found.scope if told.code == "claims.scope.statements"]
        assert found.kind is None or KINDS.index(found.kind) <= min(KINDS.index(kind) for kind in counted)  # type: ignore[arg-type]


def _row(kind: Kind | None, error: float | None) -> Claim:
    return Claim("code", "Dense", kind, (), error=error)


@given(st.lists(st.floats(1e-40, 1e-3), min_size=1, max_size=9))
def test_what_is_left_to_chance_is_summed(errors: list[float]) -> None:
    """Below the next power of two, and not below half of it; what is not claimed, or hangs on no chance, adds nothing."""
    found = chance([*(_row("symbolic", error) for error in errors), _row(None, 0.5), _row("theorem", None)])
    assert found is not None
    power = found.values["power"]
    assert isinstance(power, int)
    assert 2.0 ** (power - 1) <= sum(errors) < 2.0**power
    assert found.values["count"] == len(errors)
    assert chance([_row(None, 0.5), _row("theorem", None)]) is None


def test_the_chance_of_a_run_is_that_of_its_records() -> None:
    """A grid whose floats pass by chance sixteen times as often has so much more in all."""
    before, grids = chance(claims(DOCUMENT)), tuple(replace(each, error=16 * each.error) for each in PROOFS.grids)
    after = chance(claims(proving(grids=grids)))
    assert before is not None
    assert after is not None
    assert after.values["power"] == before.values["power"] + 4  # type: ignore[operator]


@pytest.mark.parametrize(("document", "kind"), [(d, k) for _, d, k in DERIVATIONS], ids=[name for name, _, _ in DERIVATIONS])
def test_a_derivation_is_told_by_its_title_with_the_weakest_of_what_is_known_of_it(document: r.Document, kind: Kind | None) -> None:
    """All of its statements are counted; nothing is told of one of which nothing is claimed."""
    found = held(document)
    assert [each.title for each in found] == ([sample.post().title] if kind else [])
    for each in found:
        assert each.by[-1][0] == kind
        assert sum(count for _, count in each.by) == each.of
        assert each.mended == any(s.verdict not in ("holds", "definition") for s in document.derivations[0].statements)
