"""Runs of one source merged: cases added up, of the rest the worst; and what does not fit is refused, by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.cli.main import main
from cnnbp.evidence import file, remark
from cnnbp.evidence.claims import claims
from cnnbp.evidence.joining.runs import merged
from cnnbp.evidence.kinds import KINDS
from cnnbp.evidence.records import Document, Layer, Statement, Tally
from cnnbp.evidence.status import WORST, concluded, examine
from cnnbp.run.document import assemble
from tests.evidence import sample
from tests.run import results as made
from tests.run.results import DENSE, ORIGIN, PLAN
from tests.small_run import SMALL, plan

SECOND = made.SEED + 1
KINKS = remark("run.not-covered.kinks")


def run(seed: int = made.SEED, **changes: Any) -> Document:
    """The made-up run as from that seed: its layers have other ratios from each."""
    found = assemble(made.results(), PLAN, ORIGIN.model_copy(update={"seed": seed, **changes}))
    books = [
        book.model_copy(update={"statements": tuple(_from(seed, each) for each in book.statements)}) for book in found.derivations
    ]
    training = found.training.model_copy(update={"seed": seed}) if found.training else None
    layers = tuple(_drawn(each, 1 / (2 + seed - made.SEED)) for each in found.layers)
    return found.model_copy(update={"derivations": tuple(books), "training": training, "layers": layers})


def _drawn(found: Layer, ratio: float) -> Layer:
    """Wherever it had a worst ratio above 0, it has this one."""
    of = {name: each.model_copy(update={"oracles": _ratios(each.oracles, ratio)}) for name, each in found.quantities.items()}
    return found.model_copy(update={"oracles": _ratios(found.oracles, ratio), "quantities": of})


def _ratios(found: Mapping[str, Tally], ratio: float) -> dict[str, Tally]:
    return {name: each.model_copy(update={"worst_ratio": ratio}) if each.worst_ratio else each for name, each in found.items()}


def _from(seed: int, found: Statement) -> Statement:
    return found.model_copy(update={"rerun": re.sub(r"--seed \d+", f"--seed {seed}", found.rerun)})


def with_statement(found: Document, **changes: Any) -> Document:
    """Its only statement changed."""
    book = found.derivations[0]
    statement = book.statements[0].model_copy(update=changes)
    return concluded(found.model_copy(update={"derivations": (book.model_copy(update={"statements": (statement,)}),)}))


REFUTED = {"verdict": "refuted", "readings": (sample.reading("as-printed", wrong=9).model_copy(update={"facets": {}}),)}


def test_cases_are_added_up() -> None:
    """Of layers, statements and right controls; the commands are those of the runs, and nothing contradicts anything."""
    one, two = run(), run(SECOND)
    found = merged({"b": two, "a": one})
    assert (found.status, examine(found).contradictions) == ("holds", ())
    assert found.layers[0].cases == 2 * one.layers[0].cases
    assert found.derivations[0].statements[0].cases == 2 * one.derivations[0].statements[0].cases
    assert found.controls.right[0].cases == found.whole.trials == 2
    assert (found.provenance.seeds, found.provenance.examples) == ((made.SEED, SECOND), 2 * made.EXAMPLES)
    assert merged({"a": one, "b": two}) == found == merged({"all": found})


def _controls(found: Document, **changes: Any) -> Document:
    wrong, right = found.controls.wrong, found.controls.right
    given = {
        "wrong": wrong,
        "right": right,
        **{name: tuple(c.model_copy(update=told) for c in getattr(found.controls, name)) for name, told in changes.items()},
    }
    return found.model_copy(update={"controls": found.controls.model_copy(update=given)})


def _part(found: Document, name: str, **changes: Any) -> Document:
    return found.model_copy(update={name: getattr(found, name).model_copy(update=changes)})


def _raised(found: Document, name: str) -> Document:
    """In which a part of the reference code came to no end."""
    error = made.records.Raised(kind=name, name=name, error="ArithmeticError: no slope", place="activations.py, line 72, in _df")
    return found.model_copy(update={"raised": (error,), name: None})


BAD: dict[str, tuple[Callable[[Document], Document], str]] = {
    "statement": (lambda found: with_statement(found, **REFUTED), "refuted"),
    "wrong": (lambda found: _controls(found, wrong={"caught": False, "by": "", "cases": found.whole.tries}), "void"),
    "right": (lambda found: _controls(found, right={"failure": sample.failing_verdict("Dense()", "x", known=DENSE)}), "void"),
    "raised": (lambda found: _raised(found, "digits"), "wrong"),
    "raised elsewhere": (lambda found: _raised(found, "training"), "wrong"),
    "training": (lambda found: _part(found, "training", accuracy=0.05), "wrong"),
    "digits": (lambda found: _part(found, "digits", whole=sample.failing_verdict(sample.NETWORK, "w1")), "wrong"),
}


@settings(max_examples=8)
@given(st.lists(st.one_of(st.none(), st.sampled_from(sorted(BAD))), min_size=2, max_size=3), st.booleans())
def test_the_worst_is_kept(kinds: list[str | None], turned: bool) -> None:
    """Whichever run it is in, the merged one is no better than the worst of them, and its claims no stronger than the weakest."""
    runs = [run(made.SEED + place) for place in range(len(kinds))]
    runs = [concluded(BAD[kind][0](each)) if kind else each for kind, each in zip(kinds, runs, strict=True)]
    assert all(examine(each).contradictions == () for each in runs)
    found = merged({str(place): each for place, each in enumerate(reversed(runs) if turned else runs)})
    assert examine(found).contradictions == ()
    assert {each.name for each in found.raised} == {each.name for run in runs for each in run.raised}
    assert found.status == min((BAD[kind][1] if kind else "holds" for kind in kinds), key=WORST.index)  # type: ignore[arg-type]
    of = [[claim.kind for claim in claims(each)] for each in runs]
    for claim, kinds_ in zip(claims(found), zip(*of, strict=True), strict=True):
        assert claim.kind is None or all(kind is not None and KINDS.index(claim.kind) <= KINDS.index(kind) for kind in kinds_)


def of_another_shard(found: Document) -> Document:
    return found.model_copy(update={"provenance": found.provenance.model_copy(update={"shard": 1, "shards": 2})})


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (lambda: run(), f"b: holds seed {made.SEED}, as a does: the same cases count once"),
        (lambda: run(SECOND, sources_sha256="0" * 64), "b: expected the sources sha256 of a, .{12}…, got 000000000000…"),
        (lambda: run(SECOND, cnnbp="9.9"), "b: expected the cnnbp of a, .*, got 9.9"),
        (lambda: run(SECOND, profile="ci"), "b: expected the profile of a, quick, got ci"),
        (lambda: run(SECOND, examples=5), "b: .*(as many examples|contradicts itself)"),
        (lambda: _part(run(SECOND), "matrix", entries=()), "b: contradicts itself"),
        (lambda: with_statement(run(SECOND), verdict="not mathematical"), "b: contradicts itself in"),
        (lambda: run(SECOND).model_copy(update={"not_covered": (KINKS,)}), "b: differs from a in not_covered, which the same"),
        (lambda: concluded(run(SECOND).model_copy(update={"digits": None})), f"seed {SECOND}: the run is not whole"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(other: Callable[[], Document], said: str) -> None:
    """In a sentence that names the file and what it differs in."""
    with pytest.raises(ValueError, match=said):
        merged({"a": run(), "b": other()})


def test_what_other_checkers_see_is_told_once() -> None:
    """By runs that have the same record of it, whichever shard has it; two records do not fit."""
    found = sample.peers()
    whole = PLAN.whole.model_copy(update={"peers": tuple(each.name for each in found.checkers)})
    runs = {name: run(seed).model_copy(update={"whole": whole, "peers": found}) for name, seed in (("a", made.SEED), ("b", SECOND))}
    assert merged(runs).peers == found
    other = runs["b"].model_copy(update={"peers": found.model_copy(update={"seed": 2})})
    with pytest.raises(ValueError, match="b: differs from a in peers, which the same sources always give alike"):
        merged({**runs, "b": other})
    origins = (ORIGIN.model_copy(update={"shard": shard, "shards": 2}) for shard in (1, 2))
    shards = [assemble({}, PLAN, origin).model_copy(update={"whole": whole}) for origin in origins]
    parts = concluded(shards[0]), concluded(shards[1].model_copy(update={"peers": found}))
    assert merged(dict(zip("ab", parts, strict=True))).peers == found


def test_a_copy_under_another_seed_is_refused() -> None:
    """Whoever writes another seed into a copy has no more cases than before, in whatever order its layers stand."""
    copied = run(SECOND).model_copy(update={"layers": run().layers[::-1]})
    assert examine(copied).contradictions == ()
    with pytest.raises(ValueError, match="b: its layers have the very numbers of a, which no other seed draws"):
        merged({"a": run(), "b": copied})


def test_shards_of_another_sharing_are_refused() -> None:
    """Of two shards and of three, the same cases could be in both."""
    origin = ORIGIN.model_copy(update={"shard": 1, "shards": 2})
    halves = assemble({}, PLAN, origin)
    thirds = assemble({}, PLAN, origin.model_copy(update={"shard": 2, "shards": 3}))
    with pytest.raises(ValueError, match=r"b: holds shard 2/3 of seed \d+, and a one of 2 shards of that seed"):
        merged({"a": halves, "b": thirds})
    with pytest.raises(ValueError, match=r"shards 2 of 2 are missing"):
        merged({"a": halves, "b": run(SECOND)})


def test_real_runs_of_two_seeds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From the command line: one page of both, nothing contradicts anything; into the folder of one of them, it is refused."""
    for seed in ("1", "2"):
        assert main([*SMALL, str(tmp_path / seed), "--seed", seed], plan) == 0
    paths = [tmp_path / seed / "evidence.json" for seed in ("1", "2")]
    assert main(["report", *map(str, paths), "--out", str(tmp_path / "1")]) == 2
    assert "which it is made of; name another folder" in capsys.readouterr().err
    main(["report", *map(str, paths), "--out", str(tmp_path / "both")])
    found, one = file.read(tmp_path / "both" / "evidence.json"), file.read(paths[0])
    assert (found.status, examine(found).contradictions) == ("holds", ())
    assert found.layers[0].cases == 2 * one.layers[0].cases
    hidden = next(s for s in found.derivations[0].statements if s.id == "delta-hidden")
    assert (hidden.verdict, hidden.cases) == ("refuted as printed, holds as corrected", 40)
