"""`prove`: whether a layer is right for all real numbers at a shape. The methods in their order, one answer.

`by_tags` is the fastest and takes what is linear in each argument or compares what it is handed; `by_field` takes what is
elementary; where a shape is too large for either, `by_floats` asks the floats themselves. What cannot be run on unknown
numbers is told so, with the line. `concluded` says what follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..evidence.proof import Proof
from ..evidence.verdict import Remark, remark
from . import by_field, by_floats, by_tags
from .budget import allowed
from .concluded import answer, concluded
from .found import Found
from .numbers.unsupported import Unsupported, root
from .numbers.walk import TooManyPaths, Walk
from .on_floats import FloatsRaise
from .question import DTYPES, Question, ask
from .refusals import of_floats, refusal
from .specification import Specification, specification

METHODS = (by_tags, by_field)
# Refusals of tags alone, after which what the field says counts.
OF_TAGS = tuple(f"proof.{code}" for code in ("power", "division", "function", "degree", "comparison"))


def prove(
    layer: Any,
    *shapes: Any,
    like: Any = None,
    bits: int = 64,
    seed: int = 0,
    budget: float | None = None,
    dtypes: Sequence[str] = DTYPES,
) -> Proof:
    """Whether backward is the gradient of forward for all real inputs at these shapes and, with `like=`, both equal its.

    shapes: of x and each parameter; an array in the place of a shape is itself given, as class indices must be. A layer of
    cnnbp is its own `like`: it must equal what is enumerated from the index relation, or written in textbooks. Another
    `like` is a layer that is trusted. bits: where floats are asked, something wrong passes with a probability of at most
    2^−bits. budget: seconds in which orders of what the layer compares are walked; without it, at most 8,000 of them, and half
    a minute.
    dtypes: whose runs at random integers are asked, where the layer is a polynomial; ("float64",) leaves out float32's.

    Raises TypeError and ValueError where the caller is wrong: no layer, no shapes, shapes that `like` refuses. A layer that
    is wrong raises nothing: its proof is "refuted". One that cannot be run on unknown numbers abstains, and says where.

    >>> proof = cnnbp.prove(cnnbp.Conv2d(stride=2), (1, 1, 3, 3), (1, 1, 2, 2))
    >>> proof.status, proof.kind
    ('proved', 'symbolic')
    """
    question = ask(layer, shapes, like, dtypes)
    bits, walked = _bits(bits), allowed(budget)
    with np.errstate(all="ignore"):
        try:
            spec = specification(question)
        except Unsupported as error:
            return by_floats.of_a_large_shape(question, None, refusal(error), bits, seed)
        return _proof(question, spec, bits, seed, walked)


def _bits(bits: Any) -> int:
    """How unlikely a pass must be. Raises TypeError, ValueError for what is no such number."""
    said = f"bits must be an integer from 1 to 256, got {bits!r}"
    if isinstance(bits, bool) or not isinstance(bits, (int, np.integer)):
        raise TypeError(said)
    if not 1 <= bits <= 256:
        raise ValueError(said)
    return int(bits)


def _proof(question: Question, spec: Specification | None, bits: int, seed: int, walked: tuple[int, float]) -> Proof:
    """By the first method on whose numbers the layer runs. Whatever it does on floats changes no method."""
    reason: Remark | None = None
    try:
        for method in METHODS:
            try:
                found = _strict_first(method, question, spec, *walked)
            except FloatsRaise:
                raise
            except Exception as raised:  # on unknown numbers, whatever it does on floats
                error = root(raised)
                told = refusal(error)
                reason = told if reason is None or _of_tags_alone(reason, told) else reason
                if method is by_tags and getattr(error, "code", "") in by_tags.TOO_LARGE:
                    return by_floats.of_a_large_shape(question, spec, told, bits, seed)
                if isinstance(error, TooManyPaths):
                    break
            else:
                return concluded(question, found, bits, seed)
    except FloatsRaise as raised:
        return answer(question, "abstains", None, remark=of_floats(raised))
    return by_floats.alone(question, spec, reason, bits, seed)


def _of_tags_alone(first: Remark, then: Remark) -> bool:
    """Whether what the field says counts, and not what tags said before it."""
    raised = first.code in ("proof.raises", "proof.like-raises")
    return first.code in OF_TAGS or (raised and then.code != "proof.too-many-for-a-field")


def _strict_first(method: Any, question: Question, spec: Specification | None, limit: int, deadline: float) -> Found:
    """Strict orders, where derivatives are what they are; then ties, which are a convention. So what differs at ties alone
    is told apart, and where ties are too many to be walked, or not decided, the strict orders stand."""
    strict: Found = method.prove(question, spec, Walk(limit, ties=False, deadline=deadline))
    if strict.remark or strict.single or spec is None:  # where compared numbers are equal only a reference says what is right
        return strict
    try:
        found: Found = method.prove(question, spec, Walk(limit, ties=True, deadline=deadline))
    except TooManyPaths as error:
        strict.ties_left = remark("proof.scope.ties-open", paths=max(error.paths, strict.paths))
    except Unsupported as error:
        if error.code not in ("not-decided", "not-seen"):
            raise
        strict.ties_left = remark("proof.scope.ties-undecided", **error.values)
    else:
        return found
    return strict
