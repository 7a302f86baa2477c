"""What the commands do: `verify` from its plan to files and summary, `report` from evidence to the page."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..evidence import file, own, remark
from ..evidence.records import MOST_CASES, Document, Whole
from ..evidence.status import Standing, examine
from ..text import ENGLISH, sentence
from ..version import __version__
from .clusters import joined
from .detail import detail
from .folder import EVIDENCE, PAGE, Mistake, cleared, held
from .layout import said
from .named import nearest
from .progress import Progress
from .several import merged_into, of_shard, together
from .signals import Stop, listening
from .summary import OBJECTIONS, summary
from .terminal import printable, say, tell
from .twins import written

if TYPE_CHECKING:
    from ..evidence import Remark
    from ..run.cluster import Cluster
    from ..run.journal import Journal
    from ..run.plan import Plan

Planner = Callable[[int, int, Sequence[str]], "Plan"]
"""From the number of examples, the seed and the names that `--only` gives."""

PROFILES = {"quick": 40, "ci": 200, "thorough": MOST_CASES, "campaign": 10**6}
LONGEST = 2000  # characters about the machines of a cluster
SCRATCH = str(Path(tempfile.gettempdir()) / "cnnbp-hypothesis")  # what Hypothesis keeps would lie in the user's folder
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def verify(arguments: argparse.Namespace, plan: Planner | None) -> int:
    """Tests the derivations, the layers and the harness, and returns the exit status."""
    for name in THREADS:
        os.environ[name] = "1"  # before NumPy is loaded: more threads than processes would wait, and round otherwise
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", SCRATCH)
    with listening() as deaf, nullcontext() if arguments.only else held(arguments.out) as out:
        try:
            if out is not None:
                cleared(out)
            with joined(arguments.cluster) as cluster:
                return _verify(arguments, out, plan, deaf, cluster)
        except Stop as stop:
            tell(f"cnnbp: ended by {stop.how}")
            return stop.status


def _verify(
    arguments: argparse.Namespace, out: Path | None, plan: Planner | None, deaf: Callable[[], None], cluster: Cluster | None
) -> int:
    if arguments.only and arguments.shard is not None:
        raise Mistake("--shard: expected no --only beside it, which writes no evidence that could be merged")
    if arguments.only:
        check_names(arguments.only, arguments.examples)
    jobs = arguments.jobs if cluster is None else len(cluster.machines)
    tell(f"cnnbp {__version__}: starting {counted(jobs, 'process', 'processes')} ...")
    from ..run import journal, provenance  # here: `cnnbp report` must not wait for them, nor need PyTorch
    from ..run import plan as plans

    single = [plans.single_case(name) for name in arguments.only]
    examples = 1 if single and all(single) else arguments.examples or PROFILES[arguments.profile]
    seed = arguments.seed if arguments.seed is not None else int(provenance.sources_sha256()[:8], 16)
    planned = (plan or plans.plan)(examples, seed, arguments.only)
    if arguments.shard is not None:
        planned = plans.shard(planned, *arguments.shard)
    tell(f"  {counted(len(planned.tasks), 'task')}, {counted(examples, 'case')} each, seed {seed}")
    started = datetime.now(UTC).isoformat(timespec="seconds")
    origin = provenance.provenance(seed, arguments.profile, examples, jobs, started, arguments.shard or (1, 1))
    if cluster is not None:
        origin = origin.model_copy(update={"processor": " / ".join(dict.fromkeys(cluster.machines))[:LONGEST]})
    record = journal.Journal(planned, origin, out and out / EVIDENCE)
    trouble, status = _carry_out(record, jobs, cluster)
    deaf()
    if trouble:
        tell(f"cnnbp: {sentence(trouble)}")
    found = record.document(trouble)
    files = [] if out is None else ["", *_publish(found, out, planned.whole, arguments.twins)]
    say("\n".join([printable(detail(found) if arguments.only else summary(found)), *files]))
    standing = examine(found)
    return status or (of_shard(standing) if found.provenance.absent else _exit(standing, bool(arguments.only)))


def _carry_out(record: Journal, jobs: int, cluster: Cluster | None) -> tuple[Remark | None, int]:
    """Does the work into the record. What ended it early, and the exit status which that means; or None, 0."""
    from ..run.processes import Failed, carry_out

    progress, tasks, perform = Progress(sys.stderr, len(record.plan.tasks)), record.plan.tasks, record.plan.perform
    try:
        with closing(cluster.carry_out(tasks, perform) if cluster else carry_out(tasks, perform, jobs)) as results:
            for task, found in results:
                record.add(task, found)
                progress.tell(len(record.done), task)
    except Stop as stop:
        if not record.complete:  # else it came too late to end anything
            return remark("run.ended", how=stop.how), stop.status
    except Failed as failure:
        return remark("run.broke-off", what=str(failure)), 2
    finally:
        progress.end()
    return None, 0


def report(arguments: argparse.Namespace) -> int:
    """Sets existing evidence as a page, beside it unless told otherwise, and returns the exit status."""
    paths: list[Path] = arguments.evidence
    if len(paths) > 1 and arguments.out is None:
        raise Mistake("--out: expected a folder for what is merged; one file alone is set beside itself")
    try:
        found = (own.read(paths[0]) if len(paths) == 1 else None) or together(paths)  # what cannot be read costs nobody a page
    except ValueError as error:
        raise Mistake(str(error)) from error
    if arguments.twins and isinstance(found, own.OwnDocument):
        raise Mistake("--twins: expected evidence of `cnnbp verify`; of layers of one's own there is the page alone")
    with held(arguments.out or paths[0].parent) as out:
        path = out / PAGE
        merged_into(paths, out / EVIDENCE)
        cleared(out, evidence=False)
        if isinstance(found, own.OwnDocument):
            return _own_page(found, path, arguments.language)
        from ..run.provenance import installed  # of the very sources; computes nothing

        whole = installed(found)
        if whole is None:
            tell(f"cnnbp: {said('report.other-sources', path=', '.join(map(str, paths)))}")
        pages = {path: _page(found, whole, arguments.language), **(written(found, whole, out) if arguments.twins else {})}
        file.write_texts({**({out / EVIDENCE: file.text(found)} if len(paths) > 1 else {}), **pages})
        say("\n".join(map(str, pages)))
        standing = examine(found, whole)
        for subject in standing.subjects:
            for why in subject.objections[:OBJECTIONS]:
                tell(f"cnnbp: {subject.id} {subject.status}: {sentence(why)}")
        return _exit(standing)


def _own_page(found: own.OwnDocument, path: Path, language: str) -> int:
    from ..report.own import render

    file.write_text(path, render(found, language))
    say(str(path))
    return int(found.status != "pass")


def _publish(found: Document, out: Path, whole: Whole, twins: bool) -> list[str]:
    """Writes all files, or none, and returns their names. Raises OSError."""
    path, page_path, text = out / EVIDENCE, out / PAGE, file.text(found)
    try:
        pages = {page_path: _page(found, whole), **(written(found, whole, out) if twins else {})}
    except Exception:
        file.write_text(path, text)  # no fault of a page may cost the work of the run
        raise
    file.write_texts({path: text, **pages})  # in this order: no page without its evidence
    return [*map(str, pages), str(path)]


def _page(found: Document, whole: Whole | None, language: str = ENGLISH) -> str:
    from ..report import render

    return render(found, language, whole)


def _exit(standing: Standing, part: bool = False) -> int:
    """0 only if everything holds; a part of a run has no controls, and is not asked for them."""
    for contradiction in standing.contradictions:
        tell(f"cnnbp: {contradiction.values.get('record', 'document')}: {sentence(contradiction)}")
    asked = [subject for subject in standing.subjects if not (part and subject.kind == "harness")]
    return 0 if not standing.contradictions and {subject.status for subject in asked} == {"holds"} else 1


def counted(count: int, one: str, many: str = "") -> str:
    """ "1 case", "40 cases" """
    return f"{count} {one if count == 1 else many or one + 's'}"


def check_names(wanted: Sequence[str], examples: int | None = None) -> None:
    """Raises Mistake for a name that is not known, and offers those that are nearest; and for a case that no run has."""
    from ..run.plan import names, single_case

    known, most = names(), examples or MOST_CASES
    for name in wanted:
        case = single_case(name)
        if case is not None and case[1] >= most:
            raise Mistake(f"--only {name}: of {counted(most, 'case')} the last is {case[0]}/{most - 1}; --examples asks for more")
        if name not in known and case is None:
            raise Mistake(f"--only {name}: no such statement, layer or part{nearest(name, known)}")
