"""The translation of the source: the file beside the proof is it, and Rocq computes with it what Python computes."""

from __future__ import annotations

import contextlib
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnnbp.layers.relation import Axis, relation, transposed
from cnnbp.proof.rocq import record
from cnnbp.proof.rocq.gallina import NotUnderstood
from cnnbp.proof.rocq.rocq import HERE, ProofRefused, compile_file
from cnnbp.proof.rocq.translate import SOURCE, translate

from .wrong import WRONG, changed

TEXT = SOURCE.read_text(encoding="utf-8")
needs_rocq = pytest.mark.skipif(shutil.which("coqc") is None, reason="Rocq is not installed: apt-get install coq")


def test_the_file_beside_the_proof() -> None:
    """Axis.v is the translation of the source as it stands."""
    assert (HERE / "Axis.v").read_text(encoding="utf-8") == translate(TEXT)


def test_words_are_not_translated() -> None:
    """Docstrings, comments, the messages of errors and other functions are no part of it."""
    for old in ("The outputs that tap `r` feeds", "# (..., slice of rows", "the kernel spans", "def blocks"):
        assert old in TEXT
        assert translate(TEXT.replace(old, f"{old} (changed)" if "def" not in old else "def other")) == translate(TEXT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("class Axis:", "class Line:"),
        ("    name: str\n", ""),
        ("    size: int\n", "    size: float\n"),
        ("def tap(self, r: int)", "def tap(self, r: str)"),
        ("offset = self.dilation * r - self.padding", "offset = self.padding_of(r)"),
        ("        return outputs + 1\n", "        outputs + 1\n"),
        ("        return outputs + 1\n", "        return outputs + self.inside\n"),
        ('Relation(*(Axis(*axis) for axis in zip(("h"', 'Relation(*(other(*axis) for axis in zip(("h"'),
        ("(ceil_mode, ceil_mode)", "(ceil_mode, False)"),
        ('checks.pair("", option, 0)', 'checks.pair("", option, 1)'),
        ("    axes = []\n", ""),
    ],
)
def test_what_is_refused(old: str, new: str) -> None:
    """A source of another build has no translation."""
    assert old in TEXT
    with pytest.raises(NotUnderstood):
        translate(TEXT.replace(old, new))


@pytest.mark.parametrize("name", WRONG)
def test_what_reads_the_same_but_is_another_source(name: str) -> None:
    """The record is not about it: it has no translation, and the error says where, or it has another one."""
    reasons = record.stale(record.read(), changed(TEXT, name))
    assert len(reasons) == 1
    where = r"The source has changed: line \d+ of the source (has no translation, |holds )"
    assert re.match(rf"{where}|The arithmetic of cnnbp/layers/relation\.py is not", reasons[0])


def facts(seed: int) -> Iterator[str]:
    """What Python computes, as equations between the translation and numbers."""
    draw = random.Random(seed)
    for _ in range(18):
        size, kernel, stride, padding, dilation, surplus = (
            draw.randint(*bounds) for bounds in ((1, 9), (1, 4), (1, 4), (0, 4), (1, 3), (0, 1))
        )
        axis = Axis("h", size, kernel, stride, padding, dilation, draw.random() < 0.5, surplus)
        written = f"(Axis {size} {kernel} {stride} {padding} {dilation} {str(axis.ceil_mode).lower()} {surplus})"
        try:
            outputs = axis.outputs
        except ValueError:
            yield f"outputs {written} = None"
            continue
        yield f"outputs {written} = Some {outputs}"
        yield f"inside {written} {outputs} = {str(axis.inside).lower()}"
        for r, (o, i) in enumerate(axis.taps):
            yield f"tap {written} {outputs} {r} = (Slice {o.start} {o.stop} {o.step or 1}, Slice {i.start} {i.stop} {i.step})"
        for padded in (False, True):
            for o, cells in enumerate(axis.window_sizes(padded).tolist()):
                yield f"window_sizes {written} {o} {str(padded).lower()} = {cells}"
        for o in range(outputs):
            yield f"first_inputs {written} {o} = {_first_input(axis, o)}"
    yield f"relation 9 4 3 2 1 true = {_written(relation((9, 9), 4, 3, 2, 1, True).rows)}"
    yield f"transposed 3 4 3 2 2 1 = Some {_written(transposed((3, 3), 4, 3, 2, 2, 1).rows)}"


def _first_input(axis: Axis, o: int) -> str:
    """Of one output. Where one entry has none the array has none either, and the others are looked for by themselves."""
    cells = (axis.stride * o + axis.dilation * r - axis.padding for r in range(axis.kernel))
    seen = next((cell for cell in cells if 0 <= cell < axis.size), None)
    with contextlib.suppress(ValueError):
        assert axis.first_inputs()[o] == seen
    return "None" if seen is None else f"Some {seen}"


def _written(axis: Axis) -> str:
    fields = axis.size, axis.kernel, axis.stride, axis.padding, axis.dilation, str(axis.ceil_mode).lower(), axis.surplus
    return f"(Axis {' '.join(map(str, fields))})"


@needs_rocq
def test_rocq_computes_what_python_computes(tmp_path: Path) -> None:
    """On drawn options each function has the same value in both; a value that is wrong, the last one, is found out."""
    (tmp_path / "Axis.v").write_text(translate(TEXT), encoding="utf-8")
    compile_file("Axis", tmp_path)
    drawn = [*facts(1), "outputs (Axis 5 3 1 0 1 false 0) = Some 4"]
    assert len(drawn) > 120
    goals = "\n".join(f"Goal {fact}. Proof. reflexivity. Qed." for fact in drawn)
    text = f"From Coq Require Import ZArith. From cnnbp Require Import Axis. Open Scope Z_scope.\n{goals}\n"
    (tmp_path / "Facts.v").write_text(text, encoding="utf-8")
    with pytest.raises(ProofRefused, match=f"line {len(drawn) + 1}, "):
        compile_file("Facts", tmp_path)
