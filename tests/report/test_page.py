"""The page says what the evidence says, never more; it asks nobody for anything and trusts no name as markup."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from cnnbp import evidence
from cnnbp.report import render, write

from tests.report import hostile, sample
from tests.report.statements import Document

ROOT = Path(__file__).parents[2]
LINKED = ("https://example.org/thread/7", "https://example.org/post/bp.html")
VOID = frozenset(["meta", "link", "br", "hr", "img", "input", "mspace"])


class Page(HTMLParser):
    """Tags, ids, references and visible text of a page, and whether every element was closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.references: list[str] = []
        self.handlers: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            self.ids += [value or ""] if name == "id" else []
            self.references += [value or ""] if name in ("href", "src", "srcset", "action", "data", "poster", "background") else []
            self.handlers += [name] if name.startswith("on") else []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_id_is_an_anchor_once_and_no_fragment_is_dead() -> None:
    document = sample.document()
    page = Page(render(document))
    assert {statement["id"] for statement in document["statements"]} <= set(page.ids)
    assert {"layer-Conv2d", "layer-ReLU", "control-conv-missing-flip", "control-fft"} <= set(page.ids)
    assert [name for name, n in Counter(page.ids).items() if n > 1] == []
    assert {reference.removeprefix("#") for reference in page.references} - set(LINKED) <= set(page.ids)
    assert page.open == []


def test_the_page_asks_nobody_for_anything() -> None:
    text = render(sample.document())
    page = Page(text)
    assert not page.tags.keys() & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in text


def test_names_and_messages_are_never_markup() -> None:
    text = render(hostile.document())
    page = Page(text)
    assert not page.tags.keys() & {"script", "img", "base", "iframe", "textarea"}
    assert page.tags["style"] == page.tags["title"] - page.tags["svg"] == 1
    assert page.handlers == []
    assert page.open == []
    assert {reference for reference in page.references if not reference.startswith("#")} <= {
        "https://evil.example", "https://evil.example/", "https://evil.example/x.png", *LINKED
    }  # fmt: skip


def test_what_cannot_be_seen_is_shown() -> None:
    """Controls, and characters that turn the direction of writing, stand as replacement characters."""
    text = render(hostile.document())
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe]", text)
    assert "\N{REPLACEMENT CHARACTER}gnp.exe" in text


def test_every_statement_says_what_it_rests_on() -> None:
    page = render(sample.document())
    for words in (
        "It rests on <i>w</i><sub>ij</sub><sup>(l)</sup> and on f′.", "the residual ∂J/∂z", "exact at points", "40 cases",
        '<blockquote lang="zh">函数就被确定</blockquote>', "Where it stops", "no value in 38 of them, e.g. unit 3 does not exist",
        "<span>cnnbp verify</span> <span>--only delta-hidden</span> <span>--seed 20261123</span> <span>--examples 40</span>",
            'href="#delta-hidden"',
    ):  # fmt: skip
        assert words in page


def test_numbers_of_statements_are_explained_where_they_first_appear() -> None:
    page = re.sub(r"<style>.*?</style>", "", render(sample.document()), flags=re.DOTALL)
    assert page.index("E1–E24: formulas") < page.index(">E24<")
    assert page.index("V1–V18: claims in words") < page.index(">V18<")


def test_links_lead_only_where_a_source_says() -> None:
    document = sample.document()
    document["statements"][2]["why"] = "See https://example.org/elsewhere"
    references = Page(render(document)).references
    assert {reference for reference in references if not reference.startswith("#")} == set(LINKED)


REQUIRED = ("format", "complete", "status", "summary", "provenance")


@pytest.mark.parametrize("path", [*REQUIRED, "statements[1].verdict", "controls.wrong[0].caught"])
def test_a_missing_key_is_named(path: str) -> None:
    document = sample.document()
    *parents, key = re.findall(r"[a-z]+|\d+", path)
    owner: Any = document
    for parent in parents:
        owner = owner[int(parent) if parent.isdigit() else parent]
    del owner[key]
    with pytest.raises(ValueError, match=re.escape(f"lacks '{path}'")):
        render(document)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "cnnbp-evidence-0"}, "format: expected 'cnnbp-evidence-2'"),
        ({"status": "fine"}, "status: expected one of holds"),
        ({"complete": "yes"}, "complete: expected true or false, got 'yes'"),
        ({"layers": {}}, "layers: expected a list"),
        ({"layers": [3]}, r"layers\[0\]: expected an object, got 3"),
        ({"layers": [{"operator": "ReLU", "cases": -1}]}, r"layers\[0\]\.cases: expected a count, got -1"),
        ({"matrix": sample.matrix() | {"entries": [[0, 9, 0]]}}, r"matrix\.entries\[0\]: expected .* got \[0, 9, 0\]"),
        ({"matrix": sample.matrix() | {"entries": []}}, r"matrix\.entries: a matrix without any connection"),
        ({"matrix": sample.matrix() | {"x_shape": [3, 5, 5]}}, r"matrix\.x_shape: expected one channel"),
        ({"training": {"status": 3}}, r"training\.status: expected a string, got 3"),
        (
            {"statements": [{"id": "a", "claim": "", "verdict": "", "readings": [{"name": "", "role": "x"}]}]},
            r"role: expected one of",
        ),
        ({"statements": [{"id": "section-idea", "claim": "", "verdict": "holds"}]}, "'section-idea' is no anchor"),
        ({"statements": [{"id": "no anchor", "claim": "", "verdict": "holds"}]}, "'no anchor' is no anchor"),
    ],
)
def test_a_key_of_another_type_is_named(change: Document, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        render(sample.document() | change)


def test_a_document_with_only_the_required_keys_is_readable() -> None:
    document = {key: sample.document()[key] for key in REQUIRED} | {"provenance": {}}
    page = Page(render(document))
    assert page.open == []
    assert not {"section-layers", "section-training", "section-influences"} & set(page.ids)
    assert Page(render(document | {"layers": [{"operator": "Mine", "pass": 1}], "statements": [], "digits": None})).open == []


def test_the_fingerprint_is_that_of_the_written_file(tmp_path: Path) -> None:
    document = sample.document()
    evidence.write(tmp_path / "evidence.json", document)
    fingerprint = hashlib.sha256((tmp_path / "evidence.json").read_bytes()).hexdigest()
    assert fingerprint in render(document)
    assert fingerprint in render(evidence.read(tmp_path / "evidence.json"))


def test_the_page_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "new" / "reports"
    assert write(sample.document(), out) == out / "index.html"
    before = (out / "index.html").read_text(encoding="utf-8")
    assert before == render(sample.document())

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        write(sample.document() | {"summary": "another"}, out)
    assert [path.name for path in out.iterdir()] == ["index.html"]
    assert (out / "index.html").read_text(encoding="utf-8") == before


def test_the_room_needs_neither_torch_nor_numpy() -> None:
    """The package's own `__init__` is put aside: what is asked is what this room imports."""
    program = """
import sys, types
package = types.ModuleType("cnnbp"); package.__path__ = [sys.argv[1]]; sys.modules["cnnbp"] = package
sys.modules["torch"] = sys.modules["numpy"] = sys.modules["scipy"] = None  # an import of these now raises ImportError
from cnnbp.report import render
from tests.report import sample
assert "</html>" in render(sample.document())
print(*sorted(name for name in sys.modules if name.startswith("cnnbp.") and not name.startswith("cnnbp.report")))
"""
    command = [sys.executable, "-c", program, str(ROOT / "cnnbp")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["cnnbp.evidence"]
