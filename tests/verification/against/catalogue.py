"""The catalogue of wrong layers, and of right ones that are unusual, held against a reference of which nothing is known.

    python -m tests.verification.against.catalogue [--cases N] [--seed S]

The reference is the layer of cnnbp behind two plain functions, so that its record is of no use. Beside it, what the record sees at
the same cases. Right layers that fail, and wrong ones that only the record sees, are named.
"""

from __future__ import annotations

import argparse
from typing import Any

import cnnbp
from cnnbp.cases import Counter
from cnnbp.faults import FAULTS, RIGHT
from cnnbp.operators import OPERATORS
from tests.helpers.layers import opaque


def statuses(control: Any, number: int, seed: int) -> tuple[str, str]:
    """By the record, and by numbers alone, at one drawn case."""
    case = OPERATORS[control.operator].draw(Counter(seed, f"trusted/{control.id}/{number}"))
    made = control.make(**case.options)
    record, count = OPERATORS[control.operator], len(case.args)
    owed = (*record.gradients, *record.indices)
    without = [name for name in record.arguments[:count] if name not in owed]
    by_record = cnnbp.verify(made, *case.args, delta=case.delta, like=case.layer)
    numbers = {"like": opaque(case.layer), "names": record.arguments[1:count], "skip": without}
    return by_record.status, cnnbp.verify(made, *case.args, delta=case.delta, **numbers).status


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    for name, controls in (("right", RIGHT), ("wrong", FAULTS)):
        failed = dict[str, list[bool]]()
        unlike = list[str]()
        for control in controls:
            seen = [False, False]
            for number in range(arguments.cases):
                found = [status == "fail" for status in statuses(control, number, arguments.seed)]
                seen = [a or b for a, b in zip(seen, found, strict=True)]
                if name == "right" and found[1]:
                    unlike.append(f"{control.id}, case {number}")
                if name == "wrong" and all(seen):
                    break
            failed[control.id] = seen
            if name == "wrong" and seen[0] and not seen[1]:
                unlike.append(control.id)
        counts = [sum(seen[which] for seen in failed.values()) for which in (0, 1)]
        print(f"{name}: of {len(controls)}, failed by the record {counts[0]}, by trusted numbers {counts[1]}")
        print("\n".join(f"  {line}" for line in unlike), flush=True)


if __name__ == "__main__":
    main()
