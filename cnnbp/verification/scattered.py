"""What a layer itself rounds, beyond what the reference does: errors that change with the last bits of its arguments.

A right algorithm may lose digits that the reference keeps: E[x²] − μ² those of μ², exp(x − log Σ exp x) those of x. How far it is
from the reference is then another at every neighbouring number. What a fault does stays as it is, and so does a lower precision,
for which these neighbours are one number. Where the case is halfway between two of these, it is not among the neighbours.

An algorithm that has lost so much that an error of a hundredth would not be seen is given no room at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..rounding import Array
from .alone import RESOLVED
from .measured import BITS, TIES, Answers, Measured, usual
from .neighbours import largest, neighbours

PAIRS, STEPS = 4, (BITS, 16 * BITS)  # of neighbours, and how far they are: far below the last bit of float32
CAUTION = 8.0  # the scatter is that of a handful of numbers

Ask = Callable[[tuple[Array, ...], Array], Answers]


def widened(
    layer: Ask, reference: Ask, known: dict[str, Measured], args: tuple[Array, ...], delta: Array, rng: np.random.Generator
) -> dict[str, Measured]:
    """What is known, with room for what the layer rounds; the same where it answers differently when asked twice.

    Raises what the two raise.
    """
    first, again = layer(args, delta), layer(args, delta)
    if any(not np.array_equal(first[q], again[q], equal_nan=True) for q in first):
        return known
    found = list[Answers]()
    aside = next(neighbours(args, delta, rng, 1, TIES))
    for step in STEPS:
        for moved in neighbours(*aside, rng, PAIRS, step):
            ours, theirs = layer(*moved), reference(*moved)
            found.append({q: ours[q] - theirs[q] for q in ours})
    sizes = {q: largest(m.expected) if q == "y" else largest(m.expected, delta) for q, m in known.items()}  # a gradient may cancel
    return {q: _wider(m, np.array([errors[q] for errors in found]), sizes[q]) if q in first else m for q, m in known.items()}


def _wider(known: Measured, errors: Array, size: float) -> Measured:
    """Where last bits decide, an error that changes is no rounding. `size`: of an answer of which a hundredth is to be seen."""
    finite = np.isfinite(errors)
    errors = np.where(finite, errors, 0.0)
    spread = np.where(finite, errors - errors.sum(axis=0) / np.maximum(finite.sum(axis=0), 1), 0.0)
    room = CAUTION * float(np.max(usual(spread), initial=0.0, where=~known.undecided))
    return replace(known, by_norm=room, own=True) if known.by_norm < room <= RESOLVED * size else known
