"""Words, symbols and tones for verdicts, and numbers as people read them: two or three digits, and never a false zero."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
    """The oracle's name for people; the name in the evidence where there is none."""
    return ORACLES.get(name, name.replace("_", " "))


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


def moment(value: object) -> str:
    """An ISO 8601 moment in words; anything else as it came."""
    try:
        at = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return str(value)
    zone = " UTC" if at.utcoffset() is not None and not at.utcoffset() else ""
    return f"{at.day} {at:%B %Y, %H:%M}{zone}"


def array(value: Any, most: int = 2000) -> str:
    """Numbers of a counterexample, every digit kept so that they can be pasted; one row of a matrix a line."""
    text = json.dumps(value, ensure_ascii=False)
    text = re.sub(r"(?<=\d)\.0(?=[,\]]|$)", "", text)
    text = re.sub(r"\](\]*), (\[+)", lambda found: "]" + found[1] + ",\n" + " " * (_depth(text) - len(found[2])) + found[2], text)
    return text if len(text) <= most else text[:most].rsplit("\n", 1)[0] + " … (the rest is in evidence.json)"


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


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip("["))
