"""Where merged evidence comes from: each run and shard, and what is to be said of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ..records import Provenance

TOLD = {"commit": 2000, "python": 200, "numpy": 200, "scipy": 200, "torch": 200, "platform": 2000, "processor": 2000}
"""What may differ from machine to machine, and how many characters of it are kept."""


def origin(found: Sequence[Provenance]) -> Provenance:
    """Of the same sources; their seeds in order, and of each its shards."""
    all_ = sorted((each for run in found for each in run.origins), key=lambda each: (each.seed, each.shard))
    first, seeds = all_[0], {each.seed for each in all_}
    together = {name: " / ".join(dict.fromkeys(getattr(each, name) for each in all_))[:most] for name, most in TOLD.items()}
    return first.model_copy(
        update={
            **together, "examples": first.examples * len(seeds), "jobs": max(each.jobs for each in all_),
            "started": min((each.started for each in all_), key=datetime.fromisoformat),
            "seconds": round(sum(each.seconds for each in all_), 1),
            "shard": 1, "shards": first.shards if len(seeds) == 1 else 1, "merged": tuple(all_),
        }
    )  # fmt: skip
