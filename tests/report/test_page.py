"""The page says what the evidence says, never more; it asks nobody for anything and trusts no name as markup."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cnnbp.evidence import file
from cnnbp.evidence import records as r
from cnnbp.report import render, write
from cnnbp.report.page import light
from cnnbp.text import sentences
from tests.helpers.pages import english
from tests.report import hostile, sample

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "cnnbp" / "report"
LINKED = ("https://example.org/post/bp.html",)
VOID = frozenset(["meta", "link", "br", "hr", "img", "input", "mspace"])
IMPLIED = frozenset(["td", "th", "tr", "dt"])  # end where the next begins


class Page(HTMLParser):
    """Tags, ids, references and headings of a page, and whether every element was closed."""

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
        if tag not in VOID | IMPLIED:
            self.open.append(tag)
        for name, value in attrs:
            self.ids += [value or ""] if name == "id" else []
            self.references += [value or ""] if name in ("href", "src", "srcset", "action", "data", "poster", "background") else []
            self.handlers += [name] if name.startswith("on") else []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID | IMPLIED:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert tag in IMPLIED or self.open.pop() == tag


@cache
def rendered(make: Callable[[], r.Document]) -> str:
    """The page of what this makes, once for all who read it."""
    return render(make())


@pytest.fixture(scope="module")
def page() -> str:
    return rendered(sample.document)


@pytest.mark.parametrize("make", [sample.document, sample.two, sample.failing, hostile.document])
def test_every_id_is_an_anchor_once_and_no_fragment_is_dead(make: Callable[[], r.Document]) -> None:
    document, page = make(), Page(rendered(make))
    assert {statement.id for statement in document.derivations[0].statements} <= set(page.ids)
    assert {"layer-Tanh", "control-conv-doubled", "control-conv-fft", "section-layers"} <= set(page.ids)
    assert [name for name, n in Counter(page.ids).items() if n > 1] == []
    assert {reference[1:] for reference in page.references if reference.startswith("#")} <= set(page.ids)
    assert page.open == []


def test_a_second_derivation_leaves_the_addresses_of_the_first_alone() -> None:
    one, two = (set(Page(rendered(make)).ids) for make in (sample.document, sample.two))
    assert one <= two
    assert {"book--chain-rule", "book--step-size", "chapter-book--backward"} <= two - one


def test_the_page_asks_nobody_for_anything(page: str) -> None:
    assert not Page(page).tags.keys() & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    assert {reference for reference in Page(page).references if not reference.startswith("#")} == set(LINKED)


def test_names_and_messages_are_never_markup() -> None:
    page = Page(rendered(hostile.document))
    assert not page.tags.keys() & {"script", "img", "base", "iframe", "textarea"}
    assert page.tags["style"] == page.tags["title"] == 1
    assert page.handlers == []
    assert {reference for reference in page.references if not reference.startswith("#")} <= {
        "https://evil.example", "https://evil.example/", "https://evil.example/x.png", *LINKED
    }  # fmt: skip


def test_what_cannot_be_seen_is_shown() -> None:
    text = rendered(hostile.document)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]", text)
    assert "⟨U+0000⟩⟨U+0007⟩⟨U+001B⟩[31m⟨U+202E⟩gnp.exe⟨U+2066⟩⟨U+061C⟩⟨U+200B⟩⟨U+206A⟩⟨U+FEFF⟩" in text


def test_every_statement_says_what_it_rests_on(page: str) -> None:
    page = english(page)
    for words in (
        "It rests on <i>w</i><sub>ij</sub><sup>(l)</sup> and on f′.", "Compared: the weights", "exact at points", "20 cases",
        '<blockquote lang="zh">函数就被确定</blockquote>', "Where it stops", "no value in 20: it has no value",
        "<span>cnnbp verify</span> <span>--only step-size</span> <span>--seed 7</span> <span>--examples 20</span>",
        'href="#chain-rule"', "Counterexample to “as-printed”", "α is missing",
    ):  # fmt: skip
        assert words in page


def test_quotations_are_in_the_language_of_their_derivation() -> None:
    changed = sample.two()
    first, second = changed.derivations
    statement = second.statements[0].model_copy(update={"quoted": "die Kettenregel"})
    second = second.model_copy(update={"statements": (statement, *second.statements[1:])})
    page = render(changed.model_copy(update={"derivations": (first, second)}))
    assert '<blockquote lang="de">die Kettenregel</blockquote>' in page
    assert '<blockquote lang="zh">' in page


def test_a_language_that_nobody_wrote_is_refused_and_the_page_names_its_own(page: str) -> None:
    assert '<html lang="en">' in page
    with pytest.raises(FileNotFoundError):
        render(sample.document(), "xx")


def test_every_phrase_that_a_template_says_is_written_and_every_one_written_is_said() -> None:
    """A key that is put together, as "report.mark." ~ name, stands for all that begin so."""
    sources = "\n".join(path.read_text("utf-8") for pattern in ("*.py", "*.j2") for path in SOURCES.rglob(pattern))
    said = set(re.findall(r"""["'](report\.[\w.-]+)""", sources)) | {f"report.{p.name}.title" for p in SOURCES.iterdir()}
    whole, begun = {code for code in said if not code.endswith(".")}, tuple(code for code in said if code.endswith("."))
    begun += tuple(f"report.{group}." for group in ("answer.derivation", "answer.code", "answer.harness"))
    written = {code for code in sentences("en") if code.startswith("report.")}
    titles = {f"report.{p.name}.title" for p in SOURCES.iterdir()}
    assert sorted(whole - titles - written) == []
    assert sorted(code for code in written if code not in whole and not code.startswith(begun)) == []


def test_the_source_knows_no_derivation() -> None:
    words = re.compile(r"\bpost\b|[一-鿿]|lang=\"?zh|four polynomials", re.IGNORECASE)
    sources = [*SOURCES.rglob("*.py"), *SOURCES.rglob("*.j2"), ROOT / "cnnbp" / "text" / "en" / "report.toml"]
    assert [path for path in sources if words.search(path.read_text("utf-8"))] == []


def test_the_fingerprint_is_that_of_the_written_file(tmp_path: Path, page: str) -> None:
    path = tmp_path / "evidence.json"
    file.write(path, sample.document())
    assert hashlib.sha256(path.read_bytes()).hexdigest() in page
    assert render(file.read(path)) == page


def test_the_page_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    out = tmp_path / "new" / "reports"
    assert write(sample.document(), out) == out / "index.html"
    assert (out / "index.html").read_text(encoding="utf-8") == page

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        write(sample.failing(), out)
    assert [path.name for path in out.iterdir()] == ["index.html"]
    assert (out / "index.html").read_text(encoding="utf-8") == page


def test_the_room_needs_neither_torch_nor_numpy() -> None:
    """The package's own `__init__` is put aside: what is asked is what this room imports."""
    program = """
import sys, types
package = types.ModuleType("cnnbp"); package.__path__ = [sys.argv[1]]; sys.modules["cnnbp"] = package
sys.modules["torch"] = sys.modules["numpy"] = sys.modules["scipy"] = None  # an import of these now raises ImportError
from cnnbp.report import render
from tests.report import sample
assert "</html>" in render(sample.document())
print(*sorted({name.split(".")[1] for name in sys.modules if name.startswith("cnnbp.")}))
"""
    command = [sys.executable, "-c", program, str(ROOT / "cnnbp")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["evidence", "report", "text"]


def test_what_is_left_out_changes_nothing_that_is_read() -> None:
    """End tags of cells, rows and terms, and the line before a box; what is no such place stays as it is."""
    table = "<table>\n<tbody>\n<tr><th>a</th> <td>b</td></tr>\n<tr><td>c</td></tr>\n</tbody>\n</table>"
    assert light(table) == "<table><tbody><tr><th>a <td>b<tr><td>c</tbody></table>"
    assert light('<td class="n">1</td><td>a="b" </td><td class="a b"/>') == '<td class=n>1<td>a="b" <td class="a b"/>'
    assert light("<dl><dt>a</dt> <dd>b</dd></dl>") == "<dl><dt>a <dd>b</dd></dl>"
    for kept in ("<dt>a</dt></dl>", "<b>a</b>\n<b>b</b>", "</td> text", "<pre>a\n\nb\n  &lt;div</pre>"):
        assert light(kept) == kept
