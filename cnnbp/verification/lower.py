"""A lower precision in disguise: is what is wrong the rounding of a format that is coarser than the one asked for?

Three things tell it from a defect of the same size. The errors are those of the format, on the case and without its exponents,
where nothing overflows or is clipped: larger than a rounding of the precision asked for, no larger than its own, and as
large a part of the answers when these are small. On integers that the format holds the layer is right to the last bit;
where an operator has no integers, its answers are numbers of the format. And where it is right for arguments that were
rounded to the format, it rounds these alone, as TF32 does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from ..evidence import Evidence, Remark, remark
from ..judge import agrees, compare
from ..oracles.abstention import Abstention
from ..precision import BFLOAT16, FLOAT16, FLOAT32, TF32, Precision
from ..rounding import Array
from .examination import Examination
from .methods import integers
from .question import Answers, Question
from .subject import Breach

FORMATS = (FLOAT32, TF32, BFLOAT16)  # the finest first
LEAST, MOST = 2.0**-6, 2.0**6  # units of roundoff of the largest entry: the worst error lies between, and is no more than an eighth
STEADY = 4.0  # times as large an error may be, in parts of the largest entry, at a residual that is so many times smaller:
SMALLER = 2.0**-7
BEYOND = 2.0**18  # times as large, numbers leave the range of float16
SAME = 4.0  # bounds: what is added up by hardware of its own may be off by a little more


def recognised(examination: Examination, evidence: Sequence[Evidence]) -> tuple[Precision, Remark] | None:
    """The format that explains everything that fails entry by entry, and the sentence that names it; None where none does."""
    failed = [item for item in evidence if item.status == "fail" and item.oracle != "finite_difference"]
    failing = {item.quantity for item in failed}
    if not failing or failing != {item.quantity for item in failed if item.at == "case"}:
        return None  # roundings of a coarser format show at any numbers
    for precision in FORMATS:
        if precision.bits < examination.question.precision.bits:
            worst = _worst(examination, precision, failing)
            if worst is not None and _confirmed(examination, precision, failing):
                found = FLOAT16 if precision is TF32 and _overflows(examination) else precision
                return found, _named(examination, found, failing, worst)
    return None


def _worst(examination: Examination, precision: Precision, failing: set[str]) -> float | None:
    """The worst error, in parts of the largest entry; None where errors are larger or smaller than those of the format."""
    shares = []
    for number, variant in enumerate(_variants(examination)):
        said = variant.question.right() if variant is not None else None
        if variant is None or said is None or not failing <= said.keys():
            return None
        coarse, worst = variant.question.in_precision(precision), list[float]()
        for quantity, expected in said.items():
            if quantity not in variant.answers:
                continue
            found = compare(variant.answers[quantity], expected, coarse.bound(1, quantity))
            if found is None or found.scale == 0 or (found.status == "fail" and number != 2):  # small ones may underflow
                return None
            if quantity in failing:
                worst.append(float(np.max(found.errors[found.kept])) / found.scale)
        if not LEAST * precision.u <= max(worst) <= min(MOST * precision.u, 0.125):
            return None
        shares.append(max(worst))
    return shares[0] if shares[2] <= STEADY * shares[0] else None


def _variants(examination: Examination) -> Iterator[Examination | None]:
    """The case, the same without its exponents, and with a smaller residual; None where the layer breaks down."""
    question = examination.question

    def mantissas(a: Array) -> Array:
        return a if a.dtype.kind in "iu" else np.frexp(a)[0]

    yield examination
    yield _asked(examination, question.at(tuple(map(mantissas, question.args)), mantissas(question.delta)))
    yield _asked(examination, question.at(question.args, np.asarray(SMALLER * question.delta)))


def _asked(examination: Examination, question: Question) -> Examination | None:
    with suppress(Breach):
        return examination.about(question)
    return None


def _overflows(examination: Examination) -> bool:
    """Whether numbers that are too large for float16 alone are too large for the layer."""
    question = examination.question
    args = tuple(a if a.dtype.kind in "iu" else np.asarray(BEYOND * a) for a in question.args)
    for asked in (question.at(question.args, np.asarray(BEYOND * question.delta)), question.at(args, question.delta)):
        found, said = _asked(examination, asked), asked.right() or {}
        if found is not None and any(np.any(~np.isfinite(a) & np.isfinite(said.get(q, a))) for q, a in found.answers.items()):
            return True
    return False


def _confirmed(examination: Examination, precision: Precision, failing: set[str]) -> bool:
    """Right to the last bit on integers that the format holds, or answers that are numbers of the format as others are not."""
    with suppress(Abstention, Breach):
        asked = integers.drawn(examination.question.in_precision(precision), examination.seed)
        answers, said = examination.about(asked.in_precision(examination.question.precision)).answers, asked.right()
        return said is not None and all(np.array_equal(answers[q], said[q]) for q in answers if q in said)
    said = examination.question.right() or {}
    return all(_holds(precision, examination.answers[q]) and not _holds(precision, said[q]) for q in failing)


def _holds(precision: Precision, a: Array) -> bool:
    return bool(np.array_equal(precision.round(a), a, equal_nan=True))


def _named(examination: Examination, precision: Precision, failing: set[str], worst: float) -> Remark:
    once = _right_once_rounded(examination, precision, failing)
    name = "TF32 or float16" if precision is TF32 and not once else precision.name
    return remark(
        "verification.lower-arguments" if once else "verification.lower-inside",
        precision=name, quantities=[q for q in examination.question.quantities if q in failing],
        wanted=examination.question.precision.name, bits=precision.bits, error=worst, u=precision.u,
    )  # fmt: skip


def _right_once_rounded(examination: Examination, precision: Precision, failing: set[str]) -> bool:
    """Whether what is wrong at the arguments is right at the same arguments in the format, rounded to nearest or cut off."""
    question = examination.question

    def cut(a: Array) -> Array:
        mantissa, exponent = np.frexp(a)
        return np.asarray(np.ldexp(np.trunc(np.ldexp(mantissa, precision.bits)), exponent - precision.bits))

    for rounded in (precision.round, cut):
        args = tuple(a if a.dtype.kind in "iu" else rounded(a) for a in question.args)
        asked = question.at(args, rounded(question.delta))
        said: Answers = asked.right() or {}
        if said and all(agrees(examination.answers[q], said[q], SAME * asked.bound(1, q)) for q in failing if q in said):
            return True
    return False


def allowing(examination: Examination, precision: Precision) -> Examination:
    """The same, for the contract: what moves by no more than this format rounds is no further fault."""
    return replace(examination, question=examination.question.in_precision(precision))
