"""What is put in the place of an axis is what the claim `tap` shows of it, and no more."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace

import pytest

from cnnbp.proof.sizes import line
from cnnbp.proof.sizes.claims import Goals, Whole, names, terms
from cnnbp.proof.sizes.counting import count_up
from cnnbp.proof.sizes.kernel import Path, value
from cnnbp.proof.sizes.line import Line
from cnnbp.proof.sizes.source import Source, text

SOURCE = Source(text())
KERNELS = [None, (3, 2)]


class Heard(Goals):
    """Remembers what is known."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[list[Whole], list[Whole]]] = []

    def know(self, premises: list[Whole], conclusions: list[Whole], about: Whole = 0) -> None:
        self.heard.append((premises, conclusions))


@pytest.mark.parametrize("kernel", KERNELS)
def test_what_is_known_of_a_tap_is_so(kernel: tuple[int, int] | None) -> None:
    """At small numbers, where the source says how the slices of a tap begin and end."""
    sizes = line.sizes() if kernel else line.sizes("kernel")
    elements = ["output_h"] if kernel else ["output_h", "tap_h", "tap_w"]
    unknown = [*sizes, *elements, *line.tap_unknowns(kernel), "outputs_h", "outputs_w"]
    path, g = Path([]), Heard()
    u = SimpleNamespace(**{name: path.unknown(name) for name in unknown})
    taps = [*range(kernel[0])] if kernel else [u.tap_h]
    rows = Line(SOURCE, u, "h", kernel[0] if kernel else u.kernel_h, taps, False, g)
    for tap in taps:
        rows.listed(g, u.output_h, tap)
    met = 0
    for numbers in count_up({**sizes, **dict.fromkeys(elements, 0)}, 4 if kernel else 3):
        full = line.completed(kernel, SOURCE, numbers)
        for premises, conclusions in g.heard if full else []:
            assert full is not None
            if all(value(terms(fact), full) >= 0 for fact in premises):
                assert all(value(terms(fact), full) >= 0 for fact in conclusions)
                met += bool(premises)
    assert met > 50


def test_numbers_that_follow() -> None:
    """Outputs and taps by the source, steps by the sizes; none where there are no outputs, or no such tap."""
    sizes = {"size_h": 4, "size_w": 5, **{f"{name}_{tag}": 1 for name, tag in product(("stride", "padding", "dilation"), "hw")}}
    full = line.completed((3, 3), SOURCE, sizes)
    assert full is not None
    assert (full["outputs_h"], full["outputs_w"], full["first0_h"], full["end2_w"]) == (4, 5, 1, 4)
    assert (full["step_w"], full["step_h"], full["step_channel"]) == (1, 5, 20)
    assert line.completed((7, 3), SOURCE, sizes) is None
    generic = {**sizes, "kernel_h": 3, "kernel_w": 3, "tap_h": 2, "tap_w": 0}
    assert (line.completed(None, SOURCE, generic) or {})["end_h"] == 3
    assert line.completed(None, SOURCE, {**generic, "tap_h": 3}) is None


def test_every_unknown_is_declared() -> None:
    """A tap brings three."""
    assert line.tap_unknowns((1, 2)) == [f"{end}{tap}" for tap in ("0_h", "0_w", "1_w") for end in ("first", "end", "start")]
    assert names(*(Path([]).unknown(name) for name in line.tap_unknowns(None))) == {
        f"{end}_{tag}" for end in ("first", "end", "start") for tag in "hw"
    }
