"""The command that does a part of a run again."""

from __future__ import annotations


def rerun(part: str, seed: int, examples: int | None = None) -> str:
    """`part` is a statement, a layer, or "Conv2d/17", which is one case of it."""
    return f"cnnbp verify --only {part} --seed {seed}" + ("" if examples is None else f" --examples {examples}")
