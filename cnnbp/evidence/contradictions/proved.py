"""One proof: it is of its layer, no better than its claims, and compared as much as its shapes and orders come to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..proof import Proof, ProofStatus
from ..records import Proved
from ..verdict import Remark, remark
from .unless import unless

NETWORK = "Network"  # stands in the place of an operator
OF_NETWORK = {"loss", "loss-gradient", "update", "floats"}
OF_LAYER = {"gradient", "forward", "gradients", "floats", "float32"}
OF_FLOATS = {"floats", "float32"}
LETTERS = {"x", "y", "lambda", "alpha"}  # of a network: what it is not differentiated by
HOW = (("linear", "smaller"), ("function", "twice"))  # how a method checks what it takes for granted, floats aside
WITHOUT_FLOATS = ("proof.checked.rounds", "proof.checked.lines-smaller")  # what can be checked where floats say nothing


def proved(found: Proved, gradients: Sequence[str] | None = None) -> Iterator[Remark]:
    """A proof against its claims. `gradients`: what the layer has a gradient of, where that is known."""
    proof, network = found.proof, found.of == NETWORK
    follows, names = status(found), [claim.name for claim in proof.claims]
    honest = proof.status == follows or (proof.status, follows) == ("abstains", "proved")  # it stopped before the end
    checks = {
        "proof-status": honest,
        "proof-layer": proof.layer.partition("(")[0] == found.of and proof.like == (proof.layer if _compares(found) else ""),
        "proof-claims": len(set(names)) == len(names) and set(names) <= (OF_NETWORK if network else OF_LAYER),
        "proof-kind": _kind(proof),
        "proof-witness": proof.witness is None or proof.status == "refuted",
        "proof-silent": (proof.remark is None) == (proof.status == "proved"),
        "proof-error": _error(proof),
        "proof-certificate": (proof.certificate is not None) == (proof.status == "proved" and proof.products > 0),
        "proof-float32": network or _float32(proof),
        "proof-floats": proof.status != "proved" or _assumed(proof, network),
    }
    if proof.status == "proved" and proof.kind == "symbolic":
        shapes = proof.shapes.items()
        moving = [size(s) for name, s in shapes if (name not in LETTERS if network else name in (gradients or ()))]
        known = network or gradients is not None
        checks["proof-orders"] = _orders(proof, network)
        checks["proof-compared"] = not known or _compared(proof, sum(moving), network)
    yield from unless(found, checks, record=found.id, says=proof.status, follows=follows)


def status(found: Proved) -> ProofStatus:
    """What follows from the claims: one that is refuted refutes, and those about unknown numbers must all be proved."""
    proof = found.proof
    of: dict[str, str] = {claim.name: claim.status if claim.compared else "abstains" for claim in proof.claims}
    if any(claim.status == "refuted" for claim in proof.claims):
        return "refuted"
    wanted: tuple[str, ...] = ("gradient",)
    if found.of == NETWORK:
        wanted = ("loss-gradient", "update")
    elif proof.kind == "symbolic" and proof.like:
        wanted = ("gradient", "forward", "gradients")
    return "proved" if all(of.get(name) == "proved" for name in wanted) else "abstains"


def size(shape: Sequence[int]) -> int:
    """How many entries; none where a length is none."""
    return math.prod(shape) if all(length > 0 for length in shape) else 0


def _compares(found: Proved) -> bool:
    """Whether it says anything of what the layer must equal; by chance that is forward, where it could be worked out."""
    named = any(claim.name == "forward" for claim in found.proof.claims)
    return found.of != NETWORK and (named or found.proof.kind != "probabilistic")


def _kind(proof: Proof) -> bool:
    """As strong as what it compared: only a proof that abstains has none, and floats are what they are."""
    if proof.kind is None:
        return proof.status == "abstains"
    same = all(claim.kind == proof.kind for claim in proof.claims if claim.name not in OF_FLOATS)
    return same and proof.kind in ("symbolic", "probabilistic")


def _error(proof: Proof) -> bool:
    """A probability where something was left to chance, and none elsewhere; what is refuted may have had none yet."""
    chance = any(claim.kind == "probabilistic" and claim.compared for claim in proof.claims)
    if proof.error is None:
        return proof.status != "proved" or not chance
    return chance and 0 < proof.error < 1


def _assumed(proof: Proof, network: bool) -> bool:
    """What its method takes for granted is said, and how far the floats bear it out as their claim says."""
    wanted = [*(["linear"] if proof.kind == "probabilistic" else []), "same-lines", *([] if network else ["function"])]
    if [each.assumed.code for each in proof.hypotheses] != [f"proof.assumes.{name}" for name in wanted]:
        return False
    checked = dict(zip(wanted, (each.checked for each in proof.hypotheses), strict=True))
    told = checked.pop("same-lines")
    if any(other is None or (name, other.code.removeprefix("proof.checked.")) not in HOW for name, other in checked.items()):
        return False
    floats = next((claim for claim in proof.claims if claim.name == "floats" and claim.compared), None)
    if floats is None or told is None:
        return floats is None and (told is None or told.code in WITHOUT_FLOATS)
    bits = math.floor(-math.log2(proof.error)) if proof.error and proof.error > 0 else 0
    how = remark(f"proof.checked.{floats.kind.replace(' ', '-')}", compared=floats.compared, bits=bits)
    return told.code == how.code and _fits(told.values, how.values)


def _float32(proof: Proof) -> bool:
    """Where the floats of a layer were asked at random integers, those of float32 were as well, and in no other way."""
    of = {claim.name: claim for claim in proof.claims}
    floats, float32 = of.get("floats"), of.get("float32")
    by_chance = floats is not None and floats.kind == "probabilistic" and floats.compared > 0
    if float32 is None:
        return proof.status != "proved" or not by_chance
    return by_chance and float32.kind == "probabilistic" and (float32.compared > 0 or float32.status == "abstains")


def _fits(told: Mapping[str, Any], all_: Mapping[str, Any]) -> bool:
    return "compared" in told and told.items() <= all_.items()


def _orders(proof: Proof, network: bool) -> bool:
    """Each remark about the reach once; the orders that it counts are those that were walked, and without it there is one."""
    said = {told.code.rpartition(".")[2]: told.values for told in proof.scope}
    if len(said) < len(proof.scope):
        return False
    if "orders" not in said:
        return proof.paths == 1 and not network
    walked, open_ties = _number(said["orders"].get("paths")), "ties-open" in said
    at_ties = _number(said.get("update-at-ties", {}).get("ties", 0)) if network else 0
    return 0 <= _number(said["orders"].get("ties")) < walked and (walked + at_ties == proof.paths or (network and open_ties))


def _compared(proof: Proof, entries: int, network: bool) -> bool:
    """Every entry of what has a gradient, in every order; slopes only in orders without ties."""
    orders: Mapping[str, Any] = next((told.values for told in proof.scope if told.code == "proof.scope.orders"), {})
    walked, every = _number(orders.get("paths", 1)), proof.paths * entries
    strict = (walked - _number(orders.get("ties", 0))) * entries
    wanted = [("gradient", strict), ("gradients", every)]
    if network:
        wanted = [("loss", proof.paths), ("loss-gradient", strict), ("update", every)]
    letters = LETTERS - {"y"} if network else {"x"}  # y are class indices, or letters
    of: dict[str, int] = {claim.name: claim.compared for claim in proof.claims}
    values = of.get("forward", 0) % max(proof.paths, 1)  # as many in each order
    shaped = letters <= set(proof.shapes) and all(map(size, proof.shapes.values()))
    return shaped and values == 0 and all(of.get(name, count) == count for name, count in wanted)


def _number(value: object) -> int:
    """A count in a remark; one that is none fits nothing."""
    return value if isinstance(value, int) else -1
