"""Where floats have values: wherever the reference has them, the same ones; and unknown numbers must have been there.

Proofs on unknown numbers speak of the numbers at which everything that is asked for has a value. A comparison with what has
none comes out false on floats, whatever was answered on unknown numbers: so floats are asked on both sides of a domain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from ..evidence.verdict import remark
from ..rounding import Array
from .found import Found
from .integers import Trial, seed_of
from .lines import Lines, Run
from .on_floats import answers, forward, witness
from .question import Question

APART = 1e-6  # relative to the largest entry: the least difference of floats that counts where they may round
ORDINARY, WHOLE, SIZES = 8, 4, 24  # drawn points
FAR = 8.0
OURS = ("cnnbp.layers.", "cnnbp.proof.")  # classes whose lines are not watched: it takes as long as the proof


def ordinary(question: Question) -> Iterator[list[Array]]:
    """Numbers that are no integers, for each unknown argument: of both signs, above 0, below 0, and large ones."""
    for number in range(ORDINARY):
        rng = np.random.default_rng(seed_of(f"domain {number}"))
        drawn = [rng.normal(size=a.shape) for _, a in question.unknown]
        yield [(lambda a: a, np.abs, lambda a: -np.abs(a), lambda a: FAR * a)[number % 4](a) for a in drawn]


def whole(question: Question) -> Iterator[list[Array]]:
    """Small integers: all 0, all 1, all −1, and drawn ones. Here numbers are equal, and denominators 0."""
    for constant in (0.0, 1.0, -1.0):
        yield [np.full(a.shape, constant) for _, a in question.unknown]
    for number in range(WHOLE):
        rng = np.random.default_rng(seed_of(f"domain, whole {number}"))
        yield [np.round(2 * rng.normal(size=a.shape)) for _, a in question.unknown]


def of_every_size(question: Question) -> Iterator[list[Array]]:
    """Numbers from a thousandth to ten millions."""
    for number in range(SIZES):
        rng = np.random.default_rng(seed_of(f"domain, size {number}"))
        size = 10 ** rng.uniform(-3, 7)
        yield [size * rng.normal(size=a.shape) for _, a in question.unknown]


def run(question: Question, drawn: list[Array]) -> Run:
    """A run of the layer on floats, at these numbers for the unknown ones."""
    return lambda: answers(question, _trial(question, drawn))


def lines(question: Question) -> Lines:
    """Where a layer of the user's is to be watched, and its runs on floats of every kind: ours is watched by its own tests."""
    drawn = chain(whole(question), ordinary(question), of_every_size(question))
    return Lines(not type(question.layer).__module__.startswith(OURS), (run(question, numbers) for numbers in drawn))


def in_domain(question: Question, compared: Found, ties_open: bool, points: Sequence[list[Array]] = ()) -> None:
    """That the layer answers as `like` wherever that has a value, and has a gradient wherever it has values itself.

    Integers are asked only against `like`, since a function may have a value and no derivative there; where ties were left
    out, only for what is no convention. points: in orders that were walked. What is wrong is told in `compared`.
    """
    named, tally = ("y", *(a.name for _, a in question.may_move)), compared.tallies[0]
    for kind in (ordinary, whole):
        asked_at = (*points, *ordinary(question)) if kind is ordinary else whole(question)
        for drawn in asked_at if question.like is not None or kind is ordinary else ():
            trial = _trial(question, drawn)
            got = answers(question, trial)
            due = _due(question, trial, got)
            for number, (name, answer, wanted) in enumerate(zip(named, got, due, strict=False)):
                if answer.shape != wanted.shape:
                    continue  # told where shapes are
                asked = np.isfinite(wanted)
                lacking = asked & ~np.isfinite(answer)
                wrong = lacking
                if question.like is not None and not (number and kind is whole and ties_open):
                    slack = APART * max(1.0, np.abs(wanted[asked]).max(initial=0))
                    wrong = asked & ~(np.abs(answer - wanted) <= slack)
                    tally.compared += int(asked.sum()) if tally.kind == "sampled" else 0
                if np.any(wrong):
                    domain = bool(np.any(lacking))
                    tally.wrong |= not domain
                    compared.remark = remark("proof.domain" if domain else "proof.wrong-floats", quantity=name)
                    if question.like is not None:
                        compared.witness = witness(question, trial, name, answer, np.where(wrong, wanted, answer))
                    return


def _trial(question: Question, drawn: list[Array]) -> Trial:
    args = question.with_arrays(drawn)
    return Trial(args, np.random.default_rng(seed_of("domain, δ")).normal(size=forward(question, args).shape), 1.0, 0)


def _due(question: Question, trial: Trial, got: tuple[Array, ...]) -> tuple[Array, ...]:
    """What `like` answers; without one 0, for finite, where the layer has values. Nothing where that is not known."""
    if question.like is None:
        return tuple(np.zeros(a.shape) for a in got) if np.all(np.isfinite(got[0])) else ()
    try:
        return answers(replace(question, layer=question.like), trial)
    except Exception:  # numbers that the reference refuses
        return ()
