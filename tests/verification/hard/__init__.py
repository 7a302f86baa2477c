"""Functions whose differences are hard to take: where offsets, scales, kinks, noise, bad condition or an early stop are in the way.

`python -m tests.verification.hard` puts each to the test, right and with one entry wrong by a hundredth, and prints a table.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import kinks, linear_algebra, noise, offsets, scales, steep
from .function import Hard

HARD: Mapping[str, Hard] = {
    f"{room.__name__.rpartition('.')[2]}: {name}": hard
    for room in (offsets, scales, steep, kinks, noise, linear_algebra)
    for name, hard in room.HARD.items()
}
