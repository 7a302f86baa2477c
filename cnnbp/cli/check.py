"""`cnnbp check`: layers of one's own over drawn or given shapes; of each what follows, and the smallest case that fails."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from ..evidence import file, gathering, own, remark
from ..version import __version__
from . import named
from .folder import EVIDENCE, PAGE, Mistake, cleared, held
from .layout import said
from .progress import Progress
from .signals import Stop, listening
from .terminal import printable, say, tell

if TYPE_CHECKING:
    from ..run.own import Point

EXAMPLES = {True: 40, False: 5}  # with a reference, and without one, where each case takes its time


def check(arguments: argparse.Namespace) -> int:
    """0 where every layer passes, 1 where one fails or is inconclusive. Raises Mistake for a call that is wrong."""
    began, started = time.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
    if arguments.like is None and not arguments.shape:
        raise Mistake("without --like nothing is known of the shapes: give a --shape for x and one for each parameter")
    from ..run import provenance

    seed = arguments.seed if arguments.seed is not None else int(provenance.sources_sha256()[:8], 16)
    like, fixed = (None, []) if arguments.like is None else _reference(arguments.like)
    targets = {text: named.target(text) for text in arguments.layers}  # all of them, before anything takes time
    for found in targets.values():
        named.taken(found, _options(like))
    with listening() as deaf, nullcontext() if arguments.out is None else held(arguments.out) as out:
        if out is not None:
            cleared(out)
        records, trouble, status = list[own.Own](), [], 0
        for text, found in targets.items():
            try:
                records += _one(text, found, like, fixed, arguments, seed)
            except Stop as stop:
                trouble, status = [remark("run.ended", how=stop.how)], stop.status
                tell(f"cnnbp: ended by {stop.how}")
                break
        deaf()
        if not records:
            return status or 1
        document = own.document(__version__, records, trouble, started, round(time.monotonic() - began, 3))
        files = [] if out is None else ["", *_publish(document, out)]
        say(printable("\n".join(["\n\n".join(map(_told, records)), *files])))
    return status or int(document.status != "pass")


def _one(text: str, found: Any, like: Any, fixed: Sequence[str], arguments: argparse.Namespace, seed: int) -> list[own.Own]:
    from ..run.own import Misfit
    from ..verification.verify import verify

    examples = arguments.examples or EXAMPLES[like is not None]
    total, label = gathering.Gathering(), gathering.named(like)
    tell(f"{text}: {examples} cases{f', like {label}' if label else ''}, seed {seed}")
    progress = Progress(sys.stderr, examples)
    try:
        for point, layer in _points(found, like, fixed, arguments.shape, examples, seed):
            for method in ("forward", "backward"):
                if not callable(getattr(layer, method, None)):
                    raise Mistake(
                        f"{text}: expected a layer with forward and backward, got {type(layer).__name__} without {method}"
                    )
            verdict = verify(layer, *point.args, delta=point.delta, like=point.like, seed=point.number)
            total.add(verdict, gathering.named(point.like))
            progress.tell(point.number + 1, verdict.status)
    except (Misfit, ValueError, TypeError) as error:
        raise Mistake(f"{text}: {error}") from error
    finally:
        progress.end()
    return total.records(text, rerun=_again(text, arguments, examples, seed))


def _points(
    found: Any, like: Any, fixed: Sequence[str], shapes: Sequence[Any], examples: int, seed: int
) -> Iterator[tuple[Point, Any]]:
    """Each point, and the layer to be asked there: made anew for it where it is a class that takes options."""
    from ..run.own import drawn, given

    options = _options(like)
    taken = named.taken(found, options)
    if named.made(found):
        tell(f"  {found.__name__} is no layer yet, but makes one: {found.__name__}({', '.join(f'{name}=…' for name in taken)})")
    layer = None if taken else named.built(found, {})
    if shapes:
        points = given(like, shapes, "check", examples, seed)
    else:
        forward = getattr(layer if layer is not None else named.built(found, {n: options[n] for n in taken}), "forward", None)
        points = drawn(
            like, [name for name in taken if name not in fixed], forward or (lambda *args: None), "check", examples, seed
        )
    for point in points:
        yield point, layer if layer is not None else named.built(found, {name: point.options[name] for name in taken})


def _options(like: Any) -> dict[str, Any]:
    from ..operators import operator_of

    operator = operator_of(like)
    return operator.options(like) if operator else {}


def _reference(text: str) -> tuple[Any, list[str]]:
    from ..operators import OPERATORS

    return named.reference(text, {name: operator.layer for name, operator in OPERATORS.items()})


def _again(text: str, arguments: argparse.Namespace, examples: int, seed: int) -> str:
    words = ["cnnbp check", quote(text)]
    words += [] if arguments.like is None else ["--like", quote(arguments.like)]
    words += [f"--shape {','.join(map(str, shape))}" for shape in arguments.shape]
    return " ".join([*words, f"--examples {examples} --seed {seed}"])


def _told(record: own.Own) -> str:
    counts = {name: getattr(record, name) for name in ("passed", "inconclusive", "failed")}
    like = said("check.like", like=record.like) if record.like else said("check.alone")
    head = said("check.head", status=record.status.upper(), where=record.where, like=like, **counts)
    case = [said("check.case", like=record.shown_like)] if record.shown_like != record.like else []
    shown = [*case, str(record.shown), said("check.again", rerun=record.rerun)]
    return "\n".join([head, *(shown if record.shown.status != "pass" else [])])


def _publish(document: own.OwnDocument, out: Path) -> list[str]:
    from ..report.own import render

    files = {out / EVIDENCE: own.text(document), out / PAGE: render(document)}
    file.write_texts(files)
    return [str(path) for path in reversed(files)]
