"""TeX → MathML that a browser may be trusted with; None where the conversion would lose or invent something."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from xml.etree import ElementTree as ET

from latex2mathml.converter import convert
from markupsafe import Markup

Span = tuple[int, int]

LONGEST, MOST = 2_000, 12  # characters of a formula, marks in it: what is longer is read in its source

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
    (r"\\big[lr](?![a-zA-Z])", ""),
    (":=", "≔ "),
    (r"\\lfloor(?![a-zA-Z])", "⌊"),
    (r"\\rfloor(?![a-zA-Z])", "⌋"),
    (r"\\lceil(?![a-zA-Z])", "⌈"),
    (r"\\rceil(?![a-zA-Z])", "⌉"),
)
SCRIPTS = re.compile(r"(?:[_^](?:\{(?:[^{}]|\{[^{}]*\})*\}|[^\s{}]))+")
POWER = re.compile(r"\\Bigr\s*[)\]]\s*\^")


@lru_cache(maxsize=1_000)
def formula(tex: str, marks: tuple[Span, ...] = (), display: str = "block") -> Markup | None:
    """The formula as MathML with its TeX as annotation, the character ranges `marks` marked; None for TeX that does not convert.

    A range that is no formula by itself (half a group, say) stays unmarked: the formula counts for more than its marks.
    """
    try:
        return None if len(tex) > LONGEST else _formula(tex, marks[:MOST], display)
    except RecursionError:  # groups inside groups, deeper than anybody reads
        return None


def _formula(tex: str, marks: Sequence[Span], display: str) -> Markup | None:
    whole = _converted(tex, display)
    if whole is None:
        return None
    root, kept = whole, list[Span]()
    for mark in marks if r"\phantom" not in tex else ():
        for reach in _reaches(tex, mark):
            candidate = _converted(_wrapped(tex, [*kept, reach]), display)
            if candidate is not None and _set_like(candidate, whole):
                root, kept = candidate, [*kept, reach]
                break
    for element in root.iter("mphantom") if kept else ():
        element.tag = "mrow"
        element.set("class", "misprint")
    return _annotated(root, tex)


def _converted(tex: str, display: str) -> ET.Element | None:
    """latex2mathml does not escape what stands inside text, keeps unknown commands as identifiers and lets links and styles
    through. Hence its answer is parsed again, and only known elements and attributes leave this function.
    """
    for pattern, replacement in REWRITTEN:
        tex = re.sub(pattern, replacement, tex)
    if POWER.search(tex):  # a bracket alone under an exponent would not grow with what it closes
        tex = re.sub(r"\\Big([lr])(?![a-zA-Z])", lambda found: {"l": r"\left", "r": r"\right"}[found[1]], tex)
    try:
        root = ET.fromstring(re.sub(r'\sxmlns="[^"]*"', "", convert(tex, display=display), count=1))
    except Exception:  # printed TeX may be broken in any way, and the converter raises IndexError and StopIteration among others
        return None
    return root if all(_known(element) for element in root.iter()) else None


def _reaches(tex: str, mark: Span) -> list[Span]:
    """The range, and the range with the exponents and limits that hang on its end: some cannot be parted from them."""
    scripts = SCRIPTS.match(tex, mark[1])
    return [mark, (mark[0], scripts.end())] if scripts else [mark]


def _wrapped(tex: str, marks: Sequence[Span]) -> str:
    r"""The ranges inside \phantom, the one command that leaves an element of its own and changes nothing around it."""
    for start, end in sorted(marks, reverse=True):
        tex = f"{tex[:start]}\\phantom{{{tex[start:end]}}}{tex[end:]}"
    return tex


def _set_like(marked: ET.Element, plain: ET.Element) -> bool:
    """Whether both are the same formula but for the marks; if so, limits stand where the formula without marks has them."""
    ours, theirs = ([e for e in root.iter() if e.tag not in ("mrow", "mphantom")] for root in (marked, plain))
    if [element.text for element in ours] != [element.text for element in theirs]:
        return False
    for our, their in zip(ours, theirs, strict=True):
        our.tag, our.attrib = their.tag, their.attrib
    return True


def _annotated(root: ET.Element, tex: str) -> Markup:
    content = list(root)
    for element in content:
        root.remove(element)
    semantics = ET.SubElement(root, "semantics")
    if len(content) == 1 and content[0].tag == "mrow":
        semantics.append(content[0])
    else:
        ET.SubElement(semantics, "mrow").extend(content)
    ET.SubElement(semantics, "annotation", encoding="application/x-tex").text = tex
    return Markup(ET.tostring(root, encoding="unicode"))


def _known(element: ET.Element) -> bool:
    """Whether the element is plain mathematics; a prime is made the operator that it is, a word in one piece stays upright."""
    text = element.text or ""
    if element.tag not in TAGS or not ATTRIBUTES.issuperset(element.attrib) or text.startswith("\\") or text == "&":
        return False
    if element.tag == "mi" and text in ("\N{PRIME}", "≔"):
        element.tag = "mo"
    if element.tag == "mo" and text in ("‖", "∥"):  # the closing bar of a norm carries its power, and would stay smaller
        element.set("stretchy", "false")
    if element.tag == "mo" and "maxsize" in element.attrib:  # \Bigl( and the like: as large as what stands between them
        del element.attrib["minsize"], element.attrib["maxsize"]
    return True
