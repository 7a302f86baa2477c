"""The status of a whole run, and why, in a sentence or two: the worst of what its records say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

PRINTED, CORRECTED, READINGS = "holds", "refuted as printed, holds as corrected", "holds under these readings only"
NOTHING_TO_TEST = ("definition", "not mathematical")
GOOD = (PRINTED, CORRECTED, READINGS, *NOTHING_TO_TEST)
UNTESTED, ENOUGH = "not tested", 0.5  # of a layer's cases, so many must come to a verdict


def verdict(document: Mapping[str, Any], unfinished: str = "") -> tuple[str, str]:
    """Void if a control failed, refuted if anything is wrong, incomplete if anything is missing or undecided, else holds."""
    controls = document["controls"]
    missed = [c["id"] for c in controls["wrong"] if not c["caught"]]
    accused = [c["id"] for c in controls["unusual"] if c["accused"]]
    refuted, undecided = list(_refuted(document)), list(_undecided(document))
    if missed or accused:
        what = f"The controls failed: missed {_listed(missed) or 'nothing'}; wrongly accused {_listed(accused) or 'nobody'}."
        return "void", _also(f"{what} This run cannot tell wrong from right, and proves nothing.", unfinished)
    if refuted:
        return "refuted", _also(f"Not confirmed: {_listed(refuted)}.", unfinished)
    if not document["complete"]:
        return "incomplete", unfinished
    if undecided:
        return "incomplete", f"Too little was tested of: {_listed(undecided)}. More examples may tell."
    return "holds", _holds(document)


def _refuted(document: Mapping[str, Any]) -> Iterator[str]:
    """Whatever is wrong; a verdict in words that nobody knows is no good one."""
    yield from (s["id"] for s in document["statements"] if s["verdict"] not in (*GOOD, UNTESTED))
    yield from (layer["operator"] for layer in document["layers"] if layer["fail"])
    yield from (f"digits: {v['layer']}" for v in _on_digits(document) if v["status"] == "fail")
    if document.get("training", {}).get("status", "pass") == "fail":
        yield "training"


def _undecided(document: Mapping[str, Any]) -> Iterator[str]:
    yield from (s["id"] for s in document["statements"] if s["verdict"] == UNTESTED)
    yield from (layer["operator"] for layer in document["layers"] if layer["pass"] < ENOUGH * layer["cases"])
    yield from (f"digits: {v['layer']}" for v in _on_digits(document) if v["status"] not in ("pass", "fail"))
    if document.get("training", {}).get("status", "pass") not in ("pass", "fail"):
        yield "training"


def _on_digits(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = document.get("digits")
    return [] if found is None else [found["whole"], *found["layers"]]


def _holds(document: Mapping[str, Any]) -> str:
    """What was tried, counted."""
    said, statements, layers = [], document["statements"], document["layers"]
    if statements:
        count = Counter(s["verdict"] for s in statements)
        parts = {
            "right as printed": count[PRINTED], "only as corrected": count[CORRECTED],
            "only under the readings named": count[READINGS], "with nothing to test": sum(count[word] for word in NOTHING_TO_TEST),
        }  # fmt: skip
        ways = [f"{number} {how}" for how, number in parts.items() if number]
        said.append(f"Of {len(statements)} {'statements' if len(statements) > 1 else 'statement'}: {', '.join(ways)}.")
    if layers:
        said.append("No oracle disagrees with " + (f"any of the {len(layers)} layers." if len(layers) > 1 else "the layer."))
    return " ".join(said) or "Nothing that was tried is wrong."


def _listed(names: list[str], most: int = 8) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _also(sentence: str, unfinished: str) -> str:
    return f"{sentence} {unfinished}".strip()
