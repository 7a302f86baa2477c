"""What was proved in a run: layers on unknown numbers, every small geometry, whole networks, all sizes, the theorem."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from ..proof import GridProof, Proof, RoundingBound, Sight
from .base import Count, Many, Name, Record, Text

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Proved(Record):
    """The proof of one layer at one shape, or of one network; `of` names the operator, or is "Network"."""

    id: Name
    of: Name
    proof: Proof


class SizeClaim(Record):
    """A claim about the index arithmetic for all sizes: how many conditions of its paths have a certificate."""

    id: Name
    hypotheses: Many[Text]
    paths: Count
    conditions: Count
    refused: Many[Text]
    """The conditions for which the kernel accepted no certificate."""
    vacuous: Many[Text]
    """The conditions of which no instance shows that what is given can be the case."""
    instances: tuple[dict[Name, int], ...]
    """Sizes at which what is given is the case."""


class Sizes(Record):
    """What a small kernel rechecked: the claims, the source that they are about, and the kernel itself."""

    claims: Many[SizeClaim]
    source: Hash
    kernel: Hash
    kernel_text: Text


class Twin(Record):
    """A wrong source, or a claim without what it assumes, and the smallest numbers at which the claim is false."""

    id: Name
    claim: Name
    old: Text
    new: Text
    goal: Text
    numbers: dict[Name, int]
    short: int
    """So much is missing to what should be 0 or more."""
    conditions: Count
    false: Count
    """So many conditions of the claim are false at these numbers, and have no certificate."""


class Theorem(Record):
    """What Rocq's kernel checked: its name, what it says in a sentence and as Rocq prints it, and the axioms under it."""

    name: Name
    file: Name
    meaning: Text
    statement: Text
    axioms: Many[Text]


class Theorems(Record):
    """The theorems, and whether they are about the source of this run."""

    status: Literal["checked for this source", "not for this source"]
    version: Name
    theorems: Many[Theorem]
    reasons: Many[Text]
    """Why they are not."""

    @property
    def standing(self) -> frozenset[str]:
        """The names of those that are about this source, and rest on no axiom."""
        if self.status != "checked for this source":
            return frozenset()
        return frozenset(each.name for each in self.theorems if not each.axioms)


class Proofs(Record):
    """Everything that is more than a sample."""

    layers: Many[Proved]
    networks: Many[Proved]
    """Whole networks, with letters for the learning rate and the weight decay."""
    grids: Many[GridProof]
    sights: Many[Sight]
    """Planted defects, and which kind of evidence saw each: a control of the proofs."""
    sizes: Sizes | None
    twins: Many[Twin]
    """Sources that are wrong, refuted: a control of the certificates."""
    rounding: Many[RoundingBound]
    """Of the elementwise layers, over whole intervals."""
    theorems: Theorems | None
