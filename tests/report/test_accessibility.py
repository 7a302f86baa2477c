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
CONTRAST = {"runOnly": ["color-contrast"]}  # which takes long for each text that is shown, and cannot tell in a drawing
NO_CONTRAST = {"rules": {"color-contrast": {"enabled": False}}}
PLANTED = {
    "image-alt": "<img src='data:,'>",
    "color-contrast": "<p style='color: #aaa; background: #fff'>grey</p>",
    "scrollable-region-focusable": "<pre style='overflow: scroll; width: 60px'>a long line that is wider than its box</pre>",
    "heading-order": "<h1>first</h1><h4>fourth</h4>",
    "link-name": "<a href='#top'></a>",
}


def violations(browser: Any, path: Path, script: str, rules: Mapping[str, Any], **options: Any) -> list[str]:
    """What axe objects to, with the first place of each; the policy that forbids scripts is put aside for its own."""
    context = browser.new_context(bypass_csp=True, **options)
    page = context.new_page()
    page.goto(path.as_uri())
    if script:
        page.evaluate(script)
    left_out = {"exclude": ["svg", "math"]} if rules == CONTRAST else {"include": ["html"]}
    found = axe.Axe().run(page, left_out, {"resultTypes": ["violations"], **rules}).response["violations"]
    context.close()
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def test_nothing_is_objected_to(browser: Any, tmp_path: Path) -> None:
    """Everything unfolded, in Chinese and on a phone; and the colours of what is open at first, in the dark."""
    path = write(sample.failing(), tmp_path)
    assert violations(browser, path, UNFOLD + ";" + CHINESE, NO_CONTRAST, viewport={"width": 360, "height": 780}) == []
    assert violations(browser, path, "", CONTRAST, viewport={"width": 1200, "height": 800}, color_scheme="dark") == []


def test_what_is_planted_is_found(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    html = f"<!doctype html><html lang='en'><title>planted</title><main id='top'>{''.join(PLANTED.values())}</main></html>"
    path.write_text(html, encoding="utf-8")
    assert {found.partition(":")[0] for found in violations(browser, path, "", {})} == {*PLANTED}
