"""What was proved, refuted or left open about one layer at one shape. No sentence stands here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from .kinds import Kind
from .numbers import Number
from .verdict import FORBID, Remark

ProofStatus = Literal["proved", "refuted", "abstains"]
ClaimName = Literal["gradient", "forward", "gradients", "floats", "float32", "loss", "loss-gradient", "update"]


@dataclass(frozen=True)
class Claim:
    """One of the equations that a proof consists of: what `text/` says under `proof.claim.NAME`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = FORBID

    name: ClaimName
    status: ProofStatus
    kind: Kind
    compared: int = 0
    """Products, entries or runs that were compared."""
    remark: Remark | None = None


@dataclass(frozen=True)
class Hypothesis:
    """What a method takes for granted of the code, and how far that was checked: None where it was not."""

    __pydantic_config__: ClassVar[dict[str, Any]] = FORBID

    assumed: Remark
    checked: Remark | None = None


@dataclass(frozen=True)
class Witness:
    """Small numbers at which a wrong layer answers wrong, for everybody to put in: nested lists in the shapes of the arguments."""

    __pydantic_config__: ClassVar[dict[str, Any]] = FORBID

    arguments: Mapping[str, Any]
    delta: Any
    quantity: str
    index: tuple[int, ...]
    actual: Number | None
    expected: Number


@dataclass(frozen=True)
class Proof:
    """Whether backward is the gradient of forward for all real numbers at these shapes, and both are what they are to equal.

    kind: "symbolic" where the code ran on numbers that are not known; "probabilistic" where the shape is too large for that:
    then `error` is the probability that something wrong at this shape passed. certificate: SHA-256 of the sorted products
    of ⟨forward, δ⟩, the same for every implementation. witness: where a refuted layer can be seen to be wrong.
    paths: orders that were walked. products: terms of ⟨forward, δ⟩. `str(proof)` is for people.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = FORBID

    layer: str
    status: ProofStatus
    kind: Kind | None
    shapes: Mapping[str, tuple[int, ...]]
    claims: tuple[Claim, ...] = ()
    scope: tuple[Remark, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    certificate: str | None = None
    error: Number | None = None
    witness: Witness | None = None
    remark: Remark | None = None
    paths: int = 0
    products: int = 0
    like: str = ""

    def __bool__(self) -> bool:
        """`assert prove(...)` asks whether it is proved."""
        return self.status == "proved"

    @property
    def reason(self) -> str:
        """Why it abstains, or what is refuted, in an English sentence; empty where it is proved."""
        from ..text import sentence

        return sentence(self.remark) if self.remark else ""

    def __str__(self) -> str:
        from ..text.proof import page

        return page(self)


@dataclass(frozen=True)
class GridProof:
    """Every `step`-th geometry of a grid from number `start` on: how many were proved, on how many products.

    digest: SHA-256 of their certificates, in order, the same for every implementation that is right. error: the sum of
    the probabilities that a difference on floats passed. failures: those that were not proved.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = FORBID

    operator: str
    start: int
    step: int
    shapes: int
    products: int
    digest: str
    error: Number
    failures: tuple[Proof, ...] = ()


@dataclass(frozen=True)
class Sight:
    """What saw a planted defect: unknown numbers, and floats at integers, each at a usual shape and shape by shape on the grid.

    The shapes on the grid are the first at which it was seen; None where it was not.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = FORBID

    defect: str
    symbolic: bool
    floats: bool
    symbolic_on_grid: tuple[tuple[int, ...], ...] | None
    floats_on_grid: tuple[tuple[int, ...], ...] | None

    @property
    def ways(self) -> tuple[bool, bool, bool, bool]:
        """Which of the four saw it: on the grid where there is a shape."""
        return self.symbolic, self.floats, bool(self.symbolic_on_grid), bool(self.floats_on_grid)

    @property
    def caught(self) -> bool:
        """By any of them."""
        return any(self.ways)


RoundingQuantity = Literal["y", "dx"]


@dataclass(frozen=True)
class RoundingBound:
    """How far the floats of an elementwise layer can be from the exact value: bound·u relative to it, u = 2⁻⁵³.

    At every float of the interval, and for dx at every δ; None where `remark` says why. pieces: of the interval, each run by
    itself. assumed: the largest error of np.exp, np.tanh and np.log1p, in u; measured: of those that the layer calls, what
    was seen. seen: the largest error of the layer itself at as many `points`, in u.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = FORBID

    layer: str
    quantity: RoundingQuantity
    interval: tuple[Number, Number]
    bound: Number | None
    pieces: int
    assumed: Number
    measured: Mapping[str, Number]
    seen: Number
    points: int
    remark: Remark | None = None

    @property
    def holds(self) -> bool:
        """There is a bound, and neither it nor what it assumes is contradicted by an error that was seen."""
        return self.bound is not None and self.seen <= self.bound and all(m <= self.assumed for m in self.measured.values())
