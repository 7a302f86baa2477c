"""One axis of a claim about two: its sizes, and what the claims about a single axis show of its taps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .axis import count
from .claims import Goals, Numbers, Whole
from .kernel import Unknown
from .opaque import AnyTap
from .source import Source

SIZES = {"size": 1, "stride": 1, "padding": 0, "dilation": 1}
ENDS = ("first", "end", "start")  # of a tap: its first output, the one after its last, and its first input


class Line:
    """One axis. On unknowns its class answers by what the claims `tap` and `inside` show; on numbers, by its own code."""

    def __init__(
        self, source: Source, u: Numbers, tag: str, kernel: Whole, taps: Sequence[Whole], inside: bool, g: Goals, **fixed: Whole
    ) -> None:
        self.tag, self.kernel, self._u = tag, kernel, u
        self.size, self.stride, self.padding, self.dilation = (
            fixed[name] if name in fixed else getattr(u, f"{name}_{tag}") for name in SIZES
        )
        self.axis = source.Axis(tag, self.size, kernel, self.stride, self.padding, self.dilation)
        self.outputs: Whole = getattr(u, f"outputs_{tag}")
        self._on_unknowns = isinstance(self.size, Unknown)
        if self._on_unknowns:
            known = [self._tap(g, tap) for tap in taps]
            any_tap = [AnyTap(tap, slices) for tap, slices in zip(taps, known, strict=True) if isinstance(tap, Unknown)]
            vars(self.axis).update(outputs=self.outputs, taps=any_tap[0] if any_tap else known, inside=inside)

    def meets(self, output: Whole, tap: Whole) -> Whole:
        """The input cell that the output faces through the tap: the definition."""
        return self.stride * output + self.dilation * tap - self.padding

    def triple(self, output: Whole, tap: Whole) -> list[Whole]:
        """≥ 0 where output and tap meet an input."""
        cell = self.meets(output, tap)
        return [output, self.outputs - 1 - output, cell, self.size - 1 - cell]

    def listed(self, g: Goals, output: Whole, tap: Whole) -> None:
        """What the claim `tap` shows of this output: it is listed exactly where it meets an input."""
        if self._on_unknowns and g.first(self.tag, tap, output):
            first, end, _ = self._ends(tap)
            among = [output - first, end - 1 - output]
            g.know(among, self.triple(output, tap))
            g.know(self.triple(output, tap), among)

    def _tap(self, g: Goals, tap: Whole) -> tuple[slice, slice]:
        """The slices of a tap: of them is known what the claim `tap` shows."""
        first, end, start = self._ends(tap)
        facing = start - self.meets(first, tap)
        always = [first, end - first, start, facing, -facing]
        g.know([], always, about=first)
        g.know([], always, about=start)
        g.know([], [tap, self.kernel - 1 - tap], about=tap)
        g.know([end - first - 1], [self.outputs - end, self.size - 1 - start - self.stride * (end - first - 1)])
        return slice(first, end), slice(start, start + self.stride * (end - first), self.stride)

    def _ends(self, tap: Whole) -> list[Whole]:
        number = tap if isinstance(tap, int) else ""
        return [getattr(self._u, f"{name}{number}_{self.tag}") for name in ENDS]


def sizes(*more: str) -> dict[str, int]:
    """The unknown sizes of both axes, and the least that each may be."""
    return {f"{name}_{tag}": least for name, least in (SIZES | dict.fromkeys(more, 1)).items() for tag in "hw"}


def tap_unknowns(kernel: tuple[int, int] | None) -> list[str]:
    """The unknowns that the taps of both axes bring, or any one tap of each."""
    numbers = [range(taps) for taps in kernel] if kernel else [("",), ("",)]
    return [f"{name}{tap}_{tag}" for tag, taps in zip("hw", numbers, strict=True) for tap in taps for name in ENDS]


def completed(kernel: tuple[int, int] | None, source: Source, numbers: Mapping[str, int]) -> dict[str, int] | None:
    """The numbers, with those of outputs, taps and memory that follow from the sizes; None where the axes refuse theirs."""
    full = {**numbers, **dict.fromkeys(("samples", "groups", "channels"), 1), **dict.fromkeys(("sample", "group", "channel"), 0)}
    step = 1
    for at, tag in enumerate("hw"):
        taps = numbers[f"kernel_{tag}"] if kernel is None else kernel[at]
        options = numbers[f"stride_{tag}"], numbers.get(f"padding_{tag}", 0), numbers[f"dilation_{tag}"]
        axis = source.Axis(tag, numbers[f"size_{tag}"], taps, *options)
        if count(axis) is None or (kernel is None and numbers[f"tap_{tag}"] >= taps):
            return None
        full[f"outputs_{tag}"] = axis.outputs
        for tap, (o, i) in enumerate(axis.taps):
            if kernel or tap == numbers[f"tap_{tag}"]:
                ends = zip(ENDS, (o.start, o.stop, i.start), strict=True)
                full |= {f"{name}{tap if kernel else ''}_{tag}": end for name, end in ends}
    for tag in ("w", "h", "channel", "group", "sample"):
        full[f"step_{tag}"] = step
        step *= numbers.get(f"size_{tag}", 1)
    return full
