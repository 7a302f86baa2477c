"""`python -m tests.proof.rocq.refusals`, which `make theorem-mutants` runs: every small change to the source, put to the theorems.

A change that makes the layers answer otherwise for some options must be refused by a theorem. One that does not may be refused,
where the proof does not recognise the same arithmetic in other words, or accepted.
"""

from __future__ import annotations

import sys
import tempfile
import types
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from cnnbp.proof.rocq.check import copy
from cnnbp.proof.rocq.gallina import NotUnderstood
from cnnbp.proof.rocq.rocq import APPLICATIONS, FILES, ProofRefused, compile_file
from cnnbp.proof.rocq.translate import SOURCE, translate

from .mutants import mutants

SIZES, KERNELS, STRIDES, PADDINGS, DILATIONS = range(1, 7), (1, 2, 3, 4), (1, 2, 3), (0, 1, 2), (1, 2, 3)
OPTIONS = tuple(  # then ceil_mode, which pooling alone has, and surplus, which transposed convolution alone has
    (*sizes, *rest)
    for sizes in product(SIZES, KERNELS, STRIDES, PADDINGS, DILATIONS)
    for rest in ((False, 0), (True, 0), (False, 1))
)

ABOUT = {
    **dict.fromkeys(("outputs", "inside", "relation"), "Outputs"),
    **dict.fromkeys(("first_inputs", "window_sizes"), "PoolingAxis"),
    "tap": "Tap",
    "transposed": "TransposedAxis",
}


def refusal(function: str, source: str) -> str:
    """Where the source is refused: `file.theorem`, or `translation` if there is none; nothing if all theorems hold for it.

    The file whose theorems are about the changed function comes first, since it is likely to refuse.
    """
    files = dict.fromkeys(("Axis", "Relation", ABOUT[function], *FILES, *APPLICATIONS))
    with tempfile.TemporaryDirectory() as temporary:
        try:
            copy(translate(source), Path(temporary))
            for name in files:
                compile_file(name, Path(temporary))
        except NotUnderstood:
            return "translation"
        except ProofRefused as refused:
            return f"{refused.file}.{refused.theorem}"
    return ""


def answers(source: str) -> Iterator[tuple[object, str]]:
    """What the module computes for all options, as far as a layer can see it; an error by its type."""
    module: Any = types.ModuleType("cnnbp.layers.mutant")
    module.__package__ = "cnnbp.layers"
    sys.modules[module.__name__] = module  # where dataclasses look
    exec(compile(source, "mutant", "exec"), module.__dict__)
    for options in OPTIONS:
        yield options, _answer(lambda options=options: _unfolded(module, options))
        yield options, _answer(lambda options=options: _pooled(module, options))
    for cells, kernel, stride, padding, dilation, surplus in product((0, 1, 2, 3), (1, 2, 3), (1, 2), (0, 1), (1, 2), (0, 1)):
        options = cells, kernel, stride, padding, dilation, surplus
        yield options, _answer(lambda o=options: module.transposed((o[0], o[0]), *((x, x) for x in o[1:])))
    yield "relation", _answer(lambda: module.relation((9, 9), 4, 3, 2, 1, True))


def _answer(call: Any) -> str:
    try:
        return repr(call())
    except Exception as error:  # whatever a mutant raises is its answer
        return type(error).__name__


def _unfolded(module: Any, options: Any) -> object:
    relation = module.Relation(module.Axis("h", *options), module.Axis("w", *options))
    x = np.arange(1, options[0] ** 2 + 1).reshape(1, 1, options[0], options[0])
    windows = relation.gather(x)
    return windows.tolist(), relation.scatter(windows * 10 + 1).tolist()


def _pooled(module: Any, options: Any) -> object:
    if 2 * options[3] > options[1] or options[6]:
        return None  # no pooling has such a padding, or a surplus
    axis = module.Axis("h", *options)
    sizes = [axis.window_sizes(padded).tolist() for padded in (False, True)] if options[4] == 1 else None
    return axis.first_inputs().tolist(), sizes


@cache
def right_answers() -> tuple[tuple[object, str], ...]:
    """Those of the source as it stands."""
    return tuple(answers(SOURCE.read_text(encoding="utf-8")))


def difference(source: str) -> object:
    """The first options for which this source answers otherwise, None if there are none."""
    pairs = zip(answers(source), right_answers(), strict=True)
    return next((options for (options, answer), (_, right) in pairs if answer != right), None)


def main() -> int:
    """Exit status 0 if every mutant that answers otherwise is refused by a theorem."""
    found, tally = list(mutants(SOURCE.read_text(encoding="utf-8"))), list[tuple[bool, bool]]()
    with ThreadPoolExecutor(2) as pool:  # each waits for a compiler of its own
        refused = pool.map(refusal, [mutant.function for mutant in found], [mutant.source for mutant in found])
        for mutant, where in zip(found, refused, strict=True):
            options = difference(mutant.source)
            tally.append((options is not None, where not in ("", "translation")))
            answer = "answers the same" if options is None else f"answers otherwise for {options}"
            print(f"{where or 'holds':60} {answer}\n    {mutant}", flush=True)
    print(f"{len(found)} mutants of the source.")
    for otherwise, answer in ((True, "otherwise"), (False, "the same")):
        yes, no = tally.count((otherwise, True)), tally.count((otherwise, False))
        print(f"{yes + no} answer {answer}: {yes} are refused by a theorem, {no} are not.")
    return int((True, False) in tally)


if __name__ == "__main__":
    sys.exit(main())
