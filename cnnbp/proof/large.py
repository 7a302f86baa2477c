"""Shapes with too many products for unknown numbers: a probability, under the hypothesis that the layer is linear in each argument.

The hypothesis is checked where it can be: the same layer on unknown numbers at a smaller shape, without which nothing is
said, and one run on floats that must go no other way than the layer went there. A layer that does not add integers exactly
gets no such evidence, since its rounding could hide whatever is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from ..evidence.proof import Hypothesis
from ..evidence.verdict import Remark, remark
from ..rounding import Array
from . import by_tags, domain
from .affine import AffineRun
from .found import Found
from .integers import EXACT, Trial, exact, seed_of
from .lines import Step, recording
from .numbers.unsupported import Unsupported
from .numbers.walk import Walk
from .on_floats import FloatsRaise, answers, answers_twice, forward
from .question import Argument, Question
from .specification import Connected, Specification, Trusted, specification
from .users import told

SMALLER = (9, 17, 33, 5, 3)  # rows and columns: what fits the kernel is large, what leaves few products small
FILTERS = 2  # of parameters, where they can be cut too
SAMPLES = 2  # where it has to be seen what is done to each of them
SIGNS = 4  # draws of ±1, of which the squares of what is summed tell how many terms it has


def prove(question: Question, spec: Specification | None, bits: int, seed: int) -> tuple[Found, tuple[Hypothesis, ...]]:
    """The gradient of forward, and forward itself where its network can be written down.

    Raises Unsupported where the layer cannot be run on unknown numbers at any shape, or does not add integers exactly.
    """
    linear, wrong = _linear(question)
    terms, y_shape = _terms(question, seed)
    if not _adds_integers(question, seed):
        raise Unsupported("integers-rounded")
    exactly = spec.exactly if isinstance(spec, Connected) else None
    if exactly is None and question.like is not None and question.like is not question.layer:
        exactly = Trusted(question).forward  # too large to be written down: then against the floats of what it must equal
    found = AffineRun(question, exactly, y_shape).run(terms, bits, seed)
    if wrong is not None and found.remark is None:
        raise wrong
    if found.remark is None and not answers_twice(question):
        raise Unsupported("no-function")
    twice = Hypothesis(remark("proof.assumes.function"), remark("proof.checked.twice"))
    lines = Hypothesis(remark("proof.assumes.same-lines"), remark("proof.checked.lines-smaller", **linear.values))
    return found, (Hypothesis(remark("proof.assumes.linear"), linear), lines, twice)


def _terms(question: Question, seed: int) -> tuple[int, tuple[int, ...]]:
    """About how many terms the largest sum of the layer has, and the shape of y.

    At ones it says so itself, unless they cancel; at random signs the square of a sum is as large as its terms are many.
    """
    most, shape = 1, ()
    for number in range(SIGNS + 1):
        rng = np.random.default_rng(seed_of(f"{seed}/signs {number}"))

        def draw(size: tuple[int, ...], number: int = number, rng: np.random.Generator = rng) -> Array:
            return np.ones(size) if number == 0 else rng.choice([-1.0, 1.0], size)

        args = question.with_arrays([draw(a.shape) for _, a in question.unknown])
        shape = forward(question, args).shape
        found = answers(question, Trial(args, draw(shape), 1.0, 0))
        sums = np.array([np.abs(a[np.isfinite(a)]).max(initial=0) for a in found])
        most = max(most, *(math.ceil(s) for s in (sums if number == 0 else np.minimum(sums**2, EXACT))))
    return most, shape


def _adds_integers(question: Question, seed: int) -> bool:
    """The canary: whether forward adds integers exactly. Winograd, FFT and TF32 do not, and get no exact evidence."""
    rng = np.random.default_rng(seed_of(f"canary/{seed}"))
    drawn = [rng.integers(-(2**11), 2**11 + 1, a.shape).astype(float) for _, a in question.unknown]
    return exact(forward(question, question.with_arrays(drawn)))


def _linear(question: Question) -> tuple[Remark, Unsupported | None]:
    """At which smaller shape the layer was run on unknown numbers, and why that proves nothing. Raises Unsupported.

    Where floats go another way at the shape itself, two samples may show it too.
    """
    smaller, found = _run(question, 1)
    told_at, wrong = remark("proof.checked.smaller", shape=_shape(smaller)), _wrong(smaller, found)
    if wrong is not None or not found.lines.on:
        return told_at, wrong
    left = found.lines.beyond(_steps(question))
    if left and max(question.arguments[0].shape[:1], default=1) >= SAMPLES:
        with suppress(Unsupported):  # too many products even there: what was seen at one sample stands
            smaller, found = _run(question, SAMPLES)
            wrong, left = _wrong(smaller, found), found.lines.beyond(left)
    if wrong is None and left:
        wrong = Unsupported("larger-alone", line=told(*min(step.left for step in left)), shape=_shape(smaller))
    return told_at, wrong


def _run(question: Question, samples: int) -> tuple[Question, Found]:
    """The first smaller shape at which the layer runs on unknown numbers, and what was found there. Raises Unsupported."""
    for smaller in _smaller(question, samples):
        try:
            return smaller, by_tags.prove(smaller, specification(smaller), Walk(1, ties=False))
        except Unsupported as error:
            if error.code not in by_tags.TOO_LARGE:
                raise
        except Exception:  # too small for this kernel, or its parameters cannot be cut
            continue
    raise Unsupported("no-smaller-shape")


def _wrong(smaller: Question, found: Found) -> Unsupported | None:
    """Why the layer is not proved at the smaller shape."""
    if found.remark:
        return Unsupported("smaller-refuted", shape=_shape(smaller))
    alone = found.lines.alone()
    return Unsupported(alone.code.removeprefix("proof."), line=alone.values["line"]) if alone else None


def _shape(question: Question) -> str:
    return str(question.arguments[0].shape)


def _steps(question: Question) -> set[Step]:
    """Which way floats go at the shape itself."""
    found = set[Step]()
    with recording(found), suppress(FloatsRaise):  # what they raise is told where they are asked
        domain.run(question, next(domain.ordinary(question)))()
    return found


def _smaller(question: Question, samples: int) -> Iterator[Question]:
    """One sample or a few, and few rows and columns; then few filters or units as well."""
    x, *params = question.arguments
    for filters in (None, FILTERS):
        for size in SMALLER if len(x.shape) > 2 else SMALLER[:1]:
            shape: tuple[Any, ...] = (samples, *x.shape[1:2], *(min(size, s) for s in x.shape[2:]))
            yield Question(question.layer, (replace(x, shape=shape), *(_cut(p, filters) for p in params)), question.like)


def _cut(parameter: Argument, first: int | None) -> Argument:
    """Fewer of its rows, where its numbers are unknown."""
    if first is None or parameter.value is not None or not parameter.shape:
        return parameter
    return replace(parameter, shape=(min(first, parameter.shape[0]), *parameter.shape[1:]))
