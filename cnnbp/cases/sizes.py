"""How many samples, channels, features and cells: few as a rule, now and then as many as fill a register, or more than a block.

Code goes wrong at the ends of what it does at once: at vectors of 8, 16 and 32 numbers, and at the blocks of a loop that keeps
near the processor's cache.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..layers.relation import BLOCK_BYTES
from .choices import Choices

ENDS = (7, 8, 9, 15, 16, 17, 31, 32, 33)
NEAR = ENDS[:3]  # of a second size in the same case, so that it costs no more than it shows
BLOCK = BLOCK_BYTES // 8  # in numbers of float64
ACROSS = (15, 16, 17)  # outputs on either axis of a case that crosses a block
SCALES = ("small", "large", "several blocks")
USUAL = ("small",) * 18


@dataclass(frozen=True)
class Sizes:
    """The scale of a case, and its large sizes by name; whatever has no large size is drawn small."""

    scale: str
    large: Mapping[str, int]

    def draw(self, choose: Choices, name: str, most: int, least: int = 1) -> int:
        """A size: the large one of this name, or one from `least` to `most`."""
        return self.large.get(name) or choose.integer(least, most)


def sizes(choose: Choices, names: Sequence[str], blocks: bool = False) -> Sizes:
    """One case in twenty with one or two large sizes among `names`, and, where `blocks`, one that crosses a block."""
    scale = choose.pick((*USUAL, "large", "several blocks" if blocks else "small"))
    if scale != "large":
        return Sizes(scale, {})
    large = {choose.pick(names): choose.pick(ENDS)}
    if choose.pick((False, True)):
        large.setdefault(choose.pick(names), choose.pick(NEAR))
    return Sizes(scale, large)


def beyond(choose: Choices, each: int) -> int:
    """How many things of so many numbers `each` are one or two more than a block holds."""
    return BLOCK // each + choose.integer(1, 2)
