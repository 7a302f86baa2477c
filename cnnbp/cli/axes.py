"""The axes of arrays as a call gives them: "nhwc" of x, or "x=nhwc,w=rsck" of several arguments."""

from __future__ import annotations

import argparse
import re


def axes(text: str) -> dict[str, str]:
    """As `--layout` takes it: letters by argument. Raises ArgumentTypeError."""
    found = dict[str, str]()
    for part in text.split(","):
        name, _, letters = part.strip().rpartition("=")
        if not re.fullmatch(r"[a-z1]+", letters) or (name and not name.isidentifier()) or (name or "x") in found:
            raise argparse.ArgumentTypeError(f"expected axes such as nhwc, or x=nhwc,w=rsck, got {text!r}")
        found[name or "x"] = letters
    return found
