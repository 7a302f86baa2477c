"""From the results of tasks to one evidence document, with its verdict, its provenance and what it does not cover."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from ..evidence import FORMAT
from ..version import __version__
from .tasks import Task, merge

NOT_COVERED = (
    "Floating-point evidence speaks about the points drawn; only the integer cases show identity there, and no other points.",
    "At kinks and ties the derivative is a convention: entries that hang on one are counted, and named in the evidence.",
    "Three statements of the derivation are on trial in this version: nothing is claimed of the others.",
    "Shapes are small (up to 3 samples and 9 channels); larger ones are covered only as far as the code treats them alike.",
)
UNTESTED, ENOUGH = "not tested", 0.5  # of a layer's cases, so many must come to a verdict
GOOD = ("holds", "refuted as printed, holds as corrected", "holds under these readings only", "definition")


def sources_sha256() -> str:
    """A hash of every source file of the package, from which the default seed is taken: nobody can tune to it."""
    root, digest = Path(str(resources.files("cnnbp"))), hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def provenance(seed: int, profile: str, examples: int, started: str, seconds: float) -> dict[str, Any]:
    """Which program said this, on what, and when."""
    versions = {name: _version(name) for name in ("numpy", "scipy", "torch")}
    return {
        "cnnbp": __version__, "commit": _commit(), "seed": seed, "profile": profile, "examples": examples,
        "python": platform.python_version(), **versions, "platform": platform.platform(), "started": started,
        "seconds": round(seconds, 1), "sources_sha256": sources_sha256(),
    }  # fmt: skip


def assemble(done: dict[Task, dict[str, Any]], planned: list[Task], origin: dict[str, Any]) -> dict[str, Any]:
    """The document. Whatever was planned and is not done makes it incomplete, and no incomplete document passes."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for task in planned:
        if task in done:
            kinds.setdefault(task.kind, []).append(done[task])
    operators = dict.fromkeys(part["operator"] for part in kinds.get("layer", []))
    document: dict[str, Any] = {
        "format": FORMAT,
        "complete": len(done) == len(planned),
        "provenance": origin,
        "statements": kinds.get("statement", []),
        "layers": [merge([part for part in kinds["layer"] if part["operator"] == name]) for name in operators],
        "controls": {"wrong": kinds.get("wrong", []), "unusual": kinds.get("unusual", [])},
        "not_covered": list(NOT_COVERED),
    }
    if "digits" in kinds:
        document["digits"] = kinds["digits"][0]
    document["status"], document["summary"] = _verdict(document)
    return document


def _verdict(document: dict[str, Any]) -> tuple[str, str]:
    """The status of the whole run, and why, in a sentence."""
    missed = [c["id"] for c in document["controls"]["wrong"] if not c["caught"]]
    accused = [c["id"] for c in document["controls"]["unusual"] if c["accused"]]
    refuted = [s["id"] for s in document["statements"] if s["verdict"] not in (*GOOD, UNTESTED)]
    failed = [layer["operator"] for layer in document["layers"] if layer["fail"]]
    untested = [s["id"] for s in document["statements"] if s["verdict"] == UNTESTED]
    untested += [layer["operator"] for layer in document["layers"] if layer["pass"] < ENOUGH * layer["cases"]]
    digits = document.get("digits")
    if digits is not None:
        verdicts = [digits["whole"], *digits["layers"]]
        failed += [f"digits: {v['layer']}" for v in verdicts if v["status"] != "pass"]
    if missed or accused:
        return (
            "void",
            f"The controls failed: missed {', '.join(missed) or 'nothing'}; wrongly accused {', '.join(accused) or 'nobody'}.",
        )
    if refuted or failed:
        return "refuted", f"Not confirmed: {', '.join([*refuted, *failed])}."
    if untested:
        return "incomplete", f"Too little was tested of: {', '.join(untested)}. More examples may tell."
    if not document["complete"]:
        return "incomplete", "The run was interrupted: what is here is true, what is missing is not known."
    misprints = sum(s["verdict"].startswith("refuted") for s in document["statements"])
    readings = sum(s["verdict"].startswith("holds under") for s in document["statements"])
    held = len(document["statements"]) - misprints - readings
    counts = f"Statements as printed: {held}; only as corrected: {misprints}; only under the readings named: {readings}."
    agreement = f"No oracle disagrees with any of the {len(document['layers'])} layers."
    said = [counts] * bool(document["statements"]) + [agreement] * bool(document["layers"])
    return "holds", " ".join(said)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def _commit() -> str:
    """The commit that the sources were checked out from, if they were, marked where they have been changed since."""
    root = Path(str(resources.files("cnnbp"))).parent
    if not (root / ".git").exists():
        return ""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12"],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip()
