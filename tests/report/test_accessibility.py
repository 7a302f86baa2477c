"""The page for whoever sees little, or has no mouse: axe finds nothing to object to, and finds what is planted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cnnbp.report import write
from tests.report import sample

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

UNFOLD = "document.querySelectorAll('details').forEach(fold => fold.open = true)"
CHINESE = "document.getElementById('section-in-zh').click()"
NO_CONTRAST = {"color-contrast": {"enabled": False}}  # two seconds in three
PLANTED = {
    "image-alt": "<img src='data:,'>",
    "color-contrast": "<p style='color: #aaa; background: #fff'>grey</p>",
    "scrollable-region-focusable": "<pre style='overflow: scroll; width: 60px'>a long line that is wider than its box</pre>",
    "heading-order": "<h1>first</h1><h4>fourth</h4>",
    "link-name": "<a href='#top'></a>",
}


def violations(browser: Any, path: Path, script: str = "", rules: Mapping[str, Any] | None = None, **options: Any) -> list[str]:
    """What axe objects to, with the first place of each; the policy that forbids scripts is put aside for its own."""
    context = browser.new_context(bypass_csp=True, **options)
    page = context.new_page()
    page.goto(path.as_uri())
    page.evaluate(UNFOLD)
    if script:
        page.evaluate(script)
    found = axe.Axe().run(page, options={"resultTypes": ["violations"], "rules": rules or {}}).response["violations"]
    context.close()
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def test_nothing_is_objected_to(browser: Any, tmp_path: Path) -> None:
    """Everything unfolded, on a phone in the dark; and on a screen, in Chinese, but for its colours, which are those of English."""
    path = write(sample.failing(), tmp_path)
    assert violations(browser, path, viewport={"width": 360, "height": 780}, color_scheme="dark") == []
    assert violations(browser, path, CHINESE, NO_CONTRAST, viewport={"width": 1200, "height": 800}) == []


@pytest.mark.parametrize("rule", PLANTED)
def test_what_is_planted_is_found(browser: Any, tmp_path: Path, rule: str) -> None:
    path = tmp_path / "index.html"
    html = f"<!doctype html><html lang='en'><title>planted</title><main id='top'>{PLANTED[rule]}</main></html>"
    path.write_text(html, encoding="utf-8")
    assert rule in {found.partition(":")[0] for found in violations(browser, path)}
