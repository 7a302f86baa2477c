"""All certificates are checked: the source runs on unknowns, and the kernel says whether each condition follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import axis, pooling, relation
from .certificates import Certificates, kernel_digest, load
from .claims import Claim, Goal, terms
from .counting import Walked, inhabited, labels
from .kernel import Path, Terms, follows
from .source import Source, digest, text

CLAIMS: Mapping[str, Claim] = {claim.id: claim for claim in (*axis.CLAIMS, *pooling.CLAIMS, *relation.CLAIMS)}


@dataclass(frozen=True)
class CheckedClaim:
    """What was found of one claim. It holds where every condition has a certificate, and none is about nothing."""

    id: str
    hypotheses: tuple[str, ...]
    paths: int
    conditions: int
    refused: tuple[str, ...]  # the labels of conditions without a certificate that the kernel accepts
    vacuous: tuple[str, ...]  # the labels of conditions of which no instance shows that what is given can be the case
    instances: tuple[tuple[tuple[str, int], ...], ...]

    @property
    def holds(self) -> bool:
        """Whether the claim is proved."""
        return self.conditions > 0 and not self.refused and not self.vacuous


@dataclass(frozen=True)
class Checked:
    """What was found of all claims, and the hashes of the source that they are about and of the kernel that says so."""

    claims: tuple[CheckedClaim, ...]
    source: str
    kernel: str

    @property
    def holds(self) -> bool:
        """Whether all claims are proved."""
        return all(claim.holds for claim in self.claims)

    @property
    def paths(self) -> int:
        """How many paths of the code were walked."""
        return sum(claim.paths for claim in self.claims)

    @property
    def conditions(self) -> int:
        """How many conditions were checked."""
        return sum(claim.conditions for claim in self.claims)


def check(certificates: Certificates | None = None) -> Checked:
    """Every claim about the installed source, by the certificates that are shipped with it.

    Raises StaleCertificates where those are about another text.
    """
    known, source = certificates or load(), Source(text())
    claims = tuple(check_claim(claim, source, known) for claim in CLAIMS.values())
    return Checked(claims, digest(text()), kernel_digest())


def check_claim(claim: Claim, source: Source, certificates: Certificates) -> CheckedClaim:
    """One claim about a source."""
    walked = [*claim.paths(source)]
    instances = certificates.instances.get(claim.id, [])
    shown = {label for numbers in instances for label in inhabited(walked, numbers)}
    return CheckedClaim(
        claim.id,
        claim.hypotheses(),
        len(walked),
        sum(len(goals) for _, goals in walked),
        refused(walked, certificates.paths.get(claim.id, [])),
        tuple(sorted(labels(walked) - shown)),
        tuple(tuple(numbers.items()) for numbers in instances),
    )


def refused(walked: Walked, certificates: list[list[list[list[int]]]]) -> tuple[str, ...]:
    """The labels of all conditions that have no certificate, or one that the kernel does not accept."""
    found = []
    for at, (path, goals) in enumerate(walked):
        mine = certificates[at] if at < len(certificates) else []
        for number, goal in enumerate(goals):
            if number >= len(mine) or not follows(terms(goal.shows), facts(path, goal), mine[number]):
                found.append(goal.label)
    return tuple(found)


def facts(path: Path, goal: Goal) -> list[Terms]:
    """All that the goal may follow from."""
    return [*path.facts, *(terms(fact) for fact in goal.given)]
