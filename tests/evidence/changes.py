"""Random single changes to an evidence file: which go unnoticed? `python -m tests.evidence.changes FILE --changes 500 --seed 1`

A change is noticed if the file is no longer read, or if something else follows from it, or a contradiction.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, get_args

from cnnbp.evidence import file, records
from cnnbp.evidence.kinds import KINDS
from cnnbp.evidence.status import Standing, examine
from cnnbp.evidence.verdict import Place, Status, VerdictStatus

Json = Any

ANY = "dropped negated raised scaled swapped turned doubled"
WORDS_OF = r"name|claim|why|fault|condition|unjudged|abstains|title|source|question|quantity|working|nonsense|what"
WORDED = rf"\.(\w\w|{WORDS_OF}|method\[\d+\]|sections\.\w+|facets\.[\w-]+)"
EVIDENCE = r"(evidence\[\d+\]|oracles\.[\w, ]+|worst|failure|doubts\[\d+\])"

RECHECKED = r"\.(proofs|peers)\.(" + "|".join((
    r"layers\[\d+\]\.proof\.(products|claims\[1\]\.compared|shapes\.\w+\[\d+\]|hypotheses\[0\]\.checked\.values\.bits)",
    r"networks\[\d+\]\.proof\.(claims\[0\]|shapes\.\w+\[\d+\]|scope\[0\](\.code)?|layer)",
    r"grids\[\d+\]\.(products|digest|error)",
    r"sights\[\d+\]\.(symbolic|floats)(_on_grid\[\d+\](\[\d+\])?)?",
    r"sizes\.(source|claims\[\d+\]\.(paths|conditions|hypotheses\[\d+\]|instances\[\d+\]\.\w+))",
    r"twins\[\d+\]\.(claim|old|new|goal|numbers\.\w+|short|conditions|false)",
    r"rounding\[\d+\]\.(interval\[\d+\]|bound|pieces|assumed|points)",
    r"cnnbp|sources|installed|seed|wrong\.\w+|right|versions(\.\w+)?|checkers\[\d+\](\.(caught\.)?\w+)?",
    r"theorems\.(version|theorems\[\d+\]\.(meaning|statement|file|axioms\[\d+\]))",
)) + ")$"  # fmt: skip

# What no consistency can hold: which changes, where, and why. The first that fits is given as the reason.
FREE = [
    ("swapped", rf"{WORDED}\.\w\w$|\.(label|quoted|printed|corrected)$|controls.*\.(claim|source|by)$", "one prose for another"),
    ("dropped", r"\.zh$|\.(fault|nonsense)\.zh$|misprints\[\d+\]$|(not_covered|method)\[\d+\]$|common\[\d+\]$", "a remark fewer"),
    ("raised swapped scaled", r"misprints\[\d+\]\.(start|end)$", "another piece of the same print"),
    (
        ANY,
        r"provenance\.(cnnbp|commit|repository|profile|jobs|python|numpy|scipy|torch|platform|processor|seconds|sources_sha256)$|"
        r"rounding\[\d+\]\.(seen|measured\.\w+)$",
        "the machine",
    ),
    (ANY, r"\.counterexample\.(given|truth|says)\b", "numbers of an instance: to be worked out, not counted"),
    (ANY, r"\.(remark|common\[\d+\]|not_covered\[\d+\])\.(code$|values\b)", "the words of a remark that decides nothing"),
    (
        "swapped",
        r"\.(language|section|ladder\.layer|readings\[\d+\]\.id|operator|parameter|oracle|quantity|shapes\[\d+\])$",
        "a name that fits as well",
    ),
    (
        "swapped turned",
        r"^(?!\.proofs).*\.(role|at|kind)$|\.verdict$",
        "a role, place or kind that fits as well; a definition for prose",
    ),
    (
        "raised scaled",
        rf"\.{EVIDENCE}\.(resolution|worst_ratio|bound|judged|left_out)$|^\.layers\[\d+\]\.resolution$",
        "a measure within those beside it",
    ),
    ("raised scaled", rf"\.{EVIDENCE}\.index\[\d+\]$", "a place, where no shape is known"),
    (
        "raised scaled",
        r"\.(partly|wrong|vacuous|senseless|instances|worst_error|train|test|batch|steps|entries)$|(wrong|doubts)\[\d+\]\.cases$",
        "a count within those beside it",
    ),
    (
        "raised scaled dropped",
        r"\.(loss|distance|ratios)\[\d+\](\[\d+\])?$|rungs\[\d+\]\.(error|complex)$|\.(learning_rate|weight_decay|expected_accuracy)$",
        "a free number",
    ),
    (ANY, RECHECKED, "a number or text of a proof, to be worked out again: `cnnbp recheck` does"),
    (
        "dropped",
        r"\.(evidence|readings)\[\d+\]$|\.options\.[\w ]+$|\.facets\.[\w-]+$|\.quantities\.\w+\.oracles\.[\w, ]+$",
        "one of several that agree, or have nothing to say",
    ),
]
WORDS: dict[str, tuple[str, ...]] = {
    "status": (*get_args(records.RunStatus), *get_args(Status), *get_args(VerdictStatus)), "verdict": get_args(records.Outcome),
    "kind": KINDS, "at": get_args(Place), "role": get_args(records.Role),
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """What was done, and where: "negated layers[0].caught"."""

    what: str
    path: str
    document: Json

    def __str__(self) -> str:
        return f"{self.what} {self.path}"


def changes(document: Json, seed: int) -> Iterator[Change]:
    """Endlessly many; each on the document as it was. Every kind of change is as likely, and then every place for it."""
    chance, every = random.Random(seed), list(places(document))
    strings: dict[str, list[str]] = {}
    for path in every:
        value = _at(document, path)
        if isinstance(value, str):
            strings.setdefault(_kind(path), []).append(value)
    kinds: list[Callable[[Json, Any, Json], Any]] = [
        lambda value, *_: _DELETED if value is not None else _SAME,
        lambda value, *_: _DELETED if isinstance(value, (dict, list)) else _SAME,
        lambda value, *_: chance.choice([not value]) if isinstance(value, bool) else _SAME,
        lambda value, *_: value + chance.choice([1, 7]) if _is(value, int) else _SAME,
        lambda value, *_: value * chance.choice([0.5, 2, -1, 1000]) if _is(value, (int, float)) else _SAME,
        lambda value, path, _: chance.choice(strings[_kind(path)]) if isinstance(value, str) else _SAME,
        lambda value, path, _: chance.choice(WORDS[path[-1]]) if path[-1] in WORDS and isinstance(value, str) else _SAME,
        lambda value, *_: _DOUBLED if value is not None else _SAME,
    ]
    names = ["dropped", "dropped", "negated", "raised", "scaled", "swapped", "turned", "doubled"]
    while True:
        number, path = chance.randrange(len(kinds)), chance.choice(every)
        value, parent = _at(document, path), _at(document, path[:-1])
        new = kinds[number](value, path, document)
        if new is _SAME or new == value or (new is _DOUBLED and not isinstance(parent, list)):
            continue
        yield Change(names[number], written(path), changed(document, path, new))


_SAME, _DELETED, _DOUBLED = object(), object(), object()


def _is(value: Json, kinds: Any) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool)


def places(value: Json, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every value, whatever holds others before those."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*path, key)
        yield from places(item, (*path, key))


def _at(document: Json, path: tuple[Any, ...]) -> Json:
    for key in path:
        document = document[key]
    return document


def _kind(path: tuple[Any, ...]) -> str:
    return str(next(key for key in reversed(path) if isinstance(key, str)))


def written(path: tuple[Any, ...]) -> str:
    """As it stands in a change: ".layers[0].cases"."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)


def changed(document: Json, path: tuple[Any, ...], new: Any) -> Json:
    """A copy with this in that place, which shares whatever does not lie on the way to it."""
    changed = parent = copy.copy(document)
    for key in path[:-1]:
        parent[key] = parent = copy.copy(parent[key])
    if new is _DELETED:
        del parent[path[-1]]
    elif new is _DOUBLED:
        parent.insert(path[-1], parent[path[-1]])
    else:
        parent[path[-1]] = new
    return changed


def another(value: Json) -> Json:
    """Another value of the same form."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return f"f{value[:-1]}" if value[1:] else f"{value}f"
    return value + 1


def seen(change: Change, before: Standing, folder: Path, installed: records.Whole | None) -> str:
    """Whether it is "refused", or anything else follows and it is "noticed"; else "". Other exceptions go through."""
    path = folder / "evidence.json"
    path.write_text(json.dumps(change.document), encoding="utf-8")
    try:
        return "noticed" if examine(file.read(path), installed) != before else ""
    except ValueError:
        return "refused"


def reason(change: Change) -> str:
    """Why consistency cannot hold it; empty where it can."""
    fits = (why for kinds, places, why in FREE if change.what in kinds.split() and re.search(places, change.path))
    return next(fits, "")


def tried(source: Path, number: int, seed: int) -> tuple[Counter[str], list[Change]]:
    """How many of so many changes to a file were refused and noticed, and those that were neither."""
    found = file.read(source)
    document, before, whole = json.loads(source.read_text(encoding="utf-8")), examine(found), found.whole
    counts, missed = Counter[str](), list[Change]()
    with tempfile.TemporaryDirectory() as folder:
        for change in islice(changes(document, seed), number):
            outcome = seen(change, before, Path(folder), whole)
            counts[outcome] += 1
            missed += [change] if not outcome else []
    return counts, missed


def main(source: Path, number: int, seed: int) -> int:
    """Lists what went unnoticed by the reason; 1 if there is any without."""
    counts, missed = tried(source, number, seed)
    print(f"{number} changes: {counts['refused']} refused, {counts['noticed']} noticed, {counts['']} unnoticed")
    for why, found in sorted(Counter(map(reason, missed)).items()):
        print(f"\n{found} {why or 'UNNOTICED, WITHOUT A REASON'}")
        print(*(f"    {change}" for change in missed if reason(change) == why), sep="\n")
    return int(not all(map(reason, missed)))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("evidence", type=Path)
    arguments.add_argument("--changes", type=int, default=500)
    arguments.add_argument("--seed", type=int, default=1)
    asked = arguments.parse_args()
    sys.exit(main(asked.evidence, asked.changes, asked.seed))
