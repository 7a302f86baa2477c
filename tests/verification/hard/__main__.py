"""The table: what is said of each hard function, right and wrong, and how many values of it that takes."""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import Any

import numpy as np

import cnnbp

from . import HARD
from .errors import wrong
from .function import Hard

MARK = {"pass": "p", "fail": "F", "inconclusive": "i"}


class Counted:
    """A layer that counts how often its forward was asked."""

    def __init__(self, layer: Any) -> None:
        self.layer, self.forwards, self.backward = layer, 0, layer.backward

    def forward(self, *args: Any) -> Any:
        self.forwards += 1
        return self.layer.forward(*args)


def table(names: list[str]) -> int:
    total: Counter[str] = Counter()
    for name in names:
        hard, began = HARD[name], time.process_time()
        counted = Counted(hard.layer)
        right = cnnbp.verify(counted, *hard.args, delta=hard.delta)
        statuses = {error: verdict(hard, layer) for error, layer in wrong(hard.layer, hard.args, residual(hard))}
        said = "".join(MARK[status] for status in statuses.values())
        entries = sum(a.size for a in hard.args)
        doubts = "; ".join(e.reason for e in right.evidence if e.status in ("abstain", "vacuous") and e.oracle != "reference")
        failed = "; ".join(right.reasons) if right.status == "fail" else ""
        passed = ", ".join(error for error, status in statuses.items() if status == "pass")
        print(
            f"{name:<52} {right.status:<13} {said:<16} {counted.forwards / entries:6.1f} {time.process_time() - began:6.2f}  "
            f"{failed or doubts}{'  PASSED: ' + passed if passed else ''}"
        )
        total += Counter({f"right {right.status}": 1, **{f"wrong {s}": n for s, n in Counter(statuses.values()).items()}})
    print(len(names), "functions;", ", ".join(f"{key}: {count}" for key, count in sorted(total.items())))
    return 0 if not total["right fail"] and not total["wrong pass"] else 1


def verdict(hard: Hard, layer: Any) -> str:
    return cnnbp.verify(layer, *hard.args, delta=hard.delta).status


def residual(hard: Hard) -> Any:
    if hard.delta is not None:
        return hard.delta
    shape = np.shape(hard.layer.forward(*hard.args))
    return np.random.default_rng(0).normal(size=shape) if shape else np.array(np.random.default_rng(0).normal() + 2.0)


if __name__ == "__main__":
    sys.exit(table([name for name in HARD if not sys.argv[1:] or any(word in name for word in sys.argv[1:])]))
