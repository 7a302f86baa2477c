"""What a method found, and what the layer's floats have to do with it, as a proof; or why it is none after all."""

from __future__ import annotations

import math
from typing import Any

from ..evidence.kinds import Kind
from ..evidence.proof import Hypothesis, Proof, ProofStatus
from ..evidence.verdict import Remark, remark
from . import by_chance, domain, on_floats
from .at_points import at_points
from .found import Found
from .question import Question, title


def concluded(question: Question, found: Found, bits: int, seed: int) -> Proof:
    """The claims of a method on unknown numbers, and those about floats."""
    floats = None if found.remark else found.floats or _floats(question, found, bits, seed)
    if floats and not floats.remark and found.potential is None:
        domain.in_domain(question, floats, found.ties_left is not None, found.points)
    tallies = [*found.tallies, *(floats.tallies if floats else ())]
    wrong = found.remark or (floats.remark if floats else None)
    if wrong is None and (unsure := _unsure(question, found, floats)):
        return answer(question, "abstains", None, remark=unsure)
    proved = all(t.claim.status == "proved" for t in found.tallies)
    status: ProofStatus = "refuted" if wrong else "proved" if proved else "abstains"
    same = Hypothesis(remark("proof.assumes.function"), remark("proof.checked.twice"))
    hypotheses = () if wrong else (Hypothesis(remark("proof.assumes.same-lines"), _checked(floats)), same)
    return answer(
        question, status, "symbolic", claims=tuple(t.claim for t in tallies), scope=tuple(_scope(question, found, floats)),
        hypotheses=hypotheses, certificate=_certificate(question, found) if status == "proved" else None,
        error=floats.error if floats else None,
        witness=found.witness or (floats.witness if floats else None), remark=wrong, paths=found.paths,
        products=len(found.potential) if found.potential is not None else 0,
    )  # fmt: skip


def answer(question: Question, status: ProofStatus, kind: Kind | None, **more: Any) -> Proof:
    """A proof of this question."""
    shapes = {a.name: a.shape for a in question.arguments}
    compared = kind != "probabilistic" or any(claim.name == "forward" for claim in more.get("claims", ()))
    like = "" if question.like is None or not compared else title(question.like)
    return Proof(title(question.layer), status, kind, shapes, like=like, **more)


def given(question: Question) -> list[Remark]:
    """Which arguments are numbers instead of unknown ones."""
    names = [a.name for a in question.arguments if a.value is not None]
    return [remark("proof.scope.given", names=", ".join(names))] if names else []


def _floats(question: Question, found: Found, bits: int, seed: int) -> Found:
    """The layer's own floats: by chance, with a probability, where it is a polynomial; else at points."""
    if found.potential is not None:
        return by_chance.floats(question, found, bits, seed)
    return at_points(question, seed, ties_open=question.like is None or found.ties_left is not None)


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


def _checked(floats: Found | None) -> Remark | None:
    """How far the floats bear out that they do the same."""
    if floats and floats.rounds:
        return remark("proof.checked.rounds")
    if not floats or not floats.tallies[0].compared:
        return None
    claim, bits = floats.tallies[0].claim, math.floor(-math.log2(floats.error)) if floats.error else 0
    return remark(f"proof.checked.{claim.kind.replace(' ', '-')}", bits=bits, compared=claim.compared)


def _scope(question: Question, found: Found, floats: Found | None) -> list[Remark]:
    """For which numbers and orders it holds."""
    how_many = "proof.scope.strict" if question.like is None else "proof.scope.orders"
    scope = [] if found.single else [remark(how_many, paths=found.paths, ties=found.ties)]
    scope += given(question)
    if found.ties_left:
        scope.append(found.ties_left)
    if floats and floats.by_norm:
        scope.append(remark("proof.scope.by-norm"))
    if found.unasked:
        scope.append(remark("proof.scope.floats-unasked", paths=found.unasked))
    return scope


def _certificate(question: Question, found: Found) -> str | None:
    """Of ⟨forward, δ⟩ at these shapes, where it is one polynomial."""
    shapes = {a.name: a.shape for a in question.arguments} | {"y": found.y_shape}
    return None if found.potential is None else found.potential.certificate(shapes)
