"""The run as an in-toto statement with a test-result predicate, for a CI to sign: these sources, this evidence, this verdict."""

from __future__ import annotations

import base64
import json

from ..unseen import visible
from .told import Told

STATEMENT, PREDICATE = "https://in-toto.io/Statement/v1", "https://in-toto.io/attestation/test-result/v0.1"


def attestation(told: Told) -> str:
    """PASSED only where everything holds; what is left open is among the failed. Unsigned it proves nothing."""
    run, found = told.document.provenance, told.outcomes
    names = {came: [visible(f"{e.of}/{e.what}/{e.id}") for e in found if e.came == came] for came in ("pass", "fail", "open")}
    evidence = {"name": "evidence.json", "digest": {"sha256": told.sha256}}
    statement = {
        "_type": STATEMENT,
        "subject": [{"name": f"cnnbp {visible(run.cnnbp)} sources", "digest": {"sha256": run.sources_sha256}}, evidence],
        "predicateType": PREDICATE,
        "predicate": {
            "result": "PASSED" if told.standing.status == "holds" else "FAILED",
            "configuration": [_command(origin.seed, origin.profile, origin.examples) for origin in run.origins],
            "passedTests": names["pass"], "warnedTests": [], "failedTests": [*names["fail"], *names["open"]],
        },
    }  # fmt: skip
    return json.dumps(statement, indent=1, ensure_ascii=False) + "\n"


def _command(seed: int, profile: str, examples: int) -> dict[str, str]:
    """What ran, as a resource whose content is in it."""
    command = f"cnnbp verify --seed {seed} --profile {visible(profile)} --examples {examples}"
    return {"name": "command", "mediaType": "text/plain", "content": base64.b64encode(command.encode()).decode()}
