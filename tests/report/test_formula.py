"""A formula leaves as plain mathematics with its TeX, or not at all."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from cnnbp.report.formula import ATTRIBUTES, TAGS, formula


@pytest.mark.parametrize(
    "tex",
    [
        r"\delta_i^{(nl)}=(a_i^{(nl)}-y_i)f'(z_i^{(nl)})",
        r"a^{(l+1)}=f(z^{(l+1)}",  # printed so: a parenthesis is missing
        r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
        r"\Bigl(\Bigl\lfloor\tfrac{n+2p-k}{s}\Bigr\rfloor+1\Bigr)^2",
        r"\operatorname{rot180}(w)",
        r"\sum_{\text{windows}}\delta_{\text{窗口}}\,e_{\arg\max}",
        r"a < b",
    ],
)
def test_tex_becomes_mathematics(tex: str) -> None:
    found = formula(tex)
    assert found is not None
    root = ET.fromstring(str(found))
    assert {element.tag for element in root.iter()} <= TAGS | {"semantics", "annotation"}
    assert {name for element in root.iter() for name in element.attrib} <= ATTRIBUTES | {"encoding"}
    annotation = root.find("semantics/annotation")
    assert annotation is not None
    assert annotation.text == tex
    assert not [element.text for element in root.iter() if element.tag != "annotation" and re.search(r"[\\&]", element.text or "")]


@pytest.mark.parametrize(
    "tex",
    [
        "",
        r"\frac{a}{",
        r"a^b^c",
        r"\unheardof{x}",
        "a & b",
        r"\href{javascript:alert(1)}{x}",
        r"\style{position:fixed}{x}",
        r"\class{answer}{x}",
        r"\text{<script>alert(1)</script>}",
        r"\text{</math><img src=x onerror=alert(1)>}",
        r"\text{<!--}",
        r"\text{<mi onclick='x'>y</mi>}",
    ],
)
def test_what_would_be_lost_invented_or_dangerous_is_left_as_tex(tex: str) -> None:
    assert formula(tex) is None
