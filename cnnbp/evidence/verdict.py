"""What is found about one layer at one case: pieces of evidence, what is wrong, and what follows. No sentence stands here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal, Protocol

from .kinds import Kind
from .numbers import Dtype, Natural, Number

Status = Literal["pass", "fail", "abstain", "vacuous"]
VerdictStatus = Literal["pass", "fail", "inconclusive"]
Place = Literal["case", "mantissas", "tiny", "integers", "small-integers", "tied-integers", "connection", "sample"]


Value = str | int | Number | list[str] | list[int] | list[Number]

FORBID: dict[str, Any] = {"extra": "forbid", "strict": True}


@dataclass(frozen=True)
class Remark:
    """Something to be said: a code, and the numbers and names in it. The sentence stands in `text/`, in each language."""

    __pydantic_config__: ClassVar[dict[str, Any]] = FORBID

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)


def remark(code: str, **values: Any) -> Remark:
    """A remark, its NumPy numbers and tuples as plain ones."""
    return Remark(code, {name: _plain(value) for name, value in values.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.item() if hasattr(value, "item") and hasattr(value, "dtype") else value


@dataclass(frozen=True)
class Evidence:
    """What one oracle says of one quantity, at one point.

    `actual` (the layer under test) and `expected` (the oracle) stand at `index`, the entry with the worst ratio of error to
    bound; `resolution` is the smallest defect that this comparison is certain to see in whichever entry it sits, and `scale`
    the largest expected value, of which it is a share.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = FORBID

    oracle: str
    quantity: str
    status: Status
    kind: Kind
    max_error: Number | None = None
    bound: Number | None = None
    ratio: Number | None = None
    resolution: Number | None = None
    index: tuple[Natural, ...] | None = None
    actual: Number | None = None
    expected: Number | None = None
    judged: Natural = 0
    left_out: Natural = 0
    remark: Remark | None = None
    at: Place = "case"
    scale: Number | None = None

    @property
    def reason(self) -> str:
        """The remark as a sentence, in English; empty where there is none."""
        from ..text import sentence

        return sentence(self.remark) if self.remark else ""


@dataclass(frozen=True)
class Cause:
    """Why a quantity is wrong, or all of them where `quantity` is empty: what was found, and how it was tried."""

    __pydantic_config__: ClassVar[dict[str, Any]] = FORBID

    quantity: str
    what: Remark
    tried: Remark

    def __str__(self) -> str:
        from ..text import sentence

        return f"{sentence(self.what)} ({sentence(self.tried)})"


class Known(Protocol):
    """What is known of a layer that was asked, beyond its verdict, as long as the process lives."""

    def diagnosed(self) -> tuple[tuple[Remark, ...], tuple[Cause, ...]]:
        """The patterns of what is wrong, and its causes."""

    def reproduce(self) -> str:
        """Code to paste."""


@dataclass(frozen=True, repr=False)
class Verdict:
    """All evidence about one layer at one case, and what follows from it. `str(verdict)` is for people.

    `wrong` says what is wrong, one remark for each quantity or point of the contract, or, of an inconclusive verdict, what
    nobody could judge. `patterns` says where wrong entries sit, `diagnosis` why they are wrong as far as that was found by
    trying; both are found when they are first asked for.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = FORBID

    layer: str
    status: VerdictStatus
    evidence: tuple[Evidence, ...]
    wrong: tuple[Remark, ...] = ()
    shapes: Mapping[str, tuple[Natural, ...]] = field(default_factory=dict)
    dtype: Dtype = "float64"
    """In which the layer was asked."""
    device: str = ""
    """Where; empty where nothing is known of devices."""
    patterns: tuple[Remark, ...] = field(default_factory=tuple)
    diagnosis: tuple[Cause, ...] = field(default_factory=tuple)

    cause: ClassVar[BaseException | None] = None
    """The live exception of a layer that raised. No field: it is neither compared nor written."""
    known: ClassVar[Known | None] = None
    """Likewise."""

    def knowing(self, known: Known | None, cause: BaseException | None = None) -> Verdict:
        """The same, whose patterns and diagnosis are found when somebody looks: a search meets many verdicts, and shows one."""
        object.__setattr__(self, "known", known)
        object.__setattr__(self, "cause", cause)
        if self.status == "fail" and known is not None:
            for name in LATER:
                object.__delattr__(self, name)
        return self

    def changed(self, **values: Any) -> Verdict:
        """With other values of some fields, the same cause and what is known; what nobody has looked for yet is not looked for."""
        held = {f.name: vars(self)[f.name] for f in fields(self) if f.name in vars(self)} | values
        found = Verdict(**held).knowing(self.known, self.cause)
        for name in set(LATER) & held.keys():
            object.__setattr__(found, name, held[name])
        return found

    def __getattr__(self, name: str) -> Any:
        """Only of what is not there yet."""
        if name not in LATER or self.known is None:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        for late, found in zip(LATER, self.known.diagnosed(), strict=True):
            object.__setattr__(self, late, found)
        return getattr(self, name)

    def __getstate__(self) -> dict[str, Any]:
        """The fields alone: arrays and exceptions stay where they are."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def __bool__(self) -> bool:
        """`assert verify(...)` asks whether it passed."""
        return self.passed

    @property
    def passed(self) -> bool:
        """status == "pass" """
        return self.status == "pass"

    @property
    def reasons(self) -> tuple[str, ...]:
        """What is wrong, or what could not be judged, in English sentences."""
        from ..text import sentence

        return tuple(map(sentence, self.wrong))

    def reproduce(self) -> str:
        """Code to paste that asks the same again, with NumPy and cnnbp; empty of a verdict that was read from a file."""
        return "" if self.known is None else self.known.reproduce()

    def __str__(self) -> str:
        from ..text.verdict import page

        return page(self)

    def __repr__(self) -> str:
        from ..text.brief import line

        return line(self)

    def _repr_html_(self) -> str:
        from ..text.brief import table

        return table(self)


LATER = ("patterns", "diagnosis")
