"""`cnnbp recheck`: what is exact in an evidence file, found again and held against what stands there."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing

from ..evidence.records import Document
from ..evidence.status import examine
from ..text import sentences
from . import run_file
from .folder import Mistake
from .layout import said
from .progress import Progress
from .signals import Stop, listening
from .terminal import printable, say, tell


def recheck(arguments: argparse.Namespace) -> int:
    """0 where everything exact is found again, 1 where something differs. Raises Mistake for what cannot be rechecked."""
    found = run_file.read(arguments.evidence, said("recheck.own", path=str(arguments.evidence)))
    from ..run.provenance import merged, sources_sha256
    from ..run.whole import whole

    installed = sources_sha256()
    if found.provenance.sources_sha256 != installed:
        raise Mistake(
            f"{arguments.evidence} was made by other sources ({found.provenance.cnnbp}, sha256 "
            f"{found.provenance.sources_sha256[:12]}…) than are installed ({installed[:12]}…): "
            f"install commit {found.provenance.commit}, and recheck there"
        )
    with listening() as deaf:
        try:
            counts, differing = _carry_out(found, arguments.jobs)
        except Stop as stop:
            tell(f"cnnbp: ended by {stop.how}")
            return stop.status
        deaf()
    standing = examine(found, merged(whole, found.provenance))
    told = _told(counts, differing) + ([f"The run itself: {standing.status}."] if standing.status != "holds" else [])
    say("\n".join(map(printable, told)))
    return 1 if differing or standing.contradictions else 0


def _carry_out(found: Document, jobs: int) -> tuple[dict[str, int], list[str]]:
    """How many records of each kind there are, and those that differ from what is found now."""
    from ..run import recheck as again
    from ..run.processes import Failed, carry_out

    tasks, counts = again.planned(found), dict[str, int](dict.fromkeys(again.EXACT, 0))
    differing = [*again.missing(found), *again.differing(found)]
    progress = Progress(sys.stderr, len(tasks))
    try:
        with closing(carry_out(list(tasks), again.perform, jobs)) as results:
            for done, (task, record) in enumerate(results, 1):
                counts[task.kind] += 1
                if record != tasks[task]:
                    differing.append(str(task))
                progress.tell(done, task)
    except Failed as failure:
        raise Mistake(str(failure)) from failure
    finally:
        progress.end()
    return counts, differing


def _told(counts: dict[str, int], differing: list[str]) -> list[str]:
    from ..run.recheck import NOT_RECHECKED

    known = sentences("en")
    lines = [f"  {count:>5}  {known[f'cli.recheck.{kind}']}" for kind, count in counts.items() if count]
    if differing:
        head = f"DIFFERS in {len(differing)}: what is found now is not what the file says."
        lines = [head, *(f"  {name}" for name in differing), *lines]
    else:
        lines = ["CONFIRMED: everything exact is found again, byte for byte.", *lines]
    return [*lines, known["cli.recheck.left-out"], *(f"  {known[f'cli.recheck.not.{name}']}" for name in NOT_RECHECKED)]
