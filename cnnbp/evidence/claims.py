"""What is claimed after a run, and how strongly: for each derivation, each layer, all sizes and the theorem one row.

A row is never stronger than its records: its kind is that of the weakest of what it sums up, and what is refuted or missing
claims nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .kinds import KINDS, Kind
from .records import Derivation, Document, Layer, Proved, Statement, rerun
from .status import SubjectKind, of_grid, of_layer, of_proof, of_size_claim, of_statement, settled
from .verdict import Remark, remark

TRIED = ("definition", "misprinted, meaning clear", "not mathematical")  # verdicts with which nothing was tested


@dataclass(frozen=True)
class Claim:
    """One row: what is claimed of what, by which kind of evidence, how far it reaches, and what it takes for granted.

    kind is None where nothing is claimed. error: the probability that something wrong passed; None where nothing is left to
    chance. resolution: the smallest relative defect that the floats are certain to show. command: what runs it again alone.
    """

    of: SubjectKind
    id: str
    kind: Kind | None
    scope: tuple[Remark, ...]
    hypotheses: tuple[Remark, ...] = ()
    error: float | None = None
    resolution: float | None = None
    command: str = ""


def claims(document: Document) -> list[Claim]:
    """All rows, the derivations first."""
    rows = [_derivation(each) for each in document.derivations]
    rows += [_layer(document, name) for name in dict.fromkeys((*document.whole.layers, *(x.operator for x in document.layers)))]
    return [*rows, *_sizes(document)]


def strength(statement: Statement) -> Kind | None:
    """The strongest kind that all readings which hold have; None where nothing was tested, or nothing holds."""
    holding = [reading for reading in statement.readings if reading.holds]
    if not holding or of_statement(statement) in ("contradicted", "not tested", "refuted"):
        return None
    lettered = all(set(reading.letters.shapes) <= {"holds", "vacuous"} and reading.letters.shapes for reading in holding)
    return "symbolic" if lettered else statement.kind or None


def _derivation(found: Derivation) -> Claim:
    tested = [s for s in found.statements if s.verdict not in TRIED]
    kinds = [strength(s) for s in tested]
    weakest = min((k for k in kinds if k), key=KINDS.index, default=None)
    counted = [(kind, kinds.count(kind)) for kind in KINDS if kind in kinds]
    scope = [remark("claims.scope.statements", kind=kind, count=count, of=len(tested)) for kind, count in reversed(counted)]
    shapes = len({shape for s in tested for shape in s.shapes})
    if shapes:
        scope.append(remark("claims.scope.letters", shapes=shapes))
    return Claim("derivation", found.id, weakest, tuple(scope))


def _layer(document: Document, name: str) -> Claim:
    """A layer by its proofs, its grid and its cases."""
    proofs = [each for each in document.proofs.layers if each.of == name]
    grids = [each for each in document.proofs.grids if each.operator == name]
    layer = next((each for each in document.layers if each.operator == name), None)
    proved = bool(proofs) and all(of_proof(each) == "proved" for each in proofs) and (not grids or of_grid(grids) == "proved")
    scope = list(_scope(proofs, sum(each.shapes for each in grids), layer)) if proved or layer else []
    kind: Kind | None = "symbolic" if proved else "sampled" if layer and of_layer(layer) == "pass" else None
    if layer is None or of_layer(layer) != "pass":
        kind = None
    errors = [each.proof.error for each in proofs if each.proof.error] + [each.error for each in grids]
    found = dict.fromkeys(h.assumed.code for each in proofs for h in each.proof.hypotheses)
    resolution = _resolution(layer)
    command = rerun(name, document.provenance.seed, document.provenance.examples)
    return Claim(
        "code", name, kind, tuple(scope), tuple(map(remark, found)), sum(errors) if errors and proved else None, resolution, command
    )


def _scope(proofs: Sequence[Proved], geometries: int, layer: Layer | None) -> Iterator[Remark]:
    if proofs:
        orders = sum(each.proof.paths for each in proofs)
        compares = any(each.proof.paths > 1 for each in proofs)
        yield remark("claims.scope.orders" if compares else "claims.scope.shapes", shapes=len(proofs), orders=orders)
        if any(s.code == "proof.scope.ties-open" for each in proofs for s in each.proof.scope):
            yield remark("claims.scope.ties-open")
    if geometries:
        yield remark("claims.scope.grid", shapes=geometries)
    if layer:
        yield remark("claims.scope.cases", cases=layer.cases)


def _resolution(layer: Layer | None) -> float | None:
    """Of the sharpest oracle that judged floats."""
    if layer is None:
        return None
    found = [tally.resolution for tally in layer.oracles.values() if tally.resolution and "sampled" in tally.kinds]
    return min(found, default=None)


def _sizes(document: Document) -> Iterator[Claim]:
    """The index arithmetic for all sizes, and the theorem."""
    found, run = document.proofs.sizes, "cnnbp recheck EVIDENCE.json"
    if found is not None:
        holds = bool(found.claims) and all(map(of_size_claim, found.claims))
        conditions = sum(claim.conditions for claim in found.claims)
        scope = remark("claims.scope.sizes", claims=len(found.claims), conditions=conditions)
        assumed = tuple(remark(f"claims.assumes.{what}") for what in ("kernel", "model", "unmodelled"))
        yield Claim("code", "Relation", "symbolic sizes" if holds else None, (scope,), assumed, command=run)
    theorems = document.proofs.theorems
    if theorems is not None:
        free = sum(not each.axioms for each in theorems.theorems)
        stands = theorems.status != "not for this source" and free > 0
        told = remark(f"claims.theorem.{theorems.status.replace(' ', '-')}", version=theorems.version, count=free)
        assumed = (remark("claims.assumes.rocq"), remark("claims.assumes.loops"))
        yield Claim("derivation", "theorem", "theorem" if stands else None, (told,), assumed, command="make theorem")


def proved(document: Document) -> Remark | None:
    """What of the reference code is proved, counted; None where nothing was tried."""
    found, whole = document.proofs, document.whole
    if not (found.layers or found.networks or found.grids):
        return None
    layers, networks = (sum(of_proof(each) == "proved" for each in these) for these in (found.layers, found.networks))
    failures = sum(len(each.failures) for each in found.grids)
    return remark(
        "claims.proved", layers=layers, of_layers=max(len(whole.proofs), len(found.layers)), networks=networks,
        of_networks=max(len(whole.networks), len(found.networks)), shapes=sum(each.shapes for each in found.grids) - failures,
        of_shapes=max(sum(whole.grids.values()), sum(each.shapes for each in found.grids)),
    )  # fmt: skip


def strengths(document: Document, derivation: str) -> list[Remark]:
    """How strongly the statements of a derivation are known: on letters, and by the theorem. Nothing where nothing follows."""
    book = next((each for each in document.derivations if each.id == derivation), None)
    if book is None or not settled(document):
        return []
    tested = [s for s in book.statements if s.verdict not in TRIED]
    lettered = sum(strength(s) == "symbolic" for s in tested)
    said = [remark("claims.strength.letters", count=lettered, of=len(tested))] if lettered else []
    theorem = next((row for row in claims(document) if row.kind == "theorem"), None)
    if theorem is not None and document.proofs.theorems is not None:
        said.append(remark("claims.strength.theorem", version=document.proofs.theorems.version))
    return said
