"""The page held with axe-core: wide, light and English, then narrow, dark and Chinese; and what is planted is noticed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from cnnbp.report import write
from tests.report import hostile, sample

ROOT = Path(__file__).parents[2]
AXE = Path(os.environ.get("AXE_CORE", ROOT / "node_modules" / "axe-core" / "axe.min.js"))
pytestmark = pytest.mark.skipif(
    not AXE.is_file(), reason="axe-core is not there: `npm install --no-save axe-core`, or name its axe.min.js in AXE_CORE"
)
SEEN = {"failing": (sample.failing, 1200, "light", "en"), "hostile": (hostile.document, 360, "dark", "zh")}
SPEAK = "language => { document.getElementById('section-in-' + language).checked = true }"
UNFOLD = "document.querySelectorAll('details').forEach(details => { details.open = true })"
RUN = "axe.run(document, {resultTypes: ['violations']})"
PLANTED = {
    "image-alt": "<img src='data:,'>",
    "color-contrast": "<p style='color: #ccc; background: #fff'>pale</p>",
    "scrollable-region-focusable": "<pre style='width: 3rem; overflow: auto'>a line that is too long for it</pre>",
    "heading-order": "<h2>two</h2><h4>four</h4>",
}


def violations(browser: Any, path: Path, width: int, scheme: str, language: str = "") -> dict[str, list[str]]:
    """The rules that the page breaks, each with the elements that do. Its policy forbids scripts, so the browser puts it aside."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri())
    if language:
        page.evaluate(SPEAK, language)
    page.evaluate(UNFOLD)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(RUN)["violations"]
    context.close()
    return {rule["id"]: [node["html"][:120] for node in rule["nodes"]] for rule in found}


@pytest.mark.slow
@pytest.mark.parametrize("seen", SEEN)
def test_nothing_on_the_page_is_hard_to_reach(browser: Any, tmp_path: Path, seen: str) -> None:
    """With every fold open, where the browser has most to look at."""
    document, *how = SEEN[seen]
    assert violations(browser, write(document(), tmp_path), *how) == {}


@pytest.mark.parametrize("rule", PLANTED)
def test_what_is_planted_is_noticed(browser: Any, tmp_path: Path, rule: str) -> None:
    """On a page of nothing else, under the same policy as that of the page."""
    policy = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
    path = tmp_path / "index.html"
    head = f"<!doctype html><html lang='en'><meta charset='utf-8'>{policy}<title>planted</title>"
    path.write_text(f"{head}<main><h1>one</h1>{PLANTED[rule]}</main></html>", encoding="utf-8")
    assert set(violations(browser, path, 1200, "light")) == {rule}
