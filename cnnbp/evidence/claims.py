"""What is claimed after a run, and how strongly: for each derivation, each layer, all sizes and the theorem one row.

A row is never stronger than its records: its kind is that of the weakest of what it sums up, and what is refuted, untested or
missing claims nothing; nor does anything that was judged by a harness which failed its controls.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import frexp

from .kinds import KINDS, Kind
from .records import Derivation, Document, Layer, Proved, Statement, rerun
from .status import SubjectKind, of_grid, of_layer, of_proof, of_size_claim, of_statement, settled, void
from .verdict import Remark, remark

UNTESTED = ("definition", "misprinted, meaning clear", "not mathematical")  # verdicts that a statement without readings may have


@dataclass(frozen=True)
class Claim:
    """One row: what is claimed of what, by which kind of evidence, how far it reaches, and what it takes for granted.

    kind is None where nothing is claimed. error: the probability that something wrong passed; None where nothing is left to
    chance. resolution: the smallest defect that the floats are certain to show in every case that passed, as a share of the
    largest entry. command: what runs it again alone.
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
    rows = [_derivation(document, each) for each in document.derivations]
    rows += [_layer(document, name) for name in dict.fromkeys((*document.whole.layers, *(x.operator for x in document.layers)))]
    return [*rows, *_sizes(document)]


def chance(rows: Sequence[Claim]) -> Remark | None:
    """Below which power of two the probability is that anything wrong passed in what is claimed; None where nothing hangs on it.

    At most the sum of theirs, whether or not one hangs on another.
    """
    errors = [row.error for row in rows if row.kind and row.error]
    return remark("claims.chance", count=len(errors), power=frexp(sum(errors))[1]) if errors else None


@dataclass(frozen=True)
class Held:
    """What may be said of a derivation in one sentence: how many of its statements are known by which kind, strongest first."""

    title: Mapping[str, str]
    of: int
    by: tuple[tuple[Kind, int], ...]
    aside: int
    """How many of those that are known on letters are known away from ties alone."""
    mended: bool
    """Whether any holds otherwise than as it is printed."""

    @property
    def says(self) -> str:
        """The code of the sentence."""
        return "claims.held.mended" if self.mended else "claims.held.printed"

    @staticmethod
    def code(kind: Kind) -> str:
        """That of its part about this kind."""
        return f"claims.held.by.{kind if kind in ('theorem', 'symbolic', 'exact at points') else 'other'}"


def held(document: Document) -> list[Held]:
    """Each derivation of which anything is claimed: all that was tested of it holds."""
    claimed = {row.id for row in claims(document) if row.of == "derivation" and row.kind}
    return [_held(document, book) for book in document.derivations if book.id in claimed]


def _held(document: Document, found: Derivation) -> Held:
    tested = _tested(found)
    kinds = [strength(each, standing(document)) for each in tested]
    by = tuple((kind, kinds.count(kind)) for kind in reversed(KINDS) if kind in kinds)
    return Held(found.title, len(tested), by, _aside(tested, kinds), any(of_statement(each) != "holds" for each in tested))


def _aside(statements: Sequence[Statement], kinds: Sequence[Kind | None]) -> int:
    """How many are known on letters, and of them what holds away from ties alone."""
    pairs = zip(statements, kinds, strict=True)
    return sum(kind == "symbolic" and away_from_ties(each) for each, kind in pairs)


def away_from_ties(statement: Statement) -> bool:
    """Whether letters say of anything that holds of it that it does where no two cells are alike."""
    return any(reading.holds and reading.letters.away_from_ties for reading in statement.readings)


def standing(document: Document) -> frozenset[str]:
    """The theorems of the run that are about its source."""
    return document.proofs.theorems.standing if document.proofs.theorems else frozenset()


def strength(statement: Statement, theorems: Collection[str]) -> Kind | None:
    """The strongest kind that all readings which hold have; None where nothing was tested, or nothing holds.

    theorems: those that stand. A statement is one where it names any, and all that it names are among them.
    """
    holding = [reading for reading in statement.readings if reading.holds]
    if not holding or of_statement(statement) in ("contradicted", "not tested", "refuted"):
        return None
    if statement.theorems and all(name in theorems for name in statement.theorems):
        return "theorem"
    lettered = all(set(reading.letters.shapes) <= {"holds", "vacuous"} and reading.letters.shapes for reading in holding)
    return "symbolic" if lettered else statement.kind or None


def _derivation(document: Document, found: Derivation) -> Claim:
    """As a whole it is known no better than the least known of its statements."""
    tested = _tested(found)
    kinds = [strength(s, standing(document)) for s in tested]
    known = [kind for kind in kinds if kind]
    missing = set(document.whole.statements.get(found.id, ())) - {s.id for s in found.statements}
    whole = len(known) == len(kinds) and not missing and settled(document)
    counted = [(kind, kinds.count(kind)) for kind in KINDS if kind in kinds]
    scope = [remark("claims.scope.statements", kind=kind, count=count, of=len(tested)) for kind, count in reversed(counted)]
    shapes = len({shape for s in tested for shape in s.shapes})
    if shapes:
        scope.append(remark("claims.scope.letters", shapes=shapes, aside=_aside(tested, kinds)))
    return Claim("derivation", found.id, _weakest(known) if whole else None, tuple(scope))


def _tested(found: Derivation) -> list[Statement]:
    """All but those in which there is nothing to test."""
    return [s for s in found.statements if s.readings or s.verdict not in UNTESTED]


def _weakest(kinds: Sequence[Kind]) -> Kind | None:
    return min(kinds, key=KINDS.index, default=None)


def _layer(document: Document, name: str) -> Claim:
    """A layer by its proofs, its grid and its cases: without any of the proofs that a whole run has, by its cases alone."""
    proofs = [each for each in document.proofs.layers if each.of == name]
    layer = next((each for each in document.layers if each.operator == name), None)
    passes = layer is not None and of_layer(layer) == "pass" and not void(document)
    proved = _proved(document, name, proofs)
    grids = [each for each in document.proofs.grids if each.operator == name] if proved else []
    scope = tuple(_scope(proofs if proved else (), sum(each.shapes for each in grids), layer))
    kind = _weakest(["sampled"] if not proved else [each.proof.kind for each in proofs if each.proof.kind]) if passes else None
    errors = [each.proof.error for each in proofs if each.proof.error] + [each.error for each in grids]
    found = dict.fromkeys(h.assumed.code for each in proofs for h in each.proof.hypotheses) if proved else {}
    command = rerun(name, document.provenance.seed, document.provenance.origins[0].examples)
    error, resolution = sum(errors) if errors and proved else None, layer.resolution if layer else None
    return Claim("code", name, kind, scope, tuple(map(remark, found)), error, resolution, command)


def _proved(document: Document, name: str, proofs: Sequence[Proved]) -> bool:
    """Whether it is, at every shape and every geometry that a whole run has of it."""
    whole, grids = document.whole, [each for each in document.proofs.grids if each.operator == name]
    missing = {id for id, operator in whole.proofs.items() if operator == name} - {each.id for each in proofs}
    if not proofs or missing or any(of_proof(each) != "proved" for each in proofs):
        return False
    complete = sum(each.shapes for each in grids) == whole.grids.get(name, 0)
    return complete and (not grids or of_grid(grids) == "proved")


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


def _sizes(document: Document) -> Iterator[Claim]:
    """The index arithmetic for all sizes, and the theorem."""
    found, run = document.proofs.sizes, "cnnbp recheck EVIDENCE.json"
    if found is not None:
        whole = set(document.whole.sizes) <= {claim.id for claim in found.claims}
        holds = whole and bool(found.claims) and all(map(of_size_claim, found.claims))
        conditions = sum(claim.conditions for claim in found.claims)
        scope = remark("claims.scope.sizes", claims=len(found.claims), conditions=conditions)
        assumed = tuple(remark(f"claims.assumes.{what}") for what in ("kernel", "model", "unmodelled"))
        yield Claim("code", "Relation", "symbolic sizes" if holds else None, (scope,), assumed, command=run)
    theorems = document.proofs.theorems
    if theorems is not None:
        free = sum(not each.axioms for each in theorems.theorems)
        told = remark(f"claims.theorem.{theorems.status.replace(' ', '-')}", version=theorems.version, count=free)
        assumed = (remark("claims.assumes.rocq"), remark("claims.assumes.loops"))
        yield Claim("derivation", "theorem", "theorem" if theorems.standing else None, (told,), assumed, command="make theorem")


def proved(document: Document) -> list[Remark]:
    """What of the reference code is proved, counted: layers, whole networks, geometries; nothing of what was not tried."""
    found, whole = document.proofs, document.whole
    if not (found.layers or found.networks or found.grids):
        return []
    shapes, failures = (sum(counts) for counts in ([g.shapes for g in found.grids], [len(g.failures) for g in found.grids]))
    counts = {
        "layers": (_proved_of(found.layers), max(len(whole.proofs), len(found.layers))),
        "networks": (_proved_of(found.networks), max(len(whole.networks), len(found.networks))),
        "geometries": (shapes - failures, max(sum(whole.grids.values()), shapes)),
    }
    return [remark(f"claims.proved.{what}", count=count, of=of) for what, (count, of) in counts.items() if of]


def _proved_of(proofs: Sequence[Proved]) -> int:
    return sum(of_proof(each) == "proved" for each in proofs)


def strengths(document: Document, derivation: str) -> list[Remark]:
    """How strongly the statements of a derivation are known: as theorems, or on letters alone. Nothing where nothing follows."""
    book = next((each for each in document.derivations if each.id == derivation), None)
    if book is None or not settled(document):
        return []
    tested = _tested(book)
    of = [strength(s, standing(document)) for s in tested]
    theorems, lettered = of.count("theorem"), of.count("symbolic")
    said = []
    if theorems and document.proofs.theorems is not None:
        version = document.proofs.theorems.version
        said.append(remark("claims.strength.theorems", count=theorems, of=len(tested), version=version))
    if lettered:
        said.append(remark("claims.strength.letters", count=lettered, of=len(tested), aside=_aside(tested, of)))
    return said
