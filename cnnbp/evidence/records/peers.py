"""What gradient checkers see of the same wrong layers at the same points: measured once, and kept beside the source."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, PositiveInt

from .base import Count, Many, Name, Record
from .proofs import Hash


class Faults(Record):
    """So many wrong layers of each kind."""

    formula: Count
    contract: Count
    precision: Count

    @property
    def total(self) -> int:
        """All of them."""
        return self.formula + self.contract + self.precision

    @property
    def parts(self) -> str:
        """What they add up from: "89+19+8"."""
        return f"{self.formula}+{self.contract}+{self.precision}"


class Peer(Record):
    """How one checker fared. Of each layer, wrong or right, it said one thing."""

    name: Name
    caught: Faults
    """Wrong layers that it failed."""
    failed: Count
    """Right layers that it failed."""
    inconclusive: Count
    """Layers of which it says itself that it cannot tell."""
    unasked: Count
    """Layers that it does not take."""
    seconds: Annotated[float, Field(ge=0)]
    """Of the processor, for all of its checks."""


class Measured(Record):
    """All checkers at one seed, and of which version each was, and what they were asked about."""

    cnnbp: Name
    sources: Hash
    """Of the layers, of the catalogue, and of all that a verdict is made of."""
    seed: Count
    wrong: Faults
    """Wrong layers that each checker was asked about."""
    right: PositiveInt
    checkers: Many[Peer]
    versions: dict[Name, Name]
    """Of Python and of the packages that the checkers are in."""


class Peers(Measured):
    """The same in a run."""

    installed: Hash
    """The hash of the sources of the run, taken as `sources` was."""

    @property
    def current(self) -> bool:
        """Whether it was measured with the sources of the run."""
        return self.sources == self.installed
