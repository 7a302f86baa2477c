"""The parts of a run that belong to no layer: the matrix, and the network on digits, whose layers fit each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

from ..records import DigitsRun, Entry, Matrix, Training
from ..verdict import Remark, Verdict
from .unless import unless
from .verdicts import SAME_SIZE, placed

# Digits and the residuals of their network are numbers of ordinary size, in none of which all entries cancel. So a resolution is
# a small share of the largest entry: from twelve seeds at most 3e-12 entry by entry, 7e-10 by differences of single entries,
# 6e-11 over the whole network. Above these nobody has measured what is said to be measured.
ENTRY, DIFFERENCE = 5e-10, 1e-6
NETWORK = 20  # times as much, where errors run through all layers


def matrix(found: Matrix) -> Iterator[Remark]:
    """Every connection of a convolution with stride 1 and no padding, once: input = output + tap along either axis."""
    (h, w), (r, s), (p, q) = found.x_shape, found.kernel, found.y_shape
    shaped, count = (p, q) == (h - r + 1, w - s + 1), p * q * r * s
    entries = shaped and len(found.entries) == count and set(found.entries) == {
        (a * q + b, c * s + d, (a + c) * w + b + d) for a, b, c, d in product(range(p), range(q), range(r), range(s))
    }  # fmt: skip
    checks = {"matrix-shape": shaped, "matrix-entries": entries or not shaped}
    yield from unless(found, checks, x=found.x_shape, kernel=found.kernel, y=found.y_shape, wanted=count)


def digits(found: DigitsRun, training: Training | None) -> Iterator[Remark]:
    """The layers are those of the network, each meets as many samples as there are, and training tells of the same network."""
    names = [name for name in re.findall(r"(\w+)\(", found.network) if name != "Network"]
    met = {shape[0] for shape in found.whole.shapes.values() if shape}
    inner = [each.shapes.get("x", ()) for each in found.layers]
    outer = [found.whole.shapes.get(name, ()) for name in ("x", "y")]
    met |= {next(iter(shape), 0) for shape in inner}
    gives = zip(found.layers, (*inner[1:], *outer[1:]), strict=False)  # each layer, and what the next one gets
    layers = [name for each in found.layers for name in _coarse(each, 1)]
    coarse = list(dict.fromkeys([*layers, *_coarse(found.whole, NETWORK)]))
    params = [(item, _shape(item.quantity, found.layers)) for item in found.whole.evidence]
    checks = {
        "digits-network": found.network == found.whole.layer and names == [v.layer.partition("(")[0] for v in found.layers],
        "digits-samples": met == {found.samples},
        "digits-sizes": inner[:1] == outer[:1]
        and all(placed(item, shape) for each, shape in gives for item in each.evidence if item.quantity == "y")
        and all(placed(item, shape) for item, shape in params if shape),
        "two-networks": training is None or (found.network, found.source) == (training.network, training.source),
        "digits-coarse": not coarse,
        "worst-place": training is None
        or training.worst is None
        or _inside(training.worst, _shape(training.worst.parameter, found.layers)),
        "few-images": training is None or found.samples <= training.train + training.test,
    }
    yield from unless(found, checks, record="digits", count=len(found.layers), met=sorted(met), coarse=coarse)


def _inside(entry: Entry, shape: Sequence[int]) -> bool:
    """Whether it is an entry of its parameter; of one whose shape nobody knows, as there is none."""
    return len(entry.index) == len(shape) > 0 and all(i < n for i, n in zip(entry.index, shape, strict=True))


def _coarse(found: Verdict, times: float) -> list[str]:
    """What was judged more coarsely than digits are; a difference along a direction may cancel, and is as coarse as it comes."""
    coarser = []
    for item in found.evidence:
        entrywise = item.oracle in SAME_SIZE
        if item.kind == "sampled" and item.resolution is not None and item.scale is not None and (entrywise or item.index):
            most = (ENTRY if entrywise else DIFFERENCE) * times * item.scale
            coarser += [f"{item.oracle}: {item.quantity}"] if item.resolution > most else []
    return coarser


def _shape(parameter: str, layers: Sequence[Verdict]) -> tuple[int, ...]:
    """That of w1, b1, w2, ... as its layer has it; empty for what is no parameter."""
    name, number = parameter[:1], parameter[1:]
    known = number.isdecimal() and 0 < int(number) <= len(layers)
    return layers[int(number) - 1].shapes.get(name, ()) if known else ()
