"""Shapes with too many products for unknown numbers: a probability, under the hypothesis that the layer is linear in each argument.

The hypothesis is checked where it can be: the same layer on unknown numbers at a smaller shape. A layer that does not add
integers exactly gets no such evidence, since its rounding could hide whatever is wrong.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..evidence.proof import Hypothesis
from ..evidence.verdict import Remark, remark
from . import by_chance, by_tags
from .found import Found
from .numbers.unsupported import Unsupported
from .numbers.walk import Walk
from .question import Question
from .specification import Connected, Specification, Trusted, specification

SMALL = 9  # rows and columns of the smaller shape


def prove(question: Question, spec: Specification | None, bits: int, seed: int) -> tuple[Found, tuple[Hypothesis, ...]]:
    """The gradient of forward, and forward itself where its network can be written down.

    Raises Unsupported where the layer cannot be run on unknown numbers at any shape, or does not add integers exactly.
    """
    linear, wrong = _linear(question)
    ones = question.with_arrays([np.ones(a.shape) for _, a in question.unknown])
    y = np.asarray(question.layer.forward(*ones))
    counts = [y, *map(np.asarray, question.gradients(question.layer.backward(np.ones(y.shape), *ones)))]
    if not by_chance.adds_integers(question, seed):
        raise Unsupported("integers-rounded")
    terms = max(1, *(int(np.max(np.abs(c), initial=0)) for c in counts))  # of a layer that is right; others fail all the same
    exactly = spec.exactly if isinstance(spec, Connected) else None
    if exactly is None and question.like is not None and question.like is not question.layer:
        exactly = Trusted(question).forward  # too large to be written down: then against the floats of what it must equal
    found = by_chance.whole(question, exactly, terms, y.shape, bits, seed)
    if wrong is not None and found.remark is None:
        raise wrong
    return found, (Hypothesis(remark("proof.assumes.linear"), linear),)


def _linear(question: Question) -> tuple[Remark | None, Unsupported | None]:
    """At which smaller shape the layer was run on unknown numbers, and whether it is wrong there. Raises Unsupported."""
    for size in (SMALL, 5, 3):
        smaller = _smaller(question, size)
        try:
            found = by_tags.prove(smaller, specification(smaller), Walk(1, ties=False))
        except (ValueError, TypeError) as error:  # too small for this kernel, or unknown numbers are refused
            if isinstance(error, Unsupported) and error.code not in ("too-many", "too-many-terms", "too-many-edges"):
                raise
        else:
            shape = str(smaller.arguments[0].shape)
            return remark("proof.checked.smaller", shape=shape), Unsupported(
                "smaller-refuted", shape=shape
            ) if found.remark else None
    return None, None


def _smaller(question: Question, size: int) -> Question:
    """One sample, and `size` rows and columns."""
    x, *params = question.arguments
    shape: tuple[Any, ...] = (1, *x.shape[1:2], *(min(size, s) for s in x.shape[2:]))
    return Question(question.layer, (replace(x, shape=shape), *params), question.like)
