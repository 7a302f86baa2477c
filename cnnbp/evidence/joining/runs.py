"""Several evidence documents of one source as one: shards of a run, and runs from different seeds.

Shards have different records, and are put beside each other; a shard that is not there shows as missing. Runs have the same
records: cases are added up, readings are judged by all instances together, and of what cannot be added the worst is kept. What
does not fit, or contradicts itself, is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, groupby

from ...text import sentence
from ..records import Document, Layer, Provenance
from ..status import concluded, examine
from .origin import origin
from .several import ADDED, several
from .shards import shards

RULES = ("profile", "sources_sha256", "cnnbp")
FIXED = ("matrix", "peers", "not_covered")  # what the same sources always give
FIXED_PROOFS = ("sizes", "twins", "theorems")


def merged(found: Mapping[str, Document]) -> Document:
    """All of them, by the names of their files. Raises ValueError with a sentence that says which file differs in what."""
    names = list(found)
    for name, document in found.items():
        _whole(name, document)
    for name in names[1:]:
        _alike(names[0], found[names[0]], name, found[name])
    _once(found)
    documents = sorted(found.values(), key=lambda each: [(o.seed, o.shard) for o in each.provenance.origins])
    runs = [shards(list(those)) for _, those in groupby(documents, key=lambda each: each.provenance.seeds)]
    if len(runs) > 1:
        for run in runs:
            _complete(run)
        first = several(runs)
    else:
        first = runs[0]
    return concluded(first.model_copy(update={"provenance": origin([each.provenance for each in documents])}))


def _whole(name: str, document: Document) -> None:
    """A document that contradicts itself must not be mended by merging it."""
    wrong = examine(document).contradictions
    if wrong:
        raise ValueError(f"{name}: contradicts itself in {len(wrong)} places, and cannot be merged; `cnnbp report` shows where")


def _alike(first: str, one: Document, name: str, other: Document) -> None:
    for rule in RULES:
        mine, theirs = getattr(one.provenance, rule), getattr(other.provenance, rule)
        if mine != theirs:
            raise ValueError(f"{name}: expected the {rule.replace('_', ' ')} of {first}, {_short(mine)}, got {_short(theirs)}")
    mine, theirs = one.provenance.origins[0].examples, other.provenance.origins[0].examples
    if mine != theirs:
        raise ValueError(f"{name}: expected as many examples as {first} has, {mine}, got {theirs}")
    differing = [
        field
        for field in type(one.whole).model_fields
        if field not in ADDED and getattr(one.whole, field) != getattr(other.whole, field)
    ]
    fixed = [field for field in FIXED if _differ(getattr(one, field), getattr(other, field))]
    fixed += [f"proofs.{field}" for field in FIXED_PROOFS if _differ(getattr(one.proofs, field), getattr(other.proofs, field))]
    if differing or fixed:
        said = ", ".join([*(f"whole.{field}" for field in differing), *fixed])
        raise ValueError(f"{name}: differs from {first} in {said}, which the same sources always give alike")


def _differ(one: object, other: object) -> bool:
    return bool(one) and bool(other) and one != other


def _short(value: object) -> str:
    return text if len(text := str(value)) <= 16 else f"{text[:12]}…"


def _once(found: Mapping[str, Document]) -> None:
    """No shard of a seed is there twice, all of one seed are of as many, and no two seeds drew the same numbers."""
    seen: dict[tuple[int, int], str] = {}
    of: dict[int, tuple[int, str]] = {}
    for name, document in found.items():
        for each in document.provenance.origins:
            where = seen.setdefault((each.seed, each.shard), name)
            if where != name:
                raise ValueError(f"{name}: holds {_named(each)}, as {where} does: the same cases count once")
            count, first = of.setdefault(each.seed, (each.shards, name))
            if count != each.shards:
                raise ValueError(f"{name}: holds {_named(each)}, and {first} one of {count} shards of that seed")
    for (first, one), (name, other) in combinations(found.items(), 2):
        alike = one.provenance.seeds != other.provenance.seeds and _by_name(one) == _by_name(other)
        if one.layers and alike:
            raise ValueError(f"{name}: its layers have the very numbers of {first}, which no other seed draws")


def _by_name(found: Document) -> dict[str, Layer]:
    return {each.operator: each for each in found.layers}


def _named(run: Provenance) -> str:
    return f"seed {run.seed}" if run.shards == 1 else f"shard {run.shard}/{run.shards} of seed {run.seed}"


def _complete(run: Document) -> None:
    """Runs from different seeds are added up record by record, so each must have all of them."""
    origins, seed = run.provenance.origins, run.provenance.seed
    lacking = [number for number in range(1, origins[0].shards + 1) if number not in {each.shard for each in origins}]
    if len(run.provenance.seeds) == 1 and lacking:
        raise ValueError(
            f"seed {seed}: shards {', '.join(map(str, lacking))} of {origins[0].shards} are missing; "
            "runs from several seeds are merged when each is whole"
        )
    missing = [why for s in examine(run).subjects for why in s.objections if "missing" in why.code]
    if run.trouble is not None or missing:
        why = sentence(run.trouble or missing[0])
        raise ValueError(f"seed {seed}: the run is not whole; runs from several seeds are merged when each is ({why})")
