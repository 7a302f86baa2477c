"""Many drawn cases of right layers: is any accused? `python -m tests.faults.many --cases 100000 --seed 1 --jobs 2`

The layers of cnnbp and the right ones of the catalogue, in turn, each case with the reference. Exit status 1 if one fails.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from cnnbp.faults import RIGHT, Right
from cnnbp.operators import OPERATORS
from cnnbp.run import controls

AT_ONCE, TOGETHER = 20, 32  # cases of one layer in one process, and how many such are asked for before it is counted again
OURS = tuple(Right(f"own {name}", name, "the layer of cnnbp", record.layer) for name, record in OPERATORS.items())
ENTRIES: Sequence[Right] = (*OURS, *RIGHT)


def judged(seed: int, largest: int, work: tuple[int, int]) -> tuple[Tally[str], list[str]]:
    """What came of some cases of one layer, from a number on, of at most so many numbers each; and those that failed."""
    entry, start, found, failed = ENTRIES[work[0]], work[1], Tally[str](), list[str]()
    for number in range(start, start + AT_ONCE):
        case = controls.drawn(entry, number, seed)
        if sum(a.size for a in (*case.args, case.delta)) > largest:
            found["passed over"] += 1
            continue
        verdict = controls.asked(entry, case, number)
        found[verdict.status] += 1
        if verdict.status == "fail":
            failed.append(f"{entry.id}, case {number}: {verdict.reasons[0]}")
    return found, failed


def portions() -> Iterator[tuple[int, int]]:
    """A layer and the number of its first case, for as long as anybody asks."""
    start = 0
    while True:
        yield from ((entry, start) for entry in range(len(ENTRIES)))
        start += AT_ONCE


def main(arguments: Sequence[str] | None = None) -> int:
    """Counts, and each case that failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1000, help="how many are judged, at least (default: 1000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--largest", type=int, default=3000, help="numbers in a case; larger ones are passed over (default: 3000)")
    asked = parser.parse_args(arguments)
    total, accused, began, work = Tally[str](), list[str](), time.monotonic(), portions()
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(threads, "1")  # more threads than cores would wait for each other
    with ProcessPoolExecutor(asked.jobs, get_context("spawn")) as pool:
        while total.total() - total["passed over"] < asked.cases:
            some = [next(work) for _ in range(TOGETHER)]
            for found, failed in pool.map(partial(judged, asked.seed, asked.largest), some):
                total, accused = total + found, accused + failed
                print(*failed, sep="\n", end="\n" * bool(failed), flush=True)  # at once: who ends it has them
            done = total.total() - total["passed over"]
            print(f"\r{done} of {asked.cases}, {len(accused)} accused, {time.monotonic() - began:.0f} s", end="", file=sys.stderr)
    print(file=sys.stderr)
    print(", ".join(f"{count} {word}" for word, count in sorted(total.items())))
    return int(bool(accused))


if __name__ == "__main__":
    sys.exit(main())
