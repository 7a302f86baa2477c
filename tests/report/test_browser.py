"""The page in a real browser: silent, alone, without a dead link, readable by phone, on paper, and by whoever sees little.

Each of these checks can fail; what axe objects to is asked where it is installed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

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
CHINESE = "document.getElementById('section-in-zh').click()"
ONE_OF_A_KIND = r"""() => {
    const built = e => e.outerHTML.replace(/>[^<]*\S[^<]*/g, '>text')
        .replace(/ (?!class|lang|role|scope|style)([\w-]+)="[^"]*"/g, ' $1')
    const thin = (e, met = new Set()) => [...e.children].forEach(
        child => met.has(built(child)) ? child.remove() : (met.add(built(child)), thin(child)))
    thin(document.body)
    document.querySelectorAll('math').forEach(formula => formula.replaceChildren())
}"""  # of neighbours with the same tags, classes and names of attributes the first stays; the inside of a formula is asked nothing


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
def phone(browser: Any) -> Any:
    """A page as wide as a phone, which goes from one address to the next."""
    return browser.new_context(viewport={"width": 360, "height": 780}).new_page()


def visit(page: Any, path: Path) -> Visit:
    """What this page notices where the path leads."""
    found = Visit(size=os.path.getsize(path))
    heard = {
        "console": lambda message: found.complaints.append(message.text) if message.type == "error" else None,
        "pageerror": lambda error: found.complaints.append(str(error)),
        "request": lambda request: found.requests.append(request.url),
        "requestfailed": lambda request: found.refused.append(request.url) if request.failure == "csp" else None,
    }
    for event, hear in heard.items():
        page.on(event, hear)
    page.goto(path.as_uri())
    found.dead, found.spilled, found.foreign = (page.evaluate(asked) for asked in (DEAD, SPILLED, FOREIGN))
    for event, hear in heard.items():
        page.remove_listener(event, hear)
    return found


def test_the_page_needs_no_script_and_can_be_printed(browser: Any, tmp_path: Path) -> None:
    path = write(sample.two(), tmp_path)
    context = browser.new_context(viewport={"width": 360, "height": 780}, java_script_enabled=False, color_scheme="dark")
    page = context.new_page()
    found = visit(page, path)
    assert found.requests == [path.as_uri()]
    assert found.defects() == set(), found
    errors = page.locator("#figure-bounds svg[role=img]").bounding_box()
    assert 0 <= errors["x"] < errors["x"] + errors["width"] <= 360, "scrolled sideways, the bound would be out of sight"
    assert not any(page.evaluate(UNFOLDED))
    page.emulate_media(media="print")
    assert not any(page.evaluate(UNFOLDED)), "what is folded stays so: a page for a reviewer, and not eighty"
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1200, "height": 900})
    page.evaluate(UNFOLD)
    assert page.evaluate(CUT_OFF) == []
    page.evaluate(WIDENED)
    assert len(page.evaluate(CUT_OFF)) == 1, "the check can fail"
    context.close()


def test_a_page_of_hostile_texts_is_as_silent(phone: Any, tmp_path: Path) -> None:
    path = write(hostile.document(), tmp_path)
    found = visit(phone, path)
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
def test_each_check_notices_its_defect(phone: Any, tmp_path: Path, defect: str) -> None:
    """On a page of nothing else, without the policy that forbids every request: what is tried is the check, not the policy."""
    path = tmp_path / "index.html"
    path.write_text(f"<!doctype html><meta name='viewport' content='width=device-width'>{PLANTED[defect]}", encoding="utf-8")
    found = visit(phone, path).defects()
    assert found - {"markup"} == {defect} - {"markup"}
    assert defect != "markup" or "markup" in found


def test_the_policy_of_the_page_stops_what_got_in(phone: Any, tmp_path: Path) -> None:
    path = write(hostile.document(), tmp_path)
    above, main, _ = path.read_text(encoding="utf-8").partition("<main>")
    planted = "<img src='https://evil.example/x.png' alt=''><script>document.title = 'taken'</script>"
    path.write_text(above + main + planted, encoding="utf-8")
    found = visit(phone, path)
    assert found.requests[1:] == found.refused, "asked for, and not let out"
    assert found.defects() - {"fragment"} == {"console", "request", "markup"}
    assert phone.title() != "taken"


BARRIERS = {
    "image-alt": "<img src='data:,'>",
    "color-contrast": "<p style='color: #aaa; background: #fff'>grey</p>",
    "scrollable-region-focusable": "<pre style='overflow: scroll; width: 60px'>a long line that is wider than its box</pre>",
    "heading-order": "<h1>first</h1><h4>fourth</h4>",
    "link-name": "<a href='#top'></a>",
}


def violations(browser: Any, path: Path, *scripts: str, **options: Any) -> list[str]:
    """What axe objects to, with the first place of each; the policy that forbids scripts is put aside for its own."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    context = browser.new_context(bypass_csp=True, **options)
    page = context.new_page()
    page.goto(path.as_uri())
    for script in scripts:
        page.evaluate(script)
    found = axe.Axe().run(page, {"include": ["html"]}, {"resultTypes": ["violations"]}).response["violations"]
    context.close()
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


@pytest.mark.parametrize(("width", "scheme", "language"), [(360, "dark", [CHINESE]), (1200, "light", [])])
def test_nothing_is_a_barrier(browser: Any, tmp_path: Path, width: int, scheme: str, language: list[str]) -> None:
    """Everything unfolded: on a phone in the dark in Chinese, and on a wide screen in English."""
    path, seen = write(sample.failing(), tmp_path), {"viewport": {"width": width, "height": 780}, "color_scheme": scheme}
    assert violations(browser, path, UNFOLD, *language, ONE_OF_A_KIND, **seen) == []


def test_a_barrier_that_is_planted_is_found(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    html = f"<!doctype html><html lang='en'><title>planted</title><main id='top'>{''.join(BARRIERS.values())}</main></html>"
    path.write_text(html, encoding="utf-8")
    assert {found.partition(":")[0] for found in violations(browser, path, ONE_OF_A_KIND)} == {*BARRIERS}
