"""The shape of an argument as a call gives it: "4,3" of real numbers, "4:int" of class indices, "4:int10" of integers below 10."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """Its lengths; and below what its integers are, 0 for the number of classes, None for real numbers."""

    lengths: tuple[int, ...]
    below: int | None = None

    def __str__(self) -> str:
        kind = "" if self.below is None else f":int{self.below or ''}"
        return ",".join(map(str, self.lengths)) + kind


def shape(text: str) -> Shape:
    """As `--shape` takes it. Raises ArgumentTypeError."""
    lengths, colon, kind = text.partition(":")
    inner = lengths.replace("x", ",").strip("()[] ").removesuffix(",")
    parts = [part.strip() for part in inner.split(",")] if inner else []
    below = re.fullmatch(r"int(\d*)", kind.strip())
    if not all(part.isdecimal() for part in parts) or (colon and not below):
        raise argparse.ArgumentTypeError(f"expected lengths such as 2,3,8,8, or 4:int for integers, got {text!r}")
    if below and below[1] and not int(below[1]):
        raise argparse.ArgumentTypeError(f"expected integers below 1 or more, got {text!r}")
    return Shape(tuple(map(int, parts)), int(below[1] or 0) if below else None)
