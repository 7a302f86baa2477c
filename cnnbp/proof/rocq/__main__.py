"""`python -m cnnbp.proof.rocq`: checks the theorems for the source as it stands, and writes the record beside the proof."""

from __future__ import annotations

import sys

from .check import check
from .gallina import NotUnderstood
from .rocq import HERE, ProofRefused, RocqMissing
from .translate import SOURCE, translate


def main() -> int:
    """Exit status 0 if all theorems hold, 1 if one does not, 2 if Rocq is missing."""
    try:
        found = check()
    except RocqMissing as error:
        print(error, file=sys.stderr)
        return 2
    except (NotUnderstood, ProofRefused) as error:
        print(f"The theorems do not hold for this source. {error}", file=sys.stderr)
        return 1
    (HERE / "Axis.v").write_text(translate(SOURCE.read_text(encoding="utf-8")), encoding="utf-8")
    found.write()
    for theorem in found.theorems:
        print(f"{theorem.file}.{theorem.name}\n    {theorem.meaning}")
    free = sum(not theorem.axioms for theorem in found.theorems)
    print(f"\n{len(found.theorems)} theorems hold for this source, by Rocq {found.version} and coqchk.")
    print(f"{free} rest on no axiom, {len(found.theorems) - free} on those of the real numbers.")
    print(f"{len(found.instances)} instances satisfy their hypotheses.")
    print(f"The model of the layers computes what they compute on {len(found.computed)} cases.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
