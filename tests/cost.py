"""What a run costs: the seconds of `cnnbp verify` at several numbers of examples, and what each further example adds.

Each run is a process of its own, as a user starts it, and its report is thrown away. Nothing here passes or fails by its time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time

EXAMPLES = (20, 40, 80, 160)


def seconds(examples: int, jobs: int, seed: int) -> float:
    """One whole run, from its start to its exit."""
    with tempfile.TemporaryDirectory() as out:
        numbers = {"--examples": examples, "--jobs": jobs, "--seed": seed}
        options = [word for name, number in numbers.items() for word in (name, str(number))]
        command = [sys.executable, "-m", "cnnbp", "verify", "--out", out, *options]
        began = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = f"{done.stderr}{done.stdout}"
            sys.exit(f"the run of {examples} examples exits with {done.returncode}, so its time says nothing:\n{said}")
        return time.perf_counter() - began


def main() -> None:
    """Parses the command line and prints the table, row by row."""
    parser = argparse.ArgumentParser("python -m tests.cost", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="processes (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of all cases (default: %(default)s)")
    arguments = parser.parse_args()
    print(f"{arguments.jobs} processes on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'examples':>8}  {'seconds':>7}  {'for each one more':>17}")
    before: tuple[int, float] | None = None
    for examples in EXAMPLES:
        took = seconds(examples, arguments.jobs, arguments.seed)
        more = "" if before is None else f"{(took - before[1]) / (examples - before[0]):.3f}"
        print(f"{examples:>8}  {took:>7.1f}  {more:>17}", flush=True)
        before = examples, took


if __name__ == "__main__":
    main()
