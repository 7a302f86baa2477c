"""What other gradient checkers see of the catalogue of wrong layers, and what they say of right ones, beside `cnnbp.verify`.

    python -m tests.bench.peers [--cases N] [--seed S] [--only CHECKER]
    python -m tests.bench.peers --keep [--seed S]

Every checker gets the same layers at the same points, in two settings: once at a shape that courses use, and at shapes and
options that are drawn, until it fails or the cases are used up. All numbers are standard normal: at kinks, ties and overflow
the other checkers ask not to be called. A wrong layer is caught where the checker fails it and not the reference at that point.
With `--keep` the first setting alone is measured, and what it found becomes the record from which page and READMEs are told.
Of the catalogue those are asked about that show at usual numbers and sizes: of the others no three points would tell anything.
The catalogue is ours: that it is caught in full by `cnnbp.verify` is what `make report` demands, and no surprise here.
"""

from __future__ import annotations

import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import platform
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import metadata
from typing import Any, NamedTuple

import numpy as np

from cnnbp.cases import Counter as Choices
from cnnbp.cli.progress import Progress
from cnnbp.evidence.records import Faults, Measured, Peer
from cnnbp.faults import USUAL as FAULTS
from cnnbp.faults import USUAL_RIGHT as RIGHT
from cnnbp.faults import contract, precision
from cnnbp.operators import OPERATORS
from cnnbp.run import peers
from cnnbp.version import __version__

from .checkers import CHECKERS, Problem, answer, missing
from .tables import table

COURSE: Mapping[str, tuple[dict[str, Any], tuple[tuple[int, ...], ...]]] = {
    "Conv2d":              ({"stride": 1, "padding": 1},               ((4, 3, 5, 5), (2, 3, 3, 3), (2,))),
    "ConvTranspose2d":     ({"stride": 2, "padding": 1},               ((2, 3, 4, 4), (3, 2, 3, 3), (2,))),
    "MaxPool2d":           ({"kernel_size": 2, "stride": 2},           ((3, 2, 8, 8),)),
    "AvgPool2d":           ({"kernel_size": 2, "stride": 2},           ((3, 2, 8, 8),)),
    "BatchNorm2d":         ({},                                        ((2, 3, 4, 5), (3,), (3,))),
    "Dense":               ({},                                        ((10, 6), (5, 6), (5,))),
    "Flatten":             ({},                                        ((2, 3, 4, 4),)),
    "SoftmaxCrossEntropy": ({},                                        ((10, 5),)),
}  # fmt: skip
ELEMENTWISE = ({}, ((10, 10),))
KINDS = ("formula", "contract", "precision")
PACKAGES = {"numpy": "NumPy", "torch": "PyTorch", "jax": "JAX", "autograd": "autograd"}
MOST = 300  # numbers in a drawn case: the slow checkers go through them one by one, and a large case takes them an hour


class Tally(NamedTuple):
    """How a checker fared in one setting: by control what it ended with, and the CPU seconds of all checks of layers under test."""

    ended: dict[str, str]
    seconds: float
    checks: int


def problems(control: Any, setting: str, cases: int, seed: int) -> Iterator[Problem]:
    """The points at which a control is asked: in the course's setting one."""
    record = OPERATORS[control.operator]
    for number in range(cases if setting == "drawn" else 1):
        drawn = f"peers/{control.id}/{number}"
        rng = np.random.default_rng(Choices(seed, f"{drawn}/numbers").integer(0, 2**62))
        if setting == "drawn":
            tries = (record.draw(Choices(seed, f"{drawn}/{attempt}")) for attempt in range(100))
            case = next(case for case in tries if sum(a.size for a in case.args) <= MOST)
            options, shapes = case.options, tuple(a.shape for a in case.args)
            integers = {j: a for j, a in enumerate(case.args) if a.dtype.kind != "f"}
        else:
            options, shapes = COURSE.get(control.operator, ELEMENTWISE)
            integers = {}
            if "target" in record.arguments:
                target = shapes[0] if "target" not in record.indices else shapes[0][:1]
                integers = {1: rng.integers(0, shapes[0][1], target)} if "target" in record.indices else {}
                shapes = (*shapes, target)
        args = tuple(integers[j] if j in integers else np.asarray(rng.standard_normal(shape)) for j, shape in enumerate(shapes))
        args = tuple(np.abs(a) if name == "var" else a for name, a in zip(record.arguments, args, strict=False))
        like = record.layer(**options)
        delta = np.asarray(rng.standard_normal(like.forward(*args).shape))
        yield Problem(control.operator, control.make(**options), like, args, delta, number)


def ended(checker: str, control: Any, setting: str, cases: int, seed: int) -> tuple[str, float, int]:
    """How the control came out of the checker, in how many seconds and checks: "fail" as soon as it is failed."""
    said, seconds, checks = Counter[str](), 0.0, 0
    for problem in problems(control, setting, cases, seed):
        began = time.process_time()
        found = answer(checker, problem)
        seconds, checks = seconds + time.process_time() - began, checks + 1
        if found == "fail" and control not in RIGHT and answer(checker, replace(problem, layer=problem.like)) == "fail":
            found = "false alarm"
        if found == "fail":
            return found, seconds, checks
        said[found] += 1
    return next(name for name in ("pass", "inconclusive", "n/a", "false alarm") if said[name]), seconds, checks


def tally(checker: str, setting: str, cases: int, seed: int) -> Tally:
    """All controls through one checker."""
    found, seconds, checks = dict[str, str](), 0.0, 0
    print(f"{setting}: {checker}", file=sys.stderr)
    progress = Progress(sys.stderr, len(FAULTS) + len(RIGHT))
    for done, control in enumerate((*FAULTS, *RIGHT), 1):
        found[control.id], took, asked = ended(checker, control, setting, cases, seed)
        seconds, checks = seconds + took, checks + asked
        progress.tell(done, control.id)
    progress.end()
    return Tally(found, seconds, checks)


def kind(fault: Any) -> str:
    """Whether a fault is in the formula, in the contract, or too small for a loose tolerance."""
    return "contract" if fault in contract.FAULTS else "precision" if fault in precision.FAULTS else "formula"


def faults(ended: Mapping[str, str] | None = None) -> Faults:
    """How many there are of each kind; of those that ended so, how many were caught."""
    found = Counter(kind(fault) for fault in FAULTS if ended is None or ended[fault.id] == "fail")
    return Faults(**{each: found[each] for each in KINDS})


def peer(name: str, found: Tally) -> Peer:
    """How a checker fared, as it is kept."""
    said = Counter(found.ended.values())
    failed = sum(found.ended[layer.id] == "fail" for layer in RIGHT)
    seconds = round(found.seconds, 1)
    caught = faults(found.ended)
    return Peer(name=name, caught=caught, failed=failed, inconclusive=said["inconclusive"], unasked=said["n/a"], seconds=seconds)


def measured(seed: int) -> Measured:
    """All checkers at one shape."""
    sources = peers.asked()  # what is imported is what lies there now
    checkers = tuple(peer(name, tally(name, "course", 1, seed)) for name in CHECKERS)
    versions = {"Python": platform.python_version(), **{told: metadata.version(name) for name, told in PACKAGES.items()}}
    return Measured(
        cnnbp=__version__, sources=sources, seed=seed, wrong=faults(), right=len(RIGHT), checkers=checkers, versions=versions
    )


def row(name: str, found: Tally) -> tuple[str, ...]:
    """A line of the table."""
    told, asked = peer(name, found), faults()
    caught = [(told.caught.total, asked.total), *((getattr(told.caught, each), getattr(asked, each)) for each in KINDS)]
    cells = [f"{count} of {of}" for count, of in caught]
    each = f"{found.seconds / max(1, found.checks) * 1e3:.1f}"
    return (name, *cells, f"{told.failed} of {len(RIGHT)}", f"{told.inconclusive} + {told.unasked}", f"{found.seconds:.1f}", each)


def main(argv: Sequence[str] | None = None) -> None:
    """Parses the command line and prints a table for each setting, or keeps the first."""
    parser = argparse.ArgumentParser("python -m tests.bench.peers", description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=3, help="drawn cases of each layer (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of all shapes and numbers (default: %(default)s)")
    parser.add_argument("--only", action="append", choices=CHECKERS, help="one checker, again for more")
    parser.add_argument("--keep", action="store_true", help="measure at one shape, and write the record that the page draws")
    arguments = parser.parse_args(argv)
    if arguments.keep:
        keep(parser, arguments)
        return
    print(f"Python {platform.python_version()}, {', '.join(map(_version, PACKAGES))}; one thread")
    print(f"{len(FAULTS)} wrong layers, {len(RIGHT)} right ones; seed {arguments.seed}")
    head = ("checker", "wrong caught", *KINDS, "right failed", "inconclusive + n/a", "CPU seconds", "ms a check")
    titles = {
        "course": "At one shape, as courses have it",
        "drawn": f"At drawn shapes and options, up to {arguments.cases} a layer",
    }
    for setting, title in titles.items():
        rows: list[tuple[str, ...]] = [head]
        for name in arguments.only or CHECKERS:
            asked = None if missing(name) else tally(name, setting, arguments.cases, arguments.seed)
            rows.append((name, "not installed") if asked is None else row(name, asked))
        table(title, [(*row, *[""] * (len(head) - len(row))) for row in rows])


def keep(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Writes the record, whole, or exits with 2 and leaves the one that is there: of some of the checkers none is kept."""
    if arguments.only:
        parser.error("--keep: expected all checkers, got --only: a record compares all of them")
    lacking = [name for name in CHECKERS if missing(name)]
    if lacking:
        parser.error(f"--keep: expected all checkers, and these are not installed, so that nothing is kept: {', '.join(lacking)}")
    peers.write(measured(arguments.seed))
    print(f"kept in {peers.PATH}; the tables of both READMEs are to be made the same")


def _version(package: str) -> str:
    try:
        return f"{package} {metadata.version(package)}"
    except metadata.PackageNotFoundError:
        return f"{package} not installed"


if __name__ == "__main__":
    main()
