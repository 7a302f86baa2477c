"""Numbers as people read them, two or three digits and never a false zero; indices, addresses and anchors in text."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import chain

from markupsafe import Markup, escape

POWER = re.compile(r"(?<![\w&#;\\/^.])(\d+)\^(-?\d+)(?!\w)")
CODE = re.compile(r"`([^`\n]+)`")
LAYERED = re.compile(r"(?<![\w&#;\\/^_])([wbzaδ])\((\d)\)")
LOWER, UPPER = r"_([A-Za-z0-9]{1,3}(?!\w)|\([^()\s<>&]{1,12}\))", r"\^(\([^()\s<>&]{1,12}\))"
INDEXED = re.compile(rf"(?<![\w&#;\\/])([A-Za-zα-ω])(?:{LOWER})?(?:{UPPER})?")
ASIDE = re.compile(r" \([^)#]*\)")
ADDRESS = re.compile(r"(https://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._~/?#=&%+-]*[A-Za-z0-9/_-])?)")


class Counted(int):
    """A count that is written with its thousands parted by narrow spaces, also inside a phrase."""

    def __str__(self) -> str:
        return f"{int(self):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def count(value: int) -> str:
    """A count, its thousands parted by narrow spaces."""
    return str(Counted(value))


def number(value: float | None) -> Markup:
    """A measured number with two or three digits: 0.3, 1230, 1.2 × 10⁻¹², ∞; a dash where nothing was measured."""
    if value is None:
        return Markup("–")
    if isinstance(value, float) and not math.isfinite(value):
        return Markup("NaN" if math.isnan(value) else "∞" if value > 0 else "−∞")
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return Markup(f"{float(f'{value:.3g}'):g}".replace("-", "−"))
    digits, exponent = f"{Decimal(value):.1e}".split("e")  # an integer may be larger than any float
    power = f"10<sup>{int(exponent)}</sup>".replace("-", "−")
    front = digits.removesuffix(".0").replace("-", "−")
    return Markup(power) if front == "1" else Markup(f"{front}\N{NARROW NO-BREAK SPACE}×\N{NARROW NO-BREAK SPACE}{power}")


def prose(value: str) -> Markup:
    """A sentence in which w_ij, δ^(l), s_(l+1) and z(2) are set as letters with their indices, 2^-71 as a power, `x` as code."""

    def indexed(found: re.Match[str]) -> str:
        lower, upper = (found[2] or "").strip("()"), found[3] or ""
        if not lower and not upper:
            return found[0]
        return f"<i>{found[1]}</i>" + (f"<sub>{lower}</sub>" if lower else "") + (f"<sup>{upper}</sup>" if upper else "")

    layered = LAYERED.sub(r"<i>\1</i><sup>(\2)</sup>", str(escape(value)))
    powers = POWER.sub(lambda found: f"{found[1]}<sup>{found[2].replace('-', '−')}</sup>", layered)
    return Markup(CODE.sub(r"<code>\1</code>", INDEXED.sub(indexed, powers)))


def moment(value: str) -> str:
    """An ISO 8601 moment to the minute; anything else as it came."""
    try:
        at = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return value
    zone = " UTC" if at.utcoffset() is not None and not at.utcoffset() else ""
    return f"{at:%Y-%m-%d %H:%M}{zone}"


def linked(value: str) -> Markup:
    """Text in which an https address can be followed; it is shown in full, and asked for only by whoever follows it."""
    parts = ADDRESS.split(value)
    return Markup("").join(
        Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(part) if position % 2 else escape(part)
        for position, part in enumerate(parts)
    )


def threads(value: str) -> str:
    """Of what is said of somebody's bug, where it was talked of: alike in every language; nothing where no thread is."""
    return ASIDE.sub("", value) if "#" in value else ""


def anchors(names: Iterable[str]) -> list[str]:
    """Names as anchors that are all different; the first of a name has it as it is."""
    taken: dict[str, None] = {}
    spellings: dict[str, Iterator[str]] = {}
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-") or "unnamed"
        left = spellings.setdefault(plain, chain([plain], map(f"{plain}--{{}}".format, itertools.count(2))))
        taken[next(anchor for anchor in left if anchor not in taken)] = None
    return list(taken)
