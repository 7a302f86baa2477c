"""Words, symbols and tones for verdicts, and numbers as people read them: two or three digits, and never a false zero."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape


@dataclass(frozen=True)
class Mark:
    """A verdict three times over: a symbol, a word and a tone. The tone (a colour) never stands alone."""

    symbol: str
    word: str
    tone: str


STATUS = {
    "pass": Mark("✓", "pass", "good"),
    "fail": Mark("✗", "fail", "bad"),
    "inconclusive": Mark("◐", "inconclusive", "part"),
    "abstain": Mark("–", "abstains", "quiet"),
    "vacuous": Mark("○", "vacuous", "quiet"),
}

KINDS = {
    "sampled": "float64 at random points, each entry judged by a derived bound: no defect above the resolution at these points.",
    "estimated": "an opaque layer against finite differences and its own noise: no defect above the noise at these points.",
    "exact at points": "integers small enough that nothing is rounded: agreement bit for bit at these points, with no tolerance.",
    "probabilistic": "exact runs and Schwartz–Zippel: all real inputs at this shape, with a stated probability of error.",
    "symbolic": "the same code on polynomials: all real inputs at this shape (for max and ReLU, in this cell); not other shapes.",
    "all shapes": "the index relation for symbolic sizes, stride, padding and dilation: every size; not that the code follows it.",
    "contract": "the layer called in several ways: pure, linear in δ, right shapes and types, at these points.",
}

TERMS = {
    "statement": "a formula (E) or a claim in words (V) of the derivation, under a permanent address.",
    "reading": "one way to understand a statement. Those of the print and those of the correction make the verdict; a print that "
    "is broken, or can be taken in several ways, holds under the readings that say so.",
    "case": "one network, image or batch that was drawn, and on which every reading was evaluated. Rows of x and y are samples.",
    "counterexample": "the smallest case found on which a reading says something else than what is true.",
    "oracle": "an independent witness that answers the same question as a layer, without seeing the layer's code.",
    "abstains": "the oracle cannot speak here, for a stated reason; never counted as agreement.",
    "vacuous": "both sides were 0, which compares nothing; never counted as agreement.",
    "inconclusive": "some quantity was left without any oracle that could judge it.",
    "control": "a layer that is wrong on purpose and must be caught, or right but unusual and must not be accused.",
}

LAYERED = re.compile(r"(?<![\w&#;\\/^_])([wbzaδ])\((\d)\)")
LOWER, UPPER = r"_([A-Za-z0-9]{1,3}(?!\w)|\([^()\s<>&]{1,12}\))", r"\^(\([^()\s<>&]{1,12}\))"
INDEXED = re.compile(rf"(?<![\w&#;\\/])([A-Za-zα-ω])(?:{LOWER})?(?:{UPPER})?")
ADDRESS = re.compile(r"(https://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._~/?#=&%+-]*[A-Za-z0-9/_-])?)")

ORACLES = {
    "masked_dense": "masked dense network",
    "autograd": "PyTorch autograd",
    "finite_difference": "finite differences",
    "complex_step": "complex step",
    "integers": "exact integers",
    "contract": "contract",
}


def status(word: str) -> Mark:
    """The mark of a status of evidence or of a verdict; a word that is not known gets no colour."""
    return STATUS.get(word, Mark("?", word, "quiet"))


def oracle(name: str) -> str:
    """The oracle's name for people; the name in the evidence where there is none. "autograd, exact" is one that rounds nothing."""
    first, comma, how = name.partition(", ")
    known = ORACLES.get(first, first.replace("_", " "))
    return f"{known} ({how})" if comma else known


def number(value: object) -> Markup:
    """A measured number with two or three digits: 0.3, 1230, 1.2 × 10⁻¹², ∞; a dash where nothing was measured."""
    if value is None:
        return Markup("&ndash;")
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return escape(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return escape(value)
    if math.isnan(value):
        return Markup("not a number")
    if math.isinf(value):
        return Markup("&infin;" if value > 0 else "&minus;&infin;")
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return Markup(f"{float(f'{value:.3g}'):g}".replace("-", "&minus;"))
    digits, exponent = f"{value:.1e}".split("e")
    power = f"10<sup>{int(exponent)}</sup>".replace("-", "&minus;")
    front = digits.removesuffix(".0").replace("-", "&minus;")
    return Markup(power) if front == "1" else Markup(f"{front}&#8239;&times;&#8239;{power}")


def count(value: int) -> str:
    """A count, its thousands parted by narrow spaces."""
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def prose(value: str) -> Markup:
    """A sentence in which w_ij, δ^(l), s_(l+1) and z(2) are set as letters with their indices."""

    def indexed(found: re.Match[str]) -> str:
        lower, upper = (found[2] or "").strip("()"), found[3] or ""
        if not lower and not upper:
            return found[0]
        return f"<i>{found[1]}</i>" + (f"<sub>{lower}</sub>" if lower else "") + (f"<sup>{upper}</sup>" if upper else "")

    layered = LAYERED.sub(r"<i>\1</i><sup>(\2)</sup>", str(escape(value)))
    return Markup(INDEXED.sub(indexed, layered))


def moment(value: object) -> str:
    """An ISO 8601 moment in words; anything else as it came."""
    try:
        at = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return str(value)
    zone = " UTC" if at.utcoffset() is not None and not at.utcoffset() else ""
    return f"{at.day} {at:%B %Y, %H:%M}{zone}"


def linked(value: str) -> Markup:
    """Text in which an https address can be followed; it is shown in full, and asked for only by whoever follows it."""
    parts = ADDRESS.split(value)
    return Markup("").join(
        Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(part) if position % 2 else escape(part)
        for position, part in enumerate(parts)
    )


def anchor(name: str, taken: set[str]) -> str:
    """`name` as an anchor that is not among `taken`, and is from now on."""
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-") or "unnamed"
    found, n = plain, 1
    while found in taken:
        found, n = f"{plain}--{n + 1}", n + 1
    taken.add(found)
    return found


def plural(n: int, one: str, many: str = "") -> str:
    """ "1 layer", "3 layers"."""
    return f"{count(n)} {one if n == 1 else many or one + 's'}"
