"""The page in a real browser: silent, alone, without a dead link, readable by phone; and each of these checks can fail."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cnnbp.evidence.records import Document
from cnnbp.report import write
from tests.report import hostile, sample

LARGEST = 1_000_000  # bytes

DEAD = "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.hash).filter(h => !document.getElementById(h.slice(1)))"
SPILLED = "document.documentElement.scrollWidth - window.innerWidth"
FOREIGN = "document.querySelectorAll('script, img, iframe, base, link, object, [onerror], [onclick]').length"
UNFOLDED = """[...document.querySelectorAll('details:not([open])')].map(
    d => d.getBoundingClientRect().height > 2 * d.firstElementChild.getBoundingClientRect().height)"""

CUT_OFF = (
    "[...document.querySelectorAll('.wide:not(:has(pre))')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML)"
)
UNFOLD = "document.querySelectorAll('details').forEach(fold => fold.open = true)"
WIDENED = "document.querySelector('.truth').style.width = '100rem'"


@dataclass
class Visit:
    """What a browser noticed of one page."""

    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    spilled: int = 0
    foreign: int = 0
    size: int = 0

    def defects(self) -> set[str]:
        """The names of the checks that this page fails."""
        checks = {
            "console": self.complaints, "request": self.requests[1:], "fragment": self.dead, "width": self.spilled > 0,
            "markup": self.foreign, "size": self.size >= LARGEST,
        }  # fmt: skip
        return {name for name, failed in checks.items() if failed}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the sample, for all who only read it."""
    return write(sample.document(), tmp_path_factory.mktemp("page"))


def visit(browser: Any, path: Path, **options: Any) -> Visit:
    found = Visit(size=os.path.getsize(path))
    context = browser.new_context(viewport={"width": 360, "height": 780}, **options)
    page = context.new_page()
    page.on("console", lambda message: found.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("request", lambda request: found.requests.append(request.url))
    page.on("requestfailed", lambda request: found.refused.append(request.url) if request.failure == "csp" else None)
    page.goto(path.as_uri())
    found.dead, found.spilled, found.foreign = (page.evaluate(asked) for asked in (DEAD, SPILLED, FOREIGN))
    context.close()
    return found


@pytest.mark.parametrize("document", [sample.two(), hostile.document()], ids=["sample", "hostile"])
def test_the_page_in_a_browser(browser: Any, tmp_path: Path, document: Document) -> None:
    path = write(document, tmp_path)
    found = visit(browser, path)
    assert found.requests == [path.as_uri()]
    assert found.defects() == set(), found


PLANTED = {
    "request": "<object data='https://evil.example/a.svg'></object>",
    "fragment": '<a href="#nowhere">nowhere</a>',
    "console": "<svg><path d='M0 0 oops'/></svg>",
    "width": "<p style='width: 500px'>wide</p>",
    "markup": "<img alt=''>",
    "size": "<!--" + "x" * LARGEST + "-->",
}


@pytest.mark.parametrize("defect", PLANTED)
def test_each_check_notices_its_defect(browser: Any, tmp_path: Path, defect: str) -> None:
    """On a page of nothing else, without the policy that forbids every request: what is tried is the check, not the policy."""
    path = tmp_path / "index.html"
    path.write_text(f"<!doctype html><meta name='viewport' content='width=device-width'>{PLANTED[defect]}", encoding="utf-8")
    found = visit(browser, path).defects()
    assert found - {"markup"} == {defect} - {"markup"}
    assert defect != "markup" or "markup" in found


def test_the_policy_of_the_page_stops_what_got_in(browser: Any, written: Path, tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    planted = "<main><img src='https://evil.example/x.png' alt=''><script>document.title = 'taken'</script>"
    path.write_text(written.read_text(encoding="utf-8").replace("<main>", planted), encoding="utf-8")
    found = visit(browser, path)
    assert found.requests[1:] == found.refused, "asked for, and not let out"
    assert found.defects() == {"console", "request", "markup"}


def test_it_can_be_read_without_script_and_on_paper(browser: Any, written: Path) -> None:
    assert visit(browser, written, java_script_enabled=False, color_scheme="dark").complaints == []
    page = browser.new_page()
    page.goto(written.as_uri())
    assert not any(page.evaluate(UNFOLDED))
    page.set_viewport_size({"width": 1200, "height": 900})
    page.evaluate(UNFOLD)
    assert page.evaluate(CUT_OFF) == []
    page.evaluate(WIDENED)
    assert len(page.evaluate(CUT_OFF)) == 1, "the check can fail"
    page.reload()
    page.emulate_media(media="print")
    assert not any(page.evaluate(UNFOLDED)), "what is folded stays so: a page for a reviewer, and not eighty"
    page.close()


def test_the_figure_of_errors_fits_a_phone(browser: Any, written: Path) -> None:
    """It is read without scrolling sideways, which would hide the bound."""
    page = browser.new_page(viewport={"width": 360, "height": 780})
    page.goto(written.as_uri())
    drawn = page.locator("#figure-bounds svg[role=img]").bounding_box()
    page.close()
    assert 0 <= drawn["x"] < drawn["x"] + drawn["width"] <= 360
