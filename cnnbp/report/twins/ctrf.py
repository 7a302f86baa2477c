"""The outcomes in the Common Test Report Format (ctrf.io), a JSON that dashboards of tests read."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import Any

from cnnbp.evidence.outcomes import Outcome

from ..unseen import visible
from .told import Told

SPECIFICATION = "0.1.0"
STATUSES = {"pass": "passed", "fail": "failed", "open": "other", "none": "skipped"}
EVERY = ("passed", "failed", "skipped", "pending", "other")


def ctrf(told: Told) -> str:
    """A test for each outcome. Where nothing follows for the run or a subject, that test failed: "other" decides nothing."""
    run = told.document.provenance
    tests = [_test(each, told) for each in told.outcomes]
    counts, start = Counter(test["status"] for test in tests), _milliseconds(run.started)
    found = {
        "reportFormat": "CTRF", "specVersion": SPECIFICATION, "timestamp": visible(run.started), "generatedBy": "cnnbp",
        "results": {
            "tool": {"name": "cnnbp", "version": visible(run.cnnbp)},
            "summary": {
                "tests": len(tests), **{status: counts[status] for status in EVERY},
                "start": start, "stop": start + round(1000 * run.seconds),
            },
            "tests": tests,
            "extra": {"status": told.standing.status, "seed": run.seed, "examples": run.examples, "evidenceSha256": told.sha256},
        },
    }  # fmt: skip
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _test(found: Outcome, told: Told) -> dict[str, Any]:
    whole = found.what in ("run", "subject")
    status = "failed" if whole and found.came == "open" else STATUSES[found.came]
    test: dict[str, Any] = {"name": visible(found.id), "status": status, "duration": 0, "rawStatus": found.word}
    test["suite"] = [visible(found.of), found.what]
    reasons = told.reasons(found) if status in ("failed", "other") else []
    return test | ({"message": "\n".join(reasons)} if reasons else {})


def _milliseconds(moment: str) -> int:
    """Since 1970; 0 for what is no moment, as a file changed by hand may have it."""
    try:
        return round(1000 * datetime.fromisoformat(moment).timestamp())
    except ValueError:
        return 0
