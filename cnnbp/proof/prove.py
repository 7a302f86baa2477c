"""`prove`: whether a layer is right for all real numbers at a shape. The methods in their order, one answer.

`by_tags` is the fastest and takes what is linear in each argument or compares what it is handed; `by_field` takes what is
elementary; where a shape is too large for either, `by_chance` asks the floats themselves at random integers. What cannot be
run on unknown numbers is told so, with the line.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from time import monotonic
from typing import Any

import numpy as np

from ..evidence.kinds import Kind
from ..evidence.proof import Hypothesis, Proof, ProofStatus
from ..evidence.verdict import Remark, remark
from . import by_chance, by_field, by_tags, domain, large, on_floats
from .found import Found
from .numbers.unsupported import Unsupported, line, root
from .numbers.walk import TooManyPaths, Walk
from .on_floats import FloatsRaise
from .question import DTYPES, Question, ask, title
from .specification import Specification, specification

METHODS = (by_tags, by_field)
PATHS = 8_000  # orders that are walked where no budget says otherwise
MOST_PATHS = 10**9
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
    2^−bits. budget: seconds in which orders of what the layer compares are walked; without it, at most 8,000 of them.
    dtypes: whose runs at random integers are asked, where the layer is a polynomial; ("float64",) leaves out float32's.

    Raises TypeError and ValueError where the caller is wrong: no layer, no shapes, shapes that `like` refuses. A layer that
    is wrong raises nothing: its proof is "refuted". One that cannot be run on unknown numbers abstains, and says where.
    """
    question = ask(layer, shapes, like, dtypes)
    if not isinstance(bits, int) or not 1 <= bits <= 256:
        raise ValueError(f"bits must be an integer from 1 to 256, got {bits!r}")
    with np.errstate(all="ignore"):
        try:
            spec = specification(question)
        except Unsupported as error:
            return _of_a_large_shape(question, None, refusal(error), bits, seed)
        return _proof(question, spec, bits, seed, budget)


def _proof(question: Question, spec: Specification | None, bits: int, seed: int, budget: float | None) -> Proof:
    """By the first method on whose numbers the layer runs. Whatever it does on floats changes no method."""
    reason: Remark | None = None
    try:
        for method in METHODS:
            try:
                found = _strict_first(method, question, spec, budget)
            except FloatsRaise:
                raise
            except Exception as raised:  # on unknown numbers, whatever it does on floats
                error = root(raised)
                told = refusal(error)
                reason = told if reason is None or reason.code in OF_TAGS else reason
                if method is by_tags and getattr(error, "code", "") in by_tags.TOO_LARGE:
                    return _of_a_large_shape(question, spec, told, bits, seed)
                if isinstance(error, TooManyPaths):
                    break
            else:
                return _concluded(question, found, bits, seed)
    except FloatsRaise as raised:
        return _answer(question, "abstains", None, remark=of_floats(raised))
    return _by_floats_alone(question, spec, reason, bits, seed)


def _by_floats_alone(question: Question, spec: Specification | None, reason: Remark | None, bits: int, seed: int) -> Proof:
    """A layer that cannot be run on unknown numbers is not proved. But its floats may be seen to be wrong, or agree.

    That they agree is a claim under the hypothesis that they compute a polynomial, which nothing here checks.
    """
    try:
        found = against(question, spec, bits, seed)
    except Exception:
        found = None  # nor does it answer floats: `reason` says enough
    if found is None:
        return _answer(question, "abstains", None, remark=reason)
    status: ProofStatus = "refuted" if found.remark else "abstains"
    return _answer(
        question, status, "probabilistic" if found.remark else None, claims=tuple(t.claim for t in found.tallies),
        hypotheses=(Hypothesis(remark("proof.assumes.polynomial")),), error=found.error, witness=found.witness,
        remark=found.remark or reason,
    )  # fmt: skip


def against(question: Question, spec: Specification | None, bits: int, seed: int) -> Found | None:
    """The layer's floats against what it must equal, at random integers; None where that cannot be written as products."""
    where = by_tags.places(question)
    wanted = spec.potential(where) if spec and len(where) == len(question.arguments) else None
    if spec is None or wanted is None or len(wanted) > by_tags.MOST_TERMS:
        return None
    return by_chance.floats(question, Found([], potential=wanted, places=where, y_shape=spec.y_shape(None)), bits, seed)


def _strict_first(method: Any, question: Question, spec: Specification | None, budget: float | None) -> Found:
    """Strict orders, where derivatives are what they are; then ties, which are a convention. So what differs at ties alone
    is told apart, and where ties are too many to be walked, or not decided, the strict orders stand."""
    limit, deadline = (PATHS, math.inf) if budget is None else (MOST_PATHS, monotonic() + budget)
    strict: Found = method.prove(question, spec, Walk(limit, ties=False, deadline=deadline))
    if strict.remark or strict.single or spec is None:  # where compared numbers are equal only a reference says what is right
        return strict
    try:
        found: Found = method.prove(question, spec, Walk(limit, ties=True, deadline=deadline))
    except TooManyPaths as error:
        strict.ties_left = remark("proof.scope.ties-open", paths=error.paths)
    except Unsupported as error:
        if error.code not in ("not-decided", "not-seen"):
            raise
        strict.ties_left = remark("proof.scope.ties-undecided", **error.values)
    else:
        return found
    return strict


def _concluded(question: Question, found: Found, bits: int, seed: int) -> Proof:
    """The claims of a method, and what the layer's floats have to do with them."""
    floats = None if found.remark else found.floats or _floats(question, found, bits, seed)
    if floats and not floats.remark and found.potential is None:
        domain.in_domain(question, found, floats)
    tallies = [*found.tallies, *(floats.tallies if floats else ())]
    wrong = found.remark or (floats.remark if floats else None)
    if wrong is None and (unsure := _unsure(question, found, floats)):
        return _answer(question, "abstains", None, remark=unsure)
    proved = all(t.claim.status == "proved" for t in found.tallies)
    status: ProofStatus = "refuted" if wrong else "proved" if proved else "abstains"
    how_many = "proof.scope.strict" if question.like is None else "proof.scope.orders"
    scope = [remark(how_many, paths=found.paths, ties=found.ties)] if not found.single else []
    scope += _given(question)
    if found.ties_left:
        scope.append(found.ties_left)
    if floats and floats.by_norm:
        scope.append(remark("proof.scope.by-norm"))
    if found.unasked:
        scope.append(remark("proof.scope.floats-unasked", paths=found.unasked))
    checked = floats.tallies[0].claim if floats and floats.tallies[0].compared else None
    how = (
        remark(f"proof.checked.{checked.kind.replace(' ', '-')}", bits=_bits(floats), compared=checked.compared)
        if checked
        else None
    )
    if floats and floats.rounds:
        how = remark("proof.checked.rounds")
    same = Hypothesis(remark("proof.assumes.function"), remark("proof.checked.twice"))
    hypotheses = () if wrong else (Hypothesis(remark("proof.assumes.same-lines"), how), same)
    return _answer(
        question, status, "symbolic", claims=tuple(t.claim for t in tallies), scope=tuple(scope), hypotheses=hypotheses,
        certificate=_certificate(question, found) if status == "proved" else None,
        error=floats.error if floats else None,
        witness=found.witness or (floats.witness if floats else None), remark=wrong, paths=found.paths,
        products=len(found.potential) if found.potential is not None else 0,
    )  # fmt: skip


def _certificate(question: Question, found: Found) -> str | None:
    """Of ⟨forward, δ⟩ at these shapes, where it is one polynomial."""
    shapes = {a.name: a.shape for a in question.arguments} | {"y": found.y_shape}
    return None if found.potential is None else found.potential.certificate(shapes)


def _given(question: Question) -> list[Remark]:
    """Which arguments are numbers instead of unknown ones."""
    names = [a.name for a in question.arguments if a.value is not None]
    return [remark("proof.scope.given", names=", ".join(names))] if names else []


def _unsure(question: Question, found: Found, floats: Found | None) -> Remark | None:
    """Why what holds on unknown numbers need not be what the layer does on floats, where nothing is seen to be wrong."""
    if not on_floats.answers_twice(question):
        return remark("proof.no-function")
    if found.off_path:
        return found.off_path
    if alone := found.lines.alone():
        return alone
    if floats is None or not (floats.rounds or floats.tallies[0].compared):
        return remark("proof.no-floats")
    return None


def _floats(question: Question, found: Found, bits: int, seed: int) -> Found:
    """The layer's own floats: at random integers where it is a polynomial, else at drawn ones."""
    return on_floats.at_points(question, seed) if found.potential is None else by_chance.floats(question, found, bits, seed)


def _of_a_large_shape(question: Question, spec: Specification | None, why: Remark, bits: int, seed: int) -> Proof:
    """What random integers can say where unknown numbers are too many."""
    try:
        found, hypotheses = large.prove(question, spec, bits, seed)
    except FloatsRaise as error:
        return _answer(question, "abstains", None, remark=of_floats(error))
    except Exception as error:
        return _answer(question, "abstains", None, remark=refusal(root(error)))
    status: ProofStatus = "refuted" if found.remark else "proved" if all(t.compared for t in found.tallies) else "abstains"
    return _answer(
        question, status, "probabilistic", claims=tuple(t.claim for t in found.tallies),
        scope=(why, *_given(question)), hypotheses=hypotheses,
        error=found.error, witness=found.witness, remark=found.remark, paths=0,
    )  # fmt: skip


def _answer(question: Question, status: ProofStatus, kind: Kind | None, **more: Any) -> Proof:
    shapes = {a.name: a.shape for a in question.arguments}
    compared = kind != "probabilistic" or any(claim.name == "forward" for claim in more.get("claims", ()))
    like = "" if question.like is None or not compared else title(question.like)
    return Proof(title(question.layer), status, kind, shapes, like=like, **more)


def of_floats(error: FloatsRaise) -> Remark:
    """What the layer raises on floats, and where."""
    cause = root(error.__cause__ or error)
    return remark("proof.floats-raise", error=type(cause).__name__, message=str(cause)[:200], line=line(cause))


def refusal(error: BaseException) -> Remark:
    """Why the layer could not be run on unknown numbers, and where."""
    if isinstance(error, Unsupported):
        return remark(f"proof.{error.code}", **{"line": line(error), **error.values})
    if isinstance(error, TooManyPaths):
        return remark("proof.too-many-paths", paths=error.paths)
    said = {"error": type(error).__name__, "message": str(error)[:200]}
    return remark("proof.raises", **said, line=where) if (where := line(error)) else remark("proof.raises-within", **said)


def _bits(floats: Found | None) -> int:
    """The probability that something wrong passed, as the number of bits of its reciprocal."""
    return math.floor(-math.log2(floats.error)) if floats and floats.error else 0
