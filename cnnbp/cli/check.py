"""`cnnbp check`: layers of one's own over drawn or given shapes; of each what follows, and the simplest case that fails."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from ..attributes import name_of, optional
from ..evidence import Remark, file, gathering, own, remark
from ..text import sentence
from ..version import __version__
from . import named
from .folder import EVIDENCE, PAGE, Mistake, cleared, held
from .layout import came, said
from .progress import Progress
from .signals import Stop, listening
from .terminal import printable, say, tell

if TYPE_CHECKING:
    from .points import Asked

EXAMPLES = {True: 40, False: 5}  # with a reference, and without one, where each case takes its time


def check(arguments: argparse.Namespace) -> int:
    """0 where every layer passes, 1 where one fails or is inconclusive. Raises Mistake for a call that is wrong."""
    if arguments.like is None and not arguments.shape:
        raise Mistake("without --like nothing is known of the shapes: give a --shape for x and one for each parameter")
    began, started = time.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
    with listening() as deaf:
        try:
            layers, seed = _layers(arguments)  # all of them, before anything takes time
        except Stop as stop:
            tell(f"cnnbp: ended by {stop.how}")
            return stop.status
        with nullcontext() if arguments.out is None else held(arguments.out) as out:
            if out is not None:
                cleared(out)
            records, told, trouble, status = list[own.Own](), list[str](), list[Remark](), 0
            for text, asked in layers.items():
                one = _One(text, asked, arguments, seed)
                try:
                    one.carry_out()
                except Stop as stop:
                    trouble, status = [remark("own.interrupted", how=stop.how, **one.counts)], stop.status
                records += one.records()
                told += map(one.told, one.records())
                if trouble:
                    break
            deaf()
            document = own.document(__version__, records, trouble, started, round(time.monotonic() - began, 3))
            files = [] if out is None else [*_publish(document, out)]
            told = [*map(sentence, trouble), *told, *files]
            say(printable("\n\n".join(told)))
    return status or int(document.status != "pass")


def _layers(arguments: argparse.Namespace) -> tuple[dict[str, Asked], int]:
    """By what the call names, each layer with its reference; and the seed. Raises Mistake."""
    from ..precision import precision_of
    from ..run import provenance
    from . import points

    seed = arguments.seed if arguments.seed is not None else int(provenance.sources_sha256()[:8], 16)
    like, fixed = (None, []) if arguments.like is None else points.reference(arguments.like)
    largest = precision_of(arguments.dtype).largest
    layers = {text: points.Asked(named.target(text), like, fixed, largest, arguments.layout) for text in arguments.layers}
    for asked in layers.values():
        _ = asked.taken  # raises
    return layers, seed


class _One:
    """One layer, case after case; what was found is there at any moment."""

    def __init__(self, text: str, asked: Asked, arguments: argparse.Namespace, seed: int) -> None:
        self._text, self._asked, self._arguments, self._seed = text, asked, arguments, seed
        self._examples = arguments.examples or EXAMPLES[asked.like is not None]
        self._total, self._ints, self._done = gathering.Gathering(), dict[str, str](), 0

    def carry_out(self) -> None:
        """Asks it. Raises Mistake, and Stop."""
        from ..run.own import Misfit
        from . import points

        asked, label = self._asked, gathering.named(self._asked.like)
        tell(f"{self._text}: {self._examples} cases{f', like {label}' if label else ''}, seed {self._seed}")
        if named.made(asked.found):
            layer = name_of(asked.found)
            call = f"{layer}({', '.join(f'{name}=…' for name in asked.taken)})"
            rest = said("check.stay", names=asked.stay, count=len(asked.stay)) if asked.stay else ""
            tell(said("check.makes", layer=layer, call=call, rest=rest))
        progress = Progress(sys.stderr, self._examples)
        try:
            self._ints = {} if self._arguments.shape else points.takes_no_pair(asked, self._seed)
            for point, layer in points.points(asked, self._arguments.shape, self._ints, self._examples, self._seed):
                self._add(layer, point)
                progress.tell(self._done, self._status)
        except Misfit as misfit:
            way_out = f"; it keeps its arguments: {named.instead(asked.found)}" if named.keeps(asked.found) else ""
            raise Mistake(f"{self._text}: {misfit}{way_out}") from misfit
        except (ValueError, TypeError) as error:
            raise Mistake(f"{self._text}: {error}") from error
        finally:
            progress.end()

    def _add(self, layer: Any, point: Any) -> None:
        from ..verification.verify import verify

        for method in ("forward", "backward"):
            if not callable(optional(layer, method)):
                got = f"{type(layer).__name__} without {method}"
                raise Mistake(f"{self._text}: expected a layer with forward and backward, got {got}")
        asked = {"layout": self._asked.axes(len(point.args)), "dtype": self._arguments.dtype, "seed": point.number}
        verdict = verify(layer, *point.args, delta=point.delta, like=point.like, **asked)
        self._total.add(verdict, gathering.named(point.like))
        self._done, self._status = point.number + 1, verdict.status

    @property
    def counts(self) -> dict[str, Any]:
        """How far it came."""
        return {"layer": self._text, "done": self._done, "cases": self._examples}

    def records(self) -> list[own.Own]:
        """What was found."""
        names = ", ".join(self._ints)
        where = said("check.at-ints", layer=self._text, names=names) if names else self._text
        return self._total.records(where, rerun=self._again(), notes=self._notes())

    def _notes(self) -> tuple[Remark, ...]:
        """What was not drawn as it might be, and why."""
        asked, found, name = self._asked, list[Remark](), name_of(self._asked.found)
        if self._ints:
            why = next(iter(self._ints.values()))
            found.append(remark("own.ints", names=list(self._ints), count=len(self._ints), layer=name, why=why))
        if asked.kept and asked.stay:
            found.append(remark("own.kept", names=asked.kept, count=len(asked.kept), layer=name, others=asked.stay))
        return tuple(found)

    def told(self, record: own.Own) -> str:
        """As it is printed."""
        counts = came({name: getattr(record, name) for name in ("passed", "failed", "inconclusive")})
        like = said("check.like", like=record.like) if record.like else said("check.alone")
        head = [said("check.head", status=record.status.upper(), where=record.where, like=like, came=counts)]
        head += [f"  {sentence(note)}" for note in record.notes]
        case = [said("check.case", like=record.shown_like)] if record.shown_like != record.like else []
        shown = [*case, str(record.shown), said("check.again", rerun=record.rerun)]
        return "\n".join([*head, *(shown if record.shown.status != "pass" else [])])

    def _again(self) -> str:
        given, words = self._arguments, ["cnnbp check", quote(self._text)]
        words += [] if given.like is None else ["--like", quote(given.like)]
        words += [f"--shape {shape}" for shape in given.shape]
        words += [f"--layout {','.join(f'{name}={axes}' for name, axes in given.layout.items())}"] if given.layout else []
        words += [] if given.dtype is None else [f"--dtype {given.dtype}"]
        return " ".join([*words, f"--examples {self._examples} --seed {self._seed}"])


def _publish(document: own.OwnDocument, out: Path) -> Sequence[str]:
    from ..report.own import render

    files = {out / EVIDENCE: own.text(document), out / PAGE: render(document)}
    file.write_texts(files)
    return ["\n".join(str(path) for path in reversed(files))]
