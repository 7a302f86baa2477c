"""What a case is an example of, one class a factor: so that it can be counted which classes ever met in one case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from .axes import along
from .case import Case, Operator
from .sizes import SCALES
from .special import NAMES

Classes = Mapping[str, tuple[str, ...]]
ONE, MORE = ("1", "2", "3 and more"), ("1", "2 and more")
FLAGS = {"False": "off", "True": "on"}
IMPOSSIBLE = frozenset(
    frozenset(pair)
    for pair in (
        (("stride", "1"), ("remainder", "1")), (("stride", "1"), ("remainder", "2 and more")),
        (("stride", "2"), ("remainder", "2 and more")), (("stride", "1"), ("windows", "apart")),
        (("windows", "one cell"), ("padding", "within the window")), (("training", "off"), ("bias", "off")),
    )
)  # fmt: skip
"""Two classes of which no case can be: a remainder as large as the stride, a padding within windows of one cell."""


def classes(operator: Operator) -> Classes:
    """The factors that cases of the operator differ in, each with its classes."""
    options = vars(operator.layer).get("__dataclass_fields__", {})
    found: dict[str, tuple[str, ...]] = {}
    if "stride" in options:
        pool = "ceil_mode" in options
        beyond = () if pool else ("beyond the window",)
        found |= {"stride": ONE, "windows": ("one cell", "apart", "overlapping"), "padding": ("0", "within the window", *beyond)}
        found |= {"remainder": ("0", "1", "2 and more")}
    if "dilation" in options:
        found["dilation"] = MORE
    if "groups" in options:
        found["groups"] = ("1", "several", "depthwise")
    flags = [name for name in ("ceil_mode", "count_include_pad", "training") if name in options]
    found |= dict.fromkeys(flags, ("off", "on"))
    if "b" in operator.arguments:
        found["bias"] = ("off", "on")
    blocks = SCALES if "stride" in options else SCALES[:2]
    weighted = len(operator.arguments) > 1 and "training" not in options and not operator.indices
    return found | {"sizes": blocks, "special": tuple(name for name in NAMES if weighted or name != "zero weights")}


def of(case: Case) -> Mapping[str, str]:
    """The class of every factor at a case."""
    layer, found = case.layer, dict[str, str]()
    if hasattr(layer, "stride"):
        found |= _windows(case, layer)
    if hasattr(layer, "groups"):
        groups, depthwise = layer.groups, case.args[1].shape[1] == 1
        found["groups"] = "1" if groups == 1 else "depthwise" if depthwise else "several"
    for name in ("ceil_mode", "count_include_pad", "training"):
        if hasattr(layer, name):
            found[name] = FLAGS[str(bool(getattr(layer, name)))]
    if "b" in case.operator.arguments:
        found["bias"] = FLAGS[str(len(case.args) > 2)]
    return found | {"sizes": case.traits[3], "special": case.traits[2]}


def pairs(found: Classes) -> Iterator[tuple[str, str, tuple[tuple[bool, ...], ...]]]:
    """Every two factors, and for the classes of one in rows and of the other in columns whether any case can be of both."""
    for one, other in combinations(found, 2):
        rows = (tuple(frozenset(((one, a), (other, b))) not in IMPOSSIBLE for b in found[other]) for a in found[one])
        yield one, other, tuple(rows)


def _windows(case: Case, layer: Any) -> Iterator[tuple[str, str]]:
    """The larger of both axes counts, of the windows both."""
    kernel = layer.kernel_size if layer.kernel_size is not None else case.args[1].shape[2:]
    axes = []
    for a in (0, 1):
        stride = along(kernel if layer.stride is None else layer.stride, a)
        padding, dilation = along(layer.padding, a), along(getattr(layer, "dilation", 1), a)
        reach = dilation * (along(kernel, a) - 1) + 1
        if hasattr(layer, "output_padding"):
            remainder = along(layer.output_padding, a) % stride
        else:
            remainder = (case.args[0].shape[2 + a] + 2 * padding - reach) % stride
        axes.append((stride, reach, padding, dilation, remainder))
    strides, reaches, paddings, dilations, remainders = zip(*axes, strict=True)
    yield "stride", ONE[min(3, max(strides)) - 1]
    apart = all(stride >= reach for stride, reach in zip(strides, reaches, strict=True))
    yield "windows", "one cell" if max(reaches) == 1 else "apart" if apart else "overlapping"
    beyond = any(padding >= reach for padding, reach in zip(paddings, reaches, strict=True))
    yield "padding", "0" if not any(paddings) else "beyond the window" if beyond else "within the window"
    yield "remainder", ("0", "1", "2 and more")[min(2, max(remainders))]
    if hasattr(layer, "dilation"):
        yield "dilation", MORE[min(2, max(dilations)) - 1]
