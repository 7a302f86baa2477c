"""python -m tests.verification.on_drawn [CASES]: our right layers at drawn cases in float32 and float16, verdicts by operator.

Numbers beyond the range of a precision are refused, and counted as that. No right layer may fail.
"""

from __future__ import annotations

import sys
from collections import Counter as Tally

import numpy as np

import cnnbp
from cnnbp.cases import Counter
from cnnbp.operators import OPERATORS
from cnnbp.precision import PRECISIONS


def table(cases: int) -> int:
    """Prints it. The number of right layers that failed."""
    failed = 0
    print(f"{'':<22}{'dtype':<10}{'pass':>6}{'inconclusive':>14}{'fail':>6}{'out of range':>14}")
    for name, operator in OPERATORS.items():
        for dtype in ("float32", "float16"):
            found: Tally[str] = Tally()
            for number in range(cases):
                c = operator.draw(Counter(11, f"{name}/{number}"))
                if any(np.max(np.abs(a), initial=0) > PRECISIONS[dtype].largest for a in (*c.args, c.delta)):
                    found["beyond"] += 1
                    continue
                verdict = cnnbp.verify(c.layer, *c.args, delta=c.delta, dtype=dtype, seed=number)
                found[verdict.status] += 1
                if verdict.status == "fail":
                    print(f"case {number}: {verdict}")
            print(
                f"{name:<22}{dtype:<10}{found['pass']:>6}{found['inconclusive']:>14}{found['fail']:>6}{found['beyond']:>14}",
                flush=True,
            )
            failed += found["fail"]
    return failed


if __name__ == "__main__":
    sys.exit(min(1, table(int(sys.argv[1]) if sys.argv[1:] else 20)))
