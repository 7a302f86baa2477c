"""Proofs, sizes and theorems."""

from __future__ import annotations

import hashlib
from typing import cast

from cnnbp.evidence import records as r
from cnnbp.evidence import remark
from cnnbp.evidence.proof import Claim, ClaimName, GridProof, Hypothesis, Proof, RoundingBound, Sight


def proofs() -> r.Proofs:
    """Two layers, a network, a grid in two slices, two planted defects, all sizes, and a theorem."""
    bound = RoundingBound("Tanh()", "dx", (-350.0, 350.0), 15.0, 116, 2.0, {"tanh": 1.4}, 5.0, 2000)
    return r.Proofs(
        layers=(
            r.Proved(id="Conv2d", of="Conv2d", proof=proof("Conv2d()")),
            r.Proved(id="Tanh", of="Tanh", proof=proof_in_orders()),
        ),
        networks=(r.Proved(id="conv-conv", of="Network", proof=network_proof()),), rounding=(bound,),
        grids=tuple(GridProof("Conv2d", start, 2, 3, 40, "2e" * 32, 3 * 2.0**-81) for start in (0, 1)),
        sights=(Sight("one-entry", True, True, None, None), Sight("padding", False, False, ((1, 2, 1, 5), (2, 2, 2, 3)), None)),
        sizes=sizes(), twins=(twin(),), theorems=theorems(),
    )  # fmt: skip


def theorems() -> r.Theorems:
    """Two without axioms, and one with some."""
    told = r.Theorem(
        name="gradient_by_input", file="Convolution", meaning="dx is the gradient.", statement="forall x, x = x", axioms=()
    )
    chain, real = (told.model_copy(update={"name": name}) for name in ("chain_rule", "over_the_reals"))
    real = real.model_copy(update={"axioms": ("Classical_Prop.classic",)})
    return r.Theorems(status="checked for this source", version="8.16.1", theorems=(told, chain, real), reasons=())


def sizes() -> r.Sizes:
    """One claim about all sizes, with a kernel of one line, which is wider than a page."""
    text = f"pass  # {'and ' * 40}no more\n"
    claim = r.SizeClaim(
        id="outputs.floor", hypotheses=("size ≥ 1",), paths=2, conditions=5, refused=(), vacuous=(), instances=({"size": 3},)
    )
    return r.Sizes(claims=(claim,), source="3d" * 32, kernel=hashlib.sha256(text.encode()).hexdigest(), kernel_text=text)


def twin() -> r.Twin:
    """The last output lost."""
    return r.Twin(
        id="last-output-lost", claim="outputs.floor", old="outputs + 1", new="outputs", goal="there-is-an-output",
        numbers={"size": 1}, short=1, conditions=5, false=2,
    )  # fmt: skip


def proof(layer: str) -> Proof:
    """For all real numbers at one shape, of 4 numbers of x and 2 of w; the floats were asked at random integers."""
    floats = Claim("floats", "proved", "probabilistic", 24), Claim("float32", "proved", "probabilistic", 28)
    claims = claimed("gradient 6", "forward 2", "gradients 6", floats=floats)
    lines = Hypothesis(remark("proof.assumes.same-lines"), remark("proof.checked.probabilistic", compared=24, bits=81))
    return Proof(
        layer, "proved", "symbolic", {"x": (1, 1, 2, 2), "w": (1, 1, 1, 2)}, claims, hypotheses=(lines, TWICE), like=layer, paths=1,
        certificate="1f" * 32, products=4, error=2.0**-81,
    )  # fmt: skip


def proof_in_orders() -> Proof:
    """Of 2 numbers in 3 orders, one of which is a tie."""
    claims = claimed("gradient 4", "forward 6", "gradients 6", floats=(Claim("floats", "proved", "sampled", 8),))
    scope = (remark("proof.scope.orders", paths=3, ties=1),)
    return Proof("Tanh()", "proved", "symbolic", {"x": (1, 2)}, claims, scope, (sampled(8), TWICE), like="Tanh()", paths=3)


def network_proof() -> Proof:
    """With 2 parameters, in 3 orders and at 2 ties."""
    claims = claimed("loss 5", "loss-gradient 6", "update 10", floats=(Claim("floats", "proved", "sampled", 8),))
    ties = remark("proof.scope.update-at-ties", ties=2)
    scope = (remark("proof.scope.letters"), remark("proof.scope.orders", paths=3, ties=0), ties)
    shapes = {"x": (1, 2), "w1": (1, 2), "lambda": (), "alpha": ()}
    return Proof("Network([Dense()], HalfSquaredError())", "proved", "symbolic", shapes, claims, scope, (sampled(8),), paths=5)


def claimed(*each: str, floats: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """Of unknown numbers: names, and how many entries were compared."""
    named = (text.split() for text in each)
    return (*(Claim(cast(ClaimName, name), "proved", "symbolic", int(count)) for name, count in named), *floats)


TWICE = Hypothesis(remark("proof.assumes.function"), remark("proof.checked.twice"))


def sampled(compared: int) -> Hypothesis:
    """That floats run the same lines, as far as drawn numbers show it."""
    return Hypothesis(remark("proof.assumes.same-lines"), remark("proof.checked.sampled", compared=compared))
