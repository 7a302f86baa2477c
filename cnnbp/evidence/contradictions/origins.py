"""Where a document comes from: one run, a shard of one, or several that fit each other and what is said of them together."""

from __future__ import annotations

from ..records import Provenance

ALIKE = ("cnnbp", "profile", "sources_sha256")


def origins(run: Provenance) -> bool:
    """Whether these are shards of one run, each once, or several runs of the same sources, each whole."""
    found = run.origins
    if not run.merged:
        return run.shard <= run.shards
    parts = {seed: [(origin.shard, origin.shards) for origin in found if origin.seed == seed] for seed in run.seeds}
    alike = all(getattr(origin, name) == getattr(run, name) for origin in found for name in ALIKE)
    plain = all(not origin.merged and origin.examples == found[0].examples for origin in found)
    once = all(
        len(set(those)) == len(those) and all(0 < number <= of == those[0][1] for number, of in those) for those in parts.values()
    )
    counted = run.examples == found[0].examples * len(parts) and run.shard == 1 and run.seed == found[0].seed
    if len(parts) == 1:
        return alike and plain and once and counted and run.shards == found[0].shards
    return alike and plain and once and counted and run.shards == 1 and all(len(those) == those[0][1] for those in parts.values())
