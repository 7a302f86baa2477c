"""TeX → MathML that a browser may be trusted with; None where the conversion would lose or invent something."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from latex2mathml.converter import convert
from markupsafe import Markup

TAGS = frozenset(
    "math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mmultiscripts mprescripts none "
    "mtable mtr mtd mstyle mpadded mphantom".split()
)
ATTRIBUTES = frozenset(
    "display displaystyle scriptlevel mathvariant stretchy fence form separator lspace rspace minsize maxsize symmetric largeop "
    "movablelimits accent accentunder linethickness columnalign rowspacing columnspacing width height depth".split()
)
REWRITTEN = (  # what latex2mathml 3.81 passes through unconverted, in words that it knows
    (r"\\(begin|end)\{aligned\}", r"\\\1{split}"),
    (r"\\operatorname\*?(?![a-zA-Z])", r"\\mathrm"),
    (r"\\arg(?![a-zA-Z])", r"\\mathrm{arg}"),
    (r"\\lfloor(?![a-zA-Z])", "⌊"),
    (r"\\rfloor(?![a-zA-Z])", "⌋"),
    (r"\\lceil(?![a-zA-Z])", "⌈"),
    (r"\\rceil(?![a-zA-Z])", "⌉"),
)


def formula(tex: str) -> Markup | None:
    """The formula as a MathML block with its TeX as annotation; None for TeX that does not convert whole.

    latex2mathml does not escape what stands inside text, keeps unknown commands as identifiers and lets links and styles
    through. Hence its answer is parsed again, and only known elements and attributes leave this function.
    """
    rewritten = tex
    for pattern, replacement in REWRITTEN:
        rewritten = re.sub(pattern, replacement, rewritten)
    try:
        root = ET.fromstring(re.sub(r'\sxmlns="[^"]*"', "", convert(rewritten, display="block"), count=1))
    except Exception:  # printed TeX may be broken in any way, and the converter raises IndexError and StopIteration among others
        return None
    if not all(_known(element) for element in root.iter()):
        return None
    content = list(root)
    for element in content:
        root.remove(element)
    semantics = ET.SubElement(root, "semantics")
    ET.SubElement(semantics, "mrow").extend(content)
    ET.SubElement(semantics, "annotation", encoding="application/x-tex").text = tex
    return Markup(ET.tostring(root, encoding="unicode"))


def _known(element: ET.Element) -> bool:
    """Whether the element is plain mathematics; a prime is made the operator that it is, a word in one piece stays upright."""
    text = element.text or ""
    if element.tag not in TAGS or not ATTRIBUTES.issuperset(element.attrib) or text.startswith("\\") or text == "&":
        return False
    if element.tag == "mi" and text == "\N{PRIME}":
        element.tag = "mo"
    return True
