"""The twins of the page: well formed, whatever is in the evidence, and none better than the page."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnbp.cli.folder import TWINS
from cnnbp.evidence import remark
from cnnbp.evidence.outcomes import outcomes
from cnnbp.evidence.records import Document
from cnnbp.evidence.status import concluded, examine
from cnnbp.report.twins import NAMES, twins
from cnnbp.report.twins.markdown import plain, table
from tests.evidence import sample
from tests.report import hostile

WHOLE = sample.document()
COUNT = {"type": "integer", "minimum": 0}
TEST = {
    "type": "object", "required": ["name", "status", "duration"], "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1}, "status": {"enum": ["passed", "failed", "skipped", "pending", "other"]},
        "duration": COUNT, "rawStatus": {"type": "string"}, "message": {"type": "string"},
        "suite": {"type": "array", "minItems": 1, "items": {"type": "string"}},
    },
}  # fmt: skip
SUMMED = ("tests", "passed", "failed", "skipped", "pending", "other", "start", "stop")
CTRF = {
    "type": "object", "required": ["results", "reportFormat", "specVersion"], "additionalProperties": False,
    "properties": {
        "reportFormat": {"const": "CTRF"}, "specVersion": {"pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$"}, "timestamp": {"type": "string"},
        "generatedBy": {"type": "string"},
        "results": {
            "type": "object", "required": ["tool", "summary", "tests"], "additionalProperties": False,
            "properties": {
                "tool": {"type": "object", "required": ["name"]}, "extra": {"type": "object"},
                "summary": {
                    "type": "object", "required": list(SUMMED), "additionalProperties": False,
                    "properties": dict.fromkeys(SUMMED, COUNT),
                },
                "tests": {"type": "array", "items": TEST},
            },
        },
    },
}  # fmt: skip
"""Of the format what is used here, and that nothing else is."""


def changed(**update: Any) -> Document:
    return concluded(WHOLE.model_copy(update=update))


def missed() -> Document:
    wrong = tuple(c.model_copy(update={"caught": False, "by": "", "cases": 20}) for c in WHOLE.controls.wrong)
    return changed(controls=WHOLE.controls.model_copy(update={"wrong": wrong}))


RUNS: dict[str, Document] = {
    "holds": WHOLE,
    "wrong": changed(layers=(sample.failing_layer("x"), sample.tanh())),
    "void": missed(),
    "interrupted": changed(digits=None, trouble=remark("run.ended", how="Ctrl-C")),
    "part": changed(provenance=WHOLE.provenance.model_copy(update={"shard": 2, "shards": 3})),
    "contradicted": WHOLE.model_copy(update={"not_covered": WHOLE.not_covered * 2}),
    "empty": changed(derivations=(), layers=(), digits=None, training=None, matrix=None),
    "hostile": hostile.document(),
}


def test_their_names_are_known_to_whoever_clears_the_folder() -> None:
    """So that none of an earlier run is left."""
    assert NAMES == TWINS == tuple(twins(WHOLE))


@pytest.mark.parametrize("name", RUNS)
def test_none_is_better_than_the_page(name: str) -> None:
    """Every format says that it passed only where everything holds, and then all do."""
    found, standing = twins(RUNS[name]), examine(RUNS[name])
    suites = ElementTree.fromstring(found["junit.xml"])
    summed = json.loads(found["ctrf.json"])["results"]["summary"]
    attested = json.loads(found["attestation.json"])["predicate"]
    says = {
        "junit.xml": suites.get("failures") == suites.get("errors") == "0" and not suites.findall(".//failure"),
        "ctrf.json": summed["failed"] == summed["other"] == 0, "attestation.json": attested["result"] == "PASSED",
        "summary.md": found["summary.md"].startswith("## ✓ "), "badge.svg": ">holds</text>" in found["badge.svg"],
    }  # fmt: skip
    assert set(says.values()) == {standing.status == "holds"}
    assert (standing.status == "holds") == (name == "holds")
    assert summed["failed"] > 0 or standing.status == "holds"


@pytest.mark.parametrize("name", RUNS)
def test_each_outcome_is_once_in_each(name: str) -> None:
    """And the counts are those of what is there."""
    found, wanted = twins(RUNS[name]), outcomes(RUNS[name])
    suites = ElementTree.fromstring(found["junit.xml"])
    assert len(suites.findall(".//testcase")) == int(suites.get("tests", "0")) == len(wanted)
    for mark, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        for suite in (suites, *suites):
            assert int(suite.get(mark, "-1")) == len(suite.findall(f".//{element}"))
    ctrf = json.loads(found["ctrf.json"])
    jsonschema.Draft7Validator(CTRF).validate(ctrf)
    summed = ctrf["results"]["summary"]
    assert summed["tests"] == len(ctrf["results"]["tests"]) == len(wanted)
    assert sum(summed[status] for status in ("passed", "failed", "skipped", "pending", "other")) == len(wanted)
    attested = json.loads(found["attestation.json"])["predicate"]
    nothing = sum(each.came == "none" for each in wanted)
    assert len(attested["passedTests"]) + len(attested["failedTests"]) == len(wanted) - nothing


def test_the_format_is_held() -> None:
    """A field that it does not have would be seen."""
    broken = json.loads(twins(WHOLE)["ctrf.json"])
    broken["results"]["tests"][0]["colour"] = "green"
    assert not jsonschema.Draft7Validator(CTRF).is_valid(broken)


def test_the_statement_is_about_these_sources_and_this_evidence() -> None:
    """Their hashes are its subjects; what ran is its configuration."""
    said = json.loads(twins(WHOLE)["attestation.json"])
    assert (said["_type"], said["predicateType"]) == (
        "https://in-toto.io/Statement/v1", "https://in-toto.io/attestation/test-result/v0.1",
    )  # fmt: skip
    digests = [each["digest"]["sha256"] for each in said["subject"]]
    assert digests[0] == WHOLE.provenance.sources_sha256
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in digests)
    other = json.loads(twins(RUNS["wrong"])["attestation.json"])
    assert other["subject"][1]["digest"] != said["subject"][1]["digest"]
    assert "reference/layer/Conv2d" in other["predicate"]["failedTests"]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_hostile_gets_through(name: str) -> None:
    """No character that cannot be seen, no markup, and the summary remains of a size that is shown."""
    text = twins(RUNS["hostile"])[name]
    assert [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n"] == []
    if not name.endswith(".json"):
        assert "<script" not in text
        assert "<img" not in text
    assert len(text.encode()) < 1024 * 1024


@given(st.text(max_size=60))
def test_text_in_markdown_stays_text(text: str) -> None:
    """In one line, every character that could mean anything is escaped, and what is escaped is what was there."""
    said = plain(text)
    assert "\n" not in said
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_|\[\]~]", said)
    assert not re.search(r"[<>@]", said)
    row = table(["a", "b"], [[text, 1]])[2]
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a|b", r"a\|b"), ("`x`", r"\`x\`"), ("- item", r"\- item"), ("1. item", r"1\. item"), ("# head", r"\# head"),
        ("https://evil.example", r"https\://evil.example"), ("www.evil.org", r"www\.evil.org"), ("@someone", "&#64;someone"),
        ("<b>", "&lt;b&gt;"), ("a\nb", "a b"), ("delta-hidden (E24)", "delta-hidden (E24)"), ("\x1b[2J", r"⟨U+001B⟩\[2J"),
    ],
)  # fmt: skip
def test_what_would_mean_something_is_escaped(text: str, said: str) -> None:
    """And what would not is left as it is."""
    assert plain(text) == said


def test_the_summary_says_what_is_wrong_and_how_to_see_it_again() -> None:
    """With the command."""
    said = twins(RUNS["wrong"])["summary.md"]
    assert said.startswith("## ✗ cnnbp: The reference code is wrong\n")
    assert "- **layer Conv2d**: fail\n" in said
    assert "again: cnnbp verify --only Conv2d/4 --seed 7" in said
    assert "| Conv2d |" in said
